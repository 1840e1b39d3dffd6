/* SPDX-License-Identifier: Apache-2.0 */
/* The cases on a board; the output is TAP on its console. cmocka allocates, so it stays on the host. */
#include <setjmp.h>

#include "board.h"
#include "check.h"
#include "console.h"
#include "crypto_faults.h"
#include "platform.h"

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

int main(void)
{
    unsigned number = 0;
    unsigned failed = 0;
    platform_begin();
    for (size_t i = 0; all_suites[i] != NULL; i++)
        for (size_t j = 0; j < all_suites[i]->count; j++)
            failed += run_and_report(all_suites[i], j, ++number) ? 0u : 1u;
    console_print("1..");
    console_number(number);
    console_print("\nEND\n");
    return failed == 0 ? 0 : 1;
}
