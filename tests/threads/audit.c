/* SPDX-License-Identifier: Apache-2.0 */
/* An audit that one task exports while others check requests, verify tokens in steps, swap the keys and change the deny list, with the
 * gate's lock; under the thread sanitizer, which ends the program at the first race.
 *
 *     audit             as a firmware does it
 *     audit --unlocked  without the lock, which must be found: tests/threads/run.py
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "steps.h"
#include "ward/port/crypto.h"

enum { CHECKERS = 3, ROUNDS = 20000 };

static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://issuer.example/"),
                                           .audiences = WARD_TEXTS("api") };
static const struct ward_route routes[] = { { WARD_GET | WARD_PUBLIC, WARD_TEXT("/health"), WARD_NO_SCOPES },
                                            { WARD_GET, WARD_TEXT("/door"), WARD_TEXT("open") } };
#define WIDE { 1000, 1, 10000 }
static const struct ward_policy policy = {
    .expect = &expect, .routes = routes, .route_count = 2, .signature_rate = WIDE, .subject = WIDE
};

static struct ward_gate gate;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static _Atomic unsigned checkers;

_Noreturn void fail(const char *what)
{
    printf("%s\n", what);
    fflush(stdout);
    _Exit(1);
}

static void lock(void *context)
{
    (void)context;
    if (pthread_mutex_lock(&mutex) != 0)
        fail("no lock");
}

static void unlock(void *context)
{
    (void)context;
    if (pthread_mutex_unlock(&mutex) != 0)
        fail("no unlock");
}

/* What is asked differs in peer and time, so that events are counted, written and pushed out. */
static void *check(void *context)
{
    struct ward_workspace *const work = malloc(sizeof *work);
    const unsigned number = *(const unsigned *)context;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        static const struct ward_text targets[] = { WARD_TEXT("/health"), WARD_TEXT("/door"), WARD_TEXT("/other") };
        struct ward_decision decision;
        struct ward_request request = { .method = WARD_GET, .target = targets[i % 3], .protected_channel = true };
        request.now = ward_time_set(1767225600u);
        request.uptime = 100u * i;
        request.peer.address[15] = (uint8_t)(i / 7u + number);
        const struct ward_status status = ward_gate_check(&gate, &request, work, &decision);
        if (ward_ok(status) != (i % 3 == 0))
            fail("a wrong decision");
        const struct ward_caller caller = { .now = request.now, .uptime = request.uptime };
        const uint8_t owner[WARD_OWNER_SIZE] = { (uint8_t)(1 + number) };
        if (i % 5 == 0 && (!ward_ok(ward_deny(&gate, owner, i + 1, &caller)) || !ward_undeny(&gate, owner, &caller)))
            fail("the deny list is wrong");
    }
    free(work);
    checkers--;
    return NULL;
}

/* What an exporter keeps: how far it has come. */
struct export
{
    struct ward_audit_cursor cursor;
    uint8_t head[WARD_AUDIT_DIGEST];
    unsigned events;
    unsigned gaps;
};

/* A copy is whole: its digest is that of its bytes, and it is bound to the one before unless events are missing. */
static void take(struct export *export, const struct ward_audit_event *event, const uint8_t *digest)
{
    struct ward_sha256 sha;
    uint8_t again[WARD_AUDIT_DIGEST];
    if (!ward_ok(ward_audit_digest(event, &sha, again)) || memcmp(again, digest, sizeof again) != 0)
        fail("a digest is not that of its event");
    if (export->cursor.missed == 0 && export->events > 0 &&
        memcmp(event->previous, export->head, sizeof export->head) != 0)
        fail("a link is broken");
    export->gaps += export->cursor.missed > 0 ? 1u : 0u;
    export->events++;
    memcpy(export->head, digest, sizeof export->head);
}

static void *read_all(void *context)
{
    struct export *const export = context;
    for (bool more = true; more;) {
        more = checkers > 0;
        struct ward_audit_event event;
        uint8_t digest[WARD_AUDIT_DIGEST];
        if (!ward_ok(ward_gate_audit_flush(&gate)))
            fail("the audit cannot be flushed");
        while (ward_ok(ward_gate_audit_read(&gate, &export->cursor, &event, digest)))
            take(export, &event, digest);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static struct export export;
    static unsigned numbers[CHECKERS];
    struct ward_hooks hooks = { lock, unlock, NULL };
    pthread_t threads[CHECKERS + STEPPERS + 2];
    if (argc > 1 && strcmp(argv[1], "--unlocked") == 0)
        hooks = (struct ward_hooks){ NULL, NULL, NULL };
    steps_begin(&hooks);
    const struct ward_gate_setup setup = { .policy = &policy, .keyring = &steps_ring, .hooks = hooks };
    static struct ward_workspace work;
    if (!ward_ok(ward_gate_begin_with(&gate, &setup, ward_time_set(1767225600u), &work)))
        fail("the gate does not start");
    checkers = CHECKERS;
    for (unsigned i = 0; i < CHECKERS; i++) {
        numbers[i] = i;
        if (pthread_create(&threads[i], NULL, check, &numbers[i]) != 0)
            fail("no thread");
    }
    if (pthread_create(&threads[CHECKERS], NULL, read_all, &export) != 0)
        fail("no thread");
    for (unsigned i = 0; i <= STEPPERS; i++)
        if (pthread_create(&threads[CHECKERS + 1 + i], NULL, i < STEPPERS ? steps_check : steps_swap, &gate) != 0)
            fail("no thread");
    for (unsigned i = 0; i < CHECKERS + STEPPERS + 2; i++)
        if (pthread_join(threads[i], NULL) != 0)
            fail("a thread did not end");
    if (memcmp(export.head, gate.audit.head, sizeof export.head) != 0)
        fail("the last event that was read is not the audit's last");
    steps_report();
    printf("%u of %u events read, %u gaps\n", export.events, (unsigned)gate.audit.sequence, export.gaps);
    return 0;
}
