/* SPDX-License-Identifier: Apache-2.0 */
/* ward: the scopes of a verified token, and the expressions that say which are needed. */
#ifndef WARD_SCOPE_H
#define WARD_SCOPE_H

#include <stddef.h>

#include "ward/status.h"
#include "ward/text.h"
#include "ward/token.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A scope expression says which scopes a caller needs: alternatives separated by `|`, each a list of scopes separated by
 * one space, all of which are needed. It holds at most WARD_MAX_SCOPES scopes, those that stand in it twice counted twice,
 * and WARD_MAX_SCOPE_EXPRESSION bytes.
 *
 *     read:foia                         this scope
 *     read:vectors write:vectors        both
 *     read:database|admin:database      either
 *
 * A scope is one or more of the characters of RFC 6749 section 3.3, without `|`. Scopes are compared as whole words.
 */

/** Most scopes in an expression. A token may have any number. */
#define WARD_MAX_SCOPES 32

/** Longest expression, bytes. */
#define WARD_MAX_SCOPE_EXPRESSION 4096

/**
 * Whether an expression keeps to the grammar; call it once for each at start.
 *
 * @retval WARD_OK                     it does
 * @retval WARD_SCOPE_EXPRESSION       it is empty, has an empty alternative, a space too many or a character that no scope has
 * @retval WARD_SCOPE_EXPRESSION_LONG  it has more than WARD_MAX_SCOPES scopes or WARD_MAX_SCOPE_EXPRESSION bytes
 */
WARD_MUST_USE struct ward_status ward_scope_expression_check(struct ward_text expression);

/**
 * Whether a verified token's scopes satisfy an expression. They are the words of its scope claim: a string of words
 * separated by spaces (RFC 8693 section 4.2) or an array of strings. They are passed over once, whatever the expression is.
 *
 * @retval WARD_OK                     they do
 * @retval WARD_SCOPE_INSUFFICIENT     they do not, or the token has no scope claim
 * @retval WARD_SCOPE_EXPRESSION       the expression breaks the grammar: nothing satisfies it
 * @retval WARD_SCOPE_EXPRESSION_LONG  nor one that is too long
 */
WARD_MUST_USE struct ward_status ward_scope_check(const struct ward_claims *claims, struct ward_text expression);

/**
 * The token's scopes one after the other, each word of a string and each item of an array. All of them together cost one
 * pass over the claim.
 *
 *     size_t at = 0;
 *     while (ward_ok(ward_scope_next(&claims, &at, &scope)))
 *         …
 *
 * @param claims  from ward_verify()
 * @param at      the place: 0 before the first; changed on WARD_OK, and nobody else's
 * @param scope   written on WARD_OK, else emptied; points into the token
 *
 * @retval WARD_OK             there it is
 * @retval WARD_CLAIM_MISSING  that was the last
 */
WARD_MUST_USE struct ward_status ward_scope_next(const struct ward_claims *claims, size_t *at, struct ward_text *scope);

/**
 * Scope `number` of the token, counted from 0. It walks there from the first: for all of them ward_scope_next() is the one to
 * call.
 *
 * @retval WARD_OK             there it is
 * @retval WARD_CLAIM_MISSING  there are no more than `number`
 */
WARD_MUST_USE struct ward_status ward_scope_item(const struct ward_claims *claims, size_t number,
                                                 struct ward_text *scope);

#ifdef __cplusplus
}
#endif

#endif
