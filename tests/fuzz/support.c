/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "keys.h"

void check_failed(const char *file, int line, const char *what, const char *actual, const char *expected)
{
    fprintf(stderr, "%s:%d: %s is %s, not %s\n", file, line, what, actual, expected);
    abort();
}

/* Seeds are signed before a run; a target that needs a signature has a mistake. */
size_t test_sign(enum test_key key, const uint8_t digest[32], uint8_t signature[512])
{
    (void)key;
    (void)digest;
    (void)signature;
    check_failed(__FILE__, __LINE__, "a signature", "asked for", "possible here");
}

char *fuzz_block(size_t length)
{
    char *const block = malloc(length);
    CHECK(block != NULL || length == 0);
    return block;
}

char *fuzz_copy(const void *data, size_t length)
{
    char *const copy = fuzz_block(length);
    if (length > 0)
        memcpy(copy, data, length);
    return copy;
}

uint8_t fuzz_option(const uint8_t *data, size_t *size)
{
    if (*size == 0)
        return 0;
    --*size;
    return data[*size];
}

bool fuzz_is_zero(const void *data, size_t length)
{
    const char *const bytes = data;
    return length == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0);
}

void fuzz_check_named(struct ward_status status)
{
    CHECK(strcmp(ward_status_name(status), "UNKNOWN") != 0);
    CHECK(status.code != WARD_NO_RESULT);
}
