/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres.h"

#include <time.h>

#include "access/xact.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "tcop/utility.h"

#include "port/postgresql/keys.h"
#include "port/postgresql/session.h"
#include "port/postgresql/settings.h"

/* Who is there. The claims point into `token` and `work`. */
static struct {
    char token[WARD_MAX_TOKEN];
    size_t length;
    struct ward_workspace work;
    struct ward_claims claims;
    Oid session_user, role; /* who had them taken, and they are nobody else's */
    bool lasts_for_session;
    bool is_there;
} who;

/* Transactions that have ended, and how many had when the keys of a session's token were last looked at. */
static uint64 ended, looked_at;

static ProcessUtility_hook_type next_utility;

void ward_pg_session_forget(void)
{
    explicit_bzero(who.token, who.length);
    explicit_bzero(&who.work, sizeof who.work);
    memset(&who.claims, 0, sizeof who.claims);
    who.length = 0;
    who.is_there = false;
}

/* ---- Taking a token. */

static struct ward_status verify(const char *token, size_t length)
{
    const struct ward_jwks *const keys = ward_pg_keys_of(ward_pg_settings_key_file(), &who.work);
    const uint64_t now = (uint64_t)time(NULL);
    if (length > sizeof who.token)
        return ward_status_of(WARD_TOKEN_TOO_LONG);
    memcpy(who.token, token, length);
    who.length = length;
    const struct ward_status status = ward_verify(ward_pg_settings_expect(), keys, ward_time_set(now), who.token,
                                                  length, &who.work, &who.claims);
    if (ward_ok(status) && now >= who.claims.expires)
        return ward_status_of(WARD_TOKEN_EXPIRED);
    return status;
}

struct ward_status ward_pg_session_take(const char *token, size_t length)
{
    ward_pg_session_forget();
    const struct ward_status status = verify(token, length);
    if (!ward_ok(status)) {
        ward_pg_session_forget();
        return status;
    }
    who.session_user = GetSessionUserId();
    who.role = GetOuterUserId();
    who.lasts_for_session = ward_pg_settings_lasts_for_session();
    looked_at = ended;
    who.is_there = true;
    return status;
}

/* ---- Being asked. */

/* What lasts beyond a transaction does not outlive the keys that were there: each transaction looks at them once. */
static bool are_keys_gone(void)
{
    if (!who.lasts_for_session || looked_at == ended)
        return false;
    looked_at = ended;
    return ward_pg_keys_are_others(ward_pg_settings_key_file());
}

static bool is_over(void)
{
    return (uint64_t)time(NULL) >= who.claims.expires || who.session_user != GetSessionUserId() ||
           who.role != GetOuterUserId() || are_keys_gone();
}

const struct ward_claims *ward_pg_session_claims(void)
{
    if (!who.is_there)
        return NULL;
    /* For good: a clock that is set back, and a role that is taken again, bring nobody back. */
    if (is_over())
        ward_pg_session_forget();
    return who.is_there ? &who.claims : NULL;
}

/* ---- Ends. */

static void on_transaction(XactEvent event, void *context)
{
    (void)context;
    switch (event) {
    case XACT_EVENT_PRE_COMMIT:
    case XACT_EVENT_PARALLEL_PRE_COMMIT:
    case XACT_EVENT_PRE_PREPARE: return; /* triggers that were deferred still run */
    case XACT_EVENT_COMMIT:
    case XACT_EVENT_PARALLEL_COMMIT:
    case XACT_EVENT_PREPARE:
        ended++;
        if (!who.lasts_for_session)
            ward_pg_session_forget();
        return;
    default: ended++; ward_pg_session_forget(); /* any abort */
    }
}

/* NOLINTNEXTLINE(bugprone-easily-swappable-parameters): the parameters are the server's. */
static void on_subtransaction(SubXactEvent event, SubTransactionId own, SubTransactionId parent, void *context)
{
    (void)own;
    (void)parent;
    (void)context;
    if (event == SUBXACT_EVENT_ABORT_SUB)
        ward_pg_session_forget();
}

static bool sets_role(const VariableSetStmt *statement)
{
    if (statement->kind == VAR_RESET_ALL)
        return true;
    return statement->name != NULL && (pg_strcasecmp(statement->name, "role") == 0 ||
                                       pg_strcasecmp(statement->name, "session_authorization") == 0);
}

/* Whether a statement is one that a pool gives a connection to the next client by. */
static bool is_end(const Node *statement)
{
    if (IsA(statement, DiscardStmt))
        return ((const DiscardStmt *)statement)->target == DISCARD_ALL;
    return IsA(statement, VariableSetStmt) && sets_role((const VariableSetStmt *)statement);
}

static void on_utility(PlannedStmt *planned, const char *query, bool is_read_only, ProcessUtilityContext context,
                       ParamListInfo parameters, QueryEnvironment *environment, DestReceiver *receiver,
                       QueryCompletion *completion)
{
    if (is_end(planned->utilityStmt))
        ward_pg_session_forget();
    if (next_utility != NULL)
        next_utility(planned, query, is_read_only, context, parameters, environment, receiver, completion);
    else
        standard_ProcessUtility(planned, query, is_read_only, context, parameters, environment, receiver, completion);
}

void ward_pg_session_begin(void)
{
    RegisterXactCallback(on_transaction, NULL);
    RegisterSubXactCallback(on_subtransaction, NULL);
    next_utility = ProcessUtility_hook;
    ProcessUtility_hook = on_utility;
}
