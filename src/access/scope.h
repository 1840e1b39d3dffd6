/* SPDX-License-Identifier: Apache-2.0 */
/* Scopes of a verified token, from the claims that the policy names. */
#ifndef WARD_ACCESS_SCOPE_H
#define WARD_ACCESS_SCOPE_H

#include "ward/access.h"

/**
 * Whether the scopes satisfy an expression.
 *
 * @param from  one of enum ward_scopes_from
 *
 * @retval WARD_OK, WARD_SCOPE_INSUFFICIENT, WARD_SCOPE_EXPRESSION, WARD_SCOPE_EXPRESSION_LONG, WARD_PERMISSIONS_INVALID
 */
WARD_MUST_USE struct ward_status ward_scope_check_from(const struct ward_claims *claims, uint8_t from,
                                                       struct ward_text expression);

/** The first alternative of an expression: scopes that would suffice. */
struct ward_text ward_scope_first(struct ward_text expression);

#endif
