#include "access/audit.h"

#include <string.h>

#include "ward/port/crypto.h"

/* Refusals that differ: eight at once, then one every eight seconds. */
enum { REFUSAL_INTERVAL = 8000, REFUSAL_BURST = 8 };

/* Slots that one kind of event may not push the other out of. */
enum { HALF = WARD_AUDIT_EVENTS / 2 };

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
    struct ward_audit_event *found = NULL;
    for (size_t i = 0; i < audit->count; i++) {
        struct ward_audit_event *const event = &audit->event[i];
        if (is_refusal(event) == refusals && (found == NULL || event->sequence < found->sequence))
            found = event;
    }
    return found;
}

/* A free slot, else the oldest event of the kind that has more than its half. */
static struct ward_audit_event *slot_for(struct ward_audit *audit, bool refusal)
{
    if (audit->count < WARD_AUDIT_EVENTS)
        return &audit->event[audit->count++];
    return oldest(audit, count_like(audit, refusal) >= HALF ? refusal : !refusal);
}

static struct ward_status write_event(struct ward_audit *audit, const struct ward_audit_event *event)
{
    struct ward_audit_event *const slot = slot_for(audit, is_refusal(event));
    uint8_t digest[WARD_AUDIT_DIGEST];
    *slot = *event;
    slot->sequence = ++audit->sequence;
    memcpy(slot->previous, audit->head, sizeof slot->previous);
    const struct ward_status status = ward_audit_digest(slot, &audit->sha, digest);
    if (!ward_ok(status)) {
        /* An event that is not bound to the others is none: the gap in the sequence shows. */
        *slot = audit->event[--audit->count];
        return status;
    }
    memcpy(audit->head, digest, sizeof audit->head);
    if (audit->sink != NULL)
        audit->sink(audit->context, slot);
    return status;
}

struct ward_status ward_audit_flush(struct ward_audit *audit)
{
    if (audit->pending.repeats == 0)
        return ward_status_of(WARD_OK);
    const struct ward_audit_event event = audit->pending;
    audit->pending.repeats = 0;
    audit->pending.marks = 0;
    return write_event(audit, &event);
}

/* The same again: what a person would call so. */
static bool is_like(const struct ward_audit_event *a, const struct ward_audit_event *b)
{
    return a->reason == b->reason && a->route == b->route && a->method == b->method &&
           memcmp(a->peer, b->peer, sizeof a->peer) == 0 && memcmp(a->owner, b->owner, sizeof a->owner) == 0;
}

/* Whether one more refusal may be written by itself; if so it is taken from the budget. */
static bool may_write_refusal(struct ward_audit *audit, uint32_t uptime)
{
    const uint32_t full = (uint32_t)REFUSAL_INTERVAL * REFUSAL_BURST;
    uint32_t ahead = audit->refusals_from - uptime;
    if (ahead > full)
        ahead = 0;
    if (ahead + REFUSAL_INTERVAL > full)
        return false;
    audit->refusals_from = uptime + ahead + REFUSAL_INTERVAL;
    return true;
}

static struct ward_status record_refusal(struct ward_audit *audit, const struct ward_audit_event *event, uint32_t uptime)
{
    struct ward_audit_event *const pending = &audit->pending;
    const bool like_last = is_like(event, &audit->last) && (pending->marks & WARD_AUDIT_MIXED) == 0u;
    if (!like_last && may_write_refusal(audit, uptime)) {
        const struct ward_status status = ward_audit_flush(audit);
        audit->last = *event;
        return ward_ok(status) ? write_event(audit, event) : status;
    }
    if (pending->repeats == 0)
        *pending = *event;
    else if (pending->repeats < UINT32_MAX)
        pending->repeats++;
    /* Marks of names belong to the names, which are those of the first. */
    pending->marks = (uint8_t)(pending->marks | (event->marks & WARD_AUDIT_EXPOSED) | (like_last ? 0 : WARD_AUDIT_MIXED));
    return ward_status_of(WARD_OK);
}

struct ward_status ward_audit_record(struct ward_audit *audit, const struct ward_audit_event *event, uint32_t uptime)
{
    return is_refusal(event) ? record_refusal(audit, event, uptime) : write_event(audit, event);
}

struct ward_status ward_audit_begin(struct ward_audit *audit, const uint8_t *head, uint32_t boot_count,
                                    struct ward_time now, ward_audit_sink *sink, void *context)
{
    struct ward_audit_event boot;
    memset(audit, 0, sizeof *audit);
    memset(&boot, 0, sizeof boot);
    audit->sink = sink;
    audit->context = context;
    if (head != NULL)
        memcpy(audit->head, head, sizeof audit->head);
    boot.kind = WARD_AUDIT_BOOT;
    boot.reason = WARD_OK;
    boot.seconds = now.seconds;
    boot.trust = now.trust;
    boot.route = WARD_AUDIT_NO_ROUTE;
    boot.repeats = boot_count;
    return write_event(audit, &boot);
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
    memset(out, 0, WARD_AUDIT_NAME);
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
