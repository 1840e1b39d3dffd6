/* SPDX-License-Identifier: Apache-2.0 */
/* The operator of the fleet, who asks the issuer once a minute and signs bundles, and the cache between him and the devices. */
#ifndef FLEET_OPERATOR_H
#define FLEET_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/ward.h"

/** A bundle as it goes out. */
struct bundle {
    char text[4096];
    size_t length;
    uint32_t sequence;
};

/** The operator, and how often he asked the issuer. */
extern struct signer {
    struct bundle bundle;
    unsigned key;         /* of the issuer, the first in the bundle */
    uint64_t signed_at;   /* seconds */
    bool denies;          /* somebody */
    bool denied;          /* in the bundle */
    uint32_t asks_issuer; /* requests to the issuer, counted up */
} signer;

/** What every device asks. Its copy is good for ten seconds; then one request to the operator's server says whether it still is. */
extern struct cache {
    struct bundle bundle;
    uint64_t asked_at; /* milliseconds */
    uint32_t max_age;  /* what it tells devices */
    bool down;
    uint32_t asks_operator;
} cache;

/** Sets both up; from whom devices take bundles. */
const struct ward_bundle_config *operator_begin(uint64_t seconds);

/** Once a minute: a new bundle where the issuer's keys, or who is denied, have changed, and every six hours. */
void operator_run(uint64_t seconds);

/** What the cache has at this time, in milliseconds. */
const struct bundle *cache_ask(uint64_t now);

#endif
