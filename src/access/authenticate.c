/* SPDX-License-Identifier: Apache-2.0 */
#include "access/authenticate.h"

#include <string.h>

#include "access/budget.h"
#include "access/cache.h"
#include "access/gate_lock.h"
#include "keys/keyring.h"
#include "token/pipeline.h"

struct ward_status ward_key_missing(struct ward_check *check, struct ward_text kid)
{
    if (check->gate->keyring == NULL)
        return ward_status_of(WARD_KEY_UNKNOWN);
    return ward_keyring_request_refresh(check->gate->keyring, kid, check->caller.uptime,
                                        &check->decision->answer.retry_after);
}

static struct ward_status open(struct ward_check *check, char *token, size_t length)
{
    struct ward_text kid;
    const struct ward_status status = ward_token_open(&check->token, check->gate->policy->expect, check->keys, token,
                                                      length, check->work, &kid);
    if (ward_ok(status))
        check->key = ward_token_key(&check->token);
    return status.code == WARD_KEY_UNKNOWN ? ward_key_missing(check, kid) : status;
}

static struct ward_status hash(struct ward_check *check)
{
    const struct ward_status status = ward_token_hash(&check->token);
    return ward_ok(status) ? ward_token_identify(&check->token, check->digest) : status;
}

/* A known signature costs nothing; an unknown one is paid for before it is checked. */
static struct ward_status look_up(struct ward_check *check)
{
    ward_budgets_refill(check->gate, check->caller.uptime);
    const struct ward_cached *const cached = ward_cache_find(check->gate, check->digest, check->key);
    check->generation = check->gate->generation;
    check->hit = cached != NULL;
    if (cached == NULL)
        return ward_signature_consume(check);
    memcpy(check->decision->grant.owner, cached->owner, sizeof cached->owner);
    return ward_status_of(WARD_OK);
}

static struct ward_status begin_signature(struct ward_check *check)
{
    ward_gate_lock(check->gate);
    const struct ward_status status = look_up(check);
    ward_gate_unlock(check->gate);
    return ward_ok(status) && !check->hit ? ward_token_begin_signature(&check->token) : status;
}

struct ward_status ward_authenticate(struct ward_check *check, char *token, size_t length)
{
    struct ward_status status = open(check, token, length);
    if (ward_ok(status))
        status = hash(check);
    return ward_ok(status) ? begin_signature(check) : status;
}

struct ward_status ward_read_claims(struct ward_check *check)
{
    struct ward_grant *const grant = &check->decision->grant;
    /* Also of a remembered signature: while its token is used, its key is. */
    if (check->gate->keyring != NULL)
        ward_keyring_mark_used(check->gate->keyring, check->key);
    const struct ward_status status = ward_token_read(&check->token, &check->caller.now, &grant->claims);
    /* Whose token it was is said of tokens that hold, whether they were remembered or not. */
    if (!ward_ok(status))
        memset(grant->owner, 0, sizeof grant->owner);
    return status;
}
