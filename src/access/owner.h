/* SPDX-License-Identifier: Apache-2.0 */
/* Owner ids. */
#ifndef WARD_ACCESS_OWNER_H
#define WARD_ACCESS_OWNER_H

#include "ward/access.h"
#include "ward/port/crypto.h"

/**
 * Who calls: the owner id of the subject, without one that of the client, and without both what all of these share.
 *
 * @param sha  scratch
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_owner_of(const struct ward_expect *expect, const struct ward_claims *claims,
                                               struct ward_sha256 *sha, uint8_t owner[WARD_OWNER_SIZE]);

/** The owner id of the token's issuer that callers without `sub` have in common. */
WARD_MUST_USE struct ward_status ward_owner_of_none(const struct ward_expect *expect, const struct ward_claims *claims,
                                                    struct ward_sha256 *sha, uint8_t owner[WARD_OWNER_SIZE]);

#endif
