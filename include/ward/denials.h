/* SPDX-License-Identifier: Apache-2.0 */
/* ward: whose tokens the gate refuses, although they are good. */
#ifndef WARD_DENIALS_H
#define WARD_DENIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/access.h"
#include "ward/config.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** `issued_until` that denies every token of a subject. */
#define WARD_DENY_ALWAYS UINT64_MAX

/**
 * Denies a subject's tokens, from the next request on and also those that are cached. Denying it again keeps the later time.
 * One issuer's subject: a person who is known under several is denied by ward_deny_subject().
 *
 * @param owner         whom: ward_owner_id(), or ward_client_id() for callers without `sub`
 * @param issued_until  tokens issued at or before this time are denied, and those without `iat`; WARD_DENY_ALWAYS: all.
 *                      With `issued_ahead` (token.h) a token may say that it was issued later than now: deny always
 *                      then
 *
 * @retval WARD_OK
 * @retval WARD_DENY_LIST_FULL  nothing has changed: no entry ever gives way to another
 * @retval (others)             nothing has changed: the gate is closed, see ward_gate_closed()
 */
WARD_MUST_USE struct ward_status ward_deny(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE],
                                           uint64_t issued_until, const struct ward_caller *caller);

/**
 * Denies everybody's tokens issued at or before a time, and those without `iat`; an earlier time than before changes
 * nothing. Written to the audit and stored; while the gate is closed nothing is stored: then it holds until the next
 * start, unless ward_deny_reset() opens the gate.
 */
void ward_deny_all(struct ward_gate *gate, uint64_t issued_until, const struct ward_caller *caller);

/**
 * Sets that time, also back: 0 denies nobody by it. Written to the audit and stored, as ward_deny_all() says.
 */
void ward_deny_all_until(struct ward_gate *gate, uint64_t issued_until, const struct ward_caller *caller);

/**
 * Takes everybody off the deny list, also who is only stored on it since this build cannot hold that list: the gate opens then. The time of
 * ward_deny_all() stays; where it must not be forgotten who was on the list, deny everybody up to now first. Written to the audit and stored.
 *
 * @retval WARD_OK
 * @retval (others)  nothing has changed: the gate is closed for what no dropping opens, see ward_gate_closed()
 */
WARD_MUST_USE struct ward_status ward_deny_reset(struct ward_gate *gate, const struct ward_caller *caller);

/** Takes a subject off the deny list; false if it was not on it, or if the gate is closed: see ward_gate_closed(). */
bool ward_undeny(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], const struct ward_caller *caller);

/**
 * Denies a subject under each issuer that the policy expects, or under their authority: all of them or none. It takes
 * as many entries of the list, and as many events of the audit, as there are names.
 *
 * @param subject       `sub` as the tokens have it; empty: callers that have none
 * @param issued_until  as for ward_deny()
 *
 * @retval WARD_OK
 * @retval WARD_DENY_LIST_FULL  not all of its names fit; nothing has changed
 * @retval WARD_POLICY_EXPECT   the gate was not started
 * @retval WARD_CRYPTO_FAILED   an id could not be computed; nothing has changed
 * @retval (others)             nothing has changed: the gate is closed, see ward_gate_closed()
 */
WARD_MUST_USE struct ward_status ward_deny_subject(struct ward_gate *gate, struct ward_text subject,
                                                   uint64_t issued_until, const struct ward_caller *caller,
                                                   struct ward_workspace *work);

/**
 * Takes a subject off the deny list under each of the names that ward_deny_subject() gives it.
 *
 * @param was_denied  written on WARD_OK: whether it was there under one of them; else false
 *
 * @retval WARD_OK
 * @retval WARD_POLICY_EXPECT  the gate was not started
 * @retval WARD_CRYPTO_FAILED  an id could not be computed; nothing has changed
 * @retval (others)            nothing has changed: the gate is closed, see ward_gate_closed(), and what is stored is not known
 */
WARD_MUST_USE struct ward_status ward_undeny_subject(struct ward_gate *gate, struct ward_text subject,
                                                     const struct ward_caller *caller, struct ward_workspace *work,
                                                     bool *was_denied);

#ifdef __cplusplus
}
#endif

/* The link check: see config.h. */
#ifndef WARD_LIBRARY
#define ward_deny_subject(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_deny_subject(__VA_ARGS__))
#define ward_undeny_subject(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_undeny_subject(__VA_ARGS__))
#endif

#endif
