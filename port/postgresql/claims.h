/* SPDX-License-Identifier: Apache-2.0 */
/* ward in PostgreSQL: claims as the server's values. After postgres.h. */
#ifndef WARD_PG_CLAIMS_H
#define WARD_PG_CLAIMS_H

#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "ward/token.h"

/** A text of a token (UTF-8) in the database's encoding; raises an error where that cannot hold it, as a NUL. */
text *ward_pg_claims_text(struct ward_text words);

/** All claims as jsonb; raises an error where one holds what jsonb or the database's encoding cannot. */
Jsonb *ward_pg_claims_jsonb(const struct ward_claims *claims);

/** A subject that is a UUID in its usual form, 8-4-4-4-12 hexadecimal digits; false: it is another word. */
bool ward_pg_claims_uuid(struct ward_text subject, pg_uuid_t *uuid);

#endif
