/* SPDX-License-Identifier: Apache-2.0 */
/* Text into a buffer of a given size: what does not fit whole is not there at all. */
#ifndef WARD_ENCODING_WRITER_H
#define WARD_ENCODING_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/status.h"
#include "ward/text.h"

/** A text being written. */
struct ward_writer {
    char *out;
    size_t size;
    size_t length;
    bool full;
};

/** Starts with an empty text. Without a buffer (NULL) the text is only counted; escaped text cannot be. */
void ward_write_begin(struct ward_writer *writer, char *out, size_t size);

/** Appends a C string, a text, or a text with its controls, marks and quotes escaped. */
void ward_write(struct ward_writer *writer, const char *string);
void ward_write_text(struct ward_writer *writer, struct ward_text text);
void ward_write_escaped(struct ward_writer *writer, struct ward_text text);

/** Appends a number in decimal, or bytes in hexadecimal. */
void ward_write_number(struct ward_writer *writer, uint64_t number);
void ward_write_hex(struct ward_writer *writer, const uint8_t *bytes, size_t length);

/**
 * Ends the text with a NUL that `length` does not count.
 *
 * @retval WARD_OK
 * @retval WARD_BUFFER_TOO_SMALL  the buffer holds the empty string, if it holds anything; *length is 0
 */
WARD_MUST_USE struct ward_status ward_write_end(struct ward_writer *writer, size_t *length);

#endif
