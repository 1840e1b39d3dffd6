/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens whose signature was good. An entry says that and nothing else: the claims are read again each time. */
#ifndef WARD_ACCESS_CACHE_H
#define WARD_ACCESS_CACHE_H

#include "ward/access.h"

/** The entry of exactly this token under exactly this key, or NULL. It counts as used now. */
struct ward_cached *ward_cache_find(struct ward_gate *gate, const uint8_t digest[32], const struct ward_key *key);

/** Remembers a token; a subject has at most two entries, and the one that was used longest ago gives way. */
void ward_cache_add(struct ward_gate *gate, const uint8_t digest[32], const struct ward_key *key,
                    const uint8_t owner[WARD_OWNER_SIZE]);

#endif
