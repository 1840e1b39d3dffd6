/* SPDX-License-Identifier: Apache-2.0 */
/* A signature in steps: how many there are, and that none can be left out, taken twice or taken from another one. */
#include "crypto_faults.h"
#include "platform.h"
#include "token.h"
#include "ward/port/crypto.h"

static struct ward_rsa_scratch scratch;
static uint8_t digest[WARD_SHA256_SIZE];
static uint8_t signature[512];

static const struct ward_key *begin_good(void)
{
    const struct ward_key *const key = &usual_keys()->key[0];
    memset(digest, 0x3c, sizeof digest);
    test_sign(KEY_A, digest, signature);
    memset(&scratch, 0x5a, sizeof scratch);
    CHECK_STATUS(ward_crypto_verify_begin(key, signature, &scratch), WARD_OK);
    return key;
}

/* The steps that are left until one says something else, and what that says. */
static unsigned finish(const struct ward_key *key, struct ward_status *status)
{
    unsigned steps = 0;
    do {
        *status = ward_crypto_verify_step(key, digest, signature, &scratch);
        steps++;
    } while (status->code == WARD_UNFINISHED);
    return steps;
}

TEST(takes_each_step_once_and_says_only_in_the_last_what_it_found)
{
    struct ward_status status;
    const struct ward_key *const key = begin_good();
    CHECK_NUMBER(finish(key, &status), platform_steps());
    CHECK_STATUS(status, WARD_OK);
    begin_good();
    digest[31] ^= 1u;
    CHECK_NUMBER(finish(key, &status), platform_steps());
    CHECK_STATUS(status, WARD_SIGNATURE_INVALID);
}

/* A counter that a fault has moved, forward or back, to each place from each: what is left proves nothing. */
TEST(no_step_can_be_left_out_or_taken_twice)
{
    for (unsigned taken = 0; taken < platform_steps(); taken++) {
        for (uint32_t to = 0; to < platform_steps() + 3u; to++) {
            struct ward_status status = ward_status_of(WARD_UNFINISHED);
            const struct ward_key *const key = begin_good();
            for (unsigned i = 0; i < taken; i++)
                CHECK_STATUS(ward_crypto_verify_step(key, digest, signature, &scratch), WARD_UNFINISHED);
            /* Back at the first one all are taken again, which proves as much as it did. */
            if (platform_steps() == 1 || to == taken || to == 0) {
                ward_crypto_verify_abort(&scratch);
                continue;
            }
            scratch.step = to;
            (void)finish(key, &status);
            CHECK(status.code == WARD_SIGNATURE_INVALID || status.code == WARD_CRYPTO_FAILED);
        }
    }
}

/* The wrapped seam counts what is under way, so these go to the backend as if something was. */
static void check_not_under_way(const struct ward_key *key)
{
    const struct ward_rsa_scratch left = scratch;
    static struct ward_rsa_scratch other;
    CHECK_STATUS(ward_crypto_verify_begin(key, signature, &other), WARD_OK);
    scratch = left;
    CHECK_STATUS(ward_crypto_verify_step(key, digest, signature, &scratch), WARD_CRYPTO_FAILED);
}

TEST(a_signature_that_is_over_has_no_further_step)
{
    struct ward_status status;
    const struct ward_key *const key = begin_good();
    (void)finish(key, &status);
    CHECK_STATUS(status, WARD_OK);
    check_not_under_way(key);
}

TEST(a_signature_that_was_given_up_has_no_further_step)
{
    for (unsigned taken = 0; taken < platform_steps(); taken++) {
        const struct ward_key *const key = begin_good();
        for (unsigned i = 0; i < taken; i++)
            CHECK_STATUS(ward_crypto_verify_step(key, digest, signature, &scratch), WARD_UNFINISHED);
        ward_crypto_verify_abort(&scratch);
        check_not_under_way(key);
    }
}
/* What a scratch holds that nobody has begun in, or that was wiped while something was under way. */
TEST(a_scratch_without_a_beginning_accepts_nothing)
{
    static const uint8_t fills[] = { 0x00, 0x5a, 0xff, 0x13 };
    for (size_t i = 0; i < sizeof fills; i++) {
        struct ward_status status;
        const struct ward_key *const key = begin_good();
        memset(&scratch, fills[i], sizeof scratch);
        (void)finish(key, &status);
        CHECK(status.code == WARD_SIGNATURE_INVALID || status.code == WARD_CRYPTO_FAILED);
    }
}

/* What an earlier one has left is the block of this digest, at the place where this one's will be. */
TEST(what_an_earlier_signature_has_left_proves_nothing)
{
    for (uint32_t to = 1; to < platform_steps() + 3u; to++) {
        struct ward_status status;
        const struct ward_key *const key = begin_good();
        (void)finish(key, &status);
        CHECK_STATUS(status, WARD_OK);
        signature[100] ^= 1u;
        CHECK_STATUS(ward_crypto_verify_begin(key, signature, &scratch), WARD_OK);
        if (platform_steps() > 1)
            scratch.step = to;
        (void)finish(key, &status);
        CHECK(status.code == WARD_SIGNATURE_INVALID || status.code == WARD_CRYPTO_FAILED);
    }
}

TEST(a_signature_that_was_refused_when_it_began_has_no_step)
{
    const struct ward_key *const key = begin_good();
    ward_crypto_verify_abort(&scratch);
    memset(signature, 0xff, sizeof signature);
    const struct ward_status status = ward_crypto_verify_begin(key, signature, &scratch);
    /* A backend may leave it to the step. */
    if (ward_ok(status)) {
        CHECK_STATUS(ward_crypto_verify_step(key, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
        return;
    }
    CHECK_STATUS(status, WARD_SIGNATURE_INVALID);
    memset(signature, 0, sizeof signature);
    check_not_under_way(key);
}

/* The block itself as a signature would pass a check that raises to no power, its double one that squares too seldom. */
TEST(the_block_itself_is_no_signature)
{
    const struct ward_key *const key = begin_good();
    struct ward_status status;
    ward_crypto_verify_abort(&scratch);
    /* 00 01 ff … 00 DigestInfo digest: what is expected of a good signature. */
    static const uint8_t info[] = { 0x00, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48,
                                    0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
    memset(signature, 0xff, 256);
    signature[0] = 0;
    signature[1] = 1;
    memcpy(signature + 256 - 32 - sizeof info, info, sizeof info);
    memcpy(signature + 256 - 32, digest, 32);
    for (uint32_t to = 0; to < platform_steps() + 3u; to++) {
        CHECK_STATUS(ward_crypto_verify_begin(key, signature, &scratch), WARD_OK);
        if (platform_steps() > 1)
            scratch.step = to;
        (void)finish(key, &status);
        CHECK(status.code == WARD_SIGNATURE_INVALID || status.code == WARD_CRYPTO_FAILED);
    }
}

TEST(two_signatures_in_two_scratches_do_not_meet)
{
    static struct ward_rsa_scratch other;
    uint8_t bad[512];
    struct ward_status good_status = ward_status_of(WARD_UNFINISHED);
    struct ward_status bad_status = ward_status_of(WARD_UNFINISHED);
    const struct ward_key *const key = begin_good();
    memcpy(bad, signature, sizeof bad);
    bad[100] ^= 1u;
    CHECK_STATUS(ward_crypto_verify_begin(key, bad, &other), WARD_OK);
    for (unsigned i = 0; i < platform_steps(); i++) {
        good_status = ward_crypto_verify_step(key, digest, signature, &scratch);
        bad_status = ward_crypto_verify_step(key, digest, bad, &other);
    }
    CHECK_STATUS(good_status, WARD_OK);
    CHECK_STATUS(bad_status, WARD_SIGNATURE_INVALID);
}

SUITE(crypto_steps, CASE(takes_each_step_once_and_says_only_in_the_last_what_it_found),
      CASE(no_step_can_be_left_out_or_taken_twice), CASE(a_signature_that_is_over_has_no_further_step),
      CASE(a_signature_that_was_given_up_has_no_further_step), CASE(a_scratch_without_a_beginning_accepts_nothing),
      CASE(what_an_earlier_signature_has_left_proves_nothing),
      CASE(a_signature_that_was_refused_when_it_began_has_no_step), CASE(the_block_itself_is_no_signature),
      CASE(two_signatures_in_two_scratches_do_not_meet));
