/* SPDX-License-Identifier: Apache-2.0 */
/* The cases in cmocka. `unit SUITE…` runs only these, in this order; the output is TAP. With WARD_FAIL_FAST set it ends
 * at the first check that fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "check.h"
#include "crypto_faults.h"
#include "platform.h"

static bool is_fail_fast(void)
{
    return getenv("WARD_FAIL_FAST") != NULL;
}

void check_failed(const char *file, int line, const char *what, const char *actual, const char *expected)
{
    print_error("%s:%d: %s is %s, not %s\n", file, line, what, actual, expected);
    if (is_fail_fast())
        exit(1);
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

static const struct test_suite *find(const char *name)
{
    for (size_t i = 0; all_suites[i] != NULL; i++)
        if (strcmp(all_suites[i]->name, name) == 0)
            return all_suites[i];
    return NULL;
}

static int run_named(const char *name)
{
    const struct test_suite *const suite = find(name);
    if (suite != NULL)
        return run_suite(suite);
    fprintf(stderr, "there is no suite of this name: %s\n", name);
    return 1;
}

/* All of them, or those that are named: how many failed. */
static int run_suites(int argc, char **argv)
{
    const bool fail_fast = is_fail_fast();
    int failed = 0;
    for (size_t i = 0; argc == 1 && all_suites[i] != NULL && (failed == 0 || !fail_fast); i++)
        failed += run_suite(all_suites[i]);
    for (int i = 1; i < argc && (failed == 0 || !fail_fast); i++)
        failed += run_named(argv[i]);
    return failed;
}

int main(int argc, char **argv)
{
    platform_begin();
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return run_suites(argc, argv) == 0 ? 0 : 1;
}
