/* SPDX-License-Identifier: Apache-2.0 */
/* ward in PostgreSQL: who this backend works for, and for how long. All of it is in the backend's own memory. */
#ifndef WARD_PG_SESSION_H
#define WARD_PG_SESSION_H

#include "ward/token.h"

/** Starts to listen to the ends of transactions and subtransactions, and to who becomes somebody else; once. */
void ward_pg_session_begin(void);

/** Nobody. Wipes all that was known. */
void ward_pg_session_forget(void);

/**
 * Takes a token: from now on the backend works for whom it speaks for, until its transaction ends (or, where a
 * superuser says so, its session), and for nobody after any abort, after `exp`, under another role and after a change
 * of the settings. Whatever is wrong leaves nobody, also who was there before.
 *
 * @param token  its bytes; they are copied
 *
 * @retval WARD_OK             the claims are there
 * @retval WARD_TOKEN_EXPIRED  `exp` is past: ward.leeway does not prolong it
 * @retval (others)            what ward_verify() returns
 */
WARD_MUST_USE struct ward_status ward_pg_session_take(const char *token, size_t length);

/** The claims of whom the backend works for at this moment; NULL: nobody. To be asked at each read. */
const struct ward_claims *ward_pg_session_claims(void);

#endif
