/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures by a private key in a file: for tools that stand in for an operator, never for a device. */
#ifndef WARD_POSIX_SIGN_H
#define WARD_POSIX_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "ward/status.h"

/** Bytes of the longest signature, and of the longest modulus: 4096 bits. */
enum { WARD_POSIX_SIGNATURE = 512 };

/** What came of signing. */
struct ward_posix_signed {
    size_t length; /**< bytes of the signature, and of the modulus */
    uint8_t signature[WARD_POSIX_SIGNATURE];
    uint8_t modulus[WARD_POSIX_SIGNATURE]; /**< of the key, most significant byte first */
    uint32_t exponent;                     /**< its public exponent; 0: more than 32 bits */
};

/**
 * Signs bytes by RSASSA-PKCS1-v1_5 with SHA-256 (RS256).
 *
 * @param path    a private key in PEM, without a pass phrase
 * @param made    written on WARD_OK
 *
 * @retval WARD_OK
 * @retval WARD_NOT_PROVIDED   the file cannot be read, or holds no private key in PEM
 * @retval WARD_JWK_TYPE_REFUSED, WARD_JWK_MODULUS_TOO_SHORT, WARD_JWK_MODULUS_TOO_LONG  the key is no RSA key of 2048 to 4096 bits
 * @retval WARD_CRYPTO_FAILED  OpenSSL does not sign
 */
WARD_MUST_USE struct ward_status ward_posix_sign(const char *path, const void *data, size_t length,
                                                 struct ward_posix_signed *made);

/**
 * Reads the public half of a key: of `made` the length, the modulus and the exponent.
 *
 * @param path  a public or private key in PEM, without a pass phrase
 * @param made  written on WARD_OK
 *
 * @retval (all)  as for ward_posix_sign()
 */
WARD_MUST_USE struct ward_status ward_posix_describe(const char *path, struct ward_posix_signed *made);

#endif
