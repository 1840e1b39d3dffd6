/* SPDX-License-Identifier: Apache-2.0 */
/* Private: what a keyring knows of bundles. Here since a struct ward_keyring contains it; see src/keys/bundle.h. */
#ifndef WARD_PRIVATE_BUNDLE_H
#define WARD_PRIVATE_BUNDLE_H

#include <stdint.h>

#include "ward/config.h"
#include "ward/private/denial.h"

/** Operator keys of which the last bundle is known: those of this firmware, and as many that it has no longer. */
#define WARD_BUNDLE_SIGNERS 4

/** The last bundle of an operator key; 0 as its sequence number: none. */
struct ward_bundle_mark {
    uint64_t sequence;
    uint32_t key[4]; /* the fingerprint of the key */
    uint8_t identity[16];
};

/** The bundle in force: all of it but its keys. */
struct ward_bundle {
    uint64_t issued; /* 0: none was ever taken */
    uint64_t expires;
    uint64_t floor;        /* of the clock; 0: an operator at the device has set another one */
    uint64_t issued_until; /* for everybody */
    struct ward_bundle_mark mark[WARD_BUNDLE_SIGNERS]; /* that of the bundle in force is the first */
    struct ward_denial denials[WARD_DENY_SLOTS];
    uint8_t authority[16]; /* under whose name the owner ids are; zero: that of the issuers */
};

#endif
