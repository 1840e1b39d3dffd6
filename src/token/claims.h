/* SPDX-License-Identifier: Apache-2.0 */
/* The claims of a token whose signature holds (RFC 7519 section 4). */
#ifndef WARD_TOKEN_CLAIMS_H
#define WARD_TOKEN_CLAIMS_H

#include "ward/token.h"

/**
 * Reads the payload and checks every demand of expect.
 *
 * @param now      seconds of a clock that is set
 * @param payload  its bytes; strings are unescaped in place
 * @param work     its table of values stays in use as long as claims
 * @param claims   written on WARD_OK only
 *
 * @retval WARD_OK, WARD_JSON_…, and the codes of the claims
 */
WARD_MUST_USE struct ward_status ward_claims_read(const struct ward_expect *expect, uint64_t now, char *payload,
                                                  size_t length, struct ward_workspace *work,
                                                  struct ward_claims *claims);

/**
 * Does the same with bytes that were read before, exactly these, and whose JSON was whole: without looking for what cannot be
 * in it. A function of its own, so that firmware that remembers no token does not carry it.
 *
 * @retval WARD_OK, WARD_JSON_…, and the codes of the claims
 */
WARD_MUST_USE struct ward_status ward_claims_read_again(const struct ward_expect *expect, uint64_t now, char *payload,
                                                        size_t length, struct ward_workspace *work,
                                                        struct ward_claims *claims);

#endif
