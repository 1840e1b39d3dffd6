#include "access/budget.h"

#include <string.h>

#include "access/limiter.h"

static const struct ward_rate default_rsa_rate = { 1, 1, 8 };
static const struct ward_rate default_subject_rate = { 60, 60, 20 };

/* The shared bucket included. */
enum { PEERS = WARD_PEER_SLOTS + 1, SUBJECTS = WARD_SUBJECT_SLOTS + 1 };

static struct ward_rate rate_or(struct ward_rate rate, struct ward_rate otherwise)
{
    return rate.count == 0 ? otherwise : rate;
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

static void settle(struct ward_bucket *buckets, size_t count, struct ward_rate rate, uint32_t uptime, bool first)
{
    for (size_t i = 0; i < count; i++) {
        if (first)
            buckets[i].full_at = uptime;
        ward_budget_settle(&buckets[i].full_at, rate, uptime);
    }
}

void ward_budgets_settle(struct ward_gate *gate, uint32_t uptime)
{
    settle(&gate->rsa, 1, rsa_rate(gate), uptime, !gate->in_use);
    settle(gate->peers, PEERS, peer_rate(gate), uptime, !gate->in_use);
    settle(gate->subjects, SUBJECTS, subject_rate(gate), uptime, !gate->in_use);
    gate->in_use = true;
}

/* Whether a budget has something; if not, the answer tells when to come again. */
static bool has(uint32_t full_at, struct ward_rate rate, const struct ward_check *check)
{
    uint32_t wait;
    if (ward_budget_has(full_at, rate, check->caller->uptime, &wait))
        return true;
    check->decision->answer.retry_after = (wait + 999u) / 1000u;
    return false;
}

/* A peer that is not known has no bucket: only the budget of all bounds it. */
static struct ward_bucket *peer_bucket(const struct ward_check *check)
{
    static const struct ward_peer unknown;
    const uint8_t *const address = check->caller->peer.address;
    if (memcmp(address, unknown.address, sizeof unknown.address) == 0)
        return NULL;
    return ward_bucket_of(check->gate->peers, PEERS, address, peer_rate(check->gate), check->caller->uptime);
}

struct ward_status ward_rsa_spend(struct ward_check *check)
{
    struct ward_gate *const gate = check->gate;
    const uint32_t uptime = check->caller->uptime;
    struct ward_bucket *const peer = peer_bucket(check);
    if (peer != NULL && !has(peer->full_at, peer_rate(gate), check))
        return ward_status_of(WARD_RSA_BUDGET_SPENT);
    if (!has(gate->rsa.full_at, rsa_rate(gate), check))
        return ward_status_of(WARD_RSA_BUDGET_SPENT);
    ward_budget_take(&gate->rsa.full_at, rsa_rate(gate), uptime);
    if (peer != NULL)
        ward_budget_take(&peer->full_at, peer_rate(gate), uptime);
    check->peer = peer;
    return ward_status_of(WARD_OK);
}

void ward_rsa_give_back(const struct ward_check *check)
{
    struct ward_gate *const gate = check->gate;
    const uint32_t uptime = check->caller->uptime;
    ward_budget_give(&gate->rsa.full_at, rsa_rate(gate), uptime);
    if (check->peer != NULL)
        ward_budget_give(&check->peer->full_at, peer_rate(gate), uptime);
}

struct ward_status ward_request_spend(const struct ward_check *check)
{
    struct ward_gate *const gate = check->gate;
    const struct ward_rate rate = subject_rate(gate);
    const uint32_t uptime = check->caller->uptime;
    struct ward_bucket *const bucket =
        ward_bucket_of(gate->subjects, SUBJECTS, check->decision->grant.owner, rate, uptime);
    if (!has(bucket->full_at, rate, check))
        return ward_status_of(WARD_SUBJECT_BUDGET_SPENT);
    ward_budget_take(&bucket->full_at, rate, uptime);
    return ward_status_of(WARD_OK);
}
