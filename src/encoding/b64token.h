/* SPDX-License-Identifier: Apache-2.0 */
/* The characters that a Bearer credential may have (RFC 6750 section 2.1). */
#ifndef WARD_ENCODING_B64TOKEN_H
#define WARD_ENCODING_B64TOKEN_H

#include <stdbool.h>
#include <stddef.h>

/** Whether a text has no other characters than those of b64token. Which of them a JWT may have is left to the token's own rules. */
bool ward_is_b64token(const char *text, size_t length);

#endif
