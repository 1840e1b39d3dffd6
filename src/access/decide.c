/* SPDX-License-Identifier: Apache-2.0 */
#include "access/decide.h"

#include <string.h>

#include "access/authenticate.h"
#include "access/budget.h"
#include "access/cache.h"
#include "access/denylist.h"
#include "access/finish.h"
#include "access/gate_lock.h"
#include "access/owner.h"
#include "access/scope.h"
#include "crypto/wipe.h"
#include "encoding/b64token.h"
#include "keys/key.h"
#include "keys/keyring.h"
#include "token/pipeline.h"

/* Seconds after which to ask again where nothing tells when it will be better. */
enum { RETRY_SOON = 30 };

/* What the same request finds is what it was refused for not having found. */
enum { RETRY_AT_ONCE = 1 };

/* A keyring without keys, or with stale ones, fetches sooner for being asked. */
static struct ward_status keyring_ready(const struct ward_check *check)
{
    struct ward_keyring *const keyring = check->gate->keyring;
    const struct ward_text none = { NULL, 0 };
    uint32_t retry_after;
    const struct ward_status status = ward_keyring_ready(keyring, check->caller.now);
    if (!ward_ok(status) && ward_keyring_request_refresh(keyring, none, check->caller.uptime, &retry_after).code ==
                                WARD_KEY_REFRESH_PENDING)
        check->decision->answer.retry_after = retry_after;
    return status;
}

static struct ward_status fixed_keys_ready(const struct ward_jwks *keys)
{
    return ward_status_of(keys != NULL && keys->count > 0 ? WARD_OK : WARD_KEYS_ABSENT);
}

static struct ward_status check_ready(const struct ward_check *check)
{
    if (check->gate->policy == NULL)
        return ward_status_of(WARD_POLICY_EXPECT);
    check->decision->answer.retry_after = RETRY_SOON;
    if (!ward_ok(check->gate->closed))
        return check->gate->closed;
    if (check->caller.now.trust != WARD_TIME_SET)
        return ward_status_of(WARD_CLOCK_NOT_SET);
    const struct ward_status status = check->gate->keyring != NULL ? keyring_ready(check)
                                                                   : fixed_keys_ready(check->keys);
    if (ward_ok(status))
        check->decision->answer.retry_after = 0;
    return status;
}

/* The signature has stayed in the token until here; nothing of it stays longer. */
static void add_to_cache(struct ward_check *check)
{
    const size_t length = check->signature != NULL ? ward_key_signature_length(check->key) : 0;
    const struct ward_known known = { check->digest, { (const char *)check->signature, length }, check->header };
    const uint32_t marks = (check->named ? WARD_KNOWN_NAMED : 0u) | ((uint32_t)check->token.whole * WARD_KNOWN_WHOLE);
    ward_cache_add(check->gate, &known, check->key, marks, check->decision->grant.owner);
    if (length > 0)
        ward_wipe(check->signature, length);
}

/* Of a token that is known it is, too. */
static struct ward_status find_owner(const struct ward_check *check)
{
    struct ward_grant *const grant = &check->decision->grant;
    if (check->hit)
        return ward_status_of(WARD_OK);
    return ward_owner_of(check->gate->policy->expect, &grant->claims, &check->gate->audit.sha, grant->owner);
}

/* A caller without subject may be denied by its client, or with all that have no subject. */
static struct ward_status check_denials(const struct ward_check *check)
{
    const struct ward_claims *const claims = &check->decision->grant.claims;
    uint8_t none[WARD_OWNER_SIZE];
    if (ward_denied(check->gate, check->decision->grant.owner, claims->issued))
        return ward_status_of(WARD_SUBJECT_DENIED);
    if (claims->subject.length > 0)
        return ward_status_of(WARD_OK);
    const struct ward_status status = ward_owner_of_none(check->gate->policy->expect, claims, &check->gate->audit.sha,
                                                         none);
    if (ward_ok(status) && ward_denied(check->gate, none, claims->issued))
        return ward_status_of(WARD_SUBJECT_DENIED);
    return status;
}

static bool key_is_held(const struct ward_check *check)
{
    return check->gate->keyring == NULL || ward_keyring_holds(check->gate->keyring, check->keys, check->key);
}

/*
 * What held when the check began may have changed since: a key that was removed verifies nobody. Whom a changed policy refuses is a
 * verified subject all the same, and is written to the audit as one.
 */
static struct ward_status find_subject(const struct ward_check *check)
{
    if (!key_is_held(check))
        return ward_status_of(WARD_KEY_UNKNOWN);
    const struct ward_status status = find_owner(check);
    const bool changed = check->generation != check->gate->generation;
    return ward_ok(status) && changed ? ward_status_of(WARD_POLICY_CHANGED) : status;
}

/* Who it is: known, not denied, within the budget. With the lock held. */
static struct ward_status admit(struct ward_check *check)
{
    const struct ward_status status = find_subject(check);
    if (!ward_ok(status))
        return status;
    if (!check->hit)
        add_to_cache(check);
    const struct ward_status denied = check_denials(check);
    /* Who is denied has a budget, too: what is within it is written to the audit one by one. */
    const struct ward_status budget = ward_request_consume(check);
    check->beyond_budget = !ward_ok(budget);
    return ward_ok(denied) ? budget : denied;
}

static struct ward_status check_subject(struct ward_check *check)
{
    ward_gate_lock(check->gate);
    const struct ward_status status = admit(check);
    ward_gate_unlock(check->gate);
    if (status.code == WARD_POLICY_CHANGED)
        check->decision->answer.retry_after = RETRY_AT_ONCE;
    if (status.code != WARD_KEY_UNKNOWN)
        return status;
    /* Nor does the audit name whom it has not verified. */
    memset(&check->decision->grant, 0, sizeof check->decision->grant);
    /* The set that the check has kept still has the key, and so its kid. */
    return ward_key_missing(check, ward_key_kid(check->key));
}

static struct ward_status check_scopes(const struct ward_check *check)
{
    const struct ward_demand *const demand = &check->demand;
    if (demand->any_scope)
        return ward_status_of(WARD_OK);
    return ward_scope_check_from(&check->decision->grant.claims, check->gate->policy->scopes_from, demand->expression);
}

/* Steps 8 to 10, once the signature is known to be good. */
static struct ward_status judge(struct ward_check *check)
{
    struct ward_status status = ward_read_claims(check);
    if (ward_ok(status))
        status = check_subject(check);
    if (ward_ok(status))
        status = check_scopes(check);
    return status;
}

static void note_grant(const struct ward_check *check)
{
    ward_gate_lock(check->gate);
    ward_signature_granted(check);
    ward_gate_unlock(check->gate);
}

static void leave(struct ward_check *check)
{
    if (check->entered)
        ward_keyring_leave(check->gate->keyring, check->keys);
    check->entered = false;
}

static struct ward_status decided(struct ward_check *check, struct ward_status status)
{
    if (status.code == WARD_UNFINISHED)
        return status;
    leave(check);
    if (status.code == WARD_SCOPE_INSUFFICIENT)
        check->decision->answer.scope = ward_scope_first(check->demand.expression);
    if (ward_ok(status))
        note_grant(check);
    return status;
}

/*
 * What the gate has not seen before may have any characters: they come before all else that is wrong with it, as step 3 has it. A token that
 * is known has those that it had, which were base64url.
 */
static struct ward_status check_characters(const struct ward_check *check, const char *token, size_t length,
                                           struct ward_status status)
{
    if (check->hit || !check->unread || ward_is_b64token(token, length))
        return status;
    check->decision->answer.retry_after = 0;
    return ward_status_of(WARD_CREDENTIAL_INVALID);
}

struct ward_status ward_decide_begin(struct ward_check *check, char *token, size_t length)
{
    struct ward_keyring *const keyring = check->gate->keyring;
    check->keys = keyring != NULL ? ward_keyring_enter(keyring) : check->gate->keys;
    check->entered = keyring != NULL;
    struct ward_status status = check_ready(check);
    if (ward_ok(status))
        status = ward_recall(check, token, length);
    status = check_characters(check, token, length, status);
    if (ward_ok(status) && !check->hit)
        status = ward_authenticate(check);
    if (ward_ok(status))
        status = judge(check);
    return decided(check, status);
}

struct ward_status ward_decide_step(struct ward_check *check)
{
    struct ward_status status = ward_token_step_signature(&check->token);
    if (ward_ok(status))
        status = check_ready(check);
    if (ward_ok(status))
        status = judge(check);
    return decided(check, status);
}

void ward_decide_abort(struct ward_check *check)
{
    ward_token_abort(&check->token);
    leave(check);
    /* What is under way has bytes. */
    ward_wipe(check->bytes, check->length);
    check->gate = NULL;
}

struct ward_status ward_check_end(struct ward_check *check, struct ward_status status)
{
    const struct ward_status result = ward_gate_finish(check, status);
    ward_token_abort(&check->token);
    if (!ward_ok(result) && check->length > 0)
        ward_wipe(check->bytes, check->length);
    /* Also what was granted until its record failed, and what an earlier grant has left. */
    if (!ward_ok(result))
        ward_wipe(check->work, sizeof *check->work);
    check->gate = NULL;
    return result;
}
