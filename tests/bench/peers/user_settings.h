/* SPDX-License-Identifier: Apache-2.0 */
/* wolfSSL for what is counted here: RSA of three lengths, public keys only, and SHA-256; its fast code, not its small one. */
#ifndef WARD_BENCH_USER_SETTINGS_H
#define WARD_BENCH_USER_SETTINGS_H

#define WOLFCRYPT_ONLY
#define SINGLE_THREADED
#define NO_FILESYSTEM
#define NO_WRITEV
#define NO_MAIN_DRIVER
#define WOLFSSL_USER_IO
#define WOLFSSL_IGNORE_FILE_WARN
#define WOLFSSL_GENERAL_ALIGNMENT 4
#define SIZEOF_LONG_LONG 8

#define WOLFSSL_SP_MATH
#define WOLFSSL_HAVE_SP_RSA
#define WOLFSSL_SP_4096
#define WOLFSSL_SP_NO_MALLOC
#define SP_INT_BITS 4096
#define SP_WORD_SIZE 32
#if defined(PEER_ASSEMBLY) && defined(__ARM_ARCH_6M__)
#define WOLFSSL_SP_ASM
#define WOLFSSL_SP_ARM_THUMB_ASM
#elif defined(PEER_ASSEMBLY)
#define WOLFSSL_SP_ASM
#define WOLFSSL_SP_ARM_CORTEX_M_ASM
#endif

/* Its arithmetic (files sp_….c) does not compile for public keys alone in 5.7.2: it gets all, and the linker drops what is not called. */
#ifndef PEER_WHOLE
#define WOLFSSL_RSA_PUBLIC_ONLY
#endif
#define WOLFSSL_RSA_VERIFY_ONLY
#define WOLFSSL_RSA_VERIFY_INLINE
#define WC_NO_RSA_OAEP
#define WC_NO_HARDEN
#define WC_NO_RNG
#define NO_WOLFSSL_MEMORY
#define WOLFSSL_NO_MALLOC
#define NO_ERROR_STRINGS
#define NO_SIG_WRAPPER
#define NO_CERTS
#define NO_ASN_TIME

#define NO_AES
#define NO_DES3
#define NO_RC4
#define NO_DH
#define NO_DSA
#define NO_HMAC
#define NO_MD4
#define NO_MD5
#define NO_SHA
#define NO_PWDBASED
#define NO_PKCS8
#define NO_PKCS12
#define NO_CODING

#endif
