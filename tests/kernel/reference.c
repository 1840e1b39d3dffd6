/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include <string.h>

#include "bignum_core.h"

enum { LIMB = sizeof(mbedtls_mpi_uint), ROOM = WARD_RSA_WORDS * 4 / LIMB };

struct numbers {
    mbedtls_mpi_uint n[ROOM];
    mbedtls_mpi_uint s[ROOM];
    mbedtls_mpi_uint x[ROOM];
    mbedtls_mpi_uint t[2 * ROOM + 1];
    mbedtls_mpi_uint inverse;
    size_t limbs;
};
static struct numbers numbers;

static void limbs_of(mbedtls_mpi_uint *limbs, const uint32_t *words)
{
    memset(limbs, 0, ROOM * sizeof *limbs);
    for (size_t i = 0; i < WARD_RSA_WORDS; i++)
        limbs[4 * i / LIMB] |= (mbedtls_mpi_uint)words[i] << (8 * (4 * i % LIMB));
}

static void begin(const struct ward_key *key)
{
    limbs_of(numbers.n, key->n);
    limbs_of(numbers.x, key->prepared);
    numbers.limbs = ward_key_words(key) * 4 / LIMB;
    numbers.inverse = mbedtls_mpi_core_montmul_init(numbers.n);
}

static void multiply(const mbedtls_mpi_uint *a, const mbedtls_mpi_uint *b)
{
    mbedtls_mpi_core_montmul(numbers.x, a, b, numbers.limbs, numbers.n, numbers.limbs, numbers.inverse, numbers.t);
}

static bool is_below_n(const mbedtls_mpi_uint *x)
{
    return mbedtls_mpi_core_sub(numbers.t, x, numbers.n, numbers.limbs) != 0;
}

bool reference_is_prepared(const struct ward_key *key)
{
    static const mbedtls_mpi_uint one[ROOM] = { 1 };
    begin(key);
    const bool below = is_below_n(numbers.x);
    multiply(numbers.x, one);
    multiply(numbers.x, one);
    return below && memcmp(numbers.x, one, sizeof one) == 0;
}

bool reference_power(uint32_t *x, const struct ward_key *key, const uint8_t *signature)
{
    const size_t length = ward_key_signature_length(key);
    begin(key);
    memset(numbers.s, 0, sizeof numbers.s);
    for (size_t i = 0; i < length; i++)
        numbers.s[i / LIMB] |= (mbedtls_mpi_uint)signature[length - 1 - i] << (8 * (i % LIMB));
    if (!is_below_n(numbers.s))
        return false;
    multiply(numbers.s, numbers.x);
    for (int i = 0; i < 16; i++)
        multiply(numbers.x, numbers.x);
    multiply(numbers.x, numbers.s);
    for (size_t i = 0; i < WARD_RSA_WORDS; i++)
        x[i] = (uint32_t)(numbers.x[4 * i / LIMB] >> (8 * (4 * i % LIMB)));
    return true;
}
