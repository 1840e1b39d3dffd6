/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens whose text the gate has kept: from their third time on nothing of them is hashed, and every character counts. */
#include "access/cache.h"
#include "crypto_faults.h"
#include "gate.h"

#define KEEPS_TEXT (WARD_CACHE_SLOTS > 0 && WARD_CACHE_TEXT > 0)

static struct test_token token;

static void begin(void)
{
    crypto_fail_at(0, 0);
    gate_start(&usual_policy);
    token_make_of(&token, "auth0|alice");
}

/* How often the backend was called for the token, without the four calls for the event. */
static unsigned calls_of(const struct test_token *asked, enum ward_code code)
{
    crypto_fail_at(0, 0);
    CHECK_STATUS(ask(asked, "read:foia"), code);
    return crypto_calls() - 4;
}

static struct ward_cached *find(const char *data, size_t length)
{
    const struct ward_key *key = NULL;
    struct ward_cached *const cached = ward_cache_find_text(&test_gate, ward_text_of(data, length), usual_keys(), &key);
    CHECK((cached != NULL) == (key != NULL));
    return cached;
}

TEST(a_token_is_not_known_by_its_text_before_it_was_known_by_its_hash)
{
    begin();
    CHECK(find(token.data, token.length) == NULL);
    CHECK(find(token.data, 0) == NULL);
    CHECK(calls_of(&token, WARD_OK) > 4);
    CHECK(find(token.data, token.length) == NULL);
    CHECK(find(token.data, 0) == NULL);
}

TEST(what_is_kept_in_a_free_entry_is_not_known)
{
    begin();
    static struct ward_cached none;
#if WARD_CACHE_SLOTS > 0
    struct ward_cached *const entry = &test_gate.cache[0];
#else
    struct ward_cached *const entry = &none;
#endif
    CHECK_ZERO(none);
    ward_cache_keep_text(entry, ward_text_of(token.data, token.length));
    CHECK(find(token.data, token.length) == NULL);
}

#if KEEPS_TEXT

static void make_known(void)
{
    begin();
    CHECK(calls_of(&token, WARD_OK) > 4);
    CHECK_NUMBER(calls_of(&token, WARD_OK), WARD_CACHE_SIGNATURES ? 3 : 4);
    CHECK(find(token.data, token.length) != NULL);
}

TEST(from_its_third_time_on_a_token_is_not_hashed)
{
    make_known();
    const struct ward_grant before = test_decision.grant;
    for (int i = 0; i < 3; i++)
        CHECK_NUMBER(calls_of(&token, WARD_OK), 0);
    CHECK(memcmp(before.owner, test_decision.grant.owner, sizeof before.owner) == 0);
    CHECK_TEXT(test_decision.grant.claims.subject, "auth0|alice");
}

TEST(every_character_counts)
{
    make_known();
    for (size_t i = 0; i < token.length; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            token.data[i] = (char)(token.data[i] ^ 1 << bit);
            CHECK(find(token.data, token.length) == NULL);
            token.data[i] = (char)(token.data[i] ^ 1 << bit);
        }
        CHECK(find(token.data, i) == NULL);
    }
    token.data[token.length] = 'A';
    CHECK(find(token.data, token.length + 1) == NULL);
    CHECK(find(token.data, token.length) != NULL);
}

/* The print is not what a token is known by. */
TEST(a_text_with_the_same_print_is_another_one)
{
    make_known();
    struct ward_cached *const cached = find(token.data, token.length);
    for (size_t i = 0; i < token.length; i++) {
        cached->text[i] = (char)(cached->text[i] ^ 1);
        CHECK(find(token.data, token.length) == NULL);
        cached->text[i] = (char)(cached->text[i] ^ 1);
    }
    CHECK(find(token.data, token.length) == cached);
    cached->text_print ^= 1u;
    CHECK(find(token.data, token.length) == NULL);
    cached->text_print ^= 1u;
    cached->text_length++;
    CHECK(find(token.data, token.length) == NULL);
    cached->text_length--;
    CHECK(find(token.data, token.length) == cached);
    /* As a free one. */
    cached->used = 0;
    CHECK(find(token.data, token.length) == NULL);
}

/* Header and payload stand in a log, or another good token's signature is at hand. */
TEST(a_text_with_another_signature_is_another_token)
{
    struct test_token other;
    make_known();
    other = token;
    other.data[other.length - 1] = other.data[other.length - 1] == 'A' ? 'Q' : 'A';
    CHECK(calls_of(&other, WARD_SIGNATURE_INVALID) > 3);
    CHECK_NUMBER(crypto_rsa_calls(), 1);
    token_make_of(&other, "auth0|bob");
    memcpy(other.data + other.length - 342, token.data + token.length - 342, 342);
    CHECK(calls_of(&other, WARD_SIGNATURE_INVALID) > 3);
    CHECK_NUMBER(crypto_rsa_calls(), 1);
}

TEST(all_but_the_signature_is_checked_anew)
{
    make_known();
    CHECK_STATUS(ask(&token, "admin:foia"), WARD_SCOPE_INSUFFICIENT);
    test_caller.now = ward_time_set(NOW + 86400 + 60);
    CHECK_NUMBER(calls_of(&token, WARD_TOKEN_EXPIRED), 0);
}

TEST(a_text_means_nothing_once_its_key_or_its_policy_is_gone)
{
    static struct ward_jwks others;
    make_known();
    const struct ward_key *key = NULL;
    others = *usual_keys();
    for (size_t i = 0; i < others.count; i++)
        others.key[i].n[5] ^= 4u;
    const struct ward_text text_of = { token.data, token.length };
    CHECK(ward_cache_find_text(&test_gate, text_of, &others, &key) == NULL);
    ward_gate_forget(&test_gate);
    CHECK(find(token.data, token.length) == NULL);
}

TEST(what_is_longer_than_the_room_is_known_by_its_hash)
{
    static char text_of[WARD_CACHE_TEXT + 1];
    make_known();
    struct ward_cached *const cached = find(token.data, token.length);
    memset(text_of, 'x', sizeof text_of);
    ward_cache_keep_text(cached, ward_text_of(text_of, sizeof text_of));
    CHECK(find(token.data, token.length) == cached);
    ward_cache_keep_text(cached, ward_text_of(text_of, WARD_CACHE_TEXT));
    CHECK(find(text_of, WARD_CACHE_TEXT) == cached);
    CHECK(find(text_of, WARD_CACHE_TEXT + 1) == NULL);
}

TEST(what_takes_a_token_s_place_leaves_nothing_of_its_text)
{
    make_known();
    struct ward_cached *const cached = find(token.data, token.length);
    const struct ward_known known = { cached->digest, { token.data, 256 }, 0 };
    struct ward_cached before = *cached;
    ward_cache_add(&test_gate, &known, ward_jwks_find(usual_keys(), text("a")), WARD_KNOWN_NAMED, before.owner);
    CHECK(find(token.data, token.length) == NULL);
    CHECK_NUMBER(cached->text_length, 0);
    for (size_t i = 0; i < token.length; i++)
        CHECK_NUMBER(cached->text[i], 0);
}

TEST(known_by_its_text_a_token_counts_as_used)
{
    make_known();
    const uint32_t before = find(token.data, token.length)->used;
    CHECK_NUMBER(calls_of(&token, WARD_OK), 0);
    CHECK(find(token.data, token.length)->used > before);
    test_gate.uses = UINT32_MAX;
    CHECK(find(token.data, token.length) == NULL);
}

#define TEXT_CASES                                                                                                     \
    CASE(from_its_third_time_on_a_token_is_not_hashed), CASE(every_character_counts),                                  \
        CASE(a_text_with_the_same_print_is_another_one), CASE(a_text_with_another_signature_is_another_token),         \
        CASE(all_but_the_signature_is_checked_anew), CASE(a_text_means_nothing_once_its_key_or_its_policy_is_gone),    \
        CASE(what_is_longer_than_the_room_is_known_by_its_hash),                                                       \
        CASE(what_takes_a_token_s_place_leaves_nothing_of_its_text), CASE(known_by_its_text_a_token_counts_as_used),

#else

#define TEXT_CASES

#endif

SUITE(cache_text, TEXT_CASES CASE(a_token_is_not_known_by_its_text_before_it_was_known_by_its_hash),
      CASE(what_is_kept_in_a_free_entry_is_not_known));
