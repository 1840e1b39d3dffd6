/* SPDX-License-Identifier: Apache-2.0 */
/* Private: one entry of a deny list. Here since a struct ward_gate and a struct ward_keyring contain some; see src/access/denylist.h. */
#ifndef WARD_PRIVATE_DENIAL_H
#define WARD_PRIVATE_DENIAL_H

#include <stdint.h>

/** Whose tokens are denied, and up to which time of issue; 0: a free entry. */
struct ward_denial {
    uint64_t issued_until;
    uint8_t owner[16]; /* WARD_OWNER_SIZE */
};

#endif
