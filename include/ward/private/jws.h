/* SPDX-License-Identifier: Apache-2.0 */
/* Private: a token between the steps of its check. Here since a workspace contains it; the firmware reads none of it. */
#ifndef WARD_PRIVATE_JWS_H
#define WARD_PRIVATE_JWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/text.h"

struct ward_key;

/** A compact JWS (RFC 7515 section 3.1) that was split in three, and the key that its header names. */
struct ward_jws {
    char *token;
    size_t length;
    size_t header_length;    /**< characters before the first dot */
    size_t payload_length;   /**< characters between the dots */
    size_t signature_length; /**< characters after the second dot */
    struct ward_text kid;    /**< what the header names; in the header's copy, so gone once the token is hashed */
    const struct ward_key *key;
    const void *owner;  /**< who has opened it: its struct ward_verification */
    uint8_t digest[32]; /**< SHA-256 of what was signed, once it is hashed */
    bool hashed;
};

#endif
