/* The one pass over a token: the digest of what was signed, and that of the whole token, which names it in a cache. */
#include "crypto_faults.h"
#include "token.h"
#include "token/jws.h"

static struct test_token token;
static struct ward_jws jws;

struct digests {
    uint8_t of_signed[WARD_SHA256_SIZE];
    uint8_t of_token[WARD_SHA256_SIZE];
};

/* Both digests, by as many calls of the crypto seam as it takes. */
static struct ward_status hash(struct digests *digests)
{
    struct ward_status status = ward_jws_hash(&jws, &test_work);
    if (ward_ok(status))
        status = ward_jws_token_digest(&jws, &test_work, digests->of_token);
    if (ward_ok(status))
        status = ward_jws_end_hash(&test_work);
    memcpy(digests->of_signed, test_work.part.signature.digest, sizeof digests->of_signed);
    return status;
}

static void digest_of(const char *data, size_t length, uint8_t digest[WARD_SHA256_SIZE])
{
    struct ward_sha256 sha;
    CHECK_STATUS(ward_crypto_sha256_start(&sha), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_update(&sha, data, length), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_end(&sha, digest), WARD_OK);
}

static void begin(void)
{
    token_make_usual(&token);
    CHECK_STATUS(ward_jws_cut(&jws, token.data, token.length), WARD_OK);
}

TEST(gives_the_digest_of_what_was_signed_and_of_the_whole_token)
{
    struct digests got;
    struct digests right;
    begin();
    const size_t signed_length = jws.header_length + 1 + jws.payload_length;
    CHECK_NUMBER(token.data[signed_length], '.');
    digest_of(token.data, signed_length, right.of_signed);
    digest_of(token.data, token.length, right.of_token);
    CHECK_STATUS(hash(&got), WARD_OK);
    CHECK(memcmp(got.of_signed, right.of_signed, WARD_SHA256_SIZE) == 0);
    CHECK(memcmp(got.of_token, right.of_token, WARD_SHA256_SIZE) == 0);
}

TEST(a_token_with_any_other_byte_has_another_digest)
{
    struct digests first;
    struct digests other;
    begin();
    CHECK_STATUS(hash(&first), WARD_OK);
    for (size_t i = 0; i < token.length; i += 61) {
        token.data[i] = (char)(token.data[i] ^ 1);
        CHECK_STATUS(hash(&other), WARD_OK);
        token.data[i] = (char)(token.data[i] ^ 1);
        CHECK(memcmp(first.of_token, other.of_token, WARD_SHA256_SIZE) != 0);
    }
}

TEST(a_fault_at_any_call_gives_no_digest)
{
    struct digests digests;
    begin();
    crypto_fail_at(0, 0);
    CHECK_STATUS(hash(&digests), WARD_OK);
    const unsigned calls = crypto_calls();
    CHECK_NUMBER(calls, 5);
    for (unsigned call = 1; call <= calls; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(hash(&digests), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(crypto_calls(), call);
    }
    crypto_fail_at(0, 0);
}

SUITE(jws_hash, CASE(gives_the_digest_of_what_was_signed_and_of_the_whole_token),
      CASE(a_token_with_any_other_byte_has_another_digest), CASE(a_fault_at_any_call_gives_no_digest));
