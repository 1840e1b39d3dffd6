/* SPDX-License-Identifier: Apache-2.0 */
/* Private: what a gate remembers. Here since a struct ward_gate contains it; see src/access. */
#ifndef WARD_PRIVATE_GATE_H
#define WARD_PRIVATE_GATE_H

#include <stdint.h>

#include "ward/config.h"
#include "ward/key.h"
#include "ward/private/denial.h"

/** Peers that a token was granted to once and of which only what they have left is kept. */
#define WARD_REMEMBERED_PEERS (4 * WARD_PEER_SLOTS)

/** A budget of its own: of a peer, or of a subject. */
struct ward_bucket {
    uint8_t id[16];
    uint32_t full_at;
};

/** A token whose signature was good. */
struct ward_cached {
    uint8_t digest[32];
    uint8_t owner[16]; /* WARD_OWNER_SIZE */
    uint32_t key[4];   /* its fingerprint, kid included */
    uint32_t generation;
    uint32_t used;
    uint32_t header; /* a print of the header's text, which only tells whether it is worth to look for the token */
    uint32_t marks;  /* of enum ward_known_mark */
#if WARD_CACHE_SIGNATURES
    uint8_t signature[WARD_RSA_WORDS * 4]; /* as many bytes as the key's modulus has, then zeros */
#endif
#if WARD_CACHE_TEXT > 0
    uint32_t text_length; /* 0: it has none, or was asked once */
    uint32_t text_print;  /* which only tells whether it is worth to compare the text */
    char text[WARD_CACHE_TEXT];
#endif
};

#endif
