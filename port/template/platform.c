/* SPDX-License-Identifier: Apache-2.0 */
/* A platform to copy: each function answers that it is not provided. FIXME: replace those that your device has, and set the others to
 * NULL. PORTING.md says in which order, and how to try each. */
#include "port/template/platform.h"

static struct ward_time clock_now(void *context)
{
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    (void)context;
    /* FIXME: the real-time clock, or authenticated NTP: ward_time_set(seconds). */
    return unknown;
}

static uint32_t uptime(void *context)
{
    (void)context;
    /* FIXME: milliseconds of a timer that never stops. Without them nothing ever becomes due. */
    return 0;
}

static struct ward_status fetch_begin(void *context, struct ward_text url, uint64_t now)
{
    (void)context;
    (void)url;
    (void)now;
    /* FIXME: start to connect. */
    return ward_status_of(WARD_NOT_PROVIDED);
}

static int32_t fetch_read(void *context, char *buffer, size_t size)
{
    (void)context;
    (void)buffer;
    (void)size;
    /* FIXME: what has come of the body. */
    return WARD_FETCH_BROKEN;
}

static void fetch_end(void *context, struct ward_fetch_answer *answer)
{
    const struct ward_fetch_answer none = { .status = { WARD_NOT_PROVIDED }, .max_age = WARD_NO_MAX_AGE };
    (void)context;
    /* FIXME: close the connection; say what is known. */
    *answer = none;
}

static size_t record_read(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)context;
    (void)slot;
    (void)offset;
    (void)data;
    (void)size;
    /* FIXME: copy from the slot's block of flash, up to its end; WARD_RECORD_FAULT where it does not answer. */
    return 0;
}

static struct ward_status record_write(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    (void)context;
    (void)slot;
    (void)offset;
    (void)data;
    (void)size;
    /* FIXME: erase the slot's block where offset is 0, then program each piece; size 0: all have come. */
    return ward_status_of(WARD_RECORD_NOT_STORED);
}

static void audit(void *context, const struct ward_audit_event *event)
{
    (void)context;
    (void)event;
    /* FIXME: queue it for wherever audits go. */
}

static struct ward_status entropy(void *context, void *data, size_t length)
{
    (void)context;
    (void)data;
    (void)length;
    /* FIXME: the hardware's random number generator. There is no substitute. */
    return ward_status_of(WARD_ENTROPY_MISSING);
}

const struct ward_platform ward_template_platform = { .clock = clock_now,
                                                      .uptime = uptime,
                                                      .fetch_begin = fetch_begin,
                                                      .fetch_read = fetch_read,
                                                      .fetch_end = fetch_end,
                                                      .record_read = record_read,
                                                      .record_write = record_write,
                                                      .audit = audit,
                                                      .entropy = entropy };
