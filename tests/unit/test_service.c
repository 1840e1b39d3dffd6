/* SPDX-License-Identifier: Apache-2.0 */
/* The loop that serves a keyring: how it begins, fetches, and tells. */
#include "fake_platform.h"

TEST(keys_are_fetched_and_stored_and_survive_a_power_cut)
{
    fake_begin();
    fake_boot();
    fake_without_gate();
    fake_run_for(2 * MINUTE);
    CHECK_NUMBER(fake.fetches, 1);
    CHECK_NUMBER(fake.ends, 1);
    CHECK(ring_has("ab"));
    CHECK(fake.slot[0].length > 0);
    CHECK_NUMBER(fake.judged_at / 1000, NOW / 1000);
    fake_platform.fetch_begin = NULL;
    fake_boot();
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ward_keyring_boots(&ring), 2);
}

TEST(what_came_of_the_last_fetch_is_told)
{
    fake_begin();
    fake_boot();
    CHECK_STATUS(ward_service_fetched(&fake_service).status, WARD_NO_RESULT);
    fake_run_for(2 * MINUTE);
    CHECK_STATUS(ward_service_fetched(&fake_service).status, WARD_OK);
    fake.body = "{}";
    fake.answer.http = 200;
    fake.answer.max_age = 7;
    fake_run_for(3 * HOUR);
    CHECK(!ward_ok(ward_service_fetched(&fake_service).status));
    CHECK_NUMBER(ward_service_fetched(&fake_service).http, 200);
    CHECK_NUMBER(ward_service_fetched(&fake_service).max_age, 7);
}

TEST(what_goes_as_it_should_is_not_told)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    fake_run_for(2 * HOUR);
    CHECK(fake.ends > 1 && fake.writes > 0);
    CHECK_NUMBER(fake_events(WARD_OK), 0);
}

TEST(an_outage_is_told_once_and_its_end)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    fake.begin = ward_status_of(WARD_FETCH_UNREACHABLE);
    fake_run_for(20 * MINUTE);
    CHECK(fake.fetches > 3);
    CHECK_NUMBER(fake.ends, 0);
    CHECK_NUMBER(fake_events(WARD_FETCH_UNREACHABLE), 1);
    fake.begin = ward_status_of(WARD_OK);
    fake_run_for(2 * HOUR);
    CHECK(ring_has("ab"));
    CHECK_NUMBER(fake_events(WARD_OK), 1);
}

TEST(a_body_that_is_wrong_ends_the_fetch_at_once)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    fake.body = "<html>";
    fake_run_for(30 * SECOND);
    CHECK(fake.ends > 0);
    CHECK_NUMBER(fake.ends, fake.fetches);
    CHECK_NUMBER(fake_events(WARD_JSON_MALFORMED), 1);
}

TEST(what_is_wrong_with_a_body_is_told_before_what_its_end_says)
{
    fake_begin();
    fake_boot();
    fake.body = "<html>";
    fake.answer = ring_failed(WARD_FETCH_TIMED_OUT);
    fake_run_for(30 * SECOND);
    CHECK_STATUS(ward_service_fetched(&fake_service).status, WARD_JSON_MALFORMED);
    fake.body = "";
    fake_run_for(2 * MINUTE);
    CHECK_STATUS(ward_service_fetched(&fake_service).status, WARD_FETCH_TIMED_OUT);
}

TEST(a_piece_may_be_one_byte)
{
    static char body[2048];
    fake_begin();
    fake_boot();
    memset(body, ' ', 4 * 256 + 1);
    memcpy(body, fake.body, strlen(fake.body));
    fake.body = body;
    fake_run_for(2 * MINUTE);
    CHECK(ring_has("ab"));
}

TEST(what_goes_on_is_gone_on_with_at_once)
{
    uint32_t wait = 0;
    fake_begin();
    fake_boot();
    while (fake.fetches == 0) {
        ring_pass(wait);
        wait = ward_service_run(&fake_service);
    }
    CHECK_NUMBER(wait, 0);
    CHECK_NUMBER(ward_service_run(&fake_service), 0);
}

TEST(a_broken_answer_is_none_whatever_it_says)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    fake.end = WARD_FETCH_BROKEN;
    fake_run_for(30 * SECOND);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_NUMBER(fake_events(WARD_FETCH_CUT_OFF), 1);
    fake.answer = ring_failed(WARD_FETCH_TIMED_OUT);
    fake_run_for(MINUTE);
    CHECK_NUMBER(fake_events(WARD_FETCH_TIMED_OUT), 1);
}

TEST(more_bytes_than_the_buffer_holds_are_not_believed)
{
    fake_begin();
    fake_boot();
    fake.body = "";
    fake.end = 100000;
    fake_run_for(30 * SECOND);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_NUMBER(fake.ends, fake.fetches);
    CHECK_STATUS(ward_service_fetched(&fake_service).status, WARD_FETCH_CUT_OFF);
}

TEST(a_slow_answer_is_looked_for_often)
{
    fake_begin();
    fake_boot();
    fake.waits = true;
    fake_run_for(15 * SECOND);
    CHECK_NUMBER(fake.fetches, 1);
    CHECK(ward_service_run(&fake_service) <= 10);
    fake.waits = false;
    fake_run_for(SECOND);
    CHECK(ring_has("ab"));
}

TEST(what_is_due_sooner_than_more_of_an_answer_is_done_sooner)
{
    fake_begin();
    fake_boot();
    fake_without_gate();
    fake.waits = true;
    fake_run_for(15 * SECOND);
    ring.store.since = ring_uptime;
    ring.store.wait = 4;
    CHECK_NUMBER(ward_service_run(&fake_service), 4);
}

TEST(a_platform_without_network_storage_and_clock_still_turns)
{
    fake_begin();
    fake_platform.fetch_begin = NULL;
    fake_platform.record_read = NULL;
    fake_platform.record_write = NULL;
    fake_platform.clock = NULL;
    fake_platform.entropy = NULL;
    ring_config.compiled = usual_keys();
    fake_boot();
    fake_attach_gate();
    CHECK(ward_audit_at(&test_gate.audit, 1) == NULL);
    CHECK_NUMBER(ward_service_time(&fake_service).trust, WARD_TIME_FLOOR);
    fake_run_for(3 * HOUR);
    CHECK(ring_has("ab"));
    CHECK_NUMBER(fake_events(WARD_NOT_PROVIDED), 1);
}

static struct ward_status no_entropy(void *context, void *data, size_t length)
{
    (void)context;
    memset(data, 0, length);
    return ward_status_of(WARD_ENTROPY_MISSING);
}

TEST(without_entropy_now_the_firmwares_seed_serves)
{
    fake_begin();
    fake_platform.entropy = no_entropy;
    fake_boot();
    const uint32_t chance = ring.random;
    CHECK_STATUS(ward_service_begin(&fake_service, &fake_platform, &ring, &ring_config, 10, &test_work, &fake_record),
                 WARD_OK);
    CHECK(ring.random != chance);
}

TEST(a_platform_without_uptime_and_a_wrong_configuration_are_refused)
{
    fake_begin();
    fake_platform.uptime = NULL;
    CHECK_STATUS(ward_service_begin(&fake_service, &fake_platform, &ring, &ring_config, 9, &test_work, &fake_record),
                 WARD_NOT_PROVIDED);
    fake_begin();
    ring_config.issuer.length = 0;
    CHECK_STATUS(ward_service_begin(&fake_service, &fake_platform, &ring, &ring_config, 9, &test_work, &fake_record),
                 WARD_KEYRING_ISSUER);
}

TEST(the_last_key_of_an_offline_device_is_told)
{
    static struct ward_jwks one;
    one = *usual_keys();
    one.count = 1;
    fake_begin();
    ring_config.url.length = 0;
    ring_config.compiled = &one;
    fake_boot();
    fake_run_for(SECOND);
    fake_attach_gate();
    fake_boot();
    fake_attach_gate();
    fake_run_for(SECOND);
    CHECK_NUMBER(fake_events(WARD_KEYS_LAST), 1);
}

SUITE(service, CASE(keys_are_fetched_and_stored_and_survive_a_power_cut), CASE(what_came_of_the_last_fetch_is_told),
      CASE(what_goes_as_it_should_is_not_told), CASE(an_outage_is_told_once_and_its_end),
      CASE(a_body_that_is_wrong_ends_the_fetch_at_once),
      CASE(what_is_wrong_with_a_body_is_told_before_what_its_end_says), CASE(a_piece_may_be_one_byte),
      CASE(what_goes_on_is_gone_on_with_at_once), CASE(a_broken_answer_is_none_whatever_it_says),
      CASE(more_bytes_than_the_buffer_holds_are_not_believed), CASE(a_slow_answer_is_looked_for_often),
      CASE(what_is_due_sooner_than_more_of_an_answer_is_done_sooner),
      CASE(a_platform_without_network_storage_and_clock_still_turns),
      CASE(without_entropy_now_the_firmwares_seed_serves),
      CASE(a_platform_without_uptime_and_a_wrong_configuration_are_refused),
      CASE(the_last_key_of_an_offline_device_is_told));
