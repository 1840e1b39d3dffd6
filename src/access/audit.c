/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "access/audit.h"

#include <string.h>

#include "access/audit_pack.h"
#include "access/audit_ring.h"

WARD_STATIC_ASSERT(sizeof(struct ward_audit_event) <= 128, "an event takes 128 bytes");

/* The most that 48 bits hold. */
static const uint64_t latest_time = 0xffffffffffffu;

struct ward_status ward_audit_write(struct ward_audit *audit, struct ward_audit_event *event)
{
    event->sequence = ++audit->sequence;
    memcpy(event->previous, audit->head, sizeof event->previous);
    const struct ward_status status = ward_audit_hash(event, &audit->sha, audit->packed, audit->head);
    if (!ward_ok(status)) {
        /* An event that is not bound to the others is none: the gap in the sequence shows. */
        memcpy(audit->head, event->previous, sizeof audit->head);
        return status;
    }
    struct ward_audit_event *const slot = ward_audit_slot(audit, event);
    *slot = *event;
    if (audit->sink != NULL)
        audit->sink(audit->context, slot);
    return ward_status_of(WARD_OK);
}

struct ward_audit_event *ward_audit_next(struct ward_audit *audit, struct ward_time now)
{
    struct ward_audit_event *const event = &audit->next;
    memset(event, 0, sizeof *event);
    event->seconds = now.seconds < latest_time ? now.seconds : latest_time;
    event->trust = now.trust == WARD_TIME_SET || now.trust == WARD_TIME_FLOOR ? now.trust : WARD_TIME_UNKNOWN;
    event->repeats = 1;
    event->route = WARD_AUDIT_NO_ROUTE;
    audit->beyond_budget = false;
    return event;
}

struct ward_status ward_audit_begin(struct ward_audit *audit, const uint8_t *head, uint32_t boot_count,
                                    struct ward_time now, ward_audit_sink *sink, void *context)
{
    memset(audit, 0, sizeof *audit);
    audit->sink = sink;
    audit->context = context;
    if (head != NULL)
        memcpy(audit->head, head, sizeof audit->head);
    struct ward_audit_event *const boot = ward_audit_next(audit, now);
    boot->kind = WARD_AUDIT_BOOT;
    boot->reason = WARD_OK;
    boot->repeats = boot_count;
    return ward_audit_write(audit, boot);
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
