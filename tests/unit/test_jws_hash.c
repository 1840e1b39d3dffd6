/* SPDX-License-Identifier: Apache-2.0 */
/* What is hashed of a token: the digest of what was signed, and what the token is known by in a cache. */
#include "crypto_faults.h"
#include "token.h"
#include "token/jws.h"

static struct test_token token;
static struct ward_jws jws;

struct digests {
    uint8_t of_signed[WARD_SHA256_SIZE];
    uint8_t identity[WARD_SHA256_SIZE];
};

static struct ward_status split(void)
{
    const struct ward_status status = ward_jws_split(&jws, token.data, token.length);
    jws.key = &usual_keys()->key[0];
    return status;
}

/* Both digests, by as many calls of the crypto seam as it takes. */
static struct ward_status hash(struct digests *digests)
{
    struct ward_status status = ward_jws_identify(&jws, &test_work, digests->identity);
    if (ward_ok(status))
        status = ward_jws_hash(&jws, &test_work);
    memcpy(digests->of_signed, jws.digest, sizeof digests->of_signed);
    return status;
}

static void digest_of(const void *data, size_t length, uint8_t digest[WARD_SHA256_SIZE])
{
    struct ward_sha256 sha;
    CHECK_STATUS(ward_crypto_sha256_start(&sha), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_update(&sha, data, length), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_end(&sha, digest), WARD_OK);
}

static void begin(void)
{
    usual_keys();
    token_make_usual(&token);
    CHECK_STATUS(split(), WARD_OK);
}

#if WARD_CACHE_SIGNATURES

enum { CALLS = 3 };

static void right_identity(struct digests *right)
{
    memcpy(right->identity, right->of_signed, sizeof right->identity);
}

#else

enum { CALLS = 7 };

static void right_identity(struct digests *right)
{
    static const char tag[] = "ward known token";
    char identified[sizeof tag + sizeof token.data];
    memcpy(identified, tag, sizeof tag);
    memcpy(identified + sizeof tag, token.data, token.length);
    digest_of(identified, sizeof tag + token.length, right->identity);
}

#endif

TEST(gives_the_digest_of_what_was_signed_and_an_identity)
{
    struct digests got;
    struct digests right;
    begin();
    const size_t signed_length = jws.header_length + 1 + jws.payload_length;
    CHECK_NUMBER(token.data[signed_length], '.');
    digest_of(token.data, signed_length, right.of_signed);
    right_identity(&right);
    CHECK_STATUS(hash(&got), WARD_OK);
    CHECK(memcmp(got.of_signed, right.of_signed, WARD_SHA256_SIZE) == 0);
    CHECK(memcmp(got.identity, right.identity, WARD_SHA256_SIZE) == 0);
}

/* Where slots keep the signature, all but it. */
TEST(a_token_with_any_other_byte_has_another_identity_or_signature)
{
    char signature[342];
    struct digests first;
    struct digests other;
    begin();
    const struct ward_text text = ward_jws_signature_text(&jws);
    CHECK_NUMBER(text.length, sizeof signature);
    memcpy(signature, text.data, sizeof signature);
    CHECK_STATUS(ward_jws_identify(&jws, &test_work, first.identity), WARD_OK);
    for (size_t i = 0; i < token.length; i += 61) {
        begin();
        token.data[i] = (char)(token.data[i] ^ 1);
        const bool whole = ward_ok(ward_jws_split(&jws, token.data, token.length));
        CHECK(!whole || ward_ok(ward_jws_identify(&jws, &test_work, other.identity)));
        CHECK(!whole || memcmp(first.identity, other.identity, WARD_SHA256_SIZE) != 0 ||
              (WARD_CACHE_SIGNATURES && memcmp(signature, ward_jws_signature_text(&jws).data, 342) != 0));
    }
}

TEST(what_identifies_a_token_changes_nothing_of_it)
{
    char before[WARD_MAX_TOKEN];
    struct digests digests;
    begin();
    memcpy(before, token.data, token.length);
    CHECK_STATUS(ward_jws_identify(&jws, &test_work, digests.identity), WARD_OK);
    CHECK(memcmp(before, token.data, token.length) == 0);
}

TEST(a_fault_at_any_call_gives_no_digest_and_leaves_nothing_running)
{
    struct digests digests;
    begin();
    crypto_fail_at(0, 0);
    CHECK_STATUS(hash(&digests), WARD_OK);
    const unsigned calls = crypto_calls();
    CHECK_NUMBER(calls, CALLS);
    for (unsigned call = 1; call <= calls; call++) {
        begin();
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(hash(&digests), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(crypto_calls(), call);
        CHECK(!crypto_is_running());
        crypto_fail_at(0, 0);
    }
}

SUITE(jws_hash, CASE(gives_the_digest_of_what_was_signed_and_an_identity),
      CASE(a_token_with_any_other_byte_has_another_identity_or_signature),
      CASE(what_identifies_a_token_changes_nothing_of_it),
      CASE(a_fault_at_any_call_gives_no_digest_and_leaves_nothing_running));
