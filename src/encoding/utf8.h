/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF. */
#ifndef WARD_ENCODING_UTF8_H
#define WARD_ENCODING_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What must follow a first byte: `left` more, the next of them between `low` and `high`, the others 0x80 to 0xbf. */
struct ward_utf8_rest {
    uint8_t left;
    uint8_t low;
    uint8_t high;
};

/** Whether `byte`, 0x80 or more, can begin a character; if so, what must follow. */
bool ward_utf8_first(uint8_t byte, struct ward_utf8_rest *rest);

/** Writes a code point, at most U+10FFFF and no surrogate, as 1 to 4 bytes; returns how many. */
size_t ward_utf8_write(uint32_t code_point, char out[4]);

#endif
