/* SPDX-License-Identifier: Apache-2.0 */
#include "access/audit_runs.h"

#include <string.h>

#include "access/audit.h"
#include "access/audit_ring.h"
#include "access/limiter.h"

/* Of strangers: eight that differ at once, then one every eight seconds. */
static const struct ward_rate strangers_rate = { 1, 8, 8 };

/* Of one verified subject: the same twenty times, as often as its own budget allows by default, then once a second. */
static const struct ward_rate verified_rate = { 1, 1, 20 };

/* Of several of them, all of whose budgets are spent: twenty more, which one alone cannot use up. */
static const struct ward_rate several_rate = { 1, 1, 40 };

static struct ward_rate rate_of(const struct ward_audit *audit, const struct ward_audit_run *run)
{
    return run == &audit->verified ? verified_rate : strangers_rate;
}

static bool waits(const struct ward_audit_run *run)
{
    return run->pending.repeats > 0;
}

static struct ward_status flush(struct ward_audit *audit, struct ward_audit_run *run)
{
    if (!waits(run))
        return ward_status_of(WARD_OK);
    const struct ward_status status = ward_audit_write(audit, &run->pending);
    if (!ward_ok(status))
        return status;
    run->pending.repeats = 0;
    run->follows = true;
    return ward_status_of(WARD_OK);
}

struct ward_status ward_audit_flush(struct ward_audit *audit)
{
    struct ward_status status = flush(audit, &audit->verified);
    if (ward_ok(status))
        status = flush(audit, &audit->refusals);
    if (ward_ok(status))
        status = flush(audit, &audit->public_grants);
    return status;
}

/* The same again: what a person would call so. */
static bool is_like(const struct ward_audit_event *a, const struct ward_audit_event *b)
{
    return a->reason == b->reason && a->route == b->route && a->method == b->method &&
           memcmp(a->peer, b->peer, sizeof a->peer) == 0 && memcmp(a->owner, b->owner, sizeof a->owner) == 0;
}

/* Whether the next event repeats what was written last, and nothing else came since. */
static bool repeats_last(const struct ward_audit *audit, const struct ward_audit_run *run)
{
    return run->follows && (run->pending.marks & WARD_AUDIT_MIXED) == 0 && is_like(&audit->next, &run->pending);
}

/* Whether there is room for one more event of a run; if so it is taken. */
static bool take_at(struct ward_audit_run *run, struct ward_rate rate, uint32_t uptime)
{
    uint32_t wait;
    if (!run->begun)
        run->full_at = uptime;
    run->begun = true;
    if (!ward_budget_has(run->full_at, rate, uptime, &wait))
        return false;
    ward_budget_consume(&run->full_at, rate, uptime);
    return true;
}

static bool take(const struct ward_audit *audit, struct ward_audit_run *run, uint32_t uptime)
{
    return take_at(run, rate_of(audit, run), uptime);
}

/* Of what comes after the first are kept the number, whether it differs, and whether a credential was exposed. */
static void count(const struct ward_audit *audit, struct ward_audit_run *run)
{
    struct ward_audit_event *const pending = &run->pending;
    if (!waits(run)) {
        run->follows = repeats_last(audit, run);
        *pending = audit->next;
        return;
    }
    unsigned marks = pending->marks | (audit->next.marks & WARD_AUDIT_EXPOSED);
    if (!is_like(&audit->next, pending))
        marks |= WARD_AUDIT_MIXED;
    pending->marks = (uint8_t)marks;
    if (pending->repeats < UINT32_MAX)
        pending->repeats++;
}

/* Writes the next event by itself, and before it what was counted of its run. */
static struct ward_status write_next(struct ward_audit *audit, struct ward_audit_run *run)
{
    struct ward_status status = flush(audit, run);
    if (ward_ok(status))
        status = ward_audit_write(audit, &audit->next);
    if (!ward_ok(status))
        return status;
    run->pending = audit->next;
    run->pending.repeats = 0;
    run->follows = true;
    return status;
}

/* Strangers: what repeats costs nothing, what differs has to wait for its turn. */
static bool stranger_is_written(const struct ward_audit *audit, struct ward_audit_run *run, uint32_t uptime)
{
    return !repeats_last(audit, run) && take(audit, run, uptime);
}

/* What is beyond a subject's budget has none: whatever it asks for, and from where, it has to wait for its turn. */
static bool spent_is_written(const struct ward_audit *audit, struct ward_audit_run *run, uint32_t uptime)
{
    const bool same = memcmp(audit->next.owner, run->pending.owner, sizeof run->pending.owner) == 0;
    return take_at(run, same ? verified_rate : several_rate, uptime);
}

/* Verified subjects: what differs is written, as often as their budgets allow; what repeats waits for its turn. */
static bool verified_is_written(const struct ward_audit *audit, struct ward_audit_run *run, uint32_t uptime)
{
    if (audit->beyond_budget)
        return spent_is_written(audit, run, uptime);
    const bool turn = take(audit, run, uptime);
    return turn || !repeats_last(audit, run);
}

static struct ward_status record_in(struct ward_audit *audit, struct ward_audit_run *run, bool written)
{
    const struct ward_status status = written ? write_next(audit, run) : ward_status_of(WARD_OK);
    /* What was to be granted and cannot be written is not granted: there is nothing to count. */
    if (!written || (!ward_ok(status) && audit->next.kind == WARD_AUDIT_REFUSAL))
        count(audit, run);
    return status;
}

static void settle(const struct ward_audit *audit, struct ward_audit_run *run, uint32_t uptime)
{
    ward_budget_refill(&run->full_at, rate_of(audit, run), uptime);
}

/* The run that an event belongs to; NULL: it is always written. */
static struct ward_audit_run *run_of(struct ward_audit *audit)
{
    const bool verified = ward_audit_is_verified(&audit->next);
    if (audit->next.kind == WARD_AUDIT_REFUSAL)
        return verified ? &audit->verified : &audit->refusals;
    return audit->next.kind == WARD_AUDIT_GRANT && !verified ? &audit->public_grants : NULL;
}

/* What verified subjects did does not wait for more of it: whatever comes next brings it along. */
static void catch_up(struct ward_audit *audit, uint32_t uptime)
{
    if (waits(&audit->verified) && take(audit, &audit->verified, uptime)) {
        const struct ward_status status = flush(audit, &audit->verified);
        /* What cannot be written stays counted. */
        (void)status;
    }
}

struct ward_status ward_audit_record(struct ward_audit *audit, uint32_t uptime)
{
    struct ward_audit_run *const run = run_of(audit);
    settle(audit, &audit->verified, uptime);
    settle(audit, &audit->refusals, uptime);
    settle(audit, &audit->public_grants, uptime);
    if (run == &audit->verified)
        return record_in(audit, run, verified_is_written(audit, run, uptime));
    catch_up(audit, uptime);
    if (run != NULL)
        return record_in(audit, run, stranger_is_written(audit, run, uptime));
    return ward_audit_write(audit, &audit->next);
}
