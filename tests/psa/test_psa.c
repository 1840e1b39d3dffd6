/* SPDX-License-Identifier: Apache-2.0 */
/* port/crypto/psa.c: PSA fails at each of its calls, and nothing is accepted, no key keeps its slot, no operation runs on. */
#include "platform.h"
#include "psa_faults.h"
#include "token.h"
#include "ward/port/crypto.h"
#include "ward/port/service.h"

static struct ward_rsa_scratch scratch;
static struct ward_sha256 sha;
static uint8_t digest[WARD_SHA256_SIZE];
static uint8_t signature[512];

/* What PSA might answer: PSA_SUCCESS is not among them, and none but PSA_ERROR_INVALID_SIGNATURE is about the signature. */
static const psa_status_t answers[] = { PSA_ERROR_INVALID_SIGNATURE,
                                        PSA_ERROR_GENERIC_ERROR,
                                        PSA_ERROR_NOT_PERMITTED,
                                        PSA_ERROR_NOT_SUPPORTED,
                                        PSA_ERROR_INVALID_ARGUMENT,
                                        PSA_ERROR_INVALID_HANDLE,
                                        PSA_ERROR_BAD_STATE,
                                        PSA_ERROR_BUFFER_TOO_SMALL,
                                        PSA_ERROR_INSUFFICIENT_MEMORY,
                                        PSA_ERROR_INSUFFICIENT_STORAGE,
                                        PSA_ERROR_INSUFFICIENT_DATA,
                                        PSA_ERROR_INSUFFICIENT_ENTROPY,
                                        PSA_ERROR_INVALID_PADDING,
                                        PSA_ERROR_COMMUNICATION_FAILURE,
                                        PSA_ERROR_CORRUPTION_DETECTED,
                                        PSA_ERROR_HARDWARE_FAILURE,
                                        PSA_ERROR_DOES_NOT_EXIST,
                                        PSA_OPERATION_INCOMPLETE,
                                        1,
                                        INT32_MAX,
                                        INT32_MIN };
enum { ANSWERS = sizeof answers / sizeof answers[0] };

/* The calls of a check, in their order. */
enum { IMPORT = 1, VERIFY, DESTROY, CHECK_CALLS = DESTROY };

static void fail_at(unsigned call, size_t answer, bool after_its_work)
{
    if (after_its_work)
        psa_fail_late(call, answers[answer]);
    else
        psa_fail_at(call, answers[answer]);
}

/* Nothing is held, whoever counts: these tests, and PSA. */
static void check_idle(void)
{
    psa_fail_at(0, PSA_SUCCESS);
    CHECK_NUMBER(psa_keys(), 0);
    CHECK_NUMBER(psa_operations(), 0);
    CHECK(platform_is_idle());
}

static const struct ward_key *signed_by_a(void)
{
    memset(digest, 0x3c, sizeof digest);
    test_sign(KEY_A, digest, signature);
    return &usual_keys()->key[0];
}

TEST(a_check_takes_one_key_and_gives_it_back)
{
    const struct ward_key *const key = signed_by_a();
    psa_fail_at(0, PSA_SUCCESS);
    CHECK_STATUS(ward_signature_verify(key, digest, signature, &scratch), WARD_OK);
    CHECK_NUMBER(psa_calls(), CHECK_CALLS);
    check_idle();
    signature[255] ^= 1;
    CHECK_STATUS(ward_signature_verify(key, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
    check_idle();
}

/* A number that is not below the modulus is PSA_ERROR_CORRUPTION_DETECTED to mbedTLS: PSA is not asked. */
TEST(a_signature_out_of_range_never_reaches_psa)
{
    const struct ward_key *const key = signed_by_a();
    memset(signature, 0xff, sizeof signature);
    psa_fail_at(0, PSA_SUCCESS);
    CHECK_STATUS(ward_signature_verify(key, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(psa_calls(), 0);
}

TEST(only_an_invalid_signature_refuses)
{
    const struct ward_key *const key = signed_by_a();
    for (unsigned call = 1; call <= CHECK_CALLS; call++)
        for (size_t answer = 0; answer < ANSWERS; answer++)
            for (int late = 0; late <= 1; late++) {
                /* A key that PSA says it does not have cannot be destroyed. */
                if (call == IMPORT && late)
                    continue;
                fail_at(call, answer, late);
                const bool refused = call == VERIFY && answers[answer] == PSA_ERROR_INVALID_SIGNATURE;
                CHECK_STATUS(ward_signature_verify(key, digest, signature, &scratch),
                             refused ? WARD_SIGNATURE_INVALID : WARD_CRYPTO_FAILED);
                check_idle();
            }
    CHECK_STATUS(ward_signature_verify(key, digest, signature, &scratch), WARD_OK);
}

/* Whatever the signature was. */
TEST(a_key_that_stays_fails_the_check_of_a_wrong_signature_too)
{
    const struct ward_key *const key = signed_by_a();
    signature[9] ^= 1;
    for (int late = 0; late <= 1; late++) {
        fail_at(DESTROY, 1, late);
        CHECK_STATUS(ward_signature_verify(key, digest, signature, &scratch), WARD_CRYPTO_FAILED);
        check_idle();
    }
}

static struct ward_status hash(const void *data, size_t length)
{
    struct ward_status status = ward_crypto_sha256_start(&sha);
    if (ward_ok(status))
        status = ward_crypto_sha256_update(&sha, data, length);
    if (ward_ok(status))
        status = ward_crypto_sha256_end(&sha, digest);
    if (!ward_ok(status))
        ward_crypto_sha256_abort(&sha);
    return status;
}

/* 513 bytes are two pieces. */
TEST(no_call_of_a_digest_that_fails_leaves_an_operation)
{
    static const char data[513];
    psa_fail_at(0, PSA_SUCCESS);
    CHECK_STATUS(hash(data, sizeof data), WARD_OK);
    const unsigned calls = psa_calls();
    CHECK_NUMBER(calls, 4);
    for (unsigned call = 1; call <= calls; call++)
        for (size_t answer = 0; answer < ANSWERS; answer++)
            for (int late = 0; late <= 1; late++) {
                memset(&sha, 0x5a, sizeof sha);
                fail_at(call, answer, late);
                CHECK_STATUS(hash(data, sizeof data), WARD_CRYPTO_FAILED);
                check_idle();
            }
}

TEST(an_abort_that_fails_is_tried_again)
{
    for (int late = 0; late <= 1; late++) {
        psa_fail_at(0, PSA_SUCCESS);
        CHECK_STATUS(ward_crypto_sha256_start(&sha), WARD_OK);
        fail_at(1, 1, late);
        ward_crypto_sha256_abort(&sha);
        CHECK_NUMBER(psa_calls(), 2);
        check_idle();
    }
}

/* mbedTLS copies what it is given at once into its heap. */
TEST(a_long_text_is_given_to_psa_in_pieces)
{
    static const uint8_t data[4096];
    CHECK(platform_set_arena(4096));
    psa_fail_at(0, PSA_SUCCESS);
    CHECK_STATUS(hash(data, sizeof data), WARD_OK);
    CHECK_NUMBER(psa_calls(), 2 + 4096 / 512);
    platform_begin();
}

TEST(no_fault_of_psa_accepts_a_token)
{
    static struct test_token token;
    static struct ward_claims claims;
    usual_keys();
    token_make_usual(&token);
    psa_fail_at(0, PSA_SUCCESS);
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_OK);
    const unsigned calls = psa_calls();
    CHECK(calls >= 6);
    for (unsigned call = 1; call <= calls; call++)
        for (size_t answer = 0; answer < ANSWERS; answer++) {
            token_make_usual(&token);
            psa_fail_at(call, answers[answer]);
            const bool refused = call == calls - 1 && answers[answer] == PSA_ERROR_INVALID_SIGNATURE;
            CHECK_STATUS(verify(&token, &usual_expect, &claims), refused ? WARD_SIGNATURE_INVALID : WARD_CRYPTO_FAILED);
            CHECK_ZERO(claims);
            check_idle();
        }
}

TEST(without_psa_crypto_init_every_check_fails_and_the_selftest_says_so)
{
    const struct ward_key *const key = signed_by_a();
    mbedtls_psa_crypto_free();
    CHECK_STATUS(ward_signature_verify(key, digest, signature, &scratch), WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_selftest(NULL, 0, &test_work), WARD_SELFTEST_SIGNATURE);
    platform_begin();
    CHECK_STATUS(ward_selftest(NULL, 0, &test_work), WARD_OK);
    CHECK_STATUS(ward_signature_verify(key, digest, signature, &scratch), WARD_OK);
    check_idle();
}

/* The header says so. PSA has no keys of half bytes: no verdict, and none that refuses. */
TEST(a_modulus_of_no_whole_bytes_is_a_failure_and_no_verdict)
{
    static struct ward_key key;
    key = *signed_by_a();
    key.bits = 2046;
    key.n[63] = key.n[63] >> 2 | UINT32_C(0x20000000);
    memset(signature, 0, sizeof signature);
    signature[200] = 1;
    psa_fail_at(0, PSA_SUCCESS);
    CHECK_STATUS(ward_signature_verify(&key, digest, signature, &scratch), WARD_CRYPTO_FAILED);
    CHECK_NUMBER(psa_calls(), IMPORT);
    check_idle();
}

SUITE(psa, CASE(a_check_takes_one_key_and_gives_it_back), CASE(a_signature_out_of_range_never_reaches_psa),
      CASE(only_an_invalid_signature_refuses), CASE(a_key_that_stays_fails_the_check_of_a_wrong_signature_too),
      CASE(no_call_of_a_digest_that_fails_leaves_an_operation), CASE(an_abort_that_fails_is_tried_again),
      CASE(a_long_text_is_given_to_psa_in_pieces), CASE(no_fault_of_psa_accepts_a_token),
      CASE(without_psa_crypto_init_every_check_fails_and_the_selftest_says_so),
      CASE(a_modulus_of_no_whole_bytes_is_a_failure_and_no_verdict));
