#include "access/audit.h"

#include <string.h>

#include "access/limiter.h"

WARD_STATIC_ASSERT(sizeof(struct ward_audit_event) <= 128, "an event takes 128 bytes");

/* Refusals that differ: eight at once, then one every eight seconds. */
static const struct ward_rate refusal_rate = { 1, 8, 8 };

enum {
    /* Slots that one kind of event may not push the other out of. */
    HALF = WARD_AUDIT_EVENTS / 2,
    /* `last` where no refusal was written yet. */
    NONE = 0xffff
};

/* The most that 48 bits hold. */
static const uint64_t latest_time = 0xffffffffffffu;

static bool is_refusal(const struct ward_audit_event *event)
{
    return event->kind == WARD_AUDIT_REFUSAL;
}

static size_t count_like(const struct ward_audit *audit, bool refusals)
{
    size_t count = 0;
    for (size_t i = 0; i < audit->count; i++)
        count += is_refusal(&audit->event[i]) == refusals ? 1u : 0u;
    return count;
}

static struct ward_audit_event *oldest(struct ward_audit *audit, bool refusals)
{
    struct ward_audit_event *found = &audit->event[0];
    for (size_t i = 1; i < audit->count; i++) {
        struct ward_audit_event *const event = &audit->event[i];
        if (is_refusal(event) == refusals && (is_refusal(found) != refusals || event->sequence < found->sequence))
            found = event;
    }
    return found;
}

/*
 * A free slot, else the oldest event of the kind that has more than its half. The refusal that was written last is
 * never pushed out but by another: what repeats it can be told from it.
 */
static struct ward_audit_event *slot_for(struct ward_audit *audit, bool refusal)
{
    if (audit->count < WARD_AUDIT_EVENTS)
        return &audit->event[audit->count++];
    return oldest(audit, count_like(audit, refusal) >= HALF ? refusal : !refusal);
}

static struct ward_status write_event(struct ward_audit *audit, struct ward_audit_event *event)
{
    event->sequence = ++audit->sequence;
    memcpy(event->previous, audit->head, sizeof event->previous);
    const struct ward_status status = ward_audit_hash(event, &audit->sha, audit->packed, audit->head);
    if (!ward_ok(status)) {
        /* An event that is not bound to the others is none: the gap in the sequence shows. */
        memcpy(audit->head, event->previous, sizeof audit->head);
        return status;
    }
    struct ward_audit_event *const slot = slot_for(audit, is_refusal(event));
    *slot = *event;
    if (is_refusal(event))
        audit->last = (uint16_t)(slot - audit->event);
    if (audit->sink != NULL)
        audit->sink(audit->context, slot);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_audit_flush(struct ward_audit *audit)
{
    if (audit->pending.repeats == 0)
        return ward_status_of(WARD_OK);
    const struct ward_status status = write_event(audit, &audit->pending);
    if (ward_ok(status))
        memset(&audit->pending, 0, sizeof audit->pending);
    return status;
}

/* The same again: what a person would call so. */
static bool is_like(const struct ward_audit_event *a, const struct ward_audit_event *b)
{
    return a->reason == b->reason && a->route == b->route && a->method == b->method &&
           memcmp(a->peer, b->peer, sizeof a->peer) == 0 && memcmp(a->owner, b->owner, sizeof a->owner) == 0;
}

/* Whether the next event repeats the refusal that was written last and, if any were counted since, those too. */
static bool repeats_last(const struct ward_audit *audit)
{
    const struct ward_audit_event *const pending = &audit->pending;
    if (audit->last == NONE)
        return false;
    const struct ward_audit_event *const last = &audit->event[audit->last];
    if (((last->marks | pending->marks) & WARD_AUDIT_MIXED) != 0 || !is_like(&audit->next, last))
        return false;
    return pending->repeats == 0 || is_like(pending, last);
}

/* Whether one more refusal may be written by itself; if so it is taken from the budget. */
static bool take_refusal(struct ward_audit *audit, uint32_t uptime)
{
    uint32_t wait;
    if (audit->last == NONE)
        audit->refusals_full_at = uptime;
    if (!ward_budget_has(audit->refusals_full_at, refusal_rate, uptime, &wait))
        return false;
    ward_budget_take(&audit->refusals_full_at, refusal_rate, uptime);
    return true;
}

/* Of what comes after the first are kept the number, whether it differs, and whether a credential was exposed. */
static void count_refusal(struct ward_audit *audit)
{
    struct ward_audit_event *const pending = &audit->pending;
    if (pending->repeats == 0) {
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

static struct ward_status record_refusal(struct ward_audit *audit, uint32_t uptime)
{
    struct ward_status status = ward_status_of(WARD_OK);
    if (!repeats_last(audit) && take_refusal(audit, uptime)) {
        status = ward_audit_flush(audit);
        if (ward_ok(status))
            status = write_event(audit, &audit->next);
        if (ward_ok(status))
            return ward_status_of(WARD_OK);
    }
    count_refusal(audit);
    return status;
}

struct ward_audit_event *ward_audit_next(struct ward_audit *audit, struct ward_time now)
{
    struct ward_audit_event *const event = &audit->next;
    memset(event, 0, sizeof *event);
    event->seconds = now.seconds < latest_time ? now.seconds : latest_time;
    event->trust = now.trust == WARD_TIME_SET || now.trust == WARD_TIME_FLOOR ? now.trust : WARD_TIME_UNKNOWN;
    event->repeats = 1;
    event->route = WARD_AUDIT_NO_ROUTE;
    return event;
}

struct ward_status ward_audit_record(struct ward_audit *audit, uint32_t uptime)
{
    ward_budget_settle(&audit->refusals_full_at, refusal_rate, uptime);
    return is_refusal(&audit->next) ? record_refusal(audit, uptime) : write_event(audit, &audit->next);
}

struct ward_status ward_audit_begin(struct ward_audit *audit, const uint8_t *head, uint32_t boot_count,
                                    struct ward_time now, ward_audit_sink *sink, void *context)
{
    memset(audit, 0, sizeof *audit);
    audit->sink = sink;
    audit->context = context;
    audit->last = NONE;
    if (head != NULL)
        memcpy(audit->head, head, sizeof audit->head);
    struct ward_audit_event *const boot = ward_audit_next(audit, now);
    boot->kind = WARD_AUDIT_BOOT;
    boot->reason = WARD_OK;
    boot->repeats = boot_count;
    return write_event(audit, boot);
}

const struct ward_audit_event *ward_audit_at(const struct ward_audit *audit, size_t number)
{
    for (size_t i = 0; i < audit->count; i++) {
        size_t older = 0;
        for (size_t j = 0; j < audit->count; j++)
            older += audit->event[j].sequence < audit->event[i].sequence ? 1u : 0u;
        if (older == number)
            return &audit->event[i];
    }
    return NULL;
}

/* A name's begin, cut before a character that would not be whole. */
static uint8_t copy_name(char out[WARD_AUDIT_NAME], struct ward_text name)
{
    size_t length = name.length < WARD_AUDIT_NAME ? name.length : WARD_AUDIT_NAME;
    while (length > 0 && length < name.length && ((uint8_t)name.data[length] & 0xc0u) == 0x80u)
        length--;
    if (length > 0)
        memcpy(out, name.data, length);
    return (uint8_t)length;
}

void ward_audit_name(struct ward_audit_event *event, struct ward_text subject, struct ward_text client)
{
    event->subject_length = copy_name(event->subject, subject);
    event->client_length = copy_name(event->client, client);
    if (event->subject_length < subject.length)
        event->marks = (uint8_t)(event->marks | WARD_AUDIT_SUBJECT_CUT);
    if (event->client_length < client.length)
        event->marks = (uint8_t)(event->marks | WARD_AUDIT_CLIENT_CUT);
}
