/* SPDX-License-Identifier: Apache-2.0 */
/* Private: one key of a set being read. Here since a struct ward_jwks_reader contains it; see src/keys/jwk.h. */
#ifndef WARD_PRIVATE_JWK_READER_H
#define WARD_PRIVATE_JWK_READER_H

#include <stdint.h>

#include "ward/key.h"
#include "ward/private/base64url.h"
#include "ward/status.h"

/** One key being read. For tools that list keys: `key` and `refusal`. */
struct ward_jwk_reader {
    struct ward_key key;        /**< the key so far; of a key that was skipped only kid and bits mean something */
    struct ward_status refusal; /**< why it cannot be used; WARD_OK: nothing found yet */
    struct ward_base64url number;
    uint32_t exponent;
    uint16_t length;
    uint8_t member;
    uint8_t seen;
    uint8_t verifies;
    uint8_t stripped;
    uint8_t small_length;
    char small[8];
};

#endif
