/* SPDX-License-Identifier: Apache-2.0 */
/* One JSON Web Key (RFC 7517, RFC 7518 section 6.3), read from a stream. */
#ifndef WARD_KEYS_JWK_H
#define WARD_KEYS_JWK_H

#include "ward/jwks.h"

/** Starts a key: its object has just begun. */
void ward_jwk_begin(struct ward_jwk_reader *jwk);

/**
 * Takes an event of the scanner between the begin and the end of the key's object.
 *
 * @retval WARD_OK                     go on, also when the key has become unusable: jwk->refusal says so
 * @retval WARD_JWKS_DUPLICATE_MEMBER  a member that ward reads stands there twice
 */
WARD_MUST_USE struct ward_status ward_jwk_event(struct ward_jwk_reader *jwk, const struct ward_json_scan *scan);

/**
 * Ends the key; jwk->refusal becomes what is returned.
 *
 * @retval WARD_OK                       jwk->key can be used, prepared included
 * @retval WARD_JWK_TYPE_REFUSED         and so on: it cannot; see enum ward_code
 * @retval WARD_JWK_USE_REFUSED
 * @retval WARD_JWK_OPERATIONS_REFUSED
 * @retval WARD_JWK_ALGORITHM_REFUSED
 * @retval WARD_JWK_MODULUS_INVALID
 * @retval WARD_JWK_MODULUS_TOO_SHORT
 * @retval WARD_JWK_MODULUS_TOO_LONG
 * @retval WARD_JWK_EXPONENT_REFUSED
 * @retval WARD_JWK_KID_INVALID
 * @retval WARD_JWK_KID_TOO_LONG
 * @retval WARD_CRYPTO_FAILED            the backend could not prepare it
 */
WARD_MUST_USE struct ward_status ward_jwk_end(struct ward_jwk_reader *jwk, struct ward_workspace *work);

/** Whether the text of a string matters where the scanner is: that of a name, or of a value that is read. */
bool ward_jwk_reads(const struct ward_jwk_reader *jwk, const struct ward_json_scan *scan);

/** Collects the text of a short string, a name or a value: longer than the buffer matches nothing. */
void ward_jwk_collect(struct ward_jwk_reader *jwk, const struct ward_json_scan *scan);

/** Whether the string collected is this one. */
bool ward_jwk_collected(const struct ward_jwk_reader *jwk, struct ward_text text);

#endif
