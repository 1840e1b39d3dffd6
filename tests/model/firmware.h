/* SPDX-License-Identifier: Apache-2.0 */
/* What a firmware is built with. */
#ifndef MODEL_FIRMWARE_H
#define MODEL_FIRMWARE_H

#include "keys.h"

/** Names under which subjects are known: those of the two issuers, and one that a policy may have besides. */
enum { ISSUERS = 2, ALIAS = ISSUERS, NAMES };

extern const char *const issuer_name[NAMES];

struct firmware {
    struct keys compiled;
    bool has_compiled;
    uint32_t version;
    unsigned issuer; /* which issuer it trusts: 0 or 1 */
    bool online;     /* whether it has a URL */
    uint32_t cooldown;
    uint32_t max_stale;
    uint64_t build_time;
    unsigned operators; /* whose bundles it takes: a bit for each key; 0: it takes none */
    bool alias;         /* whether its policy has ALIAS */
};

#endif
