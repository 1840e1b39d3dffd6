/* SPDX-License-Identifier: Apache-2.0 */
/* The cases in cmocka. `unit SUITE…` runs only these; the output is TAP. With WARD_FAIL_FAST set it ends after the first
 * suite that fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "check.h"
#include "crypto_faults.h"
#include "platform.h"

void check_failed(const char *file, int line, const char *what, const char *actual, const char *expected)
{
    print_error("%s:%d: %s is %s, not %s\n", file, line, what, actual, expected);
    _fail(file, line);
    abort();
}

static void run_case(void **state)
{
    const struct test_case *const one = *state;
    crypto_run_case(one);
}

static int run_suite(const struct test_suite *suite)
{
    struct CMUnitTest *const tests = calloc(suite->count, sizeof *tests);
    if (tests == NULL)
        return 1;
    for (size_t i = 0; i < suite->count; i++) {
        tests[i].name = suite->cases[i].name;
        tests[i].test_func = run_case;
        tests[i].initial_state = (void *)(uintptr_t)&suite->cases[i];
    }
    const int failed = _cmocka_run_group_tests(suite->name, tests, suite->count, NULL, NULL);
    free(tests);
    return failed;
}

static bool is_asked_for(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 1;
}

int main(int argc, char **argv)
{
    int failed = 0;
    int run = 0;
    platform_begin();
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const bool fail_fast = getenv("WARD_FAIL_FAST") != NULL;
    for (size_t i = 0; all_suites[i] != NULL && (failed == 0 || !fail_fast); i++)
        if (is_asked_for(all_suites[i]->name, argc, argv)) {
            failed += run_suite(all_suites[i]);
            run++;
        }
    if (run == 0)
        fprintf(stderr, "there is no suite of this name\n");
    return failed == 0 && run > 0 ? 0 : 1;
}
