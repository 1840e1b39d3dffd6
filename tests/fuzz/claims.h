/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of the claims of every token that was accepted. */
#ifndef WARD_FUZZ_CLAIMS_H
#define WARD_FUZZ_CLAIMS_H

#include "ward/ward.h"

/** Checks them against the expectations, and asks everything that can be asked of them. */
void claims_check(const struct ward_claims *claims, const struct ward_expect *expect, struct ward_time now,
                  const char *token, size_t length);

#endif
