/* SPDX-License-Identifier: Apache-2.0 */
/* A compact JWS (RFC 7515 section 3.1): its segments, its header, its signature. */
#ifndef WARD_TOKEN_JWS_H
#define WARD_TOKEN_JWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/port/crypto.h"
#include "ward/token.h"

/**
 * Bounds the length and finds the dots.
 *
 * @retval WARD_OK, WARD_TOKEN_EMPTY, WARD_TOKEN_TOO_LONG, WARD_TOKEN_OPAQUE, WARD_TOKEN_ENCRYPTED, WARD_TOKEN_MALFORMED
 */
WARD_MUST_USE struct ward_status ward_jws_split(struct ward_jws *jws, char *token, size_t length);

#if WARD_MAX_BUNDLE > 0
/** The same of a bundle, which may be as long as WARD_MAX_BUNDLE. */
WARD_MUST_USE struct ward_status ward_jws_split_bundle(struct ward_jws *jws, char *bundle, size_t length);
#endif

/**
 * Reads the header in a copy and finds the key. The token stays as it is.
 *
 * @retval WARD_OK                     jws->key is the one to check with
 * @retval WARD_KEY_UNKNOWN            jws->kid says which one is missing
 * @retval WARD_TOKEN_NOT_BASE64URL, WARD_HEADER_TOO_LONG, WARD_JSON_…, WARD_ALGORITHM_…, WARD_HEADER_MEMBER_REFUSED,
 *         WARD_TYPE_…, WARD_KID_…
 */
WARD_MUST_USE struct ward_status ward_jws_read_header(struct ward_jws *jws, const struct ward_expect *expect,
                                                      const struct ward_jwks *keys, struct ward_workspace *work);

/**
 * What a token is known by whose parts alone were found; it stays as it is. Where slots keep signatures
 * (WARD_CACHE_SIGNATURES) it is jws->digest, of what was signed, and the signature is to be compared besides. Else it is
 * SHA-256 over a tag and all of the token's text, so that two tokens that differ in any byte have different ones.
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_jws_identify(struct ward_jws *jws, struct ward_workspace *work,
                                                   uint8_t identity[WARD_SHA256_SIZE]);

/** The text of the signature, before ward_jws_hash(). */
struct ward_text ward_jws_signature_text(const struct ward_jws *jws);

/**
 * Decodes the signature in place, bounds it, and hashes what was signed unless it was: jws->digest. The header's copy is gone after it.
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL, WARD_SIGNATURE_LENGTH, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_jws_hash(struct ward_jws *jws, struct ward_workspace *work);

/** After ward_jws_hash(): the signature, as many bytes as the key's modulus has. */
uint8_t *ward_jws_signature(const struct ward_jws *jws);

/**
 * After ward_jws_hash(): leaves the signature to the caller, who wipes it. What its text had besides is wiped, and the token ends
 * before it.
 */
uint8_t *ward_jws_keep_signature(struct ward_jws *jws);

/**
 * Decodes the payload in place and wipes all else of the token.
 *
 * @param payload  written on WARD_OK: the bytes, in the token
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL
 */
WARD_MUST_USE struct ward_status ward_jws_decode_payload(const struct ward_jws *jws, char **payload, size_t *length);

#endif
