/* SPDX-License-Identifier: Apache-2.0 */
#include "ward/port/service.h"

#include <string.h>

/* A piece of a key set: of the task's stack. */
enum { PIECE = 256 };

/* Milliseconds after which to look again whether more of an answer has come. */
enum { POLL = 10 };

/* ---- The platform, where it has something. */

static struct ward_time clock_of(const struct ward_service *service)
{
    const struct ward_platform *const platform = service->platform;
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    return platform->clock != NULL ? platform->clock(platform->context) : unknown;
}

static uint32_t uptime_of(const struct ward_service *service)
{
    return service->platform->uptime(service->platform->context);
}

static uint32_t seed_of(const struct ward_platform *platform, uint32_t otherwise)
{
    uint32_t seed;
    if (platform->entropy == NULL || !ward_ok(platform->entropy(platform->context, &seed, sizeof seed)))
        return otherwise;
    return seed;
}

/* Tells the audit, if there is one. */
static void note(struct ward_service *service, struct ward_status status)
{
    if (service->gate != NULL)
        ward_gate_note(service->gate, status, ward_service_time(service), uptime_of(service));
}

/* ---- What was stored. */

/* What a firmware has to know before it goes on; the rest is told to the audit. */
static bool is_grave(struct ward_status status)
{
    return status.code == WARD_RECORD_INVALID || status.code == WARD_RECORD_NEWER ||
           status.code == WARD_RECORD_UNREADABLE || status.code == WARD_CRYPTO_FAILED;
}

static struct ward_status open_record(struct ward_service *service)
{
    const struct ward_platform *const platform = service->platform;
    service->slots.context = platform->context;
    service->slots.read = platform->record_read;
    service->slots.write = platform->record_write;
    service->opened = ward_keyring_open(service->keyring, &service->slots, uptime_of(service), service->work);
    return is_grave(service->opened) ? service->opened : ward_status_of(WARD_OK);
}

#undef ward_service_begin
struct ward_status ward_service_begin(struct ward_service *service, const struct ward_platform *platform,
                                      struct ward_keyring *keyring, const struct ward_keyring_config *config,
                                      uint32_t seed, struct ward_workspace *work, struct ward_record *record)
{
    memset(service, 0, sizeof *service);
    if (platform->uptime == NULL)
        return ward_status_of(WARD_NOT_PROVIDED);
    service->platform = platform;
    service->keyring = keyring;
    service->work = work;
    service->record = record;
    service->fetched = ward_status_of(WARD_OK);
    service->stored = ward_status_of(WARD_OK);
    service->opened = ward_status_of(WARD_OK);
    const struct ward_status status = ward_keyring_begin(keyring, config, seed_of(platform, seed), uptime_of(service));
    if (!ward_ok(status))
        return status;
    ward_keyring_hold_records(keyring, true);
    return platform->record_read != NULL ? open_record(service) : status;
}

void ward_service_gate(struct ward_service *service, struct ward_gate *gate)
{
    service->gate = gate;
    ward_keyring_hold_records(service->keyring, false);
    if (!ward_ok(service->opened) && service->opened.code != WARD_RECORD_ABSENT)
        note(service, service->opened);
}

struct ward_time ward_service_time(const struct ward_service *service)
{
    return ward_keyring_time(service->keyring, clock_of(service), uptime_of(service));
}

/* ---- Fetching. */

static void end_fetch(struct ward_service *service, const struct ward_fetch_answer *answer)
{
    struct ward_keyring *const keyring = service->keyring;
    const struct ward_time time = clock_of(service);
    const uint32_t uptime = uptime_of(service);
    const struct ward_status status = ward_keyring_fetches_bundles(keyring)
                                          ? ward_keyring_fetch_end_bundle(keyring, answer, time, uptime, service->work)
                                          : ward_keyring_fetch_end(keyring, answer, time, uptime);
    service->fetching = false;
    /* An outage is told once, and its end. */
    if (status.code != service->fetched.code)
        note(service, status);
    service->fetched = status;
    service->answer = *answer;
    service->answer.status = status;
}

struct ward_fetch_answer ward_service_fetched(const struct ward_service *service)
{
    return service->answer;
}

static void give_up(struct ward_service *service, struct ward_status status)
{
    const struct ward_fetch_answer answer = { .status = status, .max_age = WARD_NO_MAX_AGE };
    end_fetch(service, &answer);
}

static void begin_fetch(struct ward_service *service, const struct ward_keyring_action *want)
{
    const struct ward_platform *const platform = service->platform;
    ward_keyring_fetch_begin(service->keyring);
    service->fed = ward_status_of(WARD_OK);
#if WARD_MAX_BUNDLE > 0
    if (platform->fetch_unless != NULL)
        platform->fetch_unless(platform->context, want->etag);
#endif
    const struct ward_status status = platform->fetch_begin != NULL
                                          ? platform->fetch_begin(platform->context, want->url, want->now)
                                          : ward_status_of(WARD_NOT_PROVIDED);
    service->fetching = ward_ok(status);
    if (!ward_ok(status))
        give_up(service, status);
}

/* One piece; false while nothing has come. */
static bool read_fetch(struct ward_service *service)
{
    const struct ward_platform *const platform = service->platform;
    struct ward_fetch_answer answer;
    char piece[PIECE];
    const int32_t came = platform->fetch_read(platform->context, piece, sizeof piece);
    if (came == WARD_FETCH_WAIT)
        return false;
    if (came > 0 && (size_t)came <= sizeof piece) {
        service->fed = ward_keyring_fetch_feed(service->keyring, piece, (size_t)came, service->work);
        if (ward_ok(service->fed))
            return true;
    }
    platform->fetch_end(platform->context, &answer);
    /* What is wrong with the body matters more than that its end was not waited for. */
    if (!ward_ok(service->fed))
        answer.status = service->fed;
    else if (came != WARD_FETCH_END && ward_ok(answer.status))
        answer.status = ward_status_of(WARD_FETCH_CUT_OFF);
    end_fetch(service, &answer);
    return true;
}

/* ---- Storing. */

static struct ward_status pack(struct ward_service *service)
{
    const struct ward_time time = clock_of(service);
    const uint32_t uptime = uptime_of(service);
    if (service->gate != NULL)
        return ward_gate_pack(service->gate, time, uptime, service->record);
    ward_keyring_pack(service->keyring, time, uptime, service->record);
    return ward_status_of(WARD_OK);
}

static struct ward_status write_slot(struct ward_service *service, const struct ward_keyring_action *want)
{
    if (service->slots.read == NULL || service->slots.write == NULL)
        return ward_status_of(WARD_NOT_PROVIDED);
    const struct ward_status status = pack(service);
    if (!ward_ok(status))
        return status;
    return ward_record_write(&service->slots, want->origin, want->slot, service->record, service->work);
}

static void store(struct ward_service *service, const struct ward_keyring_action *want)
{
    const struct ward_status status = write_slot(service, want);
    ward_keyring_stored(service->keyring, status, uptime_of(service));
    if (status.code != service->stored.code && status.code != WARD_NOT_PROVIDED)
        note(service, status);
    service->stored = status;
}

uint32_t ward_service_run(struct ward_service *service)
{
    const struct ward_status news = ward_keyring_take_notice(service->keyring);
    if (news.code != WARD_NO_RESULT)
        note(service, news);
    if (service->fetching && read_fetch(service))
        return 0;
    const struct ward_keyring_action want = ward_keyring_next(service->keyring, clock_of(service), uptime_of(service));
    switch (want.task) {
    case WARD_KEYRING_STORE: store(service, &want); return 0;
    case WARD_KEYRING_FETCH: begin_fetch(service, &want); return 0;
    default: return service->fetching && want.wait > POLL ? POLL : want.wait;
    }
}
