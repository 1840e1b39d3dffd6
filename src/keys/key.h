/* SPDX-License-Identifier: Apache-2.0 */
/* One key of a set. */
#ifndef WARD_KEYS_KEY_H
#define WARD_KEYS_KEY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "ward/key.h"
#include "ward/text.h"

/** Its `kid`; empty: it has none. */
struct ward_text ward_key_kid(const struct ward_key *key);

/** Whether two keys have the same modulus, under whatever `kid`. */
bool ward_key_same_number(const struct ward_key *a, const struct ward_key *b);

/**
 * A short name of a key. Not secret and not against forgery: keys are their owner's choice and nobody else's. Every bit of the modulus
 * counts, so that one that differs in a single word always has another one. The same in builds of any limits.
 */
static inline void ward_key_fingerprint(const struct ward_key *key, uint32_t print[4])
{
    memset(print, 0, 4 * sizeof print[0]);
    /* From the highest one: those above the modulus, of which builds have different numbers, are 0 and leave nothing. */
    for (size_t i = WARD_RSA_WORDS; i > 0; i -= 2) {
        print[i % 4] = print[i % 4] * 0x9e3779b1u ^ key->n[i - 1];
        print[(i - 1) % 4] = print[(i - 1) % 4] * 0x9e3779b1u ^ key->n[i - 2];
    }
}

/** Whether they have the same `kid` as well. */
bool ward_key_equal(const struct ward_key *a, const struct ward_key *b);

#endif
