/* SPDX-License-Identifier: Apache-2.0 */
#include "cache_fixture.h"

struct ward_jwks cache_keys;

struct cache_digest cache_digest_of(unsigned number)
{
    struct cache_digest digest = { { 0 } };
    digest.bytes[31] = (uint8_t)number;
    digest.bytes[3] = (uint8_t)(number >> 8);
    return digest;
}

struct cache_owner cache_owner_of(unsigned number)
{
    struct cache_owner owner = { { 0 } };
    owner.bytes[15] = (uint8_t)number;
    return owner;
}

void cache_begin(void)
{
    gate_start(&usual_policy);
    memset(&cache_keys, 0, sizeof cache_keys);
    cache_keys.count = 1;
    cache_keys.key[0] = *ward_jwks_find(usual_keys(), text("a"));
}

const struct cache_signature *cache_signature_of(unsigned number)
{
    static struct cache_signature signature;
    struct test_token encoded;
    for (size_t i = 0; i < sizeof signature.bytes; i++)
        signature.bytes[i] = (uint8_t)(number * 7u + i * 13u);
    encoded.length = 0;
    token_append_base64url(&encoded, signature.bytes, sizeof signature.bytes);
    CHECK_NUMBER(encoded.length, sizeof signature.text);
    memcpy(signature.text, encoded.data, sizeof signature.text);
    return &signature;
}

void cache_add_marked(unsigned token, unsigned owner, uint32_t marks)
{
    const struct cache_digest digest = cache_digest_of(token);
    const struct ward_known known = { digest.bytes, { (const char *)cache_signature_of(token)->bytes, 256 }, token };
    ward_cache_add(&test_gate, &known, &cache_keys.key[0], marks, cache_owner_of(owner).bytes);
}

void cache_add(unsigned token, unsigned owner)
{
    cache_add_marked(token, owner, WARD_KNOWN_NAMED | WARD_KNOWN_WHOLE);
}

struct ward_cached *cache_find_with(struct cache_digest digest, struct ward_text signature)
{
    const struct ward_known known = { digest.bytes, signature, 0 };
    const struct ward_key *found = NULL;
    struct ward_cached *const cached = ward_cache_find(&test_gate, &known, &cache_keys, &found);
    CHECK((cached != NULL) == (found != NULL));
    return cached;
}

struct ward_cached *cache_find(unsigned token)
{
    return cache_find_with(cache_digest_of(token), ward_text_of(cache_signature_of(token)->text, 342));
}
