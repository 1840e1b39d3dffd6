/* SPDX-License-Identifier: Apache-2.0 */
#include "access/cache.h"

#include <string.h>

#include "keys/key.h"

WARD_STATIC_ASSERT(sizeof(((struct ward_cached *)0)->owner) == WARD_OWNER_SIZE, "an owner id fits");

#if WARD_CACHE_SLOTS > 0

/* Entries of one subject: its token and the one that follows it. */
enum { MOST_OF_ONE = 2 };

/* 0 marks a free entry. Before the count of uses comes round, all is forgotten and it begins again. */
static void begin_use(struct ward_gate *gate)
{
    if (gate->uses == UINT32_MAX) {
        memset(gate->cache, 0, sizeof gate->cache);
        gate->uses = 0;
    }
    gate->uses++;
}

struct ward_cached *ward_cache_find(struct ward_gate *gate, const uint8_t digest[32], const struct ward_key *key)
{
    uint32_t print[4];
    ward_key_fingerprint(key, print);
    begin_use(gate);
    for (size_t i = 0; i < WARD_CACHE_SLOTS; i++) {
        struct ward_cached *const cached = &gate->cache[i];
        if (cached->used == 0 || cached->generation != gate->generation ||
            memcmp(cached->digest, digest, sizeof cached->digest) != 0 ||
            memcmp(cached->key, print, sizeof cached->key) != 0)
            continue;
        cached->used = gate->uses;
        return cached;
    }
    return NULL;
}

/* Of the subject's own entries if it has as many as it may, else of all: the one used longest ago, free ones first. */
static struct ward_cached *entry_for(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE])
{
    struct ward_cached *own = NULL;
    struct ward_cached *oldest = &gate->cache[0];
    size_t count = 0;
    for (size_t i = 0; i < WARD_CACHE_SLOTS; i++) {
        struct ward_cached *const cached = &gate->cache[i];
        if (cached->used < oldest->used)
            oldest = cached;
        if (cached->used == 0 || memcmp(cached->owner, owner, WARD_OWNER_SIZE) != 0)
            continue;
        count++;
        if (own == NULL || cached->used < own->used)
            own = cached;
    }
    return count >= MOST_OF_ONE ? own : oldest;
}

void ward_cache_add(struct ward_gate *gate, const uint8_t digest[32], const struct ward_key *key,
                    const uint8_t owner[WARD_OWNER_SIZE])
{
    /* Two tasks may have checked one token at the same time. */
    struct ward_cached *cached = ward_cache_find(gate, digest, key);
    if (cached != NULL)
        return;
    cached = entry_for(gate, owner);
    memcpy(cached->digest, digest, sizeof cached->digest);
    memcpy(cached->owner, owner, sizeof cached->owner);
    ward_key_fingerprint(key, cached->key);
    cached->generation = gate->generation;
    cached->used = gate->uses;
}

#else

struct ward_cached *ward_cache_find(struct ward_gate *gate, const uint8_t digest[32], const struct ward_key *key)
{
    (void)gate;
    (void)digest;
    (void)key;
    return NULL;
}

void ward_cache_add(struct ward_gate *gate, const uint8_t digest[32], const struct ward_key *key,
                    const uint8_t owner[WARD_OWNER_SIZE])
{
    (void)gate;
    (void)digest;
    (void)key;
    (void)owner;
}

#endif
