#include "ward/port/service.h"

#include <string.h>

#include "ward/port/crypto.h"

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

static void read_slot(struct ward_service *service, unsigned slot)
{
    const struct ward_platform *const platform = service->platform;
    struct ward_record *const record = service->record;
    record->length = platform->record_read(platform->context, slot, record->bytes, sizeof record->bytes);
    if (record->length > sizeof record->bytes)
        record->length = 0;
}

static struct ward_status check_slot(struct ward_service *service, unsigned slot, uint32_t *sequence)
{
    read_slot(service, slot);
    return ward_record_check(service->record->bytes, service->record->length, service->work, sequence);
}

static struct ward_status open_slot(struct ward_service *service, unsigned slot)
{
    read_slot(service, slot);
    return ward_keyring_open(service->keyring, slot, service->record->bytes, service->record->length, uptime_of(service),
                             service->work);
}

/* The newest whole record; a slot that is damaged is told. Memory holds one record, so the newer one is read again. */
static struct ward_status open_newest(struct ward_service *service)
{
    struct ward_status whole[WARD_RECORD_SLOTS];
    uint32_t sequence[WARD_RECORD_SLOTS];
    for (unsigned slot = 0; slot < WARD_RECORD_SLOTS; slot++)
        whole[slot] = check_slot(service, slot, &sequence[slot]);
    if (!ward_ok(whole[0]) && !ward_ok(whole[1])) {
        service->record->length = 0;
        return whole[0].code == WARD_RECORD_ABSENT ? whole[1] : whole[0];
    }
    const bool second = !ward_ok(whole[0]) || (ward_ok(whole[1]) && (int32_t)(sequence[1] - sequence[0]) > 0);
    const unsigned newest = second ? 1 : 0;
    const struct ward_status status = open_slot(service, newest);
    if (ward_ok(status) && whole[1 - newest].code == WARD_RECORD_INVALID)
        return ward_status_of(WARD_RECORD_OLDER);
    return status;
}

struct ward_status ward_service_begin(struct ward_service *service, const struct ward_platform *platform,
                                      struct ward_keyring *keyring, const struct ward_keyring_config *config, uint32_t seed,
                                      struct ward_workspace *work, struct ward_record *record)
{
    memset(service, 0, sizeof *service);
    record->length = 0;
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
    if (ward_ok(status) && platform->record_read != NULL)
        service->opened = open_newest(service);
    return status;
}

void ward_service_gate(struct ward_service *service, struct ward_gate *gate)
{
    service->gate = gate;
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
    const struct ward_status status =
        ward_keyring_fetch_end(service->keyring, answer, clock_of(service), uptime_of(service));
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

static void begin_fetch(struct ward_service *service, const struct ward_keyring_want *want)
{
    const struct ward_platform *const platform = service->platform;
    ward_keyring_fetch_begin(service->keyring);
    service->fed = ward_status_of(WARD_OK);
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
        return ward_gate_pack(service->gate, time, uptime, service->work, service->record);
    return ward_keyring_pack(service->keyring, time, uptime, service->work, service->record);
}

/* Whether the slot now holds the record that was packed, by its digest: one with a stuck bit says that it took everything. */
static bool is_stored(struct ward_service *service, unsigned slot)
{
    struct ward_record *const record = service->record;
    const size_t end = record->length;
    uint8_t digest[WARD_SHA256_SIZE];
    uint32_t sequence;
    memcpy(digest, record->bytes + end - sizeof digest, sizeof digest);
    if (!ward_ok(check_slot(service, slot, &sequence)))
        return false;
    /* A slot may be read beyond the record's end, but not be shorter. */
    return service->record->length >= end && memcmp(digest, record->bytes + end - sizeof digest, sizeof digest) == 0;
}

static struct ward_status write_slot(struct ward_service *service, unsigned slot)
{
    const struct ward_platform *const platform = service->platform;
    struct ward_record *const record = service->record;
    if (platform->record_write == NULL || platform->record_read == NULL)
        return ward_status_of(WARD_NOT_PROVIDED);
    struct ward_status status = pack(service);
    if (ward_ok(status))
        status = platform->record_write(platform->context, slot, record->bytes, record->length);
    if (ward_ok(status) && !is_stored(service, slot))
        status = ward_status_of(WARD_RECORD_NOT_STORED);
    return status;
}

static void store(struct ward_service *service, unsigned slot)
{
    const struct ward_status status = write_slot(service, slot);
    ward_keyring_stored(service->keyring, status, uptime_of(service));
    if (status.code != service->stored.code && status.code != WARD_NOT_PROVIDED)
        note(service, status);
    service->stored = status;
}

uint32_t ward_service_run(struct ward_service *service)
{
    const struct ward_status news = ward_keyring_news(service->keyring);
    if (news.code != WARD_NO_RESULT)
        note(service, news);
    if (service->fetching && read_fetch(service))
        return 0;
    const struct ward_keyring_want want = ward_keyring_next(service->keyring, clock_of(service), uptime_of(service));
    switch (want.task) {
    case WARD_KEYRING_STORE:
        store(service, want.slot);
        return 0;
    case WARD_KEYRING_FETCH:
        begin_fetch(service, &want);
        return 0;
    default:
        return service->fetching && want.wait > POLL ? POLL : want.wait;
    }
}
