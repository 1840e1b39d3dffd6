/* SPDX-License-Identifier: Apache-2.0 */
/* A request whose token is verified in steps: what each of them says, and what may change between two. */
#include "crypto_faults.h"
#include "platform.h"
#include "ways.h"

enum { EXPIRES = 86400, LEEWAY = 60 };

static unsigned events(void)
{
    CHECK_STATUS(ward_audit_flush(&test_gate.audit), WARD_OK);
    return (unsigned)test_gate.audit.sequence;
}

TEST(only_the_last_step_grants_and_writes_the_audit)
{
    ways_start(&usual_policy);
    const unsigned before = events();
    struct way *const way = way_before_its_end("auth0|alice");
    CHECK_NUMBER(events(), before);
    CHECK_NUMBER(way->decision.answer.http, 0);
    CHECK_ZERO(way->decision.grant);
    test_caller.now = ward_time_set(NOW + 7);
    way_grants(way);
    CHECK_NUMBER(events(), before + 1);
    CHECK_NUMBER(last_event()->kind, WARD_AUDIT_GRANT);
    CHECK_NUMBER(last_event()->seconds, NOW + 7);
    CHECK_NUMBER(last_event()->method, 0);
    CHECK_NUMBER(last_event()->marks, 0);
    CHECK_TEXT(way->decision.grant.claims.subject, "auth0|alice");
}

TEST(what_needs_no_signature_is_decided_when_it_begins)
{
    ways_start(&usual_policy);
    token_make(&ways[0].token, KEY_A, "{\"alg\":\"RS256\",\"kid\":\"unknown\"}", USUAL_PAYLOAD);
    CHECK_STATUS(way_begin_for(&ways[0], "read:foia"), WARD_KEY_UNKNOWN);
    CHECK_NUMBER(ways[0].decision.answer.http, 401);
    way_has_left_nothing(&ways[0]);
}

TEST(a_signature_that_does_not_hold_is_refused_in_the_last_step)
{
    ways_start(&usual_policy);
    token_forge(&ways[0].token, 1);
    CHECK_STATUS(way_begin_for(&ways[0], "read:foia"), WARD_UNFINISHED);
    way_take(&ways[0], platform_steps() - 1);
    way_ends(&ways[0], 401, WARD_SIGNATURE_INVALID);
}

TEST(scopes_are_asked_in_the_last_step)
{
    ways_start(&usual_policy);
    token_make_of(&ways[0].token, "auth0|alice");
    CHECK_STATUS(way_begin_for(&ways[0], "admin:foia"), WARD_UNFINISHED);
    way_take(&ways[0], platform_steps() - 1);
    CHECK_STATUS(way_step(&ways[0]), WARD_SCOPE_INSUFFICIENT);
    CHECK_TEXT(ways[0].decision.answer.scope, "admin:foia");
}

/* ---- What changes between the first step and the last. */

TEST(what_expires_between_the_steps_is_refused)
{
    ways_start(&usual_policy);
    struct way *const way = way_before_its_end("auth0|alice");
    test_caller.now = ward_time_set(NOW + EXPIRES + LEEWAY);
    way_ends(way, 401, WARD_TOKEN_EXPIRED);
}

TEST(a_clock_that_is_lost_between_the_steps_refuses)
{
    ways_start(&usual_policy);
    struct way *const way = way_before_its_end("auth0|alice");
    test_caller.now.trust = WARD_TIME_UNKNOWN;
    way_ends(way, 503, WARD_CLOCK_NOT_SET);
    CHECK_NUMBER(way->decision.answer.retry_after, 30);
}

TEST(a_subject_that_is_denied_between_the_steps_is_refused)
{
    ways_start(&usual_policy);
    struct way *way = way_before_its_end("auth0|mallory");
    deny_subject("auth0|mallory", WARD_DENY_ALWAYS);
    way_ends(way, 401, WARD_SUBJECT_DENIED);
    ways_start(&usual_policy);
    way = way_before_its_end("auth0|mallory");
    ward_deny_all(&test_gate, NOW, &test_caller);
    way_ends(way, 401, WARD_SUBJECT_DENIED);
}

TEST(a_denial_that_is_taken_back_between_the_steps_counts_no_more)
{
    uint8_t owner[WARD_OWNER_SIZE];
    ways_start(&usual_policy);
    CHECK_STATUS(ward_owner_id(text(ISSUER), text("auth0|alice"), &test_work, owner), WARD_OK);
    CHECK_STATUS(ward_deny(&test_gate, owner, WARD_DENY_ALWAYS, &test_caller), WARD_OK);
    struct way *const way = way_before_its_end("auth0|alice");
    CHECK(ward_undeny(&test_gate, owner, &test_caller));
    way_grants(way);
}

TEST(a_policy_that_changes_between_the_steps_refuses_and_is_asked_anew)
{
    for (unsigned taken = 0; taken < platform_steps(); taken++) {
        ways_start(&usual_policy);
        CHECK_STATUS(way_begin(&ways[0], "auth0|alice"), WARD_UNFINISHED);
        way_take(&ways[0], taken);
        ward_gate_forget(&test_gate);
        way_take(&ways[0], platform_steps() - 1 - taken);
        way_ends(&ways[0], 503, WARD_POLICY_CHANGED);
        CHECK_NUMBER(ways[0].decision.answer.retry_after, 1);
        /* Its signature was not remembered under the new policy. */
        CHECK_STATUS(way_begin(&ways[0], "auth0|alice"), WARD_UNFINISHED);
        way_take(&ways[0], platform_steps() - 1);
        way_grants(&ways[0]);
    }
}

/* They are told to come again at once, and not because their budget is spent. */
TEST(whom_a_changed_policy_refuses_is_recorded_one_by_one)
{
    static const struct ward_policy fast = { .expect = &usual_expect, .signature_rate = { 1000, 1, 1000 } };
    ways_start(&fast);
    const uint32_t before = (uint32_t)events();
    for (unsigned i = 0; i < 60; i++) {
        CHECK_STATUS(way_begin(&ways[0], i % 2 == 0 ? "auth0|alice" : "auth0|bob"), WARD_UNFINISHED);
        way_take(&ways[0], platform_steps() - 1);
        ward_gate_forget(&test_gate);
        CHECK_STATUS(way_step(&ways[0]), WARD_POLICY_CHANGED);
        /* Not flushed: what only waits to be written is not counted. */
        CHECK_NUMBER(test_gate.audit.sequence, before + i + 1);
        ask_from((uint8_t)i);
    }
    CHECK_NUMBER(last_event()->subject[6], 'b');
}

TEST(a_gate_that_is_closed_between_the_steps_refuses)
{
    ways_start(&usual_policy);
    struct way *const way = way_before_its_end("auth0|alice");
    test_gate.closed = ward_status_of(WARD_DENIALS_NOT_HELD);
    way_ends(way, 503, WARD_DENIALS_NOT_HELD);
}

TEST(a_subject_whose_budget_is_spent_between_the_steps_is_refused)
{
    static const struct ward_policy once = { .expect = &usual_expect, .subject = { 1, 60, 1 } };
    ways_start(&once);
    CHECK_STATUS(way_begin(&ways[1], "auth0|alice"), WARD_UNFINISHED);
    struct way *const way = way_before_its_end("auth0|alice");
    way_take(&ways[1], platform_steps() - 1);
    way_grants(&ways[1]);
    way_ends(way, 429, WARD_SUBJECT_BUDGET_SPENT);
}

/* ---- Given up. */

TEST(what_is_given_up_decides_nothing_and_writes_nothing)
{
    static struct ward_check none;
    ways_start(&usual_policy);
    const unsigned before = events();
    struct way *const way = way_before_its_end("auth0|alice");
    way_give_up(way);
    way_has_left_nothing(way);
    CHECK_NUMBER(way->decision.answer.http, 0);
    CHECK_NUMBER(events(), before);
    ward_authorize_abort(&none);
    CHECK_STATUS(ward_authorize_step(&none, test_caller.now, 0), WARD_NOT_UNDER_WAY);
    /* What was granted is no longer under way: it stays. */
    CHECK_STATUS(way_begin(way, "auth0|alice"), WARD_UNFINISHED);
    way_take(way, platform_steps() - 1);
    way_grants(way);
    way_give_up(way);
    CHECK_TEXT(way->decision.grant.claims.subject, "auth0|alice");
}

SUITE(gate_steps, CASE(only_the_last_step_grants_and_writes_the_audit),
      CASE(what_needs_no_signature_is_decided_when_it_begins),
      CASE(a_signature_that_does_not_hold_is_refused_in_the_last_step), CASE(scopes_are_asked_in_the_last_step),
      CASE(what_expires_between_the_steps_is_refused), CASE(a_clock_that_is_lost_between_the_steps_refuses),
      CASE(a_subject_that_is_denied_between_the_steps_is_refused),
      CASE(a_denial_that_is_taken_back_between_the_steps_counts_no_more),
      CASE(a_policy_that_changes_between_the_steps_refuses_and_is_asked_anew),
      CASE(whom_a_changed_policy_refuses_is_recorded_one_by_one), CASE(a_gate_that_is_closed_between_the_steps_refuses),
      CASE(a_subject_whose_budget_is_spent_between_the_steps_is_refused),
      CASE(what_is_given_up_decides_nothing_and_writes_nothing));
