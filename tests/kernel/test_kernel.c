/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of the backend `kernel` at the edges: what its powers are was said by mbedTLS (`compare --chain BITS COUNT`). */
#include "cases.h"
#include "chain.h"
#include "check.h"

enum { BY_CHANCE = 64, MOST = KERNEL_EDGES + BY_CHANCE };

static struct ward_key key;
static struct ward_rsa_scratch scratch;

static void check_powers(unsigned bits, const char *expected)
{
    static const uint8_t digest[WARD_SHA256_SIZE] = { 0x3c };
    uint8_t signature[WARD_MAX_RSA_BITS / 8];
    char text_of_chain[CHAIN_TEXT];
    struct chain chain;
    chain_begin(&chain);
    for (uint32_t number = 0; number < MOST; number++) {
        if (kernel_case(bits, number, &key, signature))
            CHECK_STATUS(ward_crypto_key_prepare(&key, &scratch), WARD_OK);
        memset(&scratch, 0x5a, sizeof scratch);
        CHECK_STATUS(ward_signature_verify(&key, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
        chain_add(&chain, kernel_is_below(signature, &key) ? scratch.power : NULL, ward_key_words(&key));
    }
    chain_end(&chain, text_of_chain);
    CHECK_TEXT(text(text_of_chain), expected);
}

TEST(powers_at_the_edges_of_2048_bits)
{
    check_powers(2048, "be3106a39f14d4a6d669031676a12640af683025460071eb0fa9a82ef4cf21b0");
}

#if WARD_MAX_RSA_BITS >= 4096
TEST(powers_at_the_edges_of_longer_moduli)
{
    check_powers(3072, "75760d31e70070dec9c532ee658f399330a8501c0539ea3295fb80f1c175e993");
    check_powers(4096, "6651a53ff28ad5854a9d443a727656de7d5ccd2beee1812ce07c8608b645bc64");
}

TEST(powers_at_the_edges_of_lengths_that_are_no_multiple_of_a_word)
{
    check_powers(2049, "c5f3b43e00c38684481efaef250f181dddaa245c0946030a7eb7a4f9ea00955d");
    check_powers(2063, "6206e097eb315cc112316876aa03e1716e3b34911b26cdae4fbc97d9dce38faf");
    check_powers(2072, "be26427edd7475f507e66edbb9026d5b4654ae90ecc49cb020c09a445cbfa88b");
    check_powers(2111, "fe09ba15f0b107e0bac080dbed07a8c888c1fd7ea25f9008d52b9d54894cf2ba");
}
#endif

SUITE(kernel,
#if WARD_MAX_RSA_BITS >= 4096
      CASE(powers_at_the_edges_of_longer_moduli), CASE(powers_at_the_edges_of_lengths_that_are_no_multiple_of_a_word),
#endif
      CASE(powers_at_the_edges_of_2048_bits));
