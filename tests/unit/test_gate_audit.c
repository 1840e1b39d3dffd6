/* SPDX-License-Identifier: Apache-2.0 */
/* The gate's audit from outside: what strangers cannot push out of it, and reading it event by event under the lock. */
#include "access/audit_ring.h"
#include "crypto_faults.h"
#include "request.h"

static const struct ward_route routes[] = {
    { WARD_GET | WARD_PUBLIC, WARD_TEXT("/health"), WARD_NO_SCOPES },
    { WARD_GET | WARD_PUBLIC, WARD_TEXT("/version"), WARD_NO_SCOPES },
    { WARD_GET, WARD_TEXT("/door"), WARD_TEXT("door:open") },
};

static struct ward_status get(const char *target, const char *authorization)
{
    return request_send("GET", target, authorization);
}

/* From another peer each time, a hundred a second. */
static void next_stranger(void)
{
    static uint32_t number;
    number++;
    test_request.uptime += 10;
    test_request.peer.address[14] = (uint8_t)(number >> 8);
    test_request.peer.address[15] = (uint8_t)number;
}

static unsigned sunk;

static void count_event(void *context, const struct ward_audit_event *event)
{
    CHECK(context == &sunk);
    CHECK(event->sequence > 0);
    sunk++;
}

static bool has(uint8_t kind, enum ward_code reason)
{
    for (size_t i = 0; ward_audit_at(&test_gate.audit, i) != NULL; i++) {
        const struct ward_audit_event *const event = ward_audit_at(&test_gate.audit, i);
        if (event->kind == kind && event->reason == (uint32_t)reason &&
            (kind == WARD_AUDIT_BOOT || ward_audit_is_verified(event)))
            return true;
    }
    return false;
}

static struct ward_status send_all(void)
{
    struct ward_status status = get("/door", bearer_with("door:open"));
    CHECK_STATUS(status, WARD_OK);
    CHECK_STATUS(get("/door", bearer_with("door:shut")), WARD_SCOPE_INSUFFICIENT);
    deny_subject("auth0|65f0c0ffee", WARD_DENY_ALWAYS);
    return get("/door", bearer_with("door:open"));
}

TEST(strangers_push_nothing_out_that_was_verified_and_call_the_sink_twice_in_eight_seconds_each)
{
    GATE_BEGIN(routes);
    sunk = 0;
    CHECK_STATUS(ward_audit_begin(&test_gate.audit, NULL, 1, ward_time_set(NOW), count_event, &sunk), WARD_OK);
    CHECK_STATUS(send_all(), WARD_SUBJECT_DENIED);
    CHECK_NUMBER(sunk, 5);
    sunk = 0;
    /* Ten minutes of it. */
    for (unsigned i = 0; i < 60000; i++) {
        static const char *const targets[] = { "/health", "/version", "/door", "/nowhere", "/health" };
        next_stranger();
        CHECK(ward_ok(get(targets[i % 5], NULL)) == (i % 5 < 2 || i % 5 == 4));
    }
    /* Eight at the start, then two in eight seconds: what waited, and the next; of grants and of refusals. */
    CHECK(sunk <= 2 * (8 + 2 * 600 / 8));
    CHECK(sunk > 2 * 600 / 8);
    CHECK(has(WARD_AUDIT_BOOT, WARD_OK));
    CHECK(has(WARD_AUDIT_GRANT, WARD_OK));
    CHECK(has(WARD_AUDIT_REFUSAL, WARD_SCOPE_INSUFFICIENT));
    CHECK(has(WARD_AUDIT_REFUSAL, WARD_SUBJECT_DENIED));
    CHECK(has(WARD_AUDIT_CHANGE, WARD_SUBJECT_DENIED));
    CHECK_STATUS(get("/door", bearer_with("door:open")), WARD_SUBJECT_DENIED);
    const unsigned before = sunk;
    CHECK_STATUS(get("/door", bearer_with("door:shut")), WARD_SUBJECT_DENIED);
    CHECK(sunk > before);
}

/* Who is denied, and who has spent the budget, each from another address and for another scope every time. */
TEST(one_verified_subject_keeps_the_sink_no_busier_than_its_budget_allows)
{
    for (int denied = 0; denied < 2; denied++) {
        GATE_BEGIN(routes);
        test_policy.subject = (struct ward_rate){ 60, 60, 20 };
        if (denied != 0)
            deny_subject("auth0|65f0c0ffee", WARD_DENY_ALWAYS);
        sunk = 0;
        CHECK_STATUS(ward_audit_begin(&test_gate.audit, NULL, 1, ward_time_set(NOW), count_event, &sunk), WARD_OK);
        for (int i = 0; i < 1000; i++) {
            test_request.peer.address[15] = (uint8_t)(i % 2);
            CHECK(!ward_ok(get("/door", bearer_with(i % 2 == 0 ? "door:open" : "door:shut"))) || denied == 0);
            CHECK(denied == 0 || (test_decision.answer.http == 401 && test_decision.answer.retry_after == 0));
        }
        /* The boot, the twenty that the budget let through, and beyond it what refusals of these have left of turns. */
        CHECK_NUMBER(sunk, denied != 0 ? 1 + 20 : 1 + 20 + 10);
    }
}

TEST(a_poll_of_a_public_route_is_one_event_until_something_else_is_asked)
{
    GATE_BEGIN(routes);
    for (unsigned i = 0; i < 32; i++)
        CHECK_STATUS(get("/health", NULL), WARD_OK);
    CHECK_NUMBER(test_gate.audit.sequence, 2);
    CHECK_STATUS(ward_gate_audit_flush(&test_gate), WARD_OK);
    CHECK_NUMBER(last_event()->repeats, 31);
    CHECK_NUMBER(last_event()->kind, WARD_AUDIT_GRANT);
}

TEST(a_public_grant_that_cannot_be_recorded_is_none)
{
    GATE_BEGIN(routes);
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(get("/health", NULL), WARD_CRYPTO_FAILED);
    crypto_fail_at(0, 0);
    CHECK_NUMBER(test_gate.audit.public_grants.pending.repeats, 0);
}

/* ---- Reading. */

static struct ward_audit_cursor cursor;
static struct ward_audit_event event;
static uint8_t digest[WARD_AUDIT_DIGEST];

static struct ward_status read_next(void)
{
    memset(&event, 0x5a, sizeof event);
    memset(digest, 0x5a, sizeof digest);
    return ward_gate_audit_read(&test_gate, &cursor, &event, digest);
}

static void begin(void)
{
    GATE_BEGIN(routes);
    memset(&cursor, 0, sizeof cursor);
}

TEST(events_are_read_in_their_order_each_bound_to_the_one_before)
{
    uint8_t head[WARD_AUDIT_DIGEST] = { 0 };
    begin();
    CHECK_STATUS(send_all(), WARD_SUBJECT_DENIED);
    for (uint32_t i = 1; i <= 5; i++) {
        CHECK_STATUS(read_next(), WARD_OK);
        CHECK_NUMBER(event.sequence, i);
        CHECK_NUMBER(cursor.sequence, i);
        CHECK_NUMBER(cursor.missed, 0);
        CHECK(memcmp(event.previous, head, sizeof head) == 0);
        CHECK(memcmp(&event, ward_audit_at(&test_gate.audit, i - 1), sizeof event) == 0);
        memcpy(head, digest, sizeof head);
    }
    CHECK(memcmp(head, test_gate.audit.head, sizeof head) == 0);
    CHECK_STATUS(read_next(), WARD_AUDIT_END);
    CHECK_ZERO(event);
    CHECK_ZERO(digest);
    CHECK_NUMBER(cursor.sequence, 5);
    CHECK_STATUS(get("/nowhere", NULL), WARD_ROUTE_NOT_FOUND);
    CHECK_STATUS(read_next(), WARD_OK);
    CHECK_NUMBER(event.reason, WARD_ROUTE_NOT_FOUND);
    CHECK(memcmp(event.previous, head, sizeof head) == 0);
}

TEST(what_the_ring_does_not_have_any_more_is_counted)
{
    begin();
    for (unsigned i = 0; i < WARD_AUDIT_EVENTS + 5; i++)
        ward_gate_note(&test_gate, ward_status_of(WARD_FETCH_HOST), ward_time_set(NOW), 1000);
    CHECK_STATUS(read_next(), WARD_OK);
    CHECK_NUMBER(event.kind, WARD_AUDIT_BOOT);
    CHECK_NUMBER(cursor.missed, 0);
    CHECK_STATUS(read_next(), WARD_OK);
    CHECK_NUMBER(cursor.missed, 6);
    CHECK_NUMBER(event.sequence, 8);
    for (unsigned i = 0; i < WARD_AUDIT_EVENTS - 2; i++) {
        CHECK_STATUS(read_next(), WARD_OK);
        CHECK_NUMBER(cursor.missed, 0);
    }
    CHECK_STATUS(read_next(), WARD_AUDIT_END);
}

TEST(a_digest_that_fails_leaves_the_cursor_where_it_is)
{
    begin();
    for (unsigned call = 1; call <= 4; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(read_next(), WARD_CRYPTO_FAILED);
        CHECK_ZERO(event);
        CHECK_ZERO(digest);
        CHECK_NUMBER(cursor.sequence, 0);
    }
    crypto_fail_at(0, 0);
    CHECK_STATUS(read_next(), WARD_OK);
    CHECK_NUMBER(event.sequence, 1);
}

TEST(what_was_only_counted_is_written_before_it_is_read)
{
    begin();
    for (unsigned i = 0; i < 10; i++)
        CHECK_STATUS(get("/nowhere", NULL), WARD_ROUTE_NOT_FOUND);
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_gate_audit_flush(&test_gate), WARD_CRYPTO_FAILED);
    crypto_fail_at(0, 0);
    CHECK_STATUS(ward_gate_audit_flush(&test_gate), WARD_OK);
    cursor.sequence = 2;
    CHECK_STATUS(read_next(), WARD_OK);
    CHECK_NUMBER(event.repeats, 9);
    /* The number whose digest failed is missing, and is told. */
    CHECK_NUMBER(cursor.missed, 1);
}

/* ---- The lock. */

static int depth;
static unsigned locks;

static void lock(void *context)
{
    CHECK(context == &locks);
    CHECK_NUMBER(depth, 0);
    depth++;
    locks++;
}

static void unlock(void *context)
{
    CHECK(context == &locks);
    CHECK_NUMBER(depth, 1);
    depth--;
}

static void sink_in_lock(void *context, const struct ward_audit_event *written)
{
    CHECK(context == &depth);
    CHECK_NUMBER(depth, 1);
    CHECK(written->repeats > 1);
}

TEST(reading_and_flushing_take_the_lock_once_each_and_give_it_back)
{
    const struct ward_hooks hooks = { lock, unlock, &locks };
    begin();
    test_gate.hooks = hooks;
    for (unsigned i = 0; i < 3; i++)
        CHECK_STATUS(get("/nowhere", NULL), WARD_ROUTE_NOT_FOUND);
    test_gate.audit.sink = sink_in_lock;
    test_gate.audit.context = &depth;
    locks = 0;
    CHECK_STATUS(ward_gate_audit_flush(&test_gate), WARD_OK);
    CHECK_NUMBER(locks, 1);
    for (unsigned i = 2; i <= 5; i++) {
        CHECK_STATUS(read_next(), i < 5 ? WARD_OK : WARD_AUDIT_END);
        CHECK_NUMBER(locks, i);
        CHECK_NUMBER(depth, 0);
    }
}

SUITE(gate_audit, CASE(one_verified_subject_keeps_the_sink_no_busier_than_its_budget_allows),
      CASE(strangers_push_nothing_out_that_was_verified_and_call_the_sink_twice_in_eight_seconds_each),
      CASE(a_poll_of_a_public_route_is_one_event_until_something_else_is_asked),
      CASE(a_public_grant_that_cannot_be_recorded_is_none),
      CASE(events_are_read_in_their_order_each_bound_to_the_one_before),
      CASE(what_the_ring_does_not_have_any_more_is_counted), CASE(a_digest_that_fails_leaves_the_cursor_where_it_is),
      CASE(what_was_only_counted_is_written_before_it_is_read),
      CASE(reading_and_flushing_take_the_lock_once_each_and_give_it_back));
