/* SPDX-License-Identifier: Apache-2.0 */
/* Words on a board's console. */
#ifndef WARD_CONSOLE_H
#define WARD_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/text.h"

/** Prints a C string as it is. */
void console_print(const char *string);

/** Prints text with control characters, bidirectional marks and quotes escaped. */
void console_text(struct ward_text text);

/** Prints a number in decimal. */
void console_number(uint64_t number);

/** Prints a number in hexadecimal, eight digits. */
void console_hex(uint32_t number);

/** Reads seconds since 1970, 1 to 12 decimal digits; false: they are not, and `seconds` is 0. */
bool console_seconds(struct ward_text text, uint64_t *seconds);

/**
 * Reads a line into memory of `size` bytes, without its newline.
 *
 * @return its length; more than size when it did not fit, then the rest of the line was dropped
 */
size_t console_line(char *line, size_t size);

#endif
