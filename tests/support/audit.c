/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

struct ward_audit test_audit;
uint32_t audit_uptime;
struct ward_audit_event audit_kept[64];
size_t audit_kept_count;

static void keep(void *context, const struct ward_audit_event *event)
{
    CHECK(context == &audit_kept_count);
    audit_kept[audit_kept_count++ % 64] = *event;
}

void audit_start(void)
{
    crypto_fail_at(0, 0);
    audit_uptime = 5000;
    audit_kept_count = 0;
    memset(&test_audit, 0x5a, sizeof test_audit);
    CHECK_STATUS(ward_audit_begin(&test_audit, NULL, 1, ward_time_set(NOW), keep, &audit_kept_count), WARD_OK);
}

struct ward_audit_event *audit_event(uint8_t kind, uint32_t reason)
{
    struct ward_audit_event *const event = ward_audit_next(&test_audit, ward_time_set(NOW));
    event->kind = kind;
    event->reason = reason;
    return event;
}

void audit_take(void)
{
    CHECK_STATUS(ward_audit_record(&test_audit, audit_uptime), WARD_OK);
}

void audit_grant(void)
{
    audit_event(WARD_AUDIT_GRANT, WARD_OK)->owner[15] = 1;
    audit_take();
}

void audit_grant_publicly(uint8_t peer)
{
    audit_event(WARD_AUDIT_GRANT, WARD_OK)->peer[15] = peer;
    audit_take();
}

void audit_refuse_verified(uint32_t reason, uint8_t owner)
{
    audit_event(WARD_AUDIT_REFUSAL, reason)->owner[0] = owner;
    audit_take();
}

void audit_refuse(uint32_t reason, uint8_t peer)
{
    audit_event(WARD_AUDIT_REFUSAL, reason)->peer[15] = peer;
    audit_take();
}

size_t audit_count_of(uint8_t kind)
{
    size_t count = 0;
    for (size_t i = 0; ward_audit_at(&test_audit, i) != NULL; i++)
        count += ward_audit_at(&test_audit, i)->kind == kind ? 1u : 0u;
    return count;
}

const struct ward_audit_event *audit_newest(void)
{
    return &audit_kept[(audit_kept_count - 1) % 64];
}
