/* SPDX-License-Identifier: Apache-2.0 */
/* A gate whose keys come from a keyring, and what it keeps across a power cut. */
#include "crypto_faults.h"
#include "gate.h"
#include "memory_slots.h"
#include "keyring_fixture.h"
#include "keys/keyring.h"

static struct test_token token;
static struct ward_record record;

static struct ward_status start(ward_audit_sink *sink, void *context)
{
    struct ward_gate_setup setup = { .policy = &usual_policy, .keyring = &ring, .sink = sink, .sink_context = context };
    memset(&test_gate, 0x5a, sizeof test_gate);
    return ward_gate_begin_with(&test_gate, &setup, ring_time, &test_work);
}

static void begin(const char *keys)
{
    memory_begin();
    ring_usual();
    ring_begin();
    if (*keys != '\0')
        ring_fill(keys);
    CHECK_STATUS(start(NULL, NULL), WARD_OK);
    memset(&test_caller, 0, sizeof test_caller);
}

static struct ward_status ask_now(void)
{
    test_caller.now = ring_time;
    test_caller.uptime = ring_uptime;
    return ask(&token, NULL);
}

static void reboot(void)
{
    CHECK_STATUS(ward_gate_pack(&test_gate, ring_time, ring_uptime, &record), WARD_OK);
    memory_store(0, &record);
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
    CHECK_STATUS(start(NULL, NULL), WARD_OK);
}

TEST(a_known_key_grants_and_is_marked_as_used)
{
    begin("ab");
    token_make_usual(&token);
    CHECK_STATUS(ask_now(), WARD_OK);
    CHECK_NUMBER(test_decision.answer.retry_after, 0);
    CHECK_NUMBER(ring.used, 1);
    CHECK_NUMBER(ring.running[0] + ring.running[1], 0);
}

/* Else the key of a busy client, whose token is remembered, would be given up after a day. */
TEST(a_token_that_is_remembered_marks_its_key_too)
{
    begin("ab");
    for (int i = 0; i < 2; i++) {
        token_make_usual(&token);
        ring.active[0] = 0;
        CHECK_STATUS(ask_now(), WARD_OK);
        CHECK_NUMBER(ring.active[0], 1);
    }
}

static void take_turn(void *context)
{
    *(bool *)context = true;
}

static void end_turn(void *context)
{
    *(bool *)context = false;
}

TEST(hooks_that_differ_from_the_keyrings_are_refused)
{
    static bool turns[2];
    const struct ward_hooks ours = { take_turn, end_turn, &turns[0] };
    const struct ward_hooks others[] = { { NULL, NULL, NULL },
                                         { NULL, end_turn, &turns[0] },
                                         { take_turn, NULL, &turns[0] },
                                         { take_turn, end_turn, &turns[1] } };
    struct ward_gate_setup setup = { .policy = &usual_policy, .keyring = &ring };
    begin("ab");
    ring_config.hooks = ours;
    for (size_t i = 0; i < 4; i++) {
        setup.hooks = others[i];
        CHECK_STATUS(ward_gate_begin_with(&test_gate, &setup, ring_time, &test_work), WARD_GATE_HOOKS);
        token_make_usual(&token);
        CHECK(!ward_ok(ask_now()));
    }
    setup.hooks = ours;
    CHECK_STATUS(ward_gate_begin_with(&test_gate, &setup, ring_time, &test_work), WARD_OK);
    /* With a set that never changes there is no other lock. */
    setup.keyring = NULL;
    setup.keys = usual_keys();
    setup.hooks = others[3];
    CHECK_STATUS(ward_gate_begin_with(&test_gate, &setup, ring_time, &test_work), WARD_OK);
}

TEST(a_forged_token_marks_no_key)
{
    begin("ab");
    token_forge(&token, 1);
    CHECK_STATUS(ask_now(), WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(ring.used, 0);
    CHECK_NUMBER(ring.running[0] + ring.running[1], 0);
}

TEST(an_unknown_kid_is_awaited_until_fresh_keys_do_not_have_it)
{
    begin("b");
    token_make_usual(&token);
    CHECK_STATUS(ask_now(), WARD_KEY_REFRESH_PENDING);
    check_refused(&token, 503, WARD_ERROR_UNAVAILABLE);
    CHECK_NUMBER(test_decision.answer.retry_after, 3);
    ring_until_fetch();
    ring_fill("b");
    CHECK_STATUS(ask_now(), WARD_KEY_UNKNOWN);
    check_refused(&token, 401, WARD_ERROR_TOKEN);
    CHECK_NUMBER(test_decision.answer.retry_after, 0);
}

TEST(an_unknown_kid_that_a_refresh_brings_is_served)
{
    begin("b");
    token_make_usual(&token);
    CHECK_STATUS(ask_now(), WARD_KEY_REFRESH_PENDING);
    ring_until_fetch();
    ring_fill("ab");
    CHECK_STATUS(ask_now(), WARD_OK);
}

TEST(without_keys_nobody_is_verified_and_a_fetch_is_wanted)
{
    begin("");
    token_make_usual(&token);
    CHECK_STATUS(ask_now(), WARD_KEYS_ABSENT);
    check_refused(&token, 503, WARD_ERROR_UNAVAILABLE);
    CHECK_NUMBER(test_decision.answer.retry_after, 3);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_FETCH);
}

TEST(stale_keys_verify_nobody_and_a_fetch_is_wanted)
{
    begin("ab");
    token_make_usual(&token);
    ring_time.seconds += 8u * 86400u;
    CHECK_STATUS(ask_now(), WARD_KEYS_STALE);
    check_refused(&token, 503, WARD_ERROR_UNAVAILABLE);
    ring.change = WARD_CHANGE_NONE;
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_FETCH);
}

TEST(keys_that_cannot_be_had_say_when_to_come_again)
{
    begin("");
    token_make_usual(&token);
    ring_config.url.length = 0;
    CHECK_STATUS(ask_now(), WARD_KEYS_ABSENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 30);
}

TEST(a_key_that_was_removed_dies_with_its_cached_tokens)
{
    begin("ab");
    token_make_usual(&token);
    CHECK_STATUS(ask_now(), WARD_OK);
    crypto_fail_at(0, 0);
    CHECK_STATUS(ask_now(), WARD_OK);
    CHECK_NUMBER(crypto_rsa_calls(), WARD_CACHE_SLOTS > 0 ? 0 : 1);
    ring_fill("b");
    CHECK(!ward_ok(ask_now()));
    check_refused(&token, 503, WARD_ERROR_UNAVAILABLE);
    ring_until_fetch();
    ring_fill("b");
    CHECK_STATUS(ask_now(), WARD_KEY_UNKNOWN);
}

TEST(the_deny_list_and_the_head_of_the_audit_survive_a_power_cut)
{
    uint8_t head[WARD_AUDIT_DIGEST];
    begin("ab");
    token_make_of(&token, "auth0|denied");
    test_caller.now = ring_time;
    deny_subject("auth0|denied", WARD_DENY_ALWAYS);
    memcpy(head, test_gate.audit.head, sizeof head);
    reboot();
    CHECK_STATUS(ask_now(), WARD_SUBJECT_DENIED);
    token_make_of(&token, "auth0|other");
    CHECK_STATUS(ask_now(), WARD_OK);
    const struct ward_audit_event *const boot = ward_audit_at(&test_gate.audit, 0);
    CHECK_NUMBER(boot->kind, WARD_AUDIT_BOOT);
    CHECK_NUMBER(boot->repeats, 2);
    CHECK(memcmp(boot->previous, head, sizeof head) == 0);
}

TEST(a_time_before_which_all_tokens_are_denied_survives)
{
    begin("ab");
    token_make_usual(&token);
    test_caller.now = ring_time;
    ward_deny_all(&test_gate, NOW, &test_caller);
    reboot();
    CHECK_STATUS(ask_now(), WARD_SUBJECT_DENIED);
}

TEST(a_change_of_the_deny_list_is_stored_at_once)
{
    uint8_t owner[WARD_OWNER_SIZE];
    begin("ab");
    ring.change = WARD_CHANGE_NONE;
    CHECK(ring_next().task != WARD_KEYRING_STORE);
    deny_subject("auth0|x", 5);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
    ring.change = WARD_CHANGE_NONE;
    ward_deny_all(&test_gate, 5, &test_caller);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
    ring.change = WARD_CHANGE_NONE;
    CHECK_STATUS(ward_owner_id(text(ISSUER), text("auth0|x"), &test_work, owner), WARD_OK);
    CHECK(ward_undeny(&test_gate, owner, &test_caller));
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
    ring.change = WARD_CHANGE_NONE;
    CHECK(!ward_undeny(&test_gate, owner, &test_caller));
    CHECK(ring_next().task != WARD_KEYRING_STORE);
}

TEST(a_denial_for_which_there_is_no_room_stores_nothing)
{
    uint8_t owner[WARD_OWNER_SIZE] = { 1 };
    begin("ab");
    for (; owner[1] < WARD_DENY_SLOTS; owner[1]++)
        CHECK_STATUS(ward_deny(&test_gate, owner, 1, &test_caller), WARD_OK);
    ring.change = WARD_CHANGE_NONE;
    CHECK_STATUS(ward_deny(&test_gate, owner, 1, &test_caller), WARD_DENY_LIST_FULL);
    CHECK(ring_next().task != WARD_KEYRING_STORE);
}

/* Another task denies everybody just before the gate's lock is taken, and takes it back just after. */
static unsigned held;

static void lock(void *context)
{
    CHECK(context == &held);
    CHECK_NUMBER(held++, 0);
    test_gate.issued_until = WARD_DENY_ALWAYS;
}

static void unlock(void *context)
{
    CHECK(context == &held);
    CHECK_NUMBER(held--, 1);
    test_gate.issued_until = 0;
}

TEST(what_is_stored_of_a_gate_is_read_under_its_lock)
{
    begin("ab");
    test_gate.hooks = (struct ward_hooks){ lock, unlock, &held };
    reboot();
    CHECK_NUMBER(held, 0);
    CHECK_NUMBER(test_gate.issued_until, WARD_DENY_ALWAYS);
}

static unsigned events;

static void count_event(void *context, const struct ward_audit_event *event)
{
    CHECK(context == &events);
    CHECK(event->sequence > 0);
    events++;
}

TEST(what_becomes_of_the_keys_is_told_to_the_audit_and_its_sink)
{
    begin("ab");
    events = 0;
    CHECK_STATUS(start(count_event, &events), WARD_OK);
    CHECK_NUMBER(events, 1);
    ward_gate_note(&test_gate, ward_status_of(WARD_FETCH_HOST), ring_time, ring_uptime);
    CHECK_NUMBER(events, 2);
    CHECK_NUMBER(last_event()->reason, WARD_FETCH_HOST);
    CHECK_NUMBER(last_event()->kind, WARD_AUDIT_CHANGE);
    CHECK_NUMBER(last_event()->seconds, ring_time.seconds);
}

SUITE(gate_keyring, CASE(a_known_key_grants_and_is_marked_as_used), CASE(a_token_that_is_remembered_marks_its_key_too),
      CASE(hooks_that_differ_from_the_keyrings_are_refused), CASE(a_forged_token_marks_no_key),
      CASE(an_unknown_kid_is_awaited_until_fresh_keys_do_not_have_it),
      CASE(an_unknown_kid_that_a_refresh_brings_is_served), CASE(without_keys_nobody_is_verified_and_a_fetch_is_wanted),
      CASE(stale_keys_verify_nobody_and_a_fetch_is_wanted), CASE(keys_that_cannot_be_had_say_when_to_come_again),
      CASE(a_key_that_was_removed_dies_with_its_cached_tokens),
      CASE(the_deny_list_and_the_head_of_the_audit_survive_a_power_cut),
      CASE(a_time_before_which_all_tokens_are_denied_survives), CASE(a_change_of_the_deny_list_is_stored_at_once),
      CASE(a_denial_for_which_there_is_no_room_stores_nothing), CASE(what_is_stored_of_a_gate_is_read_under_its_lock),
      CASE(what_becomes_of_the_keys_is_told_to_the_audit_and_its_sink));
