/* SPDX-License-Identifier: Apache-2.0 */
/* Many devices and one issuer in simulated time: what the real keyring does to the issuer's key set endpoint.
 *
 *     fleet DEVICES [SEED [bundles]]
 *
 * prints a line for each simulated second in which a fetch began or a device came to serve: the second, the fetches that began in it, and
 * the devices that no caller has found serving today's key yet; and a line `scenario NAME` where one begins. fleet.py reads that.
 *
 * With bundles the devices ask a cache for what the operator of the fleet has signed (operator.h). Four more numbers stand on a line: what was
 * asked of the issuer and of the operator's server, the bundles that came whole, and the devices that do not deny yet whom they should.
 * bundles.py reads that.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer.h"
#include "operator.h"
#include "queue.h"
#include "ward/ward.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* A caller comes to a device once a minute, and the issuer answers within a second; a dead one is given up after ten. */
enum { BETWEEN_CALLS = MINUTE, SLOWEST_ANSWER = SECOND, TIME_OUT = 10 * SECOND };

static const uint64_t epoch = 1767225600u;

struct device {
    struct ward_keyring keyring;
    uint64_t booted;
    uint32_t turn; /* of its newest service event: older ones mean nothing any more */
    uint32_t life; /* boots so far: an answer to a life before means nothing either */
    bool waits;    /* its callers have tokens of a key that it does not know */
    bool denies;   /* somebody */
    uint32_t has;  /* the number of the bundle that it has asked about; 0: none */
};

static struct device *devices;
static uint32_t device_count;
static uint32_t waiting;
static uint32_t letting_in; /* devices that do not deny yet */
static bool by_bundles;
static uint64_t now;
static uint64_t random_state;

static struct ward_keyring_config config;
static struct ward_workspace work;

/* What happens to a device; the operator's minute is nobody's. */
enum { SERVICE, ANSWER, CALL, OPERATOR };

/* ---- Chance. */

static uint64_t chance(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static uint64_t below(uint64_t bound)
{
    return chance() % bound;
}

/* ---- A device. */

static uint32_t uptime_of(const struct device *device)
{
    return (uint32_t)(now - device->booted);
}

static struct ward_time wall(void)
{
    return ward_time_set(epoch + now / SECOND);
}

static void insist(struct ward_status status, const char *what)
{
    if (ward_ok(status))
        return;
    fprintf(stderr, "fleet: %s: %s\n", what, ward_status_sentence(status));
    exit(1);
}

static void plan_service(uint32_t index, uint64_t wait)
{
    queue_add(now + wait, index, SERVICE, ++devices[index].turn);
}

static void plan_call(uint32_t index, uint64_t at_least)
{
    queue_add(now + at_least + below(2 * BETWEEN_CALLS), index, CALL, 0);
}

static void boot(uint32_t index)
{
    struct device *const device = &devices[index];
    device->booted = now;
    insist(ward_keyring_begin(&device->keyring, &config, (uint32_t)chance(), 0), "begin");
    plan_service(index, 0);
}

static struct ward_record record;
static uint8_t slot_bytes[WARD_RECORD_STORED];
static size_t slot_length;

static size_t read_slot(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)context;
    const size_t left = slot == 0 && offset < slot_length ? slot_length - offset : 0;
    const size_t length = size < left ? size : left;
    memcpy(data, slot_bytes + offset, length);
    return length;
}

static struct ward_status write_slot(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    (void)context;
    (void)slot;
    if (size > 0)
        memcpy(slot_bytes + offset, data, size);
    slot_length = offset + size;
    return ward_status_of(WARD_OK);
}

static const struct ward_record_slots slots = { NULL, read_slot, write_slot };

/* The record is packed when the power fails: what had been stored before differs in its times only. */
static void power_cycle(uint32_t index, uint64_t off)
{
    struct device *const device = &devices[index];
    const struct ward_record_origin none = { WARD_RECORD_SLOTS, 0 };
    ward_keyring_pack(&device->keyring, wall(), uptime_of(device), &record);
    insist(ward_record_write(&slots, none, 0, &record, &work), "write");
    device->booted = now + off;
    device->life++;
    insist(ward_keyring_begin(&device->keyring, &config, (uint32_t)chance(), 0), "begin");
    insist(ward_keyring_open(&device->keyring, &slots, 0, &work), "open");
    plan_service(index, off);
}

static uint32_t fetches;
static uint32_t whole; /* bundles that came whole */

/* The ETag is the bundle's number. */
static uint32_t number_in(struct ward_text etag)
{
    uint32_t number = 0;
    for (size_t i = 1; i + 1 < etag.length; i++)
        number = number * 10 + (uint32_t)(etag.data[i] - '0');
    return number;
}

static bool is_down(void)
{
    return by_bundles ? cache.down : issuer.down;
}

static void serve(uint32_t index)
{
    struct device *const device = &devices[index];
    for (;;) {
        const struct ward_keyring_action want = ward_keyring_next(&device->keyring, wall(), uptime_of(device));
        if (want.task == WARD_KEYRING_STORE) {
            ward_keyring_pack(&device->keyring, wall(), uptime_of(device), &record);
            ward_keyring_stored(&device->keyring, ward_status_of(WARD_OK), uptime_of(device));
            continue;
        }
        if (want.task == WARD_KEYRING_FETCH) {
            fetches++;
            device->has = number_in(want.etag);
            ward_keyring_fetch_begin(&device->keyring);
            queue_add(now + (is_down() ? TIME_OUT : 1 + below(SLOWEST_ANSWER)), index, ANSWER, device->life);
        }
        plan_service(index, want.task == WARD_KEYRING_FETCH ? MINUTE : want.wait);
        return;
    }
}

/* What the cache answers. */
static void answer_bundle(struct device *device)
{
    struct ward_fetch_answer given = { .status = ward_status_of(cache.down ? WARD_FETCH_UNREACHABLE : WARD_OK),
                                       .max_age = cache.max_age };
    if (!cache.down) {
        const struct bundle *const bundle = cache_ask(now);
        given.http = bundle->sequence == device->has ? 304 : 200;
        given.etag_length = (uint8_t)sprintf(given.etag, "\"%u\"", bundle->sequence);
        if (given.http == 200) {
            whole++;
            insist(ward_keyring_fetch_feed(&device->keyring, bundle->text, bundle->length, &work), "feed");
        }
    }
    const struct ward_status status = ward_keyring_fetch_end_bundle(&device->keyring, &given, wall(), uptime_of(device),
                                                                    &work);
    if (!cache.down)
        insist(status, "fetch");
    if (device->denies || ward_keyring_bundle_info(&device->keyring).denials == 0)
        return;
    device->denies = true;
    letting_in--;
}

static void answer_keys(struct device *device)
{
    struct ward_fetch_answer given = { .status = ward_status_of(issuer.down ? WARD_FETCH_UNREACHABLE : WARD_OK),
                                       .http = 200,
                                       .max_age = issuer.max_age };
    if (!issuer.down)
        insist(ward_keyring_fetch_feed(&device->keyring, issuer.set, issuer.length, &work), "feed");
    const struct ward_status status = ward_keyring_fetch_end(&device->keyring, &given, wall(), uptime_of(device));
    if (!issuer.down)
        insist(status, "fetch");
}

static void answer(uint32_t index)
{
    if (by_bundles)
        answer_bundle(&devices[index]);
    else
        answer_keys(&devices[index]);
    plan_service(index, 0);
}

static bool knows(const struct device *device)
{
    char kid[24];
    const int length = sprintf(kid, "key-%u", issuer.key);
    return ward_jwks_find(ward_keyring_keys(&device->keyring), ward_text_of(kid, (size_t)length)) != NULL;
}

/* A caller with a token of today's key. Who is told to come back does. */
static void call(uint32_t index)
{
    struct device *const device = &devices[index];
    char kid[24];
    uint32_t retry_after;
    const int length = sprintf(kid, "key-%u", issuer.key);
    if (knows(device)) {
        device->waits = false;
        waiting--;
        return;
    }
    const struct ward_status status = ward_keyring_request_refresh(&device->keyring, ward_text_of(kid, (size_t)length),
                                                                   uptime_of(device), &retry_after);
    if (status.code == WARD_KEY_REFRESH_PENDING)
        plan_service(index, 0);
    plan_call(index, (uint64_t)retry_after * SECOND);
}

/* ---- The world. */

static void happen(const struct event *event)
{
    now = event->at;
    if (event->kind == OPERATOR) {
        operator_run(epoch + now / SECOND);
        queue_add(now + MINUTE, 0, OPERATOR, 0);
    } else if (event->kind == ANSWER && event->turn == devices[event->device].life)
        answer(event->device);
    else if (event->kind == CALL)
        call(event->device);
    else if (event->kind == SERVICE && event->turn == devices[event->device].turn)
        serve(event->device);
}

static void run_until(uint64_t end)
{
    struct event event;
    while (queue_next_at() < end) {
        const uint64_t second = queue_next_at() / SECOND;
        const uint32_t waited = waiting;
        fetches = 0;
        whole = 0;
        signer.asks_issuer = 0;
        cache.asks_operator = 0;
        while (queue_next_at() / SECOND == second && queue_take(&event))
            happen(&event);
        if (by_bundles)
            printf("%llu %u %u %u %u %u %u\n", (unsigned long long)second, fetches, waiting, signer.asks_issuer,
                   cache.asks_operator, whole, letting_in);
        else if (fetches > 0 || waiting != waited)
            printf("%llu %u %u\n", (unsigned long long)second, fetches, waiting);
    }
    now = end;
}

static void scenario(const char *name)
{
    printf("scenario %s %llu\n", name, (unsigned long long)(now / SECOND));
}

/* From now on tokens are signed by issuer.key: a device that lacks it learns so from its callers. */
static void sign_with_new_key(void)
{
    for (uint32_t i = 0; i < device_count; i++) {
        if (devices[i].waits || knows(&devices[i]))
            continue;
        devices[i].waits = true;
        waiting++;
        plan_call(i, 0);
    }
}

static void power_up(void)
{
    for (uint32_t i = 0; i < device_count; i++)
        power_cycle(i, 5 * SECOND);
}

static void boot_all(void)
{
    for (uint32_t i = 0; i < device_count; i++) {
        now = below(HOUR);
        boot(i);
    }
    now = 0;
}

static void run_all(void)
{
    boot_all();
    run_until(3ull * HOUR);
    scenario("steady");
    run_until(now + HOUR);
    scenario("power-up");
    power_up();
    run_until(now + 2ull * HOUR);
    scenario("rotation");
    publish(issuer.key + 1);
    sign_with_new_key();
    run_until(now + 2ull * HOUR);
    scenario("outage");
    issuer.down = true;
    run_until(now + HOUR);
    scenario("recovery");
    issuer.down = false;
    run_until(now + 2ull * HOUR);
    scenario("unannounced");
    publish(issuer.key + 10);
    sign_with_new_key();
    run_until(now + 2ull * HOUR);
    scenario("max-age-15");
    issuer.max_age = 15;
    run_until(now + 2ull * HOUR);
    scenario("end");
}

/* Whom the operator denies nobody may let in: a device learns so from its next bundle. */
static void deny(void)
{
    signer.denies = true;
    letting_in = device_count;
}

static void run_bundles(void)
{
    boot_all();
    queue_add(0, 0, OPERATOR, 0);
    run_until(2ull * HOUR);
    scenario("steady");
    run_until(now + HOUR / 2);
    scenario("power-up");
    power_up();
    run_until(now + 3ull * HOUR / 2);
    scenario("rotation");
    publish(issuer.key + 1);
    sign_with_new_key();
    run_until(now + HOUR / 2);
    scenario("issuer-outage");
    issuer.down = true;
    run_until(now + HOUR / 2);
    issuer.down = false;
    scenario("cache-outage");
    cache.down = true;
    run_until(now + HOUR);
    scenario("recovery");
    cache.down = false;
    run_until(now + 3ull * HOUR / 2);
    scenario("unannounced");
    publish(issuer.key + 10);
    sign_with_new_key();
    run_until(now + HOUR / 2);
    scenario("denial");
    deny();
    run_until(now + HOUR / 2);
    scenario("end");
}

int main(int count, char **arguments)
{
    static const struct ward_keyring_config usual = { .issuer = WARD_TEXT("https://issuer.example/"),
                                                      .url = WARD_TEXT("https://issuer.example/jwks.json"),
                                                      .build_time = 1767225600u };
    if (count < 2 || (device_count = (uint32_t)strtoul(arguments[1], NULL, 10)) == 0) {
        fprintf(stderr, "usage: fleet DEVICES [SEED [bundles]]\n");
        return 2;
    }
    random_state = count > 2 ? strtoull(arguments[2], NULL, 10) + 1 : 20261124u;
    config = usual;
    by_bundles = count > 3;
    devices = calloc(device_count, sizeof *devices);
    if (devices == NULL || !queue_begin(4 * (size_t)device_count + 16)) {
        fprintf(stderr, "fleet: not enough memory for %u devices\n", device_count);
        return 1;
    }
    issuer.max_age = WARD_NO_MAX_AGE;
    publish(1);
    if (by_bundles) {
        static const struct ward_text url = WARD_TEXT("https://mirror.example/bundle");
        config.url = url;
        config.bundles = operator_begin(epoch);
        run_bundles();
    } else {
        run_all();
    }
    return 0;
}
