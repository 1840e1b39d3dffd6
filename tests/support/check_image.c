/* SPDX-License-Identifier: Apache-2.0 */
/* A check that fails in an image that counts something, and is no suite, or in the program that signs for it: it ends there. */
#include "check.h"

#if WARD_HOSTED

#include <stdio.h>
#include <stdlib.h>

void check_failed(const char *file, int line, const char *what, const char *actual, const char *expected)
{
    fprintf(stderr, "%s:%d: %s is %s, not %s\n", file, line, what, actual, expected);
    exit(1);
}

#else

#include "board.h"
#include "console.h"

void check_failed(const char *file, int line, const char *what, const char *actual, const char *expected)
{
    console_print(file);
    console_print(":");
    console_number((uint64_t)line);
    console_print(": ");
    console_print(what);
    console_print(" is ");
    console_print(actual);
    console_print(", not ");
    console_print(expected);
    console_print("\nEND\n");
    board_exit(1);
}

#endif
