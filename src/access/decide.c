/* SPDX-License-Identifier: Apache-2.0 */
#include "access/decide.h"

#include "access/authenticate.h"
#include "access/budget.h"
#include "access/cache.h"
#include "access/denylist.h"
#include "access/gate_lock.h"
#include "access/owner.h"
#include "access/scope.h"
#include "keys/keyring.h"

/* Seconds after which to ask again where nothing tells when it will be better. */
enum { RETRY_SOON = 30 };

/* A keyring without keys, or with stale ones, fetches sooner for being asked. */
static struct ward_status keyring_ready(const struct ward_check *check)
{
    struct ward_keyring *const keyring = check->gate->keyring;
    const struct ward_text none = { NULL, 0 };
    uint32_t retry_after;
    const struct ward_status status = ward_keyring_ready(keyring, check->caller->now);
    if (!ward_ok(status) && ward_keyring_request_refresh(keyring, none, check->caller->uptime, &retry_after).code ==
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
    if (check->caller->now.trust != WARD_TIME_SET)
        return ward_status_of(WARD_CLOCK_NOT_SET);
    const struct ward_status status = check->gate->keyring != NULL ? keyring_ready(check)
                                                                   : fixed_keys_ready(check->keys);
    if (ward_ok(status))
        check->decision->answer.retry_after = 0;
    return status;
}

/* A token that was good for the first time is remembered with its owner. */
static struct ward_status remember(struct ward_check *check)
{
    struct ward_grant *const grant = &check->decision->grant;
    const struct ward_status status = ward_owner_of(check->gate->policy->expect, &grant->claims,
                                                    &check->gate->audit.sha, grant->owner);
    if (ward_ok(status))
        ward_cache_add(check->gate, check->digest, check->key, grant->owner);
    return status;
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

/* Who it is: known, not denied, within the budget. With the lock held. */
static struct ward_status admit(struct ward_check *check)
{
    const struct ward_status status = check->hit ? ward_status_of(WARD_OK) : remember(check);
    if (!ward_ok(status))
        return status;
    const struct ward_status denied = check_denials(check);
    /* Who is denied has a budget, too: what is within it is written to the audit one by one. */
    const struct ward_status budget = ward_request_consume(check);
    return ward_ok(denied) ? budget : denied;
}

static struct ward_status check_subject(struct ward_check *check)
{
    ward_gate_lock(check->gate);
    const struct ward_status status = admit(check);
    ward_gate_unlock(check->gate);
    return status;
}

static struct ward_status check_scopes(const struct ward_check *check, const struct ward_demand *demand)
{
    if (demand->any_scope)
        return ward_status_of(WARD_OK);
    return ward_scope_check_from(&check->decision->grant.claims, check->gate->policy->scopes_from, demand->expression);
}

static struct ward_status run(struct ward_check *check, char *token, size_t length, const struct ward_demand *demand)
{
    struct ward_status status = check_ready(check);
    if (ward_ok(status))
        status = ward_authenticate(check, token, length);
    if (ward_ok(status))
        status = check_subject(check);
    if (ward_ok(status))
        status = check_scopes(check, demand);
    return status;
}

static void note_grant(const struct ward_check *check)
{
    ward_gate_lock(check->gate);
    ward_signature_granted(check);
    ward_gate_unlock(check->gate);
}

struct ward_status ward_gate_decide(struct ward_gate *gate, char *token, size_t length,
                                    const struct ward_demand *demand, const struct ward_caller *caller,
                                    struct ward_workspace *work, struct ward_decision *decision)
{
    struct ward_check check = { .gate = gate, .caller = caller, .work = work, .decision = decision };
    check.keys = gate->keyring != NULL ? ward_keyring_enter(gate->keyring) : gate->keys;
    const struct ward_status status = run(&check, token, length, demand);
    if (gate->keyring != NULL)
        ward_keyring_leave(gate->keyring, check.keys);
    if (status.code == WARD_SCOPE_INSUFFICIENT)
        decision->answer.scope = ward_scope_first(demand->expression);
    if (ward_ok(status))
        note_grant(&check);
    return status;
}
