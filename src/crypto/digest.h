/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 of a few pieces of memory, with no operation left running whatever happens. */
#ifndef WARD_CRYPTO_DIGEST_H
#define WARD_CRYPTO_DIGEST_H

#include "ward/port/crypto.h"
#include "ward/text.h"

/**
 * @param sha     where it runs; nothing needs to be set in it
 * @param pieces  hashed one after the other
 * @param digest  written on WARD_OK only
 *
 * @retval WARD_OK             done
 * @retval (others)            what the backend said: there is no digest, and what was started is aborted
 */
WARD_MUST_USE struct ward_status ward_digest(struct ward_sha256 *sha, const struct ward_text *pieces, size_t count,
                                             uint8_t digest[WARD_SHA256_SIZE]);

#endif
