/* SPDX-License-Identifier: Apache-2.0 */
/* mbedTLS 3.6 for both sides of TLS 1.2 and 1.3: the client that fetches keys, the server of the device's endpoints. */
#ifndef WARD_PORT_TLS_MBEDTLS_CONFIG_H
#define WARD_PORT_TLS_MBEDTLS_CONFIG_H

#include "ward/port/config.h"

/* No operating system, and memory of the port's arena only (arena.h). */
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO ward_tls_arena_alloc
#define MBEDTLS_PLATFORM_FREE_MACRO ward_tls_arena_free
#define mbedtls_zeroize_and_free ward_tls_arena_wipe_and_free
#define MBEDTLS_PLATFORM_NO_STD_FUNCTIONS
#define MBEDTLS_PLATFORM_EXIT_MACRO ward_tls_exit
#define MBEDTLS_PLATFORM_SNPRINTF_MACRO ward_tls_snprintf
#define MBEDTLS_NO_PLATFORM_ENTROPY

/* Certificates are judged at the time that the fetch was given. */
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_HAVE_TIME_DATE
#define MBEDTLS_PLATFORM_TIME_TYPE_MACRO int64_t
#define MBEDTLS_PLATFORM_TIME_MACRO ward_tls_time
#define MBEDTLS_PLATFORM_MS_TIME_ALT
#define MBEDTLS_PLATFORM_GMTIME_R_ALT

#define MBEDTLS_HAVE_ASM
#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_SSL_SRV_C
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_SSL_PROTO_TLS1_3
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED
#define MBEDTLS_SSL_TLS1_3_COMPATIBILITY_MODE
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE
#define MBEDTLS_SSL_SERVER_NAME_INDICATION
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
#define MBEDTLS_SSL_ALL_ALERT_MESSAGES
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED

/* Any peer may send records of 16 KB; tls.c gives a session as much of a buffer as its next record needs. What we send is short. */
#define MBEDTLS_SSL_IN_CONTENT_LEN 16384
#define MBEDTLS_SSL_OUT_CONTENT_LEN WARD_SERVER_RESPONSE
#define MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH
/* Never offered, since OpenSSL 3.0 then breaks off TLS 1.3; a client may ask for it. */
#define MBEDTLS_SSL_MAX_FRAGMENT_LENGTH

/* Certificates. */
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT
#define MBEDTLS_X509_REMOVE_INFO
#define MBEDTLS_X509_MAX_INTERMEDIATE_CA 4
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_OID_C

/* Public keys. Work on curves is cut into pieces where mbedTLS can do that: TLS 1.2 of the client. */
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_MPI_MAX_SIZE 512
#define MBEDTLS_MPI_WINDOW_SIZE 2
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PKCS1_V21
#define MBEDTLS_ECP_C
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_DP_CURVE25519_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_RESTARTABLE
#define MBEDTLS_ECP_WINDOW_SIZE 4

/* Ciphers and digests. */
#define MBEDTLS_CIPHER_C
#define MBEDTLS_AES_C
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_AES_ONLY_128_BIT_KEY_LENGTH
#define MBEDTLS_GCM_C
#define MBEDTLS_CHACHA20_C
#define MBEDTLS_POLY1305_C
#define MBEDTLS_CHACHAPOLY_C
#define MBEDTLS_MD_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_C
#define MBEDTLS_HKDF_C

/* Randomness: AES-128 in counter mode, seeded from the platform's entropy (random.h). PSA, which TLS 1.3 needs, takes the same. */
#define MBEDTLS_CTR_DRBG_C
#define MBEDTLS_CTR_DRBG_USE_128_BIT_KEY
#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS
#define MBEDTLS_PSA_KEY_SLOT_COUNT 12

#include <stddef.h>
#include <stdint.h>
void *ward_tls_arena_alloc(size_t count, size_t size);
void ward_tls_arena_free(void *memory);
int64_t ward_tls_time(int64_t *time);
/* Nobody has these two: what would end the program, or write numbers as text, is not linked. */
void ward_tls_exit(int code);
int ward_tls_snprintf(char *text, size_t size, const char *format, ...);

#endif
