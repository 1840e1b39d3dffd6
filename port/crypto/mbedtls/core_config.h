/* SPDX-License-Identifier: Apache-2.0 */
/* What mbedtls_core.c needs of mbedTLS: Montgomery arithmetic on 32-bit words and SHA-256. No allocator, no platform layer. */
#ifndef WARD_MBEDTLS_CORE_CONFIG_H
#define WARD_MBEDTLS_CORE_CONFIG_H

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_SHA256_C

/* A key's words are 32 bits on every machine. On a 64-bit one mbedTLS must be told, and then does without assembly. */
#if defined(__LP64__) || defined(_WIN64)
#define MBEDTLS_HAVE_INT32
#else
#define MBEDTLS_HAVE_ASM
#endif

#endif
