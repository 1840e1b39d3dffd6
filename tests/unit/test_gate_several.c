/* SPDX-License-Identifier: Apache-2.0 */
/* Several requests that are verified in steps at the same time: budgets, the memory of signatures, workspaces. */
#include "crypto_faults.h"
#include "platform.h"
#include "ward/port/crypto.h"
#include "ways.h"

static const char *subject_of(unsigned number)
{
    static char subject[] = "auth0|a";
    subject[6] = (char)('a' + number);
    return subject;
}

/* A burst of eight: what is under way has paid, and what is given up gets nothing back. */
TEST(signatures_are_paid_for_when_they_begin)
{
    static const struct ward_policy slow = { .expect = &usual_expect, .signature_rate = { 1, 3600, 8 } };
    ways_start(&slow);
    for (unsigned i = 0; i < 8; i++)
        CHECK_STATUS(way_begin(&ways[i], subject_of(i)), WARD_UNFINISHED);
    CHECK_STATUS(way_begin(&ways[8], subject_of(8)), WARD_SIGNATURE_BUDGET_SPENT);
    CHECK_NUMBER(ways[8].decision.answer.http, 429);
    way_give_up(&ways[0]);
    CHECK_STATUS(way_begin(&ways[8], subject_of(8)), WARD_SIGNATURE_BUDGET_SPENT);
    /* Who is granted gets it back. */
    way_take(&ways[1], platform_steps() - 1);
    way_grants(&ways[1]);
    CHECK_STATUS(way_begin(&ways[8], subject_of(8)), WARD_UNFINISHED);
    CHECK_STATUS(way_begin(&ways[9], subject_of(9)), WARD_SIGNATURE_BUDGET_SPENT);
    for (unsigned i = 2; i < 9; i++)
        way_give_up(&ways[i]);
}

/* Each of a stranger's own, of which it has two. */
TEST(one_address_cannot_begin_more_than_it_may)
{
    ways_start(&usual_policy);
    ask_from(7);
    CHECK_STATUS(way_begin(&ways[0], subject_of(0)), WARD_UNFINISHED);
    CHECK_STATUS(way_begin(&ways[1], subject_of(1)), WARD_UNFINISHED);
    CHECK_STATUS(way_begin(&ways[2], subject_of(2)), WARD_SIGNATURE_BUDGET_SPENT);
    ask_from(8);
    CHECK_STATUS(way_begin(&ways[2], subject_of(2)), WARD_UNFINISHED);
    for (unsigned i = 0; i < 3; i++) {
        way_take(&ways[i], platform_steps() - 1);
        way_grants(&ways[i]);
    }
}

/* Else a check that takes long would be paid for in the past, where all is full again. */
TEST(a_subject_pays_by_the_time_of_the_last_step)
{
    static const struct ward_policy once = { .expect = &usual_expect, .subject = { 1, 60, 1 } };
    ways_start(&once);
    struct way *const way = way_before_its_end("auth0|alice");
    test_caller.uptime += 100000;
    way_grants(way);
    CHECK_STATUS(way_begin(&ways[1], "auth0|alice"),
                 WARD_CACHE_SLOTS > 0 ? WARD_SUBJECT_BUDGET_SPENT : WARD_UNFINISHED);
    way_give_up(&ways[1]);
}

TEST(one_token_twice_under_way_is_granted_twice_and_remembered_once)
{
    ways_start(&usual_policy);
    CHECK_STATUS(way_begin(&ways[0], "auth0|alice"), WARD_UNFINISHED);
    CHECK_STATUS(way_begin(&ways[1], "auth0|alice"), WARD_UNFINISHED);
    for (unsigned i = 0; i + 1 < platform_steps(); i++) {
        way_take(&ways[0], 1);
        way_take(&ways[1], 1);
    }
    way_grants(&ways[0]);
    way_grants(&ways[1]);
    CHECK(memcmp(ways[0].decision.grant.owner, ways[1].decision.grant.owner, WARD_OWNER_SIZE) == 0);
    unsigned entries = 0;
    for (size_t i = 0; i < sizeof test_gate.cache / sizeof test_gate.cache[0]; i++)
        entries += test_gate.cache[i].used > 0 ? 1u : 0u;
    CHECK_NUMBER(entries, WARD_CACHE_SLOTS > 0 ? 1 : 0);
    /* Known, it needs no step. */
    const struct ward_status third = way_begin(&ways[2], "auth0|alice");
    CHECK_STATUS(third, WARD_CACHE_SLOTS > 0 ? WARD_OK : WARD_UNFINISHED);
    way_give_up(&ways[2]);
}

TEST(a_request_whose_workspace_serves_another_one_is_refused)
{
    static struct test_token other;
    ways_start_ring("ab");
    struct way *const way = way_before_its_end("auth0|alice");
    token_make(&other, KEY_A, USUAL_HEADER, "{\"sub\":\"somebody else\"}");
    CHECK_STATUS(ward_verify(&usual_expect, usual_keys(), ward_time_set(NOW), other.data, other.length, &way->work,
                             &way->decision.grant.claims),
                 WARD_ISSUER_MISSING);
    CHECK_STATUS(way_step(way), WARD_NOT_UNDER_WAY);
    CHECK_NUMBER(way->decision.answer.http, 500);
    way_has_left_nothing(way);
    CHECK_NUMBER(ways_running(), 0);
    /* What the misuse has lost of the backend's. */
    ward_crypto_verify_abort(&way->work.part.check.scratch.rsa);
    memset(&way->work, 0, sizeof way->work);
}

/* In the same buffer, too: the stale check would remember its own token, a forged one, by the other's good signature. */
TEST(a_check_that_was_forgotten_remembers_nothing_by_the_signature_of_what_came_into_its_buffer)
{
    static struct test_token forged;
    static struct test_token good;
    struct way *const way = &ways[0];
    ways_start(&usual_policy);
    token_make_of(&good, "auth0|alice");
    token_make_of(&forged, "auth0|admin");
    /* What was signed is forged, of the same length, with a signature that anybody has seen. */
    const size_t signature = good.length - 342;
    memcpy(forged.data + signature, good.data + signature, 342);
    way->token = forged;
    CHECK_STATUS(way_begin_for(way, "read:foia"), WARD_UNFINISHED);
    ward_crypto_verify_abort(&way->work.part.check.scratch.rsa);
    way->token = good;
    CHECK_STATUS(ward_authorize_begin(&ways[1].check, &test_gate, way->token.data, way->token.length, text("read:foia"),
                                      &test_caller, &way->work, &ways[1].decision),
                 WARD_UNFINISHED);
    CHECK_STATUS(way_step(way), WARD_NOT_UNDER_WAY);
    CHECK_NUMBER(way->decision.answer.http, 500);
    way_has_left_nothing(way);
    CHECK_STATUS(way_step(&ways[1]), WARD_NOT_UNDER_WAY);
    /* What the misuse has lost of the backend's. */
    ward_crypto_verify_abort(&way->work.part.check.scratch.rsa);
    memset(&way->work, 0, sizeof way->work);
    ways[2].token = forged;
    CHECK_STATUS(way_begin_for(&ways[2], "read:foia"), WARD_UNFINISHED);
    way_take(&ways[2], platform_steps() - 1);
    way_ends(&ways[2], 401, WARD_SIGNATURE_INVALID);
}

SUITE(gate_several, CASE(signatures_are_paid_for_when_they_begin), CASE(one_address_cannot_begin_more_than_it_may),
      CASE(a_subject_pays_by_the_time_of_the_last_step),
      CASE(one_token_twice_under_way_is_granted_twice_and_remembered_once),
      CASE(a_request_whose_workspace_serves_another_one_is_refused),
      CASE(a_check_that_was_forgotten_remembers_nothing_by_the_signature_of_what_came_into_its_buffer));
