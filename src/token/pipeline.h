/* SPDX-License-Identifier: Apache-2.0 */
/* The order that security hangs on, written once: open, hash, verify the signature step by step, read the claims. ward_verify() is made of
 * it, and so is the gate, which asks its cache and its budgets between. What one call leaves for the next is in the workspace; the token is
 * exclusively ward's from the first to the last, and whichever refuses leaves nothing of it.
 */
#ifndef WARD_TOKEN_PIPELINE_H
#define WARD_TOKEN_PIPELINE_H

#include "ward/port/crypto.h"
#include "ward/token.h"

/**
 * Opens a token: bounds it, splits it, reads its header, finds its key. The token stays as it is.
 *
 * @param token  written, but for `stepped`: under way on WARD_OK, else none is
 * @param kid    written: what it names, empty where the header was not read so far; in the workspace, until the next call
 *
 * @retval WARD_OK, WARD_TOKEN_…, WARD_HEADER_…, WARD_JSON_…, WARD_ALGORITHM_…, WARD_TYPE_…, WARD_KID_…
 * @retval WARD_KEY_UNKNOWN  no key of the set has this kid
 */
WARD_MUST_USE struct ward_status ward_token_open(struct ward_verification *token, const struct ward_expect *expect,
                                                 const struct ward_jwks *keys, char *bytes, size_t length,
                                                 struct ward_workspace *work, struct ward_text *kid);

/** The key that a token names which is open. */
const struct ward_key *ward_token_key(const struct ward_verification *token);

/**
 * Hashes what was signed, once the signature has its form. From here on a call that refuses wipes token and workspace.
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL, WARD_SIGNATURE_LENGTH, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_token_hash(struct ward_verification *token);

/**
 * What a token that was hashed is known by: no other token has it.
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_token_identify(struct ward_verification *token,
                                                     uint8_t identity[WARD_SHA256_SIZE]);

/**
 * Begins to verify the signature of a token that was hashed.
 *
 * @retval WARD_UNFINISHED  begun: the steps follow
 * @retval WARD_SIGNATURE_INVALID, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_token_begin_signature(struct ward_verification *token);

/**
 * One step of it: at most one multiplication.
 *
 * @retval WARD_UNFINISHED     more steps follow
 * @retval WARD_OK             the signature is good
 * @retval WARD_NOT_UNDER_WAY  nothing was begun, or its workspace serves another token meanwhile
 * @retval WARD_SIGNATURE_INVALID, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_token_step_signature(struct ward_verification *token);

/**
 * Decodes the payload in place and checks every demand of expect. Only for a token whose signature is known to be good, which is no longer
 * under way after it. All else of the token is wiped.
 *
 * @param claims  written on WARD_OK only
 *
 * @retval WARD_OK, WARD_CLOCK_NOT_SET, WARD_TOKEN_NOT_BASE64URL, WARD_JSON_…, and the codes of the claims
 */
WARD_MUST_USE struct ward_status ward_token_read(struct ward_verification *token, const struct ward_time *now,
                                                 struct ward_claims *claims);

/**
 * Gives up a token: wipes it and the workspace, and tells the backend if its signature was begun (`stepped` says so: false before
 * ward_token_open() where a token may be given up that was only hashed). Nothing where none is under way.
 */
void ward_token_abort(struct ward_verification *token);

#endif
