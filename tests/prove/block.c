/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 258 -DWARD_HOSTED=0 */
/* The block of PKCS#1, 256 bytes, for every power and digest: compared by the word it is what ward_pkcs1_check() says of its bytes. */
#include "../../src/crypto/pkcs1.c"
#include "kernel.c"
#include "prove.h"

int main(void)
{
    static uint32_t power[WARD_RSA_WORDS];
    static uint8_t bytes[4 * WARD_RSA_WORDS];
    static uint8_t expected[4 * WARD_RSA_WORDS];
    uint8_t digest[WARD_SHA256_SIZE];
    for (size_t i = 0; i < WARD_RSA_WORDS; i++)
        power[i] = any_word();
    for (size_t i = 0; i < sizeof digest; i++)
        digest[i] = any_byte();
    words_to_bytes(bytes, sizeof bytes, power);
    ASSERT(is_block(power, WARD_RSA_WORDS, digest) ==
           (ward_pkcs1_check(bytes, sizeof bytes, digest, expected).code == WARD_OK));
    return 0;
}
