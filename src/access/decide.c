#include "access/gate.h"

#include <string.h>

#include "access/cache.h"
#include "access/denylist.h"
#include "access/limiter.h"
#include "access/owner.h"
#include "access/scope.h"
#include "crypto/wipe.h"
#include "token/claims.h"
#include "token/jws.h"

/* Seconds after which to ask again where nothing tells when it will be better. */
enum { RETRY_SOON = 30 };

static const struct ward_rate default_rsa_rate = { 1, 1, 8 };
static const struct ward_rate default_subject_rate = { 60, 60, 20 };

/* One token on its way through the gate. */
struct passage {
    struct ward_gate *gate;
    const struct ward_caller *caller;
    struct ward_workspace *work;
    struct ward_decision *decision;
    struct ward_jws jws;
    uint8_t signed_digest[WARD_SHA256_SIZE];
    uint8_t token_digest[WARD_SHA256_SIZE];
    uint8_t owner[WARD_OWNER_SIZE];
    uint32_t wait;
    bool hit;
};

static struct ward_rate rate_or(struct ward_rate rate, struct ward_rate otherwise)
{
    return rate.count == 0 && rate.seconds == 0 && rate.burst == 0 ? otherwise : rate;
}

static struct ward_rate rsa_rate(const struct ward_gate *gate)
{
    return rate_or(gate->policy->rsa, default_rsa_rate);
}

static struct ward_rate peer_rate(const struct ward_gate *gate)
{
    return rate_or(gate->policy->rsa_peer, default_rsa_rate);
}

static struct ward_rate subject_rate(const struct ward_gate *gate)
{
    return rate_or(gate->policy->subject, default_subject_rate);
}

/* ---- What the gate remembers; each of these with the lock held. */

/* The peer's own bucket; a peer that is not known has none, only the gate's budget bounds it. */
static struct ward_bucket *peer_bucket(struct passage *passage)
{
    static const struct ward_peer unknown;
    struct ward_gate *const gate = passage->gate;
    const uint8_t *const address = passage->caller->peer.address;
    if (memcmp(address, unknown.address, sizeof unknown.address) == 0)
        return NULL;
    return ward_bucket_of(gate->peers, WARD_PEER_SLOTS, &gate->other_peers, address, peer_rate(gate),
                          passage->caller->uptime);
}

static struct ward_status spend_rsa(struct passage *passage)
{
    struct ward_gate *const gate = passage->gate;
    const uint32_t uptime = passage->caller->uptime;
    struct ward_bucket *const peer = peer_bucket(passage);
    if (peer != NULL && !ward_bucket_has(peer, peer_rate(gate), uptime, &passage->wait))
        return ward_status_of(WARD_RSA_BUDGET_SPENT);
    if (!ward_bucket_has(&gate->rsa, rsa_rate(gate), uptime, &passage->wait))
        return ward_status_of(WARD_RSA_BUDGET_SPENT);
    ward_bucket_take(&gate->rsa, rsa_rate(gate), uptime);
    if (peer != NULL)
        ward_bucket_take(peer, peer_rate(gate), uptime);
    return ward_status_of(WARD_OK);
}

static void give_rsa_back(struct passage *passage)
{
    struct ward_gate *const gate = passage->gate;
    struct ward_bucket *const peer = peer_bucket(passage);
    ward_bucket_give(&gate->rsa, rsa_rate(gate), passage->caller->uptime);
    if (peer != NULL)
        ward_bucket_give(peer, peer_rate(gate), passage->caller->uptime);
}

static struct ward_status spend_request(struct passage *passage)
{
    struct ward_gate *const gate = passage->gate;
    const struct ward_rate rate = subject_rate(gate);
    const uint32_t uptime = passage->caller->uptime;
    struct ward_bucket *const bucket =
        ward_bucket_of(gate->subjects, WARD_SUBJECT_SLOTS, &gate->other_subjects, passage->owner, rate, uptime);
    if (!ward_bucket_has(bucket, rate, uptime, &passage->wait))
        return ward_status_of(WARD_SUBJECT_BUDGET_SPENT);
    ward_bucket_take(bucket, rate, uptime);
    return ward_status_of(WARD_OK);
}

/* A known signature costs nothing; an unknown one is paid for before any RSA. */
static struct ward_status look_up(struct passage *passage)
{
    const struct ward_cached *const cached =
        ward_cache_find(passage->gate, passage->token_digest, passage->jws.key);
    passage->hit = cached != NULL;
    if (cached == NULL)
        return spend_rsa(passage);
    memcpy(passage->owner, cached->owner, sizeof passage->owner);
    return ward_status_of(WARD_OK);
}

/* Who it is: remembered, denied, within the budget. */
static struct ward_status admit(struct passage *passage)
{
    const struct ward_claims *const claims = &passage->decision->grant.claims;
    if (!passage->hit) {
        const struct ward_status status =
            ward_owner_compute(claims->issuer, claims->subject, &passage->gate->audit.sha, passage->owner);
        if (!ward_ok(status))
            return status;
        ward_cache_add(passage->gate, passage->token_digest, passage->jws.key, passage->owner);
    }
    memcpy(passage->decision->grant.owner, passage->owner, WARD_OWNER_SIZE);
    if (ward_denied(passage->gate, passage->owner, claims->issued))
        return ward_status_of(WARD_SUBJECT_DENIED);
    return spend_request(passage);
}

/* ---- The steps. */

static struct ward_status check_ready(const struct ward_gate *gate, const struct ward_caller *caller)
{
    if (caller->now.trust != WARD_TIME_SET)
        return ward_status_of(WARD_CLOCK_NOT_SET);
    return ward_status_of(gate->keys != NULL && gate->keys->count > 0 ? WARD_OK : WARD_KEYS_ABSENT);
}

static struct ward_status read_token(struct passage *passage, char *token, size_t length)
{
    struct ward_status status = ward_jws_cut(&passage->jws, token, length);
    if (ward_ok(status))
        status = ward_jws_read_header(&passage->jws, passage->gate->policy->expect, passage->gate->keys, passage->work);
    if (ward_ok(status))
        status = ward_jws_hash(&passage->jws, passage->work, passage->signed_digest, passage->token_digest);
    return status;
}

static struct ward_status check_signature(struct passage *passage)
{
    ward_gate_lock(passage->gate);
    const struct ward_status status = look_up(passage);
    ward_gate_unlock(passage->gate);
    if (!ward_ok(status) || passage->hit)
        return status;
    return ward_jws_check_signature(&passage->jws, passage->work, passage->signed_digest);
}

static struct ward_status read_claims(struct passage *passage)
{
    char *payload = NULL;
    size_t length = 0;
    ward_wipe(passage->work, sizeof *passage->work);
    struct ward_status status = ward_jws_decode_payload(&passage->jws, &payload, &length);
    if (ward_ok(status))
        status = ward_claims_read(passage->gate->policy->expect, passage->caller->now, payload, length, passage->work,
                                  &passage->decision->grant.claims);
    return status;
}

static struct ward_status check_subject(struct passage *passage)
{
    ward_gate_lock(passage->gate);
    const struct ward_status status = admit(passage);
    ward_gate_unlock(passage->gate);
    return status;
}

static struct ward_status check_scopes(struct passage *passage, const struct ward_demand *demand)
{
    if (demand->any_scope)
        return ward_status_of(WARD_OK);
    return ward_scope_check_from(&passage->decision->grant.claims, passage->gate->policy->scopes_from,
                                 demand->expression);
}

static struct ward_status pass(struct passage *passage, char *token, size_t length, const struct ward_demand *demand)
{
    struct ward_status status = check_ready(passage->gate, passage->caller);
    if (ward_ok(status))
        status = read_token(passage, token, length);
    if (ward_ok(status))
        status = check_signature(passage);
    if (ward_ok(status))
        status = read_claims(passage);
    if (ward_ok(status))
        status = check_subject(passage);
    if (ward_ok(status))
        status = check_scopes(passage, demand);
    return status;
}

static uint32_t retry_after(struct ward_status status, uint32_t wait)
{
    switch (status.code) {
    case WARD_RSA_BUDGET_SPENT:
    case WARD_SUBJECT_BUDGET_SPENT:
        return (wait + 999u) / 1000u;
    case WARD_CLOCK_NOT_SET:
    case WARD_KEYS_ABSENT:
        return RETRY_SOON;
    default:
        return 0;
    }
}

struct ward_status ward_gate_decide(struct ward_gate *gate, char *token, size_t length, const struct ward_demand *demand,
                                    const struct ward_caller *caller, struct ward_workspace *work,
                                    struct ward_decision *decision)
{
    struct passage passage;
    memset(&passage, 0, sizeof passage);
    passage.gate = gate;
    passage.caller = caller;
    passage.work = work;
    passage.decision = decision;
    const struct ward_status status = pass(&passage, token, length, demand);
    decision->answer.retry_after = retry_after(status, passage.wait);
    if (status.code == WARD_SCOPE_INSUFFICIENT)
        decision->answer.scope = ward_scope_first(demand->expression);
    if (ward_ok(status) && !passage.hit) {
        ward_gate_lock(gate);
        give_rsa_back(&passage);
        ward_gate_unlock(gate);
    }
    if (!ward_ok(status))
        ward_wipe(work, sizeof *work);
    return status;
}
