/* SPDX-License-Identifier: Apache-2.0 */
#include "access/cache.h"

#include <string.h>

#include "crypto/wipe.h"
#include "encoding/base64url.h"
#include "keys/key.h"

WARD_STATIC_ASSERT(sizeof(((struct ward_cached *)0)->owner) == WARD_OWNER_SIZE, "an owner id fits");

#if WARD_CACHE_SLOTS > 0

/* Entries of one subject: its token and the one that follows it. */
enum { MOST_OF_ONE = 2 };

/* The short name of a key with its kid, every letter of which counts too. */
static void fingerprint(const struct ward_key *key, uint32_t print[4])
{
    ward_key_fingerprint(key, print);
    for (size_t i = 0; i < key->kid_length; i++)
        print[i % 4] = print[i % 4] * 0x9e3779b1u ^ (uint8_t)key->kid[i];
    print[0] = print[0] * 0x9e3779b1u ^ key->kid_length;
}

static bool is_under(const struct ward_cached *cached, const struct ward_key *key)
{
    uint32_t print[4];
    fingerprint(key, print);
    return memcmp(cached->key, print, sizeof print) == 0;
}

/*
 * The key that an entry's token has been checked under, if its header still leads there: kids are the keys' own, and a header without one
 * means the only key of a set. So the header need not be read again: it is the same bytes.
 */
static const struct ward_key *key_of(const struct ward_cached *cached, const struct ward_jwks *keys)
{
    if ((cached->marks & WARD_KNOWN_NAMED) == 0u && keys->count != 1)
        return NULL;
    for (size_t i = 0; i < keys->count; i++)
        if (is_under(cached, &keys->key[i]))
            return &keys->key[i];
    return NULL;
}

/* 0 marks a free entry. Before the count of uses comes round, all is forgotten and it begins again. */
static void begin_use(struct ward_gate *gate)
{
    if (gate->uses == UINT32_MAX) {
        memset(gate->cache, 0, sizeof gate->cache);
        gate->uses = 0;
    }
    gate->uses++;
}

/* Neither secret nor against forgery. */
static uint32_t print_of(struct ward_text text)
{
    uint32_t print = (uint32_t)text.length;
    size_t at = 0;
    for (; text.length - at >= sizeof print; at += sizeof print) {
        uint32_t word;
        memcpy(&word, text.data + at, sizeof word);
        print = print * 0x9e3779b1u ^ word;
    }
    for (; at < text.length; at++)
        print = print * 0x9e3779b1u ^ (uint8_t)text.data[at];
    return print;
}

uint32_t ward_cache_header(struct ward_text header)
{
    return print_of(header);
}

bool ward_cache_may_know(const struct ward_gate *gate, uint32_t header)
{
    for (size_t i = 0; i < WARD_CACHE_SLOTS; i++)
        if (gate->cache[i].used != 0 && gate->cache[i].header == header)
            return true;
    return false;
}

static bool is_entry(const struct ward_gate *gate, const struct ward_cached *cached, const uint8_t digest[32])
{
    return cached->used != 0 && cached->generation == gate->generation &&
           memcmp(cached->digest, digest, sizeof cached->digest) == 0;
}

#if WARD_CACHE_SIGNATURES

/*
 * Header and payload are these, by their digest; they may stand in a log, and are no credential. What makes them one is the
 * signature: all of it is compared, in a time that does not tell how much of it is right. There is only one that is good for a digest.
 */
static bool has_signature(const struct ward_cached *cached, struct ward_text text, const struct ward_key *key)
{
    return ward_base64url_decoded_length(text.length) == ward_key_signature_length(key) &&
           ward_base64url_equal(text.data, text.length, cached->signature);
}

static void keep_signature(struct ward_cached *cached, struct ward_text signature)
{
    memset(cached->signature, 0, sizeof cached->signature);
    memcpy(cached->signature, signature.data, signature.length);
}

#else

/* The signature is in the digest. */
static bool has_signature(const struct ward_cached *cached, struct ward_text text, const struct ward_key *key)
{
    (void)cached;
    (void)text;
    (void)key;
    return true;
}

static void keep_signature(struct ward_cached *cached, struct ward_text signature)
{
    (void)cached;
    (void)signature;
}

#endif

#if WARD_CACHE_TEXT > 0

/* In a time that does not tell how much of it is the same. */
static bool is_same(const char *a, const char *b, size_t length)
{
    uint32_t difference = 0;
    size_t at = 0;
    for (; length - at >= sizeof difference; at += sizeof difference) {
        uint32_t one;
        uint32_t other;
        memcpy(&one, a + at, sizeof one);
        memcpy(&other, b + at, sizeof other);
        difference |= one ^ other;
    }
    for (; at < length; at++)
        difference |= (uint32_t)((uint8_t)a[at] ^ (uint8_t)b[at]);
    return difference == 0;
}

/* All of it is compared, wherever it differs first. Its print only tells whether it is worth it, and is of a signature, too. */
static bool has_text(const struct ward_gate *gate, const struct ward_cached *cached, struct ward_text token,
                     uint32_t print)
{
    return cached->used != 0 && cached->generation == gate->generation && cached->text_length != 0 &&
           cached->text_length == token.length && cached->text_print == print &&
           is_same(token.data, cached->text, token.length);
}

struct ward_cached *ward_cache_find_text(struct ward_gate *gate, struct ward_text token, const struct ward_jwks *keys,
                                         const struct ward_key **key)
{
    const uint32_t print = print_of(token);
    begin_use(gate);
    for (size_t i = 0; i < WARD_CACHE_SLOTS; i++) {
        struct ward_cached *const cached = &gate->cache[i];
        const struct ward_key *const found = has_text(gate, cached, token, print) ? key_of(cached, keys) : NULL;
        if (found == NULL)
            continue;
        cached->used = gate->uses;
        *key = found;
        return cached;
    }
    return NULL;
}

void ward_cache_keep_text(struct ward_cached *cached, struct ward_text token)
{
    if (token.length > sizeof cached->text)
        return;
    memcpy(cached->text, token.data, token.length);
    cached->text_length = (uint32_t)token.length;
    cached->text_print = print_of(token);
}

/* Of another token, or of this one under another key: it is known by its hash first. */
static void drop_text(struct ward_cached *cached)
{
    ward_wipe(cached->text, cached->text_length);
    cached->text_length = 0;
}

#else

static void drop_text(struct ward_cached *cached)
{
    (void)cached;
}

#endif

struct ward_cached *ward_cache_find(struct ward_gate *gate, const struct ward_known *known,
                                    const struct ward_jwks *keys, const struct ward_key **key)
{
    begin_use(gate);
    for (size_t i = 0; i < WARD_CACHE_SLOTS; i++) {
        struct ward_cached *const cached = &gate->cache[i];
        const struct ward_key *const found = is_entry(gate, cached, known->digest) ? key_of(cached, keys) : NULL;
        if (found == NULL || !has_signature(cached, known->signature, found))
            continue;
        cached->used = gate->uses;
        *key = found;
        return cached;
    }
    return NULL;
}

/* Two tasks may have checked one token at the same time. */
static struct ward_cached *entry_of(struct ward_gate *gate, const uint8_t digest[32], const struct ward_key *key)
{
    for (size_t i = 0; i < WARD_CACHE_SLOTS; i++)
        if (is_entry(gate, &gate->cache[i], digest) && is_under(&gate->cache[i], key))
            return &gate->cache[i];
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

void ward_cache_add(struct ward_gate *gate, const struct ward_known *known, const struct ward_key *key, uint32_t marks,
                    const uint8_t owner[WARD_OWNER_SIZE])
{
    struct ward_cached *cached = entry_of(gate, known->digest, key);
    begin_use(gate);
    if (cached == NULL)
        cached = entry_for(gate, owner);
    memcpy(cached->digest, known->digest, sizeof cached->digest);
    memcpy(cached->owner, owner, sizeof cached->owner);
    fingerprint(key, cached->key);
    keep_signature(cached, known->signature);
    drop_text(cached);
    cached->generation = gate->generation;
    cached->used = gate->uses;
    cached->header = known->header;
    cached->marks = marks;
}

#else

uint32_t ward_cache_header(struct ward_text header)
{
    (void)header;
    return 0;
}

bool ward_cache_may_know(const struct ward_gate *gate, uint32_t header)
{
    (void)gate;
    (void)header;
    return false;
}

struct ward_cached *ward_cache_find(struct ward_gate *gate, const struct ward_known *known,
                                    const struct ward_jwks *keys, const struct ward_key **key)
{
    (void)gate;
    (void)known;
    (void)keys;
    (void)key;
    return NULL;
}

void ward_cache_add(struct ward_gate *gate, const struct ward_known *known, const struct ward_key *key, uint32_t marks,
                    const uint8_t owner[WARD_OWNER_SIZE])
{
    (void)gate;
    (void)known;
    (void)key;
    (void)marks;
    (void)owner;
}

#endif

#if WARD_CACHE_SLOTS == 0 || WARD_CACHE_TEXT == 0

struct ward_cached *ward_cache_find_text(struct ward_gate *gate, struct ward_text token, const struct ward_jwks *keys,
                                         const struct ward_key **key)
{
    (void)gate;
    (void)token;
    (void)keys;
    (void)key;
    return NULL;
}

void ward_cache_keep_text(struct ward_cached *cached, struct ward_text token)
{
    (void)cached;
    (void)token;
}

#endif
