/* SPDX-License-Identifier: Apache-2.0 */
#include "platform.h"

#include <stdint.h>

#include "mbedtls/memory_buffer_alloc.h"
#include "psa/crypto.h"

/* PSA's heap: enough for 4096 bits on a 64-bit machine. */
static unsigned char arena[65536];

/* The application's generator of random numbers. Nothing that ward asks for needs one. */
psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t *context, uint8_t *output,
                                             size_t size, size_t *length)
{
    (void)context;
    (void)output;
    (void)size;
    *length = 0;
    return PSA_ERROR_INSUFFICIENT_ENTROPY;
}

/* mbedTLS ends the program here when its arena was overwritten. */
void ward_mbedtls_exit(int code)
{
    (void)code;
    __builtin_trap();
}

void platform_begin(void)
{
    platform_set_arena(sizeof arena);
}

bool platform_set_arena(size_t size)
{
    mbedtls_psa_crypto_free();
    mbedtls_memory_buffer_alloc_free();
    mbedtls_memory_buffer_alloc_init(arena, size);
    return psa_crypto_init() == PSA_SUCCESS;
}

bool platform_is_idle(void)
{
    mbedtls_psa_stats_t stats;
    mbedtls_psa_get_stats(&stats);
    return stats.MBEDTLS_PRIVATE(volatile_slots) == 0 && stats.MBEDTLS_PRIVATE(locked_slots) == 0;
}

bool platform_prepares_keys(void)
{
    return false;
}

unsigned platform_steps(void)
{
    return 1;
}
