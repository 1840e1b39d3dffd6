/* SPDX-License-Identifier: Apache-2.0 */
/* The cases on a board; the output is TAP on its console. cmocka allocates, so it stays on the host. TEST_LEFT_OUT names cases,
 * with a blank around each, that another board runs; the output says so. */
#include <setjmp.h>

#include "board.h"
#include "check.h"
#include "console.h"
#include "crypto_faults.h"
#include "platform.h"

#ifndef TEST_LEFT_OUT
#define TEST_LEFT_OUT ""
#endif

static jmp_buf case_end;

void check_failed(const char *file, int line, const char *what, const char *actual, const char *expected)
{
    console_print("# ");
    console_print(file);
    console_print(":");
    console_number((uint64_t)line);
    console_print(": ");
    console_print(what);
    console_print(" is ");
    console_print(actual);
    console_print(", not ");
    console_print(expected);
    console_print("\n");
    longjmp(case_end, 1);
}

static bool run_case(const struct test_case *one)
{
    if (setjmp(case_end) != 0)
        return false;
    crypto_run_case(one);
    return true;
}

static bool run_and_report(const struct test_suite *suite, size_t place, unsigned number)
{
    const bool good = run_case(&suite->cases[place]);
    console_print(good ? "ok " : "not ok ");
    console_number(number);
    console_print(" - ");
    console_print(suite->name);
    console_print(": ");
    console_print(suite->cases[place].name);
    console_print("\n");
    return good;
}

static bool is_left_out(const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = strstr(TEST_LEFT_OUT, name); at != NULL; at = strstr(at + 1, name))
        if (at[-1] == ' ' && at[length] == ' ')
            return true;
    return false;
}

/* Each name is some case's: one that is nobody's would let a case out in silence when it gets another name. */
static bool report_left_out(unsigned left_out, unsigned number)
{
    unsigned named = 0;
    for (const char *at = TEST_LEFT_OUT; at[0] != '\0'; at++)
        named += at[0] == ' ' && at[1] != '\0' ? 1u : 0u;
    if (named > 0)
        console_print("# left out here, run on mps2-an385:" TEST_LEFT_OUT "\n");
    console_print(left_out == named ? "ok " : "not ok ");
    console_number(number);
    console_print(" - each case that is left out is there\n");
    return left_out == named;
}

int main(void)
{
    unsigned number = 0;
    unsigned failed = 0;
    unsigned left_out = 0;
    platform_begin();
    for (size_t i = 0; all_suites[i] != NULL; i++)
        for (size_t j = 0; j < all_suites[i]->count; j++)
            if (is_left_out(all_suites[i]->cases[j].name))
                left_out++;
            else
                failed += run_and_report(all_suites[i], j, ++number) ? 0u : 1u;
    failed += report_left_out(left_out, ++number) ? 0u : 1u;
    console_print("1..");
    console_number(number);
    console_print("\nEND\n");
    return failed == 0 ? 0 : 1;
}
