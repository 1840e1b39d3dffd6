/* The loop that serves a keyring, on a platform in memory. */
#include "crypto_faults.h"
#include "gate.h"
#include "ring.h"
#include "ward/port/service.h"

/* What the platform does next, and what it was asked. */
static struct {
    struct ward_record slot[WARD_RECORD_SLOTS];
    size_t extra;              /* bytes that a slot reads as beyond its record */
    bool write_fails;
    bool bit_is_stuck;
    bool write_does_nothing;
    struct ward_status begin;
    struct ward_fetch_answer answer;
    const char *body;
    size_t read;
    int32_t end;
    bool waits;
    unsigned spoil_read;       /* the read of a slot, counted from 1, that gives another byte */
    unsigned fetches;
    unsigned ends;
    unsigned writes;
    uint64_t judged_at;
} fake;

static struct ward_service service;
static struct ward_record buffer;
static struct ward_platform platform;

static struct ward_time fake_clock(void *context)
{
    CHECK(context == &fake);
    return ring_time;
}

static uint32_t fake_uptime(void *context)
{
    CHECK(context == &fake);
    return ring_uptime;
}

static struct ward_status fake_fetch_begin(void *context, struct ward_text url, uint64_t now)
{
    CHECK(context == &fake);
    CHECK_TEXT(url, URL);
    fake.judged_at = now;
    fake.read = 0;
    fake.fetches++;
    return fake.begin;
}

static int32_t fake_fetch_read(void *context, char *bytes, size_t size)
{
    CHECK(context == &fake);
    if (fake.waits)
        return WARD_FETCH_WAIT;
    const size_t left = strlen(fake.body) - fake.read;
    const size_t length = left < size ? left : size;
    if (length == 0)
        return fake.end;
    memcpy(bytes, fake.body + fake.read, length);
    fake.read += length;
    return (int32_t)length;
}

static void fake_fetch_end(void *context, struct ward_fetch_answer *answer)
{
    CHECK(context == &fake);
    fake.ends++;
    *answer = fake.answer;
}

static size_t fake_record_read(void *context, unsigned slot, void *data, size_t size)
{
    CHECK(context == &fake && slot < WARD_RECORD_SLOTS);
    const size_t length = fake.slot[slot].length + fake.extra;
    CHECK(length <= size || fake.extra > 1000);
    memcpy(data, fake.slot[slot].bytes, fake.slot[slot].length);
    if (fake.spoil_read > 0 && --fake.spoil_read == 0)
        ((uint8_t *)data)[60] ^= 1;
    return length;
}

static struct ward_status fake_record_write(void *context, unsigned slot, const void *data, size_t length)
{
    CHECK(context == &fake && slot < WARD_RECORD_SLOTS);
    fake.writes++;
    if (fake.write_fails)
        return ward_status_of(WARD_RECORD_NOT_STORED);
    if (fake.write_does_nothing)
        return ward_status_of(WARD_OK);
    memcpy(fake.slot[slot].bytes, data, length);
    fake.slot[slot].length = length;
    if (fake.bit_is_stuck)
        fake.slot[slot].bytes[40] ^= 4;
    return ward_status_of(WARD_OK);
}

static struct ward_status fake_entropy(void *context, void *data, size_t length)
{
    static uint8_t next;
    CHECK(context == &fake);
    for (size_t i = 0; i < length; i++)
        ((uint8_t *)data)[i] = next++;
    return ward_status_of(WARD_OK);
}

static void begin_platform(void)
{
    static const struct ward_platform whole = { .context = &fake,
                                                .clock = fake_clock,
                                                .uptime = fake_uptime,
                                                .fetch_begin = fake_fetch_begin,
                                                .fetch_read = fake_fetch_read,
                                                .fetch_end = fake_fetch_end,
                                                .record_read = fake_record_read,
                                                .record_write = fake_record_write,
                                                .entropy = fake_entropy };
    memset(&fake, 0, sizeof fake);
    fake.begin = ward_status_of(WARD_OK);
    fake.answer = ring_good;
    fake.body = ring_set("ab");
    fake.end = WARD_FETCH_END;
    platform = whole;
    ring_usual();
}

static void boot(void)
{
    CHECK_STATUS(ward_service_begin(&service, &platform, &ring, &ring_config, 9, &test_work, &buffer), WARD_OK);
}

static void attach_gate(void)
{
    const struct ward_gate_setup setup = { .policy = &usual_policy, .keyring = &ring, .record = &buffer };
    CHECK_STATUS(ward_gate_begin_with(&test_gate, &setup, ward_service_time(&service), &test_work), WARD_OK);
    ward_service_gate(&service, &test_gate);
}

/* Runs for this long; no step asks for the next one later than it should. */
static void run_for(uint32_t milliseconds)
{
    const uint32_t end = ring_uptime + milliseconds;
    for (unsigned steps = 0; (int32_t)(end - ring_uptime) > 0; steps++) {
        const uint32_t wait = ward_service_run(&service);
        CHECK(steps < 100000u);
        ring_pass(wait > end - ring_uptime ? end - ring_uptime : wait);
    }
}

static size_t count_events(enum ward_code reason)
{
    size_t count = 0;
    const struct ward_audit_event *event;
    for (size_t i = 0; (event = ward_audit_at(&test_gate.audit, i)) != NULL; i++)
        count += event->kind == WARD_AUDIT_CHANGE && event->reason == (uint32_t)reason ? 1u : 0u;
    return count;
}

TEST(keys_are_fetched_and_stored_and_survive_a_power_cut)
{
    begin_platform();
    boot();
    run_for(2 * MINUTE);
    CHECK_NUMBER(fake.fetches, 1);
    CHECK_NUMBER(fake.ends, 1);
    CHECK(ring_has("ab"));
    CHECK(fake.slot[0].length > 0);
    CHECK_NUMBER(fake.judged_at / 1000, NOW / 1000);
    platform.fetch_begin = NULL;
    boot();
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ward_keyring_boots(&ring), 2);
}

TEST(the_newest_whole_record_is_opened_whatever_its_slot)
{
    begin_platform();
    boot();
    run_for(2 * MINUTE);
    fake.body = ring_set("bc");
    run_for(3 * HOUR);
    CHECK(ring_has("bc"));
    for (int turn = 0; turn < 2; turn++) {
        const struct ward_record first = fake.slot[0];
        fake.slot[0] = fake.slot[1];
        fake.slot[1] = first;
        boot();
        CHECK(ring_has("bc"));
    }
}

TEST(a_damaged_slot_is_told_and_the_other_one_serves)
{
    begin_platform();
    boot();
    run_for(2 * MINUTE);
    fake.body = ring_set("bc");
    run_for(3 * HOUR);
    const unsigned newest = 1u - ring.slot;
    fake.slot[newest].bytes[100] ^= 1;
    boot();
    CHECK(ring_has("ab"));
    attach_gate();
    CHECK_NUMBER(count_events(WARD_RECORD_OLDER), 1);
    CHECK_NUMBER(ring.slot, newest);
}

TEST(a_damaged_first_slot_is_passed_over_too)
{
    begin_platform();
    boot();
    run_for(2 * MINUTE);
    fake.slot[1] = fake.slot[0];
    fake.slot[0].bytes[100] ^= 1;
    boot();
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ring.slot, 0);
}

TEST(two_damaged_slots_are_told_and_nothing_of_them_is_used)
{
    begin_platform();
    boot();
    run_for(2 * MINUTE);
    fake.slot[0].bytes[100] ^= 1;
    fake.slot[1] = fake.slot[0];
    boot();
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_NUMBER(buffer.length, 0);
    attach_gate();
    CHECK_NUMBER(count_events(WARD_RECORD_INVALID), 1);
    fake.slot[0].length = 0;
    boot();
    attach_gate();
    CHECK_NUMBER(count_events(WARD_RECORD_INVALID), 1);
}

TEST(a_first_boot_is_nothing_to_tell)
{
    begin_platform();
    boot();
    attach_gate();
    CHECK_NUMBER(count_events(WARD_RECORD_ABSENT), 0);
    CHECK_NUMBER(count_events(WARD_RECORD_INVALID), 0);
    run_for(2 * MINUTE);
    CHECK_NUMBER(count_events(WARD_KEYS_CHANGED), 1);
}

TEST(what_came_of_the_last_fetch_is_told)
{
    begin_platform();
    boot();
    CHECK_STATUS(ward_service_fetched(&service).status, WARD_NO_RESULT);
    run_for(2 * MINUTE);
    CHECK_STATUS(ward_service_fetched(&service).status, WARD_OK);
    fake.body = "{}";
    fake.answer.http = 200;
    fake.answer.max_age = 7;
    run_for(3 * HOUR);
    CHECK(!ward_ok(ward_service_fetched(&service).status));
    CHECK_NUMBER(ward_service_fetched(&service).http, 200);
    CHECK_NUMBER(ward_service_fetched(&service).max_age, 7);
}

TEST(another_issuers_record_is_told)
{
    begin_platform();
    boot();
    run_for(2 * MINUTE);
    ring_config.issuer = text("https://other/");
    boot();
    attach_gate();
    CHECK_NUMBER(count_events(WARD_RECORD_OTHER), 1);
}

TEST(the_records_of_a_gate_hold_its_deny_list)
{
    begin_platform();
    boot();
    attach_gate();
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ring_time;
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    run_for(SECOND);
    CHECK_NUMBER(fake.writes, 1);
    boot();
    attach_gate();
    CHECK(test_gate.denials[0].issued_until == WARD_DENY_ALWAYS);
}

TEST(an_outage_is_told_once_and_its_end)
{
    begin_platform();
    boot();
    attach_gate();
    fake.begin = ward_status_of(WARD_FETCH_UNREACHABLE);
    run_for(20 * MINUTE);
    CHECK(fake.fetches > 3);
    CHECK_NUMBER(fake.ends, 0);
    CHECK_NUMBER(count_events(WARD_FETCH_UNREACHABLE), 1);
    fake.begin = ward_status_of(WARD_OK);
    run_for(2 * HOUR);
    CHECK(ring_has("ab"));
    CHECK_NUMBER(count_events(WARD_OK), 1);
}

TEST(a_body_that_is_wrong_ends_the_fetch_at_once)
{
    begin_platform();
    boot();
    attach_gate();
    fake.body = "<html>";
    run_for(30 * SECOND);
    CHECK(fake.ends > 0);
    CHECK_NUMBER(fake.ends, fake.fetches);
    CHECK_NUMBER(count_events(WARD_JSON_MALFORMED), 1);
}

TEST(a_broken_answer_is_none_whatever_it_says)
{
    begin_platform();
    boot();
    attach_gate();
    fake.end = WARD_FETCH_BROKEN;
    run_for(30 * SECOND);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_NUMBER(count_events(WARD_FETCH_CUT_OFF), 1);
    fake.answer = ring_failed(WARD_FETCH_TIMED_OUT);
    run_for(MINUTE);
    CHECK_NUMBER(count_events(WARD_FETCH_TIMED_OUT), 1);
}

TEST(more_bytes_than_the_buffer_holds_are_not_believed)
{
    begin_platform();
    boot();
    fake.body = "";
    fake.end = 100000;
    run_for(30 * SECOND);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_NUMBER(fake.ends, fake.fetches);
}

TEST(a_slow_answer_is_looked_for_often)
{
    begin_platform();
    boot();
    fake.waits = true;
    run_for(15 * SECOND);
    CHECK_NUMBER(fake.fetches, 1);
    CHECK(ward_service_run(&service) <= 10);
    fake.waits = false;
    run_for(SECOND);
    CHECK(ring_has("ab"));
}

TEST(a_stuck_bit_and_a_write_that_did_nothing_are_seen_and_told_once)
{
    begin_platform();
    boot();
    attach_gate();
    fake.bit_is_stuck = true;
    run_for(HOUR);
    CHECK(fake.writes > 2);
    CHECK_NUMBER(count_events(WARD_RECORD_NOT_STORED), 1);
    fake.bit_is_stuck = false;
    run_for(HOUR);
    CHECK_NUMBER(ring.sequence > 0, 1);
    fake.write_does_nothing = true;
    ward_keyring_set_floor(&ring, NOW);
    run_for(HOUR);
    CHECK_NUMBER(count_events(WARD_RECORD_NOT_STORED), 2);
}

/* Both slots hold a whole record, and a write does nothing from now on. */
static void begin_full(void)
{
    begin_platform();
    boot();
    attach_gate();
    run_for(2 * MINUTE);
    ward_keyring_set_floor(&ring, NOW);
    run_for(2 * MINUTE);
    CHECK(fake.slot[0].length > 0 && fake.slot[1].length > 0);
    fake.write_does_nothing = true;
}

TEST(a_slot_that_still_holds_its_old_record_is_seen)
{
    begin_full();
    ward_keyring_set_floor(&ring, NOW + 1);
    run_for(MINUTE);
    CHECK_NUMBER(ring.store_failed, 1);
    CHECK_NUMBER(count_events(WARD_RECORD_NOT_STORED), 1);
}

TEST(a_slot_that_still_holds_its_old_and_shorter_record_is_seen)
{
    begin_full();
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ring_time;
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    run_for(MINUTE);
    CHECK_NUMBER(ring.store_failed, 1);
    CHECK_NUMBER(count_events(WARD_RECORD_NOT_STORED), 1);
}

TEST(a_record_that_cannot_be_made_is_not_written)
{
    begin_platform();
    ring_config.compiled = usual_keys();
    boot();
    attach_gate();
    ring_pass(MINUTE);
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_NUMBER(ward_service_run(&service), 0);
    crypto_fail_at(0, 0);
    CHECK_NUMBER(fake.writes, 0);
    CHECK_NUMBER(count_events(WARD_CRYPTO_FAILED), 1);
}

TEST(a_slot_that_reads_differently_a_second_time_is_not_opened)
{
    begin_platform();
    boot();
    run_for(2 * MINUTE);
    fake.spoil_read = 3;
    boot();
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
}

TEST(storage_that_can_only_be_written_stores_nothing)
{
    begin_platform();
    platform.record_read = NULL;
    boot();
    run_for(HOUR);
    CHECK_NUMBER(fake.writes, 0);
}

TEST(what_is_due_sooner_than_more_of_an_answer_is_done_sooner)
{
    begin_platform();
    boot();
    fake.waits = true;
    run_for(15 * SECOND);
    ring.store.since = ring_uptime;
    ring.store.wait = 4;
    CHECK_NUMBER(ward_service_run(&service), 4);
}

TEST(a_write_that_failed_is_told)
{
    begin_platform();
    boot();
    attach_gate();
    fake.write_fails = true;
    run_for(2 * MINUTE);
    CHECK_NUMBER(count_events(WARD_RECORD_NOT_STORED), 1);
}

TEST(a_slot_that_reads_more_than_was_asked_for_is_empty)
{
    begin_platform();
    fake.extra = sizeof buffer.bytes + 1;
    boot();
    CHECK_NUMBER(buffer.length, 0);
}

TEST(a_slot_may_read_as_longer_than_its_record)
{
    begin_platform();
    fake.extra = 3;
    boot();
    run_for(2 * MINUTE);
    CHECK_NUMBER(ring.store_failed, 0);
    CHECK(ring.sequence > 0);
}

TEST(a_platform_without_network_storage_and_clock_still_turns)
{
    begin_platform();
    platform.fetch_begin = NULL;
    platform.record_read = NULL;
    platform.record_write = NULL;
    platform.clock = NULL;
    platform.entropy = NULL;
    ring_config.compiled = usual_keys();
    boot();
    attach_gate();
    CHECK(ward_audit_at(&test_gate.audit, 1) == NULL);
    CHECK_NUMBER(ward_service_time(&service).trust, WARD_TIME_FLOOR);
    run_for(3 * HOUR);
    CHECK(ring_has("ab"));
    CHECK_NUMBER(count_events(WARD_NOT_PROVIDED), 1);
}

TEST(storage_that_can_only_be_read_stores_nothing)
{
    begin_platform();
    platform.record_write = NULL;
    boot();
    run_for(HOUR);
    CHECK_NUMBER(fake.writes, 0);
}

static struct ward_status no_entropy(void *context, void *data, size_t length)
{
    (void)context;
    memset(data, 0, length);
    return ward_status_of(WARD_ENTROPY_MISSING);
}

TEST(without_entropy_now_the_firmwares_seed_serves)
{
    begin_platform();
    platform.entropy = no_entropy;
    boot();
    const uint32_t chance = ring.random;
    CHECK_STATUS(ward_service_begin(&service, &platform, &ring, &ring_config, 10, &test_work, &buffer), WARD_OK);
    CHECK(ring.random != chance);
}

TEST(a_platform_without_uptime_and_a_wrong_configuration_are_refused)
{
    begin_platform();
    platform.uptime = NULL;
    CHECK_STATUS(ward_service_begin(&service, &platform, &ring, &ring_config, 9, &test_work, &buffer), WARD_NOT_PROVIDED);
    begin_platform();
    ring_config.issuer.length = 0;
    CHECK_STATUS(ward_service_begin(&service, &platform, &ring, &ring_config, 9, &test_work, &buffer), WARD_KEYRING_ISSUER);
}

TEST(the_last_key_of_an_offline_device_is_told)
{
    static struct ward_jwks one;
    one = *usual_keys();
    one.count = 1;
    begin_platform();
    ring_config.url.length = 0;
    ring_config.compiled = &one;
    boot();
    run_for(SECOND);
    attach_gate();
    boot();
    attach_gate();
    run_for(SECOND);
    CHECK_NUMBER(count_events(WARD_KEYS_LAST), 1);
}

SUITE(service, CASE(keys_are_fetched_and_stored_and_survive_a_power_cut),
      CASE(the_newest_whole_record_is_opened_whatever_its_slot), CASE(a_damaged_slot_is_told_and_the_other_one_serves),
      CASE(a_damaged_first_slot_is_passed_over_too), CASE(two_damaged_slots_are_told_and_nothing_of_them_is_used), CASE(a_first_boot_is_nothing_to_tell), CASE(what_came_of_the_last_fetch_is_told),
      CASE(another_issuers_record_is_told), CASE(the_records_of_a_gate_hold_its_deny_list),
      CASE(an_outage_is_told_once_and_its_end), CASE(a_body_that_is_wrong_ends_the_fetch_at_once),
      CASE(a_broken_answer_is_none_whatever_it_says), CASE(more_bytes_than_the_buffer_holds_are_not_believed),
      CASE(a_slow_answer_is_looked_for_often), CASE(a_stuck_bit_and_a_write_that_did_nothing_are_seen_and_told_once),
      CASE(a_slot_that_still_holds_its_old_record_is_seen),
      CASE(a_slot_that_still_holds_its_old_and_shorter_record_is_seen), CASE(a_record_that_cannot_be_made_is_not_written),
      CASE(a_slot_that_reads_differently_a_second_time_is_not_opened),
      CASE(storage_that_can_only_be_written_stores_nothing),
      CASE(what_is_due_sooner_than_more_of_an_answer_is_done_sooner), CASE(a_write_that_failed_is_told), CASE(a_slot_that_reads_more_than_was_asked_for_is_empty),
      CASE(a_slot_may_read_as_longer_than_its_record), CASE(a_platform_without_network_storage_and_clock_still_turns),
      CASE(storage_that_can_only_be_read_stores_nothing), CASE(without_entropy_now_the_firmwares_seed_serves),
      CASE(a_platform_without_uptime_and_a_wrong_configuration_are_refused),
      CASE(the_last_key_of_an_offline_device_is_told));
