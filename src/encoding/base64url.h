/* SPDX-License-Identifier: Apache-2.0 */
/* base64url without padding (RFC 4648 section 5), in its one canonical form. */
#ifndef WARD_ENCODING_BASE64URL_H
#define WARD_ENCODING_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/private/base64url.h"

/** What one character of an incremental decoding came to. */
enum ward_base64url_step {
    WARD_BASE64URL_NOTHING, /**< no byte yet */
    WARD_BASE64URL_BYTE,    /**< a byte is complete */
    WARD_BASE64URL_INVALID  /**< not a character of the alphabet */
};

/** Starts an incremental decoding. */
void ward_base64url_begin(struct ward_base64url *decoder);

/** Takes one character; on WARD_BASE64URL_BYTE `byte` is written. */
enum ward_base64url_step ward_base64url_feed(struct ward_base64url *decoder, char character, uint8_t *byte);

/** Whether the text may end here: no lone character, and no unused bit set. */
bool ward_base64url_end(const struct ward_base64url *decoder);

/** How many characters at the begin of a text are of the alphabet. */
size_t ward_base64url_span(const char *text, size_t length);

/** Bytes that `length` characters decode to. */
size_t ward_base64url_decoded_length(size_t length);

/**
 * Decodes `length` characters. `out` may be `in` itself: writing never overtakes reading.
 *
 * @param out  ward_base64url_decoded_length(length) bytes
 * @return whether the text was strict base64url; if not, out holds a part of it
 */
bool ward_base64url_decode(const char *in, size_t length, uint8_t *out);

/**
 * Whether a text is the base64url of these bytes. How long it takes tells of the text alone: neither of the bytes nor of
 * how many of them are right.
 *
 * @param bytes  ward_base64url_decoded_length(length) of them
 */
bool ward_base64url_equal(const char *text, size_t length, const uint8_t *bytes);

#endif
