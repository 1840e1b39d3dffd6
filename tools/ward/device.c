/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Seconds after which a device asks again where the issuer says nothing. */
enum { USUAL_AGE = 3600 };

/* Any clock that is set is later than this: 2024-01-01. */
static const uint64_t build_time = 1704067200u;

static int cannot_begin(struct ward_status status, const struct ward_posix_config *config)
{
    const int why = errno;
    const char *const authorities = config->fetch.authorities;
    if (status.code == WARD_FETCH_AUTHORITIES && authorities != NULL && access(authorities, R_OK) != 0)
        fprintf(stderr, "ward: cannot read %s: %s: %s\n", authorities, strerror(errno), ward_status_name(status));
    else if (status.code == WARD_FETCH_AUTHORITIES)
        fprintf(stderr, "ward: %s: %s: --ca takes a file of certificates that begin with -----BEGIN CERTIFICATE-----\n",
                config->fetch.authorities, ward_status_name(status));
    else if (status.code == WARD_RECORD_STORE && why == EWOULDBLOCK)
        fprintf(stderr, "ward: %s: another ward uses this folder: wait until it has ended\n", config->store);
    else if (status.code == WARD_RECORD_STORE)
        fprintf(stderr, "ward: %s: cannot keep keys there: %s\n", config->store, strerror(why));
    else
        fprintf(stderr, "ward: cannot fetch: %s: libcurl with OpenSSL is needed\n", ward_status_name(status));
    return EXIT_INPUT;
}

/* The URL names the keys in a record, since one key set may serve several issuers; a device's have its issuer's name, too. */
static bool read_config(struct device *device, const struct command *command, const struct arguments *arguments)
{
    uint64_t seconds = 30;
    device->config.url = option_text(command, arguments, "--url");
    device->config.issuer = option_text(command, arguments, "--device-issuer");
    device->may_store = device->config.issuer.length > 0;
    if (!device->may_store)
        device->config.issuer = device->config.url;
    device->config.build_time = build_time;
    device->posix_config.fetch.authorities = option_value(command, arguments, "--ca");
    device->posix_config.store = option_value(command, arguments, "--store");
    device->posix_config.clock_is_set = true;
    if (!option_number(command, arguments, "--timeout", 300, &seconds))
        return false;
    device->posix_config.fetch.timeout = (uint32_t)seconds * 1000u;
    device->posix_config.fetch.connect_timeout = device->posix_config.fetch.timeout;
    if (seconds == 0) {
        wrong_usage(command, "needs a whole number from 1 to 300", "--timeout");
        return false;
    }
    if (device->config.url.length > 0 && ward_ok(ward_keyring_check(&device->config)))
        return true;
    wrong_usage(command, "needs https:// and at most 255 printable characters in all", "--url");
    return false;
}

/* The one device of a command: a platform's functions get no context of the command's. */
static struct device_watch *watching;

static void watch_byte(struct device_watch *watch, char byte)
{
    const uint16_t before = watch->reader.report.seen;
    watch->status = ward_jwks_feed(&watch->reader, &byte, 1, &watch->work);
    if (watch->wanted != NULL && watch->reader.report.seen != before)
        note_wanted_key(watch->wanted, &watch->reader.jwk);
    if (ward_ok(watch->status))
        watch->bytes++;
}

static int32_t read_and_watch(void *context, char *buffer, size_t size)
{
    const int32_t length = watching->read(context, buffer, size);
    for (int32_t i = 0; i < length && ward_ok(watching->status); i++)
        watch_byte(watching, buffer[i]);
    return length;
}

static void watch_fetch(struct device *device)
{
    watching = &device->watch;
    watching->read = device->platform.fetch_read;
    device->platform.fetch_read = read_and_watch;
}

static void begin_watch(struct device *device, struct wanted_key *wanted)
{
    struct device_watch *const watch = &device->watch;
    watch->wanted = wanted;
    watch->status = ward_status_of(WARD_OK);
    watch->bytes = 0;
    ward_jwks_begin(&watch->reader, &watch->set, NULL, ward_text_of(NULL, 0));
}

int begin_device(struct device *device, const struct command *command, const struct arguments *arguments)
{
    memset(device, 0, sizeof *device);
    if (!read_config(device, command, arguments))
        return EXIT_USAGE;
    struct ward_status status = ward_posix_begin(&device->posix, &device->posix_config, &device->platform);
    if (!ward_ok(status))
        return cannot_begin(status, &device->posix_config);
    watch_fetch(device);
    status = ward_service_begin(&device->service, &device->platform, &device->keyring, &device->config, 0,
                                &device->work, &device->record);
    /* A device counts its boots, a tool does not. */
    device->may_store = device->may_store || ward_keyring_boots(&device->keyring) == 1 ||
                        ward_keyring_keys(&device->keyring)->count > 0;
    if (ward_ok(status))
        return EXIT_ACCEPTED;
    end_device(device);
    /* What the folder holds is not a tool's to overwrite. */
    fprintf(stderr, "ward: %s: %s: %s\n", device->posix_config.store, ward_status_name(status),
            ward_status_sentence(status));
    return EXIT_INPUT;
}

void end_device(struct device *device)
{
    ward_posix_end(&device->posix);
}

static void sleep_for(uint32_t milliseconds)
{
    const struct timespec wait = { milliseconds / 1000u, (long)(milliseconds % 1000u) * 1000000L };
    (void)nanosleep(&wait, NULL);
}

bool device_may_store(const struct device *device)
{
    return device->may_store;
}

/* As a device stores its keys, though sooner: it waits a day where only the time of the fetch is new. In a folder that a device uses, what it
 * keeps besides its keys stays as it is. */
bool store_keys(struct device *device)
{
    const struct ward_time now = ward_service_time(&device->service);
    const uint32_t uptime = device->platform.uptime(device->platform.context);
    const struct ward_record_slots slots = { device->platform.context, device->platform.record_read,
                                             device->platform.record_write };
    if (device->platform.record_write == NULL)
        return true;
    if (!device->may_store) {
        fprintf(stderr, "ward: %s: a device's, whose keys have another name: say its issuer with --device-issuer\n",
                device->posix_config.store);
        return false;
    }
    const struct ward_keyring_action want = ward_keyring_next(&device->keyring, now, uptime);
    ward_keyring_pack_keys(&device->keyring, false, &device->record);
    const struct ward_status status = ward_record_write(&slots, want.origin, want.slot, &device->record, &device->work);
    if (!ward_ok(status))
        fprintf(stderr, "ward: %s: %s: %s\n", device->posix_config.store, ward_status_sentence(status),
                strerror(errno));
    ward_keyring_stored(&device->keyring, status, uptime);
    return ward_ok(status);
}

static void print_failure(const struct device *device, const struct ward_fetch_answer *answer)
{
    fprintf(stderr, "ward: ");
    print_text(stderr, device->config.url);
    fprintf(stderr, ": %s: %s", ward_status_name(answer->status), ward_status_sentence(answer->status));
    if (answer->status.code == WARD_FETCH_HTTP_STATUS)
        fprintf(stderr, ": %u", (unsigned)answer->http);
    if (answer->status.code == device->watch.status.code)
        fprintf(stderr, ": at byte %zu", device->watch.bytes + 1);
    else if (answer->status.code == WARD_JSON_MALFORMED)
        fprintf(stderr, ": it ends after byte %zu", device->watch.bytes);
    fprintf(stderr, "\n");
}

static bool fetch(struct device *device, struct wanted_key *wanted)
{
    uint32_t seconds;
    struct ward_fetch_answer answer = ward_service_fetched(&device->service);
    const uint32_t uptime = device->platform.uptime(device->platform.context);
    const struct ward_text kid = wanted != NULL ? wanted->kid : ward_text_of(NULL, 0);
    begin_watch(device, wanted);
    /* A device that has just started is never told that its keys are fresh. */
    const struct ward_status asked = ward_keyring_request_refresh(&device->keyring, kid, uptime, &seconds);
    if (asked.code != WARD_KEY_REFRESH_PENDING)
        return false;
    answer.status = ward_status_of(WARD_NO_RESULT);
    while (answer.status.code == WARD_NO_RESULT) {
        sleep_for(ward_service_run(&device->service));
        answer = ward_service_fetched(&device->service);
    }
    if (!ward_ok(answer.status))
        print_failure(device, &answer);
    return ward_ok(answer.status);
}

bool fetch_keys(struct device *device)
{
    return fetch(device, NULL);
}

bool fetch_wanted_keys(struct device *device, struct wanted_key *wanted)
{
    return fetch(device, wanted);
}

bool device_is_fresh(const struct device *device)
{
    const struct ward_time now = ward_service_time(&device->service);
    const uint64_t fetched_at = ward_keyring_fetched_at(&device->keyring);
    return ward_ok(ward_keyring_ready(&device->keyring, now)) && fetched_at <= now.seconds &&
           now.seconds - fetched_at < USUAL_AGE;
}
