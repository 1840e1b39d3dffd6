/* SPDX-License-Identifier: Apache-2.0 */
/* PSA of mbedTLS 3.6 for the tests: with an arena as its heap, so that memory can run out, and as applications build it
 * otherwise. Random numbers are the application's, and nobody asks for one. */
#ifndef WARD_TEST_PSA_MBEDTLS_CONFIG_H
#define WARD_TEST_PSA_MBEDTLS_CONFIG_H

#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_NO_STD_FUNCTIONS
#define MBEDTLS_PLATFORM_EXIT_MACRO ward_mbedtls_exit
#define MBEDTLS_PLATFORM_SNPRINTF_MACRO ward_mbedtls_snprintf
#define MBEDTLS_MEMORY_BUFFER_ALLOC_C
#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_CRYPTO_CONFIG
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG
#define MBEDTLS_PSA_KEY_STORE_DYNAMIC
#define MBEDTLS_HAVE_ASM

#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
void ward_mbedtls_exit(int code);
/* Nobody has it: what would write numbers as text is not linked. */
int ward_mbedtls_snprintf(char *text, size_t size, const char *format, ...);
#ifdef __cplusplus
}
#endif

#endif
