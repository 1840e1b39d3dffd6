/* SPDX-License-Identifier: Apache-2.0 */
/* What a backend takes for a key and for a signature, at each length. It is linked with nothing but the backend. */
#include <string.h>

#include "console.h"
#include "measure.h"
#include "platform.h"
#include "ward/key.h"
#include "ward/port/crypto.h"

#include "bench_vectors.h"

static struct ward_key key;
static struct ward_rsa_scratch scratch;
static const struct bench_key *vector;

static struct ward_status prepare_key(void)
{
    return ward_crypto_key_prepare(&key, &scratch);
}

static struct ward_status verify(void)
{
    return ward_signature_verify(&key, vector->digest, vector->signature, &scratch);
}

/* The modulus, out of the bytes that the vectors have: words, the least significant first. */
static void take_modulus(void)
{
    const size_t words = vector->bits / 32u;
    memset(&key, 0, sizeof key);
    key.bits = (uint16_t)vector->bits;
    for (size_t i = 0; i < words; i++) {
        const uint8_t *const bytes = vector->modulus + 4 * (words - 1 - i);
        key.n[i] = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    }
}

int main(void)
{
    platform_begin();
    for (size_t i = 0; i < sizeof bench_keys / sizeof bench_keys[0]; i++) {
        vector = &bench_keys[i];
        if (vector->bits > WARD_MAX_RSA_BITS)
            continue;
        take_modulus();
        bench_measure_of("a key is prepared, ", vector->bits, prepare_key, WARD_OK);
        bench_measure_of("RSA, ", vector->bits, verify, WARD_OK);
    }
    console_print("END\n");
    return 0;
}
