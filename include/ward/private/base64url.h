/* SPDX-License-Identifier: Apache-2.0 */
/* Private: the state of an incremental decoding. Here since a reader contains it; see src/encoding/base64url.h. */
#ifndef WARD_PRIVATE_BASE64URL_H
#define WARD_PRIVATE_BASE64URL_H

#include <stdint.h>

/** Incremental base64url decoder. */
struct ward_base64url {
    uint32_t held;
    uint8_t bits;
};

#endif
