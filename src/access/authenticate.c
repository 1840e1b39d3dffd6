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

/* A gate that remembers nothing needs not to know what a token is known by. */
static struct ward_status identify(struct ward_check *check)
{
#if WARD_CACHE_SLOTS > 0
    return ward_token_identify(&check->token, check->digest);
#else
    (void)check;
    return ward_status_of(WARD_OK);
#endif
}

/* With the lock held. */
static void take_known(struct ward_check *check, const struct ward_cached *cached)
{
    check->hit = cached != NULL;
    if (cached == NULL)
        return;
    ward_budgets_refill(check->gate, check->caller.uptime);
    memcpy(check->decision->grant.owner, cached->owner, sizeof cached->owner);
    check->token.whole = (cached->marks & WARD_KNOWN_WHOLE) != 0u;
}

/* Nothing has written into the token yet. */
static struct ward_text text_of(const struct ward_check *check)
{
    return ward_text_of(check->token.bytes, check->token.length);
}

/*
 * Nothing is hashed of a token whose header is not one that the gate has seen with a good signature: it is read first. Nor of one whose
 * text it has kept.
 */
static bool is_worth_a_hash(struct ward_check *check)
{
    check->header = ward_cache_header(ward_token_header_text(&check->token));
    ward_gate_lock(check->gate);
    const bool may = ward_cache_may_know(check->gate, check->header);
    check->generation = check->gate->generation;
    if (WARD_CACHE_TEXT > 0 && may)
        take_known(check, ward_cache_find_text(check->gate, text_of(check), check->keys, &check->key));
    ward_gate_unlock(check->gate);
    return may && !(WARD_CACHE_TEXT > 0 && check->hit);
}

static void find_known(struct ward_check *check)
{
    const struct ward_known known = { check->digest, ward_token_signature_text(&check->token), check->header };
    ward_gate_lock(check->gate);
    struct ward_cached *const cached = ward_cache_find(check->gate, &known, check->keys, &check->key);
    if (WARD_CACHE_TEXT > 0 && cached != NULL)
        ward_cache_keep_text(cached, text_of(check));
    take_known(check, cached);
    ward_gate_unlock(check->gate);
}

static struct ward_status look_up(struct ward_check *check)
{
    const struct ward_status status = identify(check);
    check->identified = ward_ok(status);
    if (ward_ok(status))
        find_known(check);
    return status;
}

struct ward_status ward_recall(struct ward_check *check, char *token, size_t length)
{
    const struct ward_status status = ward_token_open(&check->token, check->gate->policy->expect, token, length,
                                                      check->work);
    return ward_ok(status) && is_worth_a_hash(check) ? look_up(check) : status;
}

static struct ward_status find_key(struct ward_check *check)
{
    struct ward_text kid;
    const struct ward_status status = ward_token_find_key(&check->token, check->keys, &kid);
    if (status.code == WARD_KEY_UNKNOWN)
        return ward_key_missing(check, kid);
    if (ward_ok(status)) {
        check->key = ward_token_key(&check->token);
        check->named = ward_token_names_key(&check->token);
    }
    return status;
}

/* A known signature costs nothing; an unknown one is paid for before it is checked. */
static struct ward_status pay(struct ward_check *check)
{
    ward_gate_lock(check->gate);
    ward_budgets_refill(check->gate, check->caller.uptime);
    const struct ward_status status = ward_signature_consume(check);
    ward_gate_unlock(check->gate);
    return status;
}

struct ward_status ward_authenticate(struct ward_check *check)
{
    struct ward_status status = find_key(check);
    if (ward_ok(status) && !check->identified)
        status = identify(check);
    if (ward_ok(status))
        status = ward_token_hash(&check->token);
    if (ward_ok(status))
        status = pay(check);
    return ward_ok(status) ? ward_token_begin_signature(&check->token) : status;
}

struct ward_status ward_read_claims(struct ward_check *check)
{
    struct ward_grant *const grant = &check->decision->grant;
    /* Also of a remembered signature: while its token is used, its key is. */
    if (check->gate->keyring != NULL)
        ward_keyring_mark_used(check->gate->keyring, check->key);
#if WARD_KEEPS_SIGNATURES
    if (!check->hit)
        check->signature = ward_token_keep_signature(&check->token);
#endif
    const struct ward_status status = ward_token_read_known(&check->token, &check->caller.now, &grant->claims);
    /* Whose token it was is said of tokens that hold, whether they were remembered or not. */
    if (!ward_ok(status))
        memset(grant->owner, 0, sizeof grant->owner);
    return status;
}
