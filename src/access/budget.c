/* SPDX-License-Identifier: Apache-2.0 */
#include "access/budget.h"

#include <string.h>

#include "access/limiter.h"
#include "access/peers.h"

static const struct ward_rate default_signature_rate = { 1, 1, 8 };
static const struct ward_rate default_subject_rate = { 60, 60, 20 };

/*
 * What one stranger may: seven that try as fast as they can leave an eighth of the rate to all others, and four leave
 * something of the burst. The reserves together add as much again as the strangers have, however many they are.
 * tests/cli/test_flood.py prints what each attack costs.
 */
static const struct ward_part default_of_one_stranger = { 8, 4 };
static const struct ward_part default_of_one_reserve = { WARD_PEER_SLOTS, 2 };

static struct ward_rate rate_or(struct ward_rate rate, struct ward_rate otherwise)
{
    return rate.count == 0 ? otherwise : rate;
}

static struct ward_rate signature_rate(const struct ward_gate *gate)
{
    return rate_or(gate->policy->signature_rate, default_signature_rate);
}

static struct ward_rate stranger_rate(const struct ward_gate *gate)
{
    return rate_or(gate->policy->signature_rate_per_peer,
                   ward_rate_part(signature_rate(gate), default_of_one_stranger));
}

static struct ward_rate reserve_rate(const struct ward_gate *gate)
{
    return rate_or(gate->policy->signature_reserve, ward_rate_part(signature_rate(gate), default_of_one_reserve));
}

static struct ward_rate subject_rate(const struct ward_gate *gate)
{
    return rate_or(gate->policy->subject, default_subject_rate);
}

static void fill(struct ward_bucket *buckets, size_t count, uint32_t uptime)
{
    for (size_t i = 0; i < count; i++)
        buckets[i].full_at = uptime;
}

static void fill_all(struct ward_gate *gate, uint32_t uptime)
{
    gate->strangers = uptime;
    gate->unknown = uptime;
    fill(gate->peers, WARD_PEER_SLOTS, uptime);
    fill(gate->known, WARD_PEER_SLOTS, uptime);
    fill(gate->subjects, WARD_SUBJECT_SLOTS, uptime);
    gate->in_use = true;
}

void ward_budgets_refill(struct ward_gate *gate, uint32_t uptime)
{
    if (!gate->in_use)
        fill_all(gate, uptime);
    ward_budget_refill(&gate->strangers, signature_rate(gate), uptime);
    ward_budget_refill(&gate->unknown, signature_rate(gate), uptime);
    ward_buckets_settle(gate->peers, WARD_PEER_SLOTS, stranger_rate(gate), uptime);
    ward_buckets_settle(gate->known, WARD_PEER_SLOTS, reserve_rate(gate), uptime);
    ward_buckets_settle(gate->subjects, WARD_SUBJECT_SLOTS, subject_rate(gate), uptime);
}

static bool take(uint32_t *full_at, struct ward_rate rate, uint32_t uptime, uint32_t *wait)
{
    if (!ward_budget_has(*full_at, rate, uptime, wait))
        return false;
    ward_budget_consume(full_at, rate, uptime);
    return true;
}

/* A budget was spent: the answer tells when to come again. */
static struct ward_status refuse(const struct ward_check *check, enum ward_code code, uint32_t wait)
{
    check->decision->answer.retry_after = (wait + 999u) / 1000u;
    return ward_status_of(code);
}

static bool has_address(const struct ward_check *check)
{
    static const struct ward_peer unknown;
    return memcmp(check->caller.peer.address, unknown.address, sizeof unknown.address) != 0;
}

/* Both or none: from the stranger's own, and from that of all strangers. */
static bool take_as_stranger(struct ward_check *check, uint32_t *wait)
{
    struct ward_gate *const gate = check->gate;
    const struct ward_rate rate = stranger_rate(gate);
    const uint32_t uptime = check->caller.uptime;
    struct ward_bucket *const peer = ward_bucket_of(gate->peers, WARD_PEER_SLOTS, check->caller.peer.address, rate,
                                                    uptime);
    if (!ward_budget_has(peer->full_at, rate, uptime, wait) ||
        !take(&gate->strangers, signature_rate(gate), uptime, wait))
        return false;
    ward_budget_consume(&peer->full_at, rate, uptime);
    check->stranger = peer;
    return true;
}

static bool take_as_known(struct ward_check *check, struct ward_bucket *known, uint32_t *wait)
{
    uint32_t reserve_wait;
    check->reserved = take(&known->full_at, reserve_rate(check->gate), check->caller.uptime, &reserve_wait);
    if (check->reserved || take_as_stranger(check, wait))
        return true;
    if (reserve_wait < *wait)
        *wait = reserve_wait;
    return false;
}

static bool take_one(struct ward_check *check, uint32_t *wait)
{
    struct ward_gate *const gate = check->gate;
    const struct ward_caller *const caller = &check->caller;
    if (!has_address(check))
        return take(&gate->unknown, signature_rate(gate), caller->uptime, wait);
    struct ward_bucket *const known = ward_peer_known(gate, caller->peer.address, reserve_rate(gate), caller->uptime);
    return known != NULL ? take_as_known(check, known, wait) : take_as_stranger(check, wait);
}

struct ward_status ward_signature_consume(struct ward_check *check)
{
    uint32_t wait;
    return take_one(check, &wait) ? ward_status_of(WARD_OK) : refuse(check, WARD_SIGNATURE_BUDGET_SPENT, wait);
}

static void give_back(const struct ward_check *check, struct ward_bucket *known)
{
    struct ward_gate *const gate = check->gate;
    const uint32_t uptime = check->caller.uptime;
    if (known == NULL) {
        ward_budget_refund(&gate->unknown, signature_rate(gate), uptime);
    } else if (check->reserved) {
        ward_budget_refund(&known->full_at, reserve_rate(gate), uptime);
    } else {
        ward_budget_refund(&gate->strangers, signature_rate(gate), uptime);
        ward_budget_refund(&check->stranger->full_at, stranger_rate(gate), uptime);
    }
}

void ward_signature_granted(const struct ward_check *check)
{
    const struct ward_caller *const caller = &check->caller;
    struct ward_bucket *known = NULL;
    if (has_address(check))
        known = ward_peer_granted(check->gate, caller->peer.address, reserve_rate(check->gate), caller->uptime);
    if (!check->hit)
        give_back(check, known);
}

struct ward_status ward_request_consume(const struct ward_check *check)
{
    struct ward_gate *const gate = check->gate;
    const struct ward_rate rate = subject_rate(gate);
    const uint32_t uptime = check->caller.uptime;
    uint32_t wait;
    struct ward_bucket *const bucket = ward_bucket_of(gate->subjects, WARD_SUBJECT_SLOTS, check->decision->grant.owner,
                                                      rate, uptime);
    if (!take(&bucket->full_at, rate, uptime, &wait))
        return refuse(check, WARD_SUBJECT_BUDGET_SPENT, wait);
    return ward_status_of(WARD_OK);
}
