/* SPDX-License-Identifier: Apache-2.0 */
/* The backend's power of any number for any modulus is what mbedTLS's arithmetic says: a byte for the length, the modulus' bytes, the
 * signature's; what is missing is 0. */
#include "../fuzz/fuzz.h"
#include "cases.h"
#include "reference.h"
#include "ward/port/crypto.h"

static void words_of(uint32_t *words, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        words[i / 4] |= (uint32_t)bytes[i] << (8 * (i % 4));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t lengths[] = { 2048, 3072, 4096, 2049, 2048, 2063, 2048, 3008 };
    static const uint8_t digest[WARD_SHA256_SIZE] = { 0x3c };
    static struct ward_key key;
    static struct ward_rsa_scratch scratch;
    static uint32_t power[WARD_RSA_WORDS];
    uint8_t signature[WARD_MAX_RSA_BITS / 8] = { 0 };
    if (size < 2)
        return 0;
    memset(&key, 0, sizeof key);
    key.bits = lengths[data[0] % 8];
    const unsigned top = key.bits - 1u;
    const size_t length = ward_key_signature_length(&key);
    const size_t of_modulus = size - 1 < length ? size - 1 : length;
    const size_t rest = size - 1 - of_modulus;
    words_of(key.n, data + 1, of_modulus);
    key.n[0] |= 1u;
    key.n[top / 32] |= (uint32_t)1 << (top % 32);
    if (key.bits % 32 != 0)
        key.n[top / 32] &= ((uint32_t)1 << (key.bits % 32)) - 1u;
    memcpy(signature, data + 1 + of_modulus, rest < length ? rest : length);
    CHECK(ward_ok(ward_crypto_key_prepare(&key, &scratch)) && reference_is_prepared(&key));
    memset(&scratch, data[0], sizeof scratch);
    const bool below = reference_power(power, &key, signature);
    CHECK(ward_signature_verify(&key, digest, signature, &scratch).code == WARD_SIGNATURE_INVALID);
    CHECK(!below || memcmp(power, scratch.power, 4 * ward_key_words(&key)) == 0);
    return 0;
}
