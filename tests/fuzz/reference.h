/* SPDX-License-Identifier: Apache-2.0 */
/* A second opinion on JSON: recursive, slow, with memory of its own, and written from RFC 8259 and RFC 3629 alone. */
#ifndef WARD_FUZZ_REFERENCE_H
#define WARD_FUZZ_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/text.h"

struct reference {
    bool right;                /**< one value, by the grammar, in UTF-8, not too deep */
    bool duplicate;            /**< an object has a name twice */
    size_t values;             /**< as ward counts them */
    struct ward_text *strings; /**< every string unescaped, names included, in the order of the text */
    size_t string_count;
    char *memory; /**< private */
};

/** Reads a text; reference_free() releases what it keeps. */
void reference_read(struct reference *reference, const char *text, size_t length, unsigned most_depth);
void reference_free(struct reference *reference);

#endif
