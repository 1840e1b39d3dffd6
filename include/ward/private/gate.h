/* SPDX-License-Identifier: Apache-2.0 */
/* Private: what a gate remembers. Here since a struct ward_gate contains it; see src/access. */
#ifndef WARD_PRIVATE_GATE_H
#define WARD_PRIVATE_GATE_H

#include <stdint.h>

#include "ward/config.h"
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
    uint32_t key[4];   /* its fingerprint */
    uint32_t generation;
    uint32_t used;
};

#endif
