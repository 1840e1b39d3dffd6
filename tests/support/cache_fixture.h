/* SPDX-License-Identifier: Apache-2.0 */
/* The gate's memory of tokens by itself: tokens and owners by numbers. */
#ifndef WARD_TEST_CACHE_FIXTURE_H
#define WARD_TEST_CACHE_FIXTURE_H

#include "access/cache.h"
#include "gate.h"

/** The keys that are in use: one, unless a test adds others. */
extern struct ward_jwks cache_keys;

struct cache_digest {
    uint8_t bytes[32];
};

struct cache_owner {
    uint8_t bytes[WARD_OWNER_SIZE];
};

struct cache_signature {
    uint8_t bytes[256];
    char text[342];
};

/** An empty gate, and one key. */
void cache_begin(void);

struct cache_digest cache_digest_of(unsigned number);
struct cache_owner cache_owner_of(unsigned number);

/** Each token has a signature of its own, as bytes and as text; valid until the next call. */
const struct cache_signature *cache_signature_of(unsigned number);

/** Remembers a token of this owner; cache_add(): as one that names its key and whose JSON is whole. */
void cache_add_marked(unsigned token, unsigned owner, uint32_t marks);
void cache_add(unsigned token, unsigned owner);

/** What is known under a digest and the text of a signature; cache_find(): under a token's own. NULL: nothing. */
struct ward_cached *cache_find_with(struct cache_digest digest, struct ward_text signature);
struct ward_cached *cache_find(unsigned token);

#endif
