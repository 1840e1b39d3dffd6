/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_platform.h"

struct fake fake;
struct ward_platform fake_platform;
struct ward_service fake_service;
struct ward_record fake_record;

static struct ward_time tell_time(void *context)
{
    CHECK(context == &fake);
    return ring_time;
}

static uint32_t tell_uptime(void *context)
{
    CHECK(context == &fake);
    return ring_uptime;
}

#if WARD_MAX_BUNDLE > 0
static void keep_etag(void *context, struct ward_text etag)
{
    CHECK(context == &fake && etag.length < sizeof fake.etag);
    memcpy(fake.etag, etag.data, etag.length);
    fake.etag[etag.length] = '\0';
}
#endif

static struct ward_status start_fetch(void *context, struct ward_text url, uint64_t now)
{
    CHECK(context == &fake);
    CHECK_TEXT(url, URL);
    fake.judged_at = now;
    fake.read = 0;
    fake.fetches++;
    return fake.begin;
}

static int32_t read_fetch(void *context, char *bytes, size_t size)
{
    CHECK(context == &fake);
    if (fake.waits)
        return WARD_FETCH_WAIT;
    const size_t left = strlen(fake.body) - fake.read;
    const size_t length = left < size ? left : size;
    if (length == 0)
        return fake.end;
    memcpy(bytes, fake.body + fake.read, length);
    fake.read += length;
    return (int32_t)length;
}

static void end_fetch(void *context, struct ward_fetch_answer *answer)
{
    CHECK(context == &fake);
    fake.ends++;
    *answer = fake.answer;
}

static size_t read_slot(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    CHECK(context == &fake && slot < WARD_RECORD_SLOTS);
    const size_t all = fake.slot[slot].length + fake.extra;
    const size_t left = offset < all ? all - offset : 0;
    const size_t length = size < left ? size : left;
    CHECK(all <= sizeof fake.slot[slot].bytes);
    if (++fake.reads == fake.fault_read)
        return WARD_RECORD_FAULT;
    memcpy(data, fake.slot[slot].bytes + offset, length);
    if (fake.reads == fake.spoil_read)
        *(uint8_t *)data ^= 1;
    return length;
}

static struct ward_status write_slot(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    CHECK(context == &fake && slot < WARD_RECORD_SLOTS);
    fake.writes += offset == 0 ? 1 : 0;
    if (fake.write_fails)
        return ward_status_of(WARD_RECORD_NOT_STORED);
    if (fake.write_does_nothing)
        return ward_status_of(WARD_OK);
    CHECK(offset + size <= sizeof fake.slot[slot].bytes);
    if (size > 0)
        memcpy(fake.slot[slot].bytes + offset, data, size);
    fake.slot[slot].length = offset + size;
    if (fake.bit_is_stuck && offset == 0)
        fake.slot[slot].bytes[40] ^= 4;
    return ward_status_of(WARD_OK);
}

static struct ward_status give_entropy(void *context, void *data, size_t length)
{
    static uint8_t next;
    CHECK(context == &fake);
    for (size_t i = 0; i < length; i++)
        ((uint8_t *)data)[i] = next++;
    return ward_status_of(WARD_OK);
}

void fake_begin(void)
{
    static const struct ward_platform whole = { .context = &fake,
                                                .clock = tell_time,
                                                .uptime = tell_uptime,
#if WARD_MAX_BUNDLE > 0
                                                .fetch_unless = keep_etag,
#endif
                                                .fetch_begin = start_fetch,
                                                .fetch_read = read_fetch,
                                                .fetch_end = end_fetch,
                                                .record_read = read_slot,
                                                .record_write = write_slot,
                                                .entropy = give_entropy };
    memset(&fake, 0, sizeof fake);
    fake.begin = ward_status_of(WARD_OK);
    fake.answer = ring_good;
    fake.body = ring_set("ab");
    fake.end = WARD_FETCH_END;
    fake_platform = whole;
    ring_usual();
}

/* Memory holds anything before. */
void fake_boot_with(enum ward_code status)
{
    memset(&fake_service, 0x5a, sizeof fake_service);
    memset(&fake_record, 0x5a, sizeof fake_record);
    fake.reads = 0;
    CHECK_STATUS(ward_service_begin(&fake_service, &fake_platform, &ring, &ring_config, 9, &test_work, &fake_record),
                 status);
}

void fake_boot(void)
{
    fake_boot_with(WARD_OK);
}

void fake_attach_gate(void)
{
    const struct ward_gate_setup setup = { .policy = &usual_policy, .keyring = &ring };
    CHECK_STATUS(ward_gate_begin_with(&test_gate, &setup, ward_service_time(&fake_service), &test_work), WARD_OK);
    ward_service_gate(&fake_service, &test_gate);
}

void fake_without_gate(void)
{
    ward_service_gate(&fake_service, NULL);
}

void fake_run_for(uint32_t milliseconds)
{
    const uint32_t end = ring_uptime + milliseconds;
    for (unsigned steps = 0; (int32_t)(end - ring_uptime) > 0; steps++) {
        const uint32_t wait = ward_service_run(&fake_service);
        CHECK(steps < 100000u);
        ring_pass(wait > end - ring_uptime ? end - ring_uptime : wait);
    }
}

size_t fake_events(enum ward_code reason)
{
    size_t count = 0;
    const struct ward_audit_event *event;
    for (size_t i = 0; (event = ward_audit_at(&test_gate.audit, i)) != NULL; i++)
        count += event->kind == WARD_AUDIT_CHANGE && event->reason == (uint32_t)reason ? 1u : 0u;
    return count;
}
