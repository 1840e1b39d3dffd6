/* SPDX-License-Identifier: Apache-2.0 */
#include "port/posix/platform.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

static struct ward_time clock_now(void *context)
{
    const struct ward_posix_device *const device = context;
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    const time_t now = time(NULL);
    return device->config->clock_is_set && now > 0 ? ward_time_set((uint64_t)now) : unknown;
}

/* Linux counts the time that it slept in this clock alone. */
#ifdef CLOCK_BOOTTIME
#define UPTIME_CLOCK CLOCK_BOOTTIME
#else
#define UPTIME_CLOCK CLOCK_MONOTONIC
#endif

static uint32_t uptime(void *context)
{
    struct timespec now = { 0, 0 };
    (void)context;
    (void)clock_gettime(UPTIME_CLOCK, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);
}

#if WARD_MAX_BUNDLE > 0
static void fetch_unless(void *context, struct ward_text etag)
{
    struct ward_posix_device *const device = context;
    ward_posix_fetch_unless(&device->fetch, etag);
}
#endif

static struct ward_status fetch_begin(void *context, struct ward_text url, uint64_t now)
{
    struct ward_posix_device *const device = context;
    return ward_posix_fetch_begin(&device->fetch, url, now);
}

static int32_t fetch_read(void *context, char *buffer, size_t size)
{
    struct ward_posix_device *const device = context;
    return ward_posix_fetch_read(&device->fetch, buffer, size);
}

static void fetch_end(void *context, struct ward_fetch_answer *answer)
{
    struct ward_posix_device *const device = context;
    ward_posix_fetch_end(&device->fetch, answer);
}

static size_t record_read(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    const struct ward_posix_device *const device = context;
    return ward_posix_store_read(&device->store, slot, offset, data, size);
}

static struct ward_status record_write(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    struct ward_posix_device *const device = context;
    return ward_posix_store_write(&device->store, slot, offset, data, size);
}

/* Soon after the boot of a machine there may be none yet: then it does not wait. */
static struct ward_status entropy(void *context, void *data, size_t length)
{
    (void)context;
    return ward_status_of(getrandom(data, length, GRND_NONBLOCK) == (ssize_t)length ? WARD_OK : WARD_ENTROPY_MISSING);
}

struct ward_status ward_posix_begin(struct ward_posix_device *device, const struct ward_posix_config *config,
                                    struct ward_platform *platform)
{
    const struct ward_platform calls = { .context = device,
                                         .clock = clock_now,
                                         .uptime = uptime,
#if WARD_MAX_BUNDLE > 0
                                         .fetch_unless = fetch_unless,
#endif
                                         .fetch_begin = fetch_begin,
                                         .fetch_read = fetch_read,
                                         .fetch_end = fetch_end,
                                         .entropy = entropy };
    device->config = config;
    device->store.folder = -1;
    device->store.file = -1;
    *platform = calls;
    struct ward_status status = ward_posix_fetch_setup(&device->fetch, &config->fetch);
    if (!ward_ok(status) || config->store == NULL)
        return status;
    status = ward_posix_store_begin(&device->store, config->store);
    if (ward_ok(status)) {
        platform->record_read = record_read;
        platform->record_write = record_write;
    } else {
        ward_posix_fetch_close(&device->fetch);
    }
    return status;
}

void ward_posix_end(struct ward_posix_device *device)
{
    ward_posix_fetch_close(&device->fetch);
    ward_posix_store_end(&device->store);
}
