/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a request: its event in the audit, what a failing audit does, and the lock. */
#include "access/finish.h"

#include "crypto_faults.h"
#include "gate.h"
#include "platform.h"

static struct test_token token;

static void begin(void)
{
    crypto_fail_at(0, 0);
    gate_start(&usual_policy);
    token_make_of(&token, "auth0|65f0c0ffee1234");
}

static void check_nobody(const struct ward_audit_event *event)
{
    static const uint8_t nobody[WARD_OWNER_SIZE];
    CHECK(memcmp(event->owner, nobody, sizeof nobody) == 0);
    CHECK_NUMBER(event->subject_length, 0);
    CHECK_NUMBER(event->client_length, 0);
    CHECK_NUMBER(event->subject_kind, WARD_SUBJECT_NONE);
}

TEST(a_grant_is_recorded_with_who_and_when)
{
    begin();
    ask_from(0x0a000207);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    const struct ward_audit_event *const event = last_event();
    CHECK_NUMBER(event->kind, WARD_AUDIT_GRANT);
    CHECK_NUMBER(event->reason, WARD_OK);
    CHECK_NUMBER(event->http, 200);
    CHECK_NUMBER(event->seconds, NOW);
    CHECK_NUMBER(event->trust, WARD_TIME_SET);
    CHECK_NUMBER(event->sequence, 2);
    CHECK_NUMBER(event->repeats, 1);
    CHECK_NUMBER(event->route, WARD_AUDIT_NO_ROUTE);
    CHECK_NUMBER(event->method, 0);
    CHECK_NUMBER(event->subject_kind, WARD_SUBJECT_USER);
    CHECK_TEXT(ward_text_of(event->subject, event->subject_length), "auth0|65f0c0ff");
    CHECK_TEXT(ward_text_of(event->client, event->client_length), "client");
    CHECK_NUMBER(event->marks, WARD_AUDIT_SUBJECT_CUT);
    CHECK(memcmp(event->owner, test_decision.grant.owner, sizeof event->owner) == 0);
    CHECK(memcmp(event->peer, test_caller.peer.address, sizeof event->peer) == 0);
}

TEST(a_refusal_names_its_reason_and_whom_the_signature_proved)
{
    begin();
    CHECK_STATUS(ask(&token, "admin:foia"), WARD_SCOPE_INSUFFICIENT);
    CHECK_NUMBER(last_event()->kind, WARD_AUDIT_REFUSAL);
    CHECK_NUMBER(last_event()->reason, WARD_SCOPE_INSUFFICIENT);
    CHECK_NUMBER(last_event()->http, 403);
    CHECK_TEXT(ward_text_of(last_event()->subject, last_event()->subject_length), "auth0|65f0c0ff");
    token_forge(&token, 1);
    CHECK_STATUS(ask(&token, NULL), WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(last_event()->reason, WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(last_event()->http, 401);
    check_nobody(last_event());
}

TEST(the_owner_of_an_anonymous_caller_is_recorded_though_it_owns_nothing)
{
    static const uint8_t nobody[WARD_OWNER_SIZE];
    begin();
    token_make_of(&token, "anon@1");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK(memcmp(last_event()->owner, nobody, sizeof nobody) != 0);
    CHECK_NUMBER(last_event()->subject_kind, WARD_SUBJECT_ANONYMOUS);
}

static struct ward_demand demand;

static struct ward_status finish(enum ward_code code)
{
    struct ward_check check = {
        .gate = &test_gate, .decision = &test_decision, .caller = test_caller, .demand = demand
    };
    memset(&test_decision, 0, sizeof test_decision);
    return ward_gate_finish(&check, ward_status_of(code));
}

TEST(route_method_and_exposed_credentials_are_recorded)
{
    begin();
    demand = (struct ward_demand){ .row = 3, .method = WARD_PATCH, .exposed = true };
    CHECK_STATUS(finish(WARD_CHANNEL_UNPROTECTED), WARD_CHANNEL_UNPROTECTED);
    CHECK_NUMBER(last_event()->route, 3);
    CHECK_NUMBER(last_event()->method, WARD_PATCH);
    CHECK_NUMBER(last_event()->marks, WARD_AUDIT_EXPOSED);
    check_nobody(last_event());
    demand.exposed = false;
    CHECK_STATUS(finish(WARD_ROUTE_NOT_FOUND), WARD_ROUTE_NOT_FOUND);
    CHECK_NUMBER(last_event()->marks, 0);
}

TEST(a_row_that_an_event_cannot_hold_is_no_route)
{
    static const size_t rows[] = { 0xfffe, 0xffff, 0x10000, 0x10003, WARD_NO_ROUTE };
    begin();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        demand = (struct ward_demand){ .row = rows[i] };
        CHECK_STATUS(finish(WARD_OK), WARD_OK);
        CHECK_NUMBER(last_event()->route, i == 0 ? 0xfffe : WARD_AUDIT_NO_ROUTE);
    }
}

/* ---- What the device itself notes. */

TEST(a_note_is_of_nobody_and_from_nowhere)
{
    begin();
    ward_gate_note(&test_gate, ward_status_of(WARD_FETCH_HOST), (struct ward_time){ NOW - 5, WARD_TIME_FLOOR }, 7000);
    CHECK_NUMBER(last_event()->kind, WARD_AUDIT_CHANGE);
    CHECK_NUMBER(last_event()->reason, WARD_FETCH_HOST);
    CHECK_NUMBER(last_event()->seconds, NOW - 5);
    CHECK_NUMBER(last_event()->trust, WARD_TIME_FLOOR);
    CHECK_ZERO(last_event()->peer);
    check_nobody(last_event());
}

/* As many as may be written at once. */
static void refuse_eight(size_t row)
{
    for (size_t i = 0; i < 8; i++) {
        demand = (struct ward_demand){ .row = row + i };
        CHECK_STATUS(finish(WARD_ROUTE_NOT_FOUND), WARD_ROUTE_NOT_FOUND);
        CHECK_NUMBER(test_gate.audit.refusals.pending.repeats, 0);
    }
}

TEST(notes_keep_the_budget_of_refusals_while_the_clock_goes_round)
{
    begin();
    refuse_eight(0);
    for (uint32_t step = 1; step <= 4; step++)
        ward_gate_note(&test_gate, ward_status_of(WARD_OK), ward_time_set(NOW),
                       test_caller.uptime + step * 0x40000000u);
    refuse_eight(8);
}

/* ---- A failing audit. */

TEST(what_cannot_be_recorded_is_not_granted)
{
    begin();
    /* Where its text is kept it is hashed no more from the third time on. */
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    crypto_fail_at(0, 0);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    const unsigned calls = crypto_calls();
    for (unsigned call = calls - 3; call <= calls; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ask(&token, NULL), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(crypto_calls(), call);
        check_answer(500, WARD_ERROR_SERVER);
        CHECK_ZERO(test_decision.grant);
        for (size_t i = 0; i < token.length; i++)
            CHECK_NUMBER(asked_token[i], 0);
    }
    crypto_fail_at(0, 0);
}

TEST(a_refusal_that_cannot_be_recorded_stays_the_same_refusal)
{
    begin();
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    demand = (struct ward_demand){ .row = WARD_NO_ROUTE };
    CHECK_STATUS(finish(WARD_ROUTE_NOT_FOUND), WARD_ROUTE_NOT_FOUND);
    check_answer(404, WARD_ERROR_NOT_FOUND);
    CHECK_NUMBER(last_event()->reason, WARD_ROUTE_NOT_FOUND);
}

TEST(a_failing_digest_anywhere_grants_nothing)
{
    uint8_t owner[WARD_OWNER_SIZE];
    begin();
    crypto_fail_at(0, 0);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    memcpy(owner, test_decision.grant.owner, sizeof owner);
    const unsigned calls = crypto_calls();
    /* What was signed takes 3, what the token is known by 4 unless it is just that; RSA one to begin and its steps; the owner
     * takes 6, the event 4. */
    CHECK_NUMBER(calls, 14 + (WARD_CACHE_SLOTS > 0 && !WARD_CACHE_SIGNATURES ? 4 : 0) + platform_steps());
    for (unsigned call = 1; call <= calls; call++) {
        begin();
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ask(&token, NULL), WARD_CRYPTO_FAILED);
        crypto_fail_at(0, 0);
        check_answer(500, WARD_ERROR_SERVER);
        CHECK_ZERO(test_decision.grant);
        /* Nor is anything wrong remembered of it. */
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
        CHECK(memcmp(test_decision.grant.owner, owner, sizeof owner) == 0);
    }
}

/* ---- The lock. */

static int depth;
static unsigned locks;
static unsigned rsa_then;

static void lock(void *context)
{
    CHECK(context == &token);
    CHECK_NUMBER(depth, 0);
    depth++;
    locks++;
    rsa_then = crypto_rsa_calls();
}

static void unlock(void *context)
{
    CHECK(context == &token);
    CHECK_NUMBER(depth, 1);
    depth--;
    CHECK_NUMBER(crypto_rsa_calls(), rsa_then);
}

TEST(the_lock_is_given_back_on_each_way_and_never_held_during_rsa)
{
    const struct ward_hooks hooks = { lock, unlock, &token };
    begin();
    depth = 0;
    CHECK_STATUS(ward_gate_begin(&test_gate, &usual_policy, usual_keys(), &hooks, ward_time_set(NOW)), WARD_OK);
    static const struct {
        const char *subject;
        const char *scope;
        enum ward_code code;
        unsigned locks;
    } rows[] = { { "auth0|alice", "read:foia", WARD_OK, 5 },
#if WARD_CACHE_SLOTS > 0
                 { "auth0|bob", "admin:foia", WARD_SCOPE_INSUFFICIENT, 5 },
                 { "auth0|bob", "read:foia", WARD_OK, 5 },
                 { NULL, "read:foia", WARD_SIGNATURE_INVALID, 4 } };
#else
                 { "auth0|bob", "admin:foia", WARD_SCOPE_INSUFFICIENT, 4 },
                 { NULL, "read:foia", WARD_SIGNATURE_INVALID, 3 } };
#endif
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].subject != NULL)
            token_make_of(&token, rows[i].subject);
        else
            token_forge(&token, 4);
        locks = 0;
        CHECK_STATUS(ask(&token, rows[i].scope), rows[i].code);
        CHECK_NUMBER(depth, 0);
        CHECK_NUMBER(locks, rows[i].locks);
    }
}

TEST(a_note_is_written_under_the_lock)
{
    const struct ward_hooks hooks = { lock, unlock, &token };
    begin();
    depth = 0;
    locks = 0;
    CHECK_STATUS(ward_gate_begin(&test_gate, &usual_policy, usual_keys(), &hooks, ward_time_set(NOW)), WARD_OK);
    ward_gate_note(&test_gate, ward_status_of(WARD_OK), ward_time_set(NOW), 1000);
    CHECK_NUMBER(locks, 1);
    CHECK_NUMBER(depth, 0);
}

TEST(a_gate_without_hooks_needs_none)
{
    static const struct ward_hooks none;
    begin();
    CHECK_STATUS(ward_gate_begin(&test_gate, &usual_policy, usual_keys(), &none, ward_time_set(NOW)), WARD_OK);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
}

SUITE(finish, CASE(a_grant_is_recorded_with_who_and_when),
      CASE(a_refusal_names_its_reason_and_whom_the_signature_proved),
      CASE(the_owner_of_an_anonymous_caller_is_recorded_though_it_owns_nothing),
      CASE(route_method_and_exposed_credentials_are_recorded), CASE(a_row_that_an_event_cannot_hold_is_no_route),
      CASE(a_note_is_of_nobody_and_from_nowhere), CASE(notes_keep_the_budget_of_refusals_while_the_clock_goes_round),
      CASE(what_cannot_be_recorded_is_not_granted), CASE(a_refusal_that_cannot_be_recorded_stays_the_same_refusal),
      CASE(a_failing_digest_anywhere_grants_nothing),
      CASE(the_lock_is_given_back_on_each_way_and_never_held_during_rsa), CASE(a_note_is_written_under_the_lock),
      CASE(a_gate_without_hooks_needs_none));
