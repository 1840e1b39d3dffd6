/* SPDX-License-Identifier: Apache-2.0 */
#include "access/audit_ring.h"

#include <string.h>

/* Kinds of events that have slots of their own. */
enum share { BOOT, CHANGES, VERIFIED, STRANGERS, SHARES };

enum { QUARTER = WARD_AUDIT_EVENTS / 4 };

static const uint16_t slots_of[SHARES] = { 1, QUARTER, WARD_AUDIT_EVENTS - 1 - 2 * QUARTER, QUARTER };

WARD_STATIC_ASSERT(QUARTER >= 1 && WARD_AUDIT_EVENTS - 1 - 2 * QUARTER >= 1,
                   "each share keeps its newest event at least");

/* What the share of a kind holds. */
struct holding {
    uint16_t count;
    uint16_t oldest;
};

bool ward_audit_is_verified(const struct ward_audit_event *event)
{
    static const uint8_t nobody[sizeof event->owner];
    return memcmp(event->owner, nobody, sizeof nobody) != 0;
}

static enum share share_of(const struct ward_audit_event *event)
{
    switch (event->kind) {
    case WARD_AUDIT_BOOT: return BOOT;
    case WARD_AUDIT_CHANGE: return CHANGES;
    default: return ward_audit_is_verified(event) ? VERIFIED : STRANGERS;
    }
}

static void count_shares(const struct ward_audit *audit, struct holding holding[SHARES])
{
    memset(holding, 0, SHARES * sizeof *holding);
    for (uint16_t i = 0; i < WARD_AUDIT_EVENTS; i++) {
        struct holding *const held = &holding[share_of(&audit->event[i])];
        if (held->count == 0 || audit->event[i].sequence < audit->event[held->oldest].sequence)
            held->oldest = i;
        held->count++;
    }
}

/*
 * Of a full ring goes the oldest event of the own share, once that is used up, else the oldest of a share that has more than
 * its own: there is one, since together they are as many as there are slots.
 */
static uint16_t leaving(const struct ward_audit *audit, enum share own)
{
    struct holding holding[SHARES];
    size_t share = 0;
    count_shares(audit, holding);
    if (holding[own].count >= slots_of[own])
        return holding[own].oldest;
    while (holding[share].count <= slots_of[share])
        share++;
    return holding[share].oldest;
}

struct ward_audit_event *ward_audit_slot(struct ward_audit *audit, const struct ward_audit_event *event)
{
    if (audit->count < WARD_AUDIT_EVENTS)
        return &audit->event[audit->count++];
    return &audit->event[leaving(audit, share_of(event))];
}

const struct ward_audit_event *ward_audit_after(const struct ward_audit *audit, uint32_t sequence)
{
    const struct ward_audit_event *found = NULL;
    for (size_t i = 0; i < audit->count; i++) {
        const struct ward_audit_event *const event = &audit->event[i];
        if (event->sequence > sequence && (found == NULL || event->sequence < found->sequence))
            found = event;
    }
    return found;
}

const struct ward_audit_event *ward_audit_at(const struct ward_audit *audit, size_t number)
{
    const struct ward_audit_event *event = ward_audit_after(audit, 0);
    for (size_t i = 0; i < number && event != NULL; i++)
        event = ward_audit_after(audit, event->sequence);
    return event;
}
