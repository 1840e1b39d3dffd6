/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of the schema auth. Nobody is NULL, and for a question false. */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "ward/access.h"

#include "port/postgresql/claims.h"
#include "port/postgresql/masking.h"
#include "port/postgresql/session.h"

PG_FUNCTION_INFO_V1(ward_pg_sql_jwt_session_init);
PG_FUNCTION_INFO_V1(ward_pg_sql_init);
PG_FUNCTION_INFO_V1(ward_pg_sql_user_id);
PG_FUNCTION_INFO_V1(ward_pg_sql_uid);
PG_FUNCTION_INFO_V1(ward_pg_sql_session);
PG_FUNCTION_INFO_V1(ward_pg_sql_issuer);
PG_FUNCTION_INFO_V1(ward_pg_sql_has_scope);

/* ---- A token comes. */

/* What helps where it is not the token that is wrong. */
static const char *hint_of(struct ward_status status)
{
    switch (status.code) {
    case WARD_EXPECT_ISSUERS: return "A superuser sets ward.issuer.";
    case WARD_EXPECT_AUDIENCES: return "A superuser sets ward.audience.";
    case WARD_KEYS_ABSENT: return "The server's log says what is wrong with ward.key_file.";
    default: return NULL;
    }
}

/* The statement may have the token in it, as a part of its text. */
static void refuse(struct ward_status status)
{
    const char *const hint = hint_of(status);
    ereport(ERROR, (errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
                    errmsg("%s: %s", ward_status_name(status), ward_status_sentence(status)),
                    hint != NULL ? errhint("%s", hint) : 0, errhidestmt(true), errhidecontext(true)));
}

/* Not strict: a call with NULL, too, must leave nobody. */
Datum ward_pg_sql_jwt_session_init(PG_FUNCTION_ARGS)
{
    struct ward_status status = ward_status_of(WARD_TOKEN_EMPTY);
    ward_pg_session_forget();
    ward_pg_masking_hide_statement();
    if (!PG_ARGISNULL(0)) {
        text *const token = PG_GETARG_TEXT_PP(0);
        status = ward_pg_session_take(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token));
    }
    if (!ward_ok(status))
        refuse(status);
    PG_RETURN_VOID();
}

/* Callers of pg_session_jwt make it; the keys are the settings' here. */
Datum ward_pg_sql_init(PG_FUNCTION_ARGS)
{
    (void)fcinfo;
    PG_RETURN_VOID();
}

/* ---- Who is there. */

/* Whom rows belong to: nobody in particular owns none. */
static const struct ward_claims *owner(void)
{
    const struct ward_claims *const claims = ward_pg_session_claims();
    const bool owns = claims != NULL && claims->subject.length > 0 &&
                      (claims->kind == WARD_SUBJECT_USER || claims->kind == WARD_SUBJECT_MACHINE);
    return owns ? claims : NULL;
}

Datum ward_pg_sql_user_id(PG_FUNCTION_ARGS)
{
    const struct ward_claims *const claims = owner();
    if (claims == NULL)
        PG_RETURN_NULL();
    PG_RETURN_TEXT_P(ward_pg_claims_text(claims->subject));
}

Datum ward_pg_sql_uid(PG_FUNCTION_ARGS)
{
    const struct ward_claims *const claims = owner();
    pg_uuid_t *const uuid = palloc(sizeof *uuid);
    if (claims == NULL || !ward_pg_claims_uuid(claims->subject, uuid))
        PG_RETURN_NULL();
    PG_RETURN_UUID_P(uuid);
}

Datum ward_pg_sql_session(PG_FUNCTION_ARGS)
{
    const struct ward_claims *const claims = ward_pg_session_claims();
    if (claims == NULL)
        PG_RETURN_NULL();
    PG_RETURN_JSONB_P(ward_pg_claims_jsonb(claims));
}

Datum ward_pg_sql_issuer(PG_FUNCTION_ARGS)
{
    const struct ward_claims *const claims = ward_pg_session_claims();
    if (claims == NULL)
        PG_RETURN_NULL();
    PG_RETURN_TEXT_P(ward_pg_claims_text(claims->issuer));
}

/* ---- What may be done. */

/* An expression that breaks the grammar is told to everybody, so that a policy's mistake is seen before it matters. */
Datum ward_pg_sql_has_scope(PG_FUNCTION_ARGS)
{
    text *const words = PG_GETARG_TEXT_PP(0);
    const struct ward_text expression = ward_text_of(VARDATA_ANY(words), VARSIZE_ANY_EXHDR(words));
    const struct ward_status status = ward_scope_expression_check(expression);
    if (!ward_ok(status))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("%s: %s", ward_status_name(status), ward_status_sentence(status))));
    const struct ward_claims *const claims = ward_pg_session_claims();
    PG_RETURN_BOOL(claims != NULL && ward_ok(ward_scope_check(claims, expression)));
}
