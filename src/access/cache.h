/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens whose signature was good. An entry says that and nothing else: the claims are read again each time. */
#ifndef WARD_ACCESS_CACHE_H
#define WARD_ACCESS_CACHE_H

#include "ward/access.h"

/** Whether a gate remembers signatures, by which it knows tokens again. */
#define WARD_KEEPS_SIGNATURES (WARD_CACHE_SIGNATURES && WARD_CACHE_SLOTS > 0)

/** What an entry says of its token besides. */
enum ward_known_mark {
    WARD_KNOWN_NAMED = 1, /**< the header names its key; else that one was the only one of its set */
    WARD_KNOWN_WHOLE = 2  /**< its JSON was found whole */
};

/** A token by what it is known by. */
struct ward_known {
    const uint8_t *digest; /**< 32 bytes: ward_token_identify() */
    struct ward_text
        signature;   /**< with WARD_CACHE_SIGNATURES: where it is looked for its text, where it is added its bytes */
    uint32_t header; /**< ward_cache_header() of its header's text */
};

/** A print of a header's text: nothing is known by it, but what has another one than all that is known need not be looked for. */
uint32_t ward_cache_header(struct ward_text header);

/** Whether a token with this header's print can be known, so that it is worth to hash it before its header is read. */
bool ward_cache_may_know(const struct ward_gate *gate, uint32_t header);

/**
 * The entry of exactly this token under one of these keys, or NULL. It counts as used now.
 *
 * @param key  written where there is one: the key that the token's header names among these
 */
struct ward_cached *ward_cache_find(struct ward_gate *gate, const struct ward_known *known,
                                    const struct ward_jwks *keys, const struct ward_key **key);

/** As ward_cache_find(), of a token by its text, without a hash: where the entry keeps that (WARD_CACHE_TEXT). */
struct ward_cached *ward_cache_find_text(struct ward_gate *gate, struct ward_text token, const struct ward_jwks *keys,
                                         const struct ward_key **key);

/** Keeps the text of a token that was found, where there is room for it. */
void ward_cache_keep_text(struct ward_cached *cached, struct ward_text token);

/**
 * Remembers a token; a subject has at most two entries, and the one that was used longest ago gives way.
 *
 * @param marks  of enum ward_known_mark
 */
void ward_cache_add(struct ward_gate *gate, const struct ward_known *known, const struct ward_key *key, uint32_t marks,
                    const uint8_t owner[WARD_OWNER_SIZE]);

#endif
