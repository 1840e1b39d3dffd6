/* SPDX-License-Identifier: Apache-2.0 */
#include "port/tls/random.h"

#include "mbedtls/ctr_drbg.h"
#include "psa/crypto.h"

static mbedtls_ctr_drbg_context generator;
static bool (*source)(void *data, size_t length);

static int from_source(void *unused, unsigned char *data, size_t length)
{
    (void)unused;
    return source(data, length) ? 0 : MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED;
}

bool ward_tls_random_begin(bool (*entropy)(void *data, size_t length))
{
    source = entropy;
    mbedtls_ctr_drbg_init(&generator);
    return mbedtls_ctr_drbg_seed(&generator, from_source, NULL, NULL, 0) == 0;
}

int ward_tls_random_for_mbedtls(void *unused, unsigned char *data, size_t length)
{
    (void)unused;
    while (length > 0) {
        const size_t piece = length < MBEDTLS_CTR_DRBG_MAX_REQUEST ? length : MBEDTLS_CTR_DRBG_MAX_REQUEST;
        const int error = mbedtls_ctr_drbg_random(&generator, data, piece);
        if (error != 0)
            return error;
        data += piece;
        length -= piece;
    }
    return 0;
}

bool ward_tls_random_fill(void *data, size_t length)
{
    return ward_tls_random_for_mbedtls(NULL, data, length) == 0;
}

psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t *context, uint8_t *output,
                                             size_t output_size, size_t *output_length)
{
    (void)context;
    if (!ward_tls_random_fill(output, output_size))
        return PSA_ERROR_INSUFFICIENT_ENTROPY;
    *output_length = output_size;
    return PSA_SUCCESS;
}
