/* SPDX-License-Identifier: Apache-2.0 */
/* A device on this machine whose uptime a test moves on: the real service, gate and keyring on port/posix.
 *
 *     device URL AUTHORITIES TIMEOUT CLOCK [STORE [AGENT]]    milliseconds; `set` or `unset`; an empty store is none
 *
 * With OPERATORS in the environment, a key set of operators, URL names a bundle, with CLEARTEXT also one over http.
 *
 * Each line on stdin is a number of seconds to let pass; then the service runs until it waits, and a line of JSON tells
 * what the audit says that is new, the keys in use, the last fetch and the seconds until the next one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "key_set_file.h"
#include "port/posix/platform.h"
#include "ward/port/service.h"
#include "ward/ward.h"

static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://issuer.example/"),
                                           .audiences = WARD_TEXTS("https://api.example") };
static const struct ward_route routes[] = { { WARD_GET, WARD_TEXT("/led"), WARD_TEXT("read:led") } };
static const struct ward_policy policy = { .expect = &expect, .routes = routes, .route_count = 1 };
static struct ward_posix_device posix;
static struct ward_posix_config posix_config;
static struct ward_platform platform;
static struct ward_keyring keyring;
static struct ward_keyring_config config;
static struct ward_jwks operators;
static char bundle[WARD_MAX_BUNDLE];
static struct ward_bundle_config bundles = { .operator_name = WARD_TEXT("https://theholefoundation.org/fleet"),
                                             .fleet = WARD_TEXT("demo"),
                                             .keys = &operators,
                                             .expect = &expect,
                                             .buffer = bundle,
                                             .size = sizeof bundle };
static struct ward_gate gate;
static struct ward_service service;
static struct ward_workspace work;
static struct ward_record record;
static uint32_t passed;
static uint32_t (*machine_uptime)(void *context);
static char reasons[4096];
static unsigned fetches;
static struct ward_status (*machine_fetch)(void *context, struct ward_text url, uint64_t now);

static uint32_t uptime(void *context)
{
    return machine_uptime(context) + passed;
}

static struct ward_status fetch_begin(void *context, struct ward_text url, uint64_t now)
{
    fetches++;
    return machine_fetch(context, url, now);
}

static void keep_reason(void *context, const struct ward_audit_event *event)
{
    (void)context;
    const size_t length = strlen(reasons);
    if (event->kind == WARD_AUDIT_CHANGE)
        (void)snprintf(reasons + length, sizeof reasons - length, "%s\"%s\"", length > 0 ? ", " : "",
                       ward_status_name((struct ward_status){ event->reason }));
}

/* It takes bundles that these operators' keys have signed. */
static struct ward_status take_operators(const char *path)
{
    config.bundles = &bundles;
    bundles.cleartext = getenv("CLEARTEXT") != NULL;
    return key_set_file(path, &operators, &work);
}

static struct ward_status begin(char **words)
{
    const char *const path = getenv("OPERATORS");
    config.issuer = expect.issuers.item[0];
    config.url = ward_text_of(words[1], strlen(words[1]));
    config.build_time = 1767225600u;
    posix_config.fetch.authorities = words[2];
    posix_config.fetch.timeout = (uint32_t)strtoul(words[3], NULL, 10);
    posix_config.fetch.connect_timeout = posix_config.fetch.timeout;
    posix_config.clock_is_set = strcmp(words[4], "set") == 0;
    posix_config.store = words[5] != NULL && words[5][0] != '\0' ? words[5] : NULL;
    posix_config.fetch.user_agent = words[5] != NULL ? words[6] : NULL;
    posix_config.fetch.cleartext = getenv("CLEARTEXT") != NULL;
    struct ward_status status = path != NULL ? take_operators(path) : ward_status_of(WARD_OK);
    if (ward_ok(status))
        status = ward_posix_begin(&posix, &posix_config, &platform);
    if (!ward_ok(status))
        return status;
    machine_uptime = platform.uptime;
    platform.uptime = uptime;
    machine_fetch = platform.fetch_begin;
    platform.fetch_begin = fetch_begin;
    if (ward_ok(status))
        status = ward_service_begin(&service, &platform, &keyring, &config, 1, &work, &record);
    const struct ward_gate_setup setup = { .policy = &policy, .keyring = &keyring, .sink = keep_reason };
    if (ward_ok(status))
        status = ward_gate_begin_with(&gate, &setup, ward_service_time(&service), &work);
    if (ward_ok(status))
        ward_service_gate(&service, &gate);
    return status;
}

static void run(void)
{
    const struct timespec tick = { 0, 1000000 };
    uint32_t wait = 0;
    while (wait == 0 || service.fetching) {
        wait = ward_service_run(&service);
        if (wait > 0)
            (void)nanosleep(&tick, NULL);
    }
}

static void tell(void)
{
    const struct ward_jwks *const keys = ward_keyring_keys(&keyring);
    const struct ward_fetch_answer answer = ward_service_fetched(&service);
    const struct ward_time now = ward_service_time(&service);
    printf("{\"audit\": [%s], \"fetches\": %u, \"kids\": [", reasons, fetches);
    for (size_t i = 0; i < keys->count; i++)
        printf("%s\"%.*s\"", i > 0 ? ", " : "", (int)keys->key[i].kid_length, keys->key[i].kid);
    printf("], \"fetched\": \"%s\", \"http\": %u, \"next\": %u, \"clock\": %s, \"now\": %llu, \"boots\": %u, \"seq\": "
           "%llu}\n",
           ward_status_name(answer.status), (unsigned)answer.http, (unsigned)(keyring.refresh.wait / 1000u),
           now.trust == WARD_TIME_SET ? "true" : "false", (unsigned long long)now.seconds,
           (unsigned)ward_keyring_boots(&keyring), (unsigned long long)ward_keyring_bundle_info(&keyring).sequence);
    (void)fflush(stdout);
    reasons[0] = '\0';
}

int main(int argc, char **argv)
{
    char line[32];
    if (argc < 5)
        return 2;
    const struct ward_status status = begin(argv);
    if (!ward_ok(status)) {
        fprintf(stderr, "%s\n", ward_status_name(status));
        return 1;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        passed += (uint32_t)strtoul(line, NULL, 10) * 1000u;
        run();
        tell();
    }
    ward_posix_end(&posix);
    return 0;
}
