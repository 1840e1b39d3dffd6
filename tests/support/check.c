/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

static const char *decimal(char digits[21], uint64_t number)
{
    char *at = digits + 20;
    *at = '\0';
    do {
        *--at = (char)('0' + number % 10u);
        number /= 10u;
    } while (number > 0);
    return at;
}

void check_number(const char *file, int line, const char *what, uint64_t actual, uint64_t expected)
{
    char left[21];
    char right[21];
    if (actual != expected)
        check_failed(file, line, what, decimal(left, actual), decimal(right, expected));
}

void check_status(const char *file, int line, const char *what, struct ward_status actual, enum ward_code expected)
{
    if (actual.code != (uint32_t)expected)
        check_failed(file, line, what, ward_status_name(actual), ward_status_name(ward_status_of(expected)));
}

void check_text(const char *file, int line, const char *what, struct ward_text actual, const char *expected)
{
    char escaped[256];
    if (ward_text_equal(actual, text(expected)))
        return;
    ward_text_escape(actual, escaped, sizeof escaped);
    check_failed(file, line, what, escaped, expected);
}

void check_zero(const char *file, int line, const char *what, const void *object, size_t size)
{
    const uint8_t *const bytes = object;
    char place[21];
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            check_failed(file, line, what, decimal(place, i), "only zeros; the number is the first byte that is not");
}
