/* SPDX-License-Identifier: Apache-2.0 */
/* The order that security hangs on, written once: open, hash, check the signature, read the claims. ward_verify() is made of it, and so is
 * the gate, which asks its cache and its budgets between the steps. What a step leaves for the next one is in the workspace, so that the
 * steps can be taken one at a time; the token is exclusively ward's from the first to the last.
 */
#ifndef WARD_TOKEN_PIPELINE_H
#define WARD_TOKEN_PIPELINE_H

#include "ward/port/crypto.h"
#include "ward/token.h"

/**
 * Opens a token: bounds it, splits it, reads its header, finds its key. The token stays as it is.
 *
 * @param key  written: the key that it names; NULL unless WARD_OK
 * @param kid  written: what it names, empty where the header was not read so far; in the workspace, until the next step
 *
 * @retval WARD_OK, WARD_TOKEN_…, WARD_HEADER_…, WARD_JSON_…, WARD_ALGORITHM_…, WARD_TYPE_…, WARD_KID_…
 * @retval WARD_KEY_UNKNOWN  no key of the set has this kid
 */
WARD_MUST_USE struct ward_status ward_token_open(const struct ward_expect *expect, const struct ward_jwks *keys,
                                                 char *token, size_t length, struct ward_workspace *work,
                                                 const struct ward_key **key, struct ward_text *kid);

#if WARD_MAX_BUNDLE > 0
/**
 * Opens a bundle in the same way: only how long it may be is another limit, WARD_MAX_BUNDLE.
 *
 * @param key  written: the key that it names; NULL unless WARD_OK
 *
 * @retval WARD_OK, and those of ward_token_open()
 */
WARD_MUST_USE struct ward_status ward_token_open_bundle(const struct ward_expect *expect, const struct ward_jwks *keys,
                                                        char *bundle, size_t length, struct ward_workspace *work,
                                                        const struct ward_key **key);

/**
 * Decodes the payload in place where its claims are not all that is to be read of it: ward_claims_read() has to follow. Only for a signature
 * that is known to be good. All else of the bundle and the workspace is wiped.
 *
 * @param payload  written on WARD_OK: the bytes, in the bundle
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL
 */
WARD_MUST_USE struct ward_status ward_token_payload(struct ward_workspace *work, char **payload, size_t *length);
#endif

/**
 * Hashes what was signed, once the signature has its form. From here on a step that refuses wipes token and workspace.
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL, WARD_SIGNATURE_LENGTH, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_token_hash(struct ward_workspace *work);

/**
 * What a token that was hashed is known by: no other token has it.
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_token_identify(struct ward_workspace *work, uint8_t identity[WARD_SHA256_SIZE]);

/**
 * Checks the signature of a token that was hashed: the one expensive step.
 *
 * @retval WARD_OK, WARD_SIGNATURE_INVALID, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_token_check_signature(struct ward_workspace *work);

/**
 * Decodes the payload in place and checks every demand of expect. Only for a token whose signature is known to be good. All else of the
 * token is wiped.
 *
 * @param now     seconds of a clock that is set
 * @param claims  written on WARD_OK only
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL, WARD_JSON_…, and the codes of the claims
 */
WARD_MUST_USE struct ward_status ward_token_read(const struct ward_expect *expect, uint64_t now,
                                                 struct ward_workspace *work, struct ward_claims *claims);

#endif
