/* SPDX-License-Identifier: Apache-2.0 */
/* The order that security hangs on, written once: open, find the key, hash, verify the signature step by step, read the
 * claims. ward_verify() is made of it, and so is the gate, which asks its cache once the token is open, and its budgets
 * between. What one call leaves for the next is in the workspace; the token is exclusively ward's from the first to the
 * last, and whichever refuses leaves nothing of it.
 */
#ifndef WARD_TOKEN_PIPELINE_H
#define WARD_TOKEN_PIPELINE_H

#include "ward/port/crypto.h"
#include "ward/token.h"

/**
 * Opens a token: bounds it and splits it. The token stays as it is.
 *
 * @param token  written: under way on WARD_OK, else none is
 *
 * @retval WARD_OK, WARD_TOKEN_…
 */
WARD_MUST_USE struct ward_status ward_token_open(struct ward_verification *token, const struct ward_expect *expect,
                                                 char *bytes, size_t length, struct ward_workspace *work);

#if WARD_MAX_BUNDLE > 0
/**
 * Opens a bundle in the same way: only how long it may be is another limit, WARD_MAX_BUNDLE.
 *
 * @retval WARD_OK, and those of ward_token_open()
 */
WARD_MUST_USE struct ward_status ward_token_open_bundle(struct ward_verification *token,
                                                        const struct ward_expect *expect, char *bytes, size_t length,
                                                        struct ward_workspace *work);

/**
 * What a bundle that was hashed is known by: SHA-256 of what was signed, for which only one signature is good. The same in builds of any
 * limits.
 */
const uint8_t *ward_token_digest(const struct ward_verification *token);

/**
 * Decodes the payload in place where its claims are not all that is to be read of it: ward_claims_read() has to follow. Only for a
 * signature that is known to be good. All else of the bundle and the workspace is wiped, and it is under way no more.
 *
 * @param payload  written on WARD_OK: the bytes, in the bundle
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL
 */
WARD_MUST_USE struct ward_status ward_token_payload(struct ward_verification *token, char **payload, size_t *length);
#endif

/**
 * What a token that is open is known by: see ward_jws_identify(). The token stays as it is; on a failure it is under way no more.
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_token_identify(struct ward_verification *token,
                                                     uint8_t identity[WARD_SHA256_SIZE]);

/** The text of its header, and of its signature, as long as the token stays as it is. */
struct ward_text ward_token_header_text(const struct ward_verification *token);
struct ward_text ward_token_signature_text(const struct ward_verification *token);

/**
 * Reads the header and finds the key. The token stays as it is; on a refusal it is under way no more.
 *
 * @param kid  written: what it names, empty where the header was not read so far; in the workspace, until the next call
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL, WARD_HEADER_…, WARD_JSON_…, WARD_ALGORITHM_…, WARD_TYPE_…, WARD_KID_…
 * @retval WARD_KEY_UNKNOWN  no key of the set has this kid
 */
WARD_MUST_USE struct ward_status ward_token_find_key(struct ward_verification *token, const struct ward_jwks *keys,
                                                     struct ward_text *kid);

/** The key that was found. */
const struct ward_key *ward_token_key(const struct ward_verification *token);

/** Whether the header names it; else it is the only one of its set. */
bool ward_token_names_key(const struct ward_verification *token);

/**
 * Hashes what was signed, once the signature has its form. From here on a call that refuses wipes token and workspace.
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL, WARD_SIGNATURE_LENGTH, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_token_hash(struct ward_verification *token);

/** Of a token that was hashed: its signature, which ward_token_read() then leaves where it is. Whoever asks for it wipes it. */
uint8_t *ward_token_keep_signature(struct ward_verification *token);

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
 * The same, where `token->whole` says whether exactly these bytes were found whole before: then that is not looked at again. It becomes whether
 * they are.
 *
 * @retval  as ward_token_read()
 */
WARD_MUST_USE struct ward_status ward_token_read_known(struct ward_verification *token, const struct ward_time *now,
                                                       struct ward_claims *claims);

/**
 * Gives up a token: wipes it and the workspace, and tells the backend if its signature was begun. Nothing where none is under way.
 */
void ward_token_abort(struct ward_verification *token);

#endif
