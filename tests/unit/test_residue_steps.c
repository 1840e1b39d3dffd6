/* SPDX-License-Identifier: Apache-2.0 */
/* What a check in steps leaves behind between two of them, and where it is given up. */
#include "crypto_faults.h"
#include "guard.h"
#include "platform.h"
#include "residue.h"

static struct test_token token;
static struct ward_verification running;
static struct ward_claims claims;
static struct ward_time now;
static char *input;

static void check_wiped(void)
{
    for (size_t i = 0; i < token.length; i++)
        CHECK_NUMBER(input[i], 0);
    CHECK_ZERO(test_work);
    CHECK_NUMBER(crypto_signatures(), 0);
}

static unsigned wanted_steps;
static bool gives_up;

static void call_steps(void)
{
    struct ward_status status = ward_verify_begin(&running, &usual_expect, usual_keys(), now, input, token.length,
                                                  &test_work);
    for (unsigned i = 0; i < wanted_steps && status.code == WARD_UNFINISHED; i++)
        status = ward_verify_step(&running, now, &claims);
    if (gives_up)
        ward_verify_abort(&running);
}

static void run_steps(unsigned steps, bool then_gives_up)
{
    token_make_usual(&token);
    now = ward_time_set(NOW);
    residue_know(&token, &usual_keys()->key[0]);
    input = guard_copy(token.data, token.length);
    memset(&test_work, 0x5a, sizeof test_work);
    wanted_steps = steps;
    gives_up = then_gives_up;
    residue_run(call_steps);
}

TEST(no_step_leaves_a_piece_of_the_token_on_the_stack)
{
    for (unsigned taken = 0; taken <= platform_steps(); taken++) {
        run_steps(taken, false);
        check_no_residue("between two steps");
        ward_verify_abort(&running);
        run_steps(taken, true);
        check_no_residue("given up");
        if (taken < platform_steps())
            check_wiped();
    }
}

SUITE(residue_steps, CASE(no_step_leaves_a_piece_of_the_token_on_the_stack));
