/* SPDX-License-Identifier: Apache-2.0 */
/* Steps 5 to 8 of a request. */
#ifndef WARD_ACCESS_AUTHENTICATE_H
#define WARD_ACCESS_AUTHENTICATE_H

#include "ward/access.h"

/**
 * The token's form, and whether it is known: check->hit. A hit has the grant's owner as well. Takes the lock.
 *
 * @retval WARD_OK  of a hit: the claims can be read
 * @retval WARD_TOKEN_…, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_recall(struct ward_check *check, char *token, size_t length);

/**
 * Of one that is not known: header and key, the budget, the begin of its signature. Takes the lock.
 *
 * @retval WARD_UNFINISHED  it is paid for and begun: its steps follow
 * @retval (others)         the token is refused
 */
WARD_MUST_USE struct ward_status ward_authenticate(struct ward_check *check);

/** The claims of a token whose signature is good, by the time of the latest step: the grant's on WARD_OK. Takes the lock. */
WARD_MUST_USE struct ward_status ward_read_claims(struct ward_check *check);

/** What is said of a kid that the keys in use do not have: a key that is not there yet may come. Takes the lock. */
WARD_MUST_USE struct ward_status ward_key_missing(struct ward_check *check, struct ward_text kid);

#endif
