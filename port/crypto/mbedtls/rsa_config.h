/* SPDX-License-Identifier: Apache-2.0 */
/* What mbedtls_rsa.c needs of mbedTLS: its public RSA and SHA-256, with big numbers from an arena.
 *
 * mbedtls_calloc and mbedtls_free work on whatever the firmware gives to mbedtls_memory_buffer_alloc_init(); nothing
 * falls back to the C library's heap. When the arena turns out to be overwritten mbedTLS calls ward_mbedtls_exit(int),
 * which the firmware provides: it should stop the device.
 */
#ifndef WARD_MBEDTLS_RSA_CONFIG_H
#define WARD_MBEDTLS_RSA_CONFIG_H

#include <limits.h> /* for 2.28's oid.c, which expects it of a configuration */

#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_NO_STD_FUNCTIONS
#define MBEDTLS_PLATFORM_EXIT_MACRO ward_mbedtls_exit
#define MBEDTLS_PLATFORM_SNPRINTF_MACRO ward_mbedtls_snprintf
#define MBEDTLS_MEMORY_BUFFER_ALLOC_C
#define MBEDTLS_NO_PLATFORM_ENTROPY

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_OID_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_MD_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_HAVE_ASM

#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
/* gcov counts a function where it is declared first. */
void ward_mbedtls_exit(int code); /* GCOV_EXCL_LINE: the firmware has it, here a test */
/* Nobody has it: what would write numbers as text is not linked. */
int ward_mbedtls_snprintf(char *text, size_t size, const char *format, ...);
#ifdef __cplusplus
}
#endif

#endif
