/* SPDX-License-Identifier: Apache-2.0 */
/* Many devices in one program that really fetch: keyring, service and port/posix of each, their connections open at the same time.
 *
 *     connections DEVICES URL AUTHORITIES OPERATORS
 *
 * Each line on stdin is a number of seconds to let pass for all of them; then they run until no fetch is under way, and a line of JSON tells
 * how many have fetched all of a bundle, how many one that is unchanged, how many have failed, and the lowest and highest number in force.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "key_set_file.h"
#include "port/posix/platform.h"
#include "ward/port/service.h"
#include "ward/ward.h"

static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://issuer.example/"),
                                           .audiences = WARD_TEXTS("https://api.example") };

struct device {
    struct ward_posix_device posix;
    struct ward_platform platform;
    struct ward_bundle_config bundles;
    struct ward_keyring_config config;
    struct ward_keyring keyring;
    struct ward_service service;
    unsigned fetched; /* its last fetch was of this round */
    char buffer[4096];
};

static struct device *devices;
static size_t device_count;
static struct ward_posix_config posix_config = { .clock_is_set = true };
static struct ward_jwks operators;
static struct ward_workspace work;
static struct ward_record record;
static uint32_t passed;
static uint32_t (*machine_uptime)(void *context);

static uint32_t uptime(void *context)
{
    return machine_uptime(context) + passed;
}

static struct ward_status begin(struct device *device, const char *url, uint32_t number)
{
    const struct ward_bundle_config bundles = { .operator_name = WARD_TEXT("https://theholefoundation.org/fleet"),
                                                .fleet = WARD_TEXT("demo"),
                                                .keys = &operators,
                                                .expect = &expect,
                                                .buffer = device->buffer,
                                                .size = sizeof device->buffer,
                                                .cleartext = posix_config.fetch.cleartext };
    const struct ward_keyring_config config = { .issuer = expect.issuers.item[0],
                                                .url = ward_text_of(url, strlen(url)),
                                                .build_time = 1767225600u,
                                                .bundles = &device->bundles };
    device->bundles = bundles;
    device->config = config;
    struct ward_status status = ward_posix_begin(&device->posix, &posix_config, &device->platform);
    machine_uptime = device->platform.uptime;
    device->platform.uptime = uptime;
    device->platform.entropy = NULL;
    if (ward_ok(status))
        status = ward_service_begin(&device->service, &device->platform, &device->keyring, &device->config, number + 1,
                                    &work, &record);
    if (ward_ok(status))
        ward_service_gate(&device->service, NULL);
    return status;
}

/* One step of each; whether a fetch is under way anywhere. */
static bool step(void)
{
    bool busy = false;
    for (size_t i = 0; i < device_count; i++) {
        struct device *const device = &devices[i];
        const bool was = device->service.fetching;
        const uint32_t wait = ward_service_run(&device->service);
        device->fetched += was && !device->service.fetching ? 1 : 0;
        busy = busy || device->service.fetching || wait == 0;
    }
    return busy;
}

static void tell(void)
{
    unsigned whole = 0;
    unsigned unchanged = 0;
    unsigned failed = 0;
    uint64_t lowest = UINT64_MAX;
    uint64_t highest = 0;
    for (size_t i = 0; i < device_count; i++) {
        const struct ward_fetch_answer answer = ward_service_fetched(&devices[i].service);
        const uint64_t sequence = ward_keyring_bundle_info(&devices[i].keyring).sequence;
        const bool good = devices[i].fetched == 1 && ward_ok(answer.status);
        whole += good && answer.http == 200 ? 1 : 0;
        unchanged += good && answer.http == 304 ? 1 : 0;
        failed += good ? 0 : 1;
        lowest = sequence < lowest ? sequence : lowest;
        highest = sequence > highest ? sequence : highest;
        devices[i].fetched = 0;
    }
    printf("{\"whole\": %u, \"unchanged\": %u, \"failed\": %u, \"lowest\": %llu, \"highest\": %llu}\n", whole,
           unchanged, failed, (unsigned long long)lowest, (unsigned long long)highest);
    (void)fflush(stdout);
}

/* A connection, and what libcurl opens besides. */
static void allow_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int count, char **words)
{
    const struct timespec tick = { 0, 1000000 };
    char line[32];
    if (count != 5 || (device_count = strtoul(words[1], NULL, 10)) == 0) {
        fprintf(stderr, "usage: connections DEVICES URL AUTHORITIES OPERATORS\n");
        return 2;
    }
    allow_files();
    devices = calloc(device_count, sizeof *devices);
    posix_config.fetch.authorities = words[3];
    posix_config.fetch.cleartext = strncmp(words[2], "http:", 5) == 0;
    struct ward_status status = key_set_file(words[4], &operators, &work);
    for (size_t i = 0; i < device_count && devices != NULL && ward_ok(status); i++)
        status = begin(&devices[i], words[2], (uint32_t)i);
    if (devices == NULL || !ward_ok(status)) {
        fprintf(stderr, "connections: %s\n", devices == NULL ? "not enough memory" : ward_status_sentence(status));
        return 1;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        passed += (uint32_t)strtoul(line, NULL, 10) * 1000u;
        while (step())
            (void)nanosleep(&tick, NULL);
        tell();
    }
    for (size_t i = 0; i < device_count; i++)
        ward_posix_end(&devices[i].posix);
    free(devices);
    return 0;
}
