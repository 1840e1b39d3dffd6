/* SPDX-License-Identifier: Apache-2.0 */
/* What the test cases are written in. One set of cases, two runners: cmocka on this machine, a small one on a board. */
#ifndef WARD_TEST_CHECK_H
#define WARD_TEST_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ward/ward.h"

/** One case; its name is the rule that it holds. */
struct test_case {
    const char *name;
    void (*run)(void);
};

/** The cases of one source file. */
struct test_suite {
    const char *name;
    const struct test_case *cases;
    size_t count;
};

/** Every suite, and NULL at the end; generated from the files in tests/unit. */
extern const struct test_suite *const all_suites[];

#define TEST(name) static void name(void)
#define CASE(name) { #name, name }
#define SUITE(name, ...)                                                                                               \
    static const struct test_case name##_cases[] = { __VA_ARGS__ };                                                    \
    extern const struct test_suite name##_suite;                                                                       \
    const struct test_suite name##_suite = { #name, name##_cases, sizeof name##_cases / sizeof name##_cases[0] }

/** Ends the case as failed. */
_Noreturn void check_failed(const char *file, int line, const char *what, const char *actual, const char *expected);

#define CHECK(condition) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition, "false", "true"))
#define CHECK_NUMBER(actual, expected)                                                                                 \
    check_number(__FILE__, __LINE__, #actual, (uint64_t)(actual), (uint64_t)(expected))
#define CHECK_STATUS(actual, code) check_status(__FILE__, __LINE__, #actual, (actual), (code))
#define CHECK_TEXT(actual, literal) check_text(__FILE__, __LINE__, #actual, (actual), (literal))
#define CHECK_ZERO(object) check_zero(__FILE__, __LINE__, #object, &(object), sizeof(object))

void check_number(const char *file, int line, const char *what, uint64_t actual, uint64_t expected);
void check_status(const char *file, int line, const char *what, struct ward_status actual, enum ward_code expected);
void check_text(const char *file, int line, const char *what, struct ward_text actual, const char *expected);
void check_zero(const char *file, int line, const char *what, const void *object, size_t size);

/** A text from a C string. */
static inline struct ward_text text(const char *string)
{
    return ward_text_of(string, strlen(string));
}

#endif
