/* SPDX-License-Identifier: Apache-2.0 */
/* The main loop of a device whose keys refresh themselves: loop URL AUTHORITIES STORE. Requests are lines on stdin,
 * `get TOKEN`; the platform is this machine's (port/posix), and a firmware puts its own in the place of it. A token is verified in
 * steps, one each time round, so that on a slow processor all else goes on meanwhile. */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "led.h"
#include "port/posix/platform.h"
#include "ward/port/service.h"

static struct ward_platform platform;
static struct ward_keyring_config config;
static const uint32_t serial_number = 4711;

/* The request that is under way, if one is. What it needs is its own until it is decided: the service has a workspace, too. */
static struct ward_check check;
static struct ward_workspace work;
static struct ward_decision decision;
static char line[WARD_MAX_TOKEN + 8];
static struct ward_status outcome;

static void sleep_at_most(uint32_t milliseconds)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    if (outcome.code == WARD_UNFINISHED)
        return;
    (void)poll(&input, 1, milliseconds > 60000u ? 60000 : (int)milliseconds);
}

static bool serve_requests(struct ward_time now);

/* loop:begin */
static struct ward_service service;
static struct ward_keyring keyring;
static struct ward_record record; /* only the service's */

/* Starts what is stored, then the gate that takes over its deny list. */
static struct ward_status begin(void)
{
    const struct ward_gate_setup setup = { .policy = &led_policy, .keyring = &keyring };
    struct ward_status status = ward_service_begin(&service, &platform, &keyring, &config, serial_number, &led_work,
                                                   &record);
    if (ward_ok(status))
        status = ward_gate_begin_with(&led_gate, &setup, ward_service_time(&service), &led_work);
    if (ward_ok(status))
        ward_service_gate(&service, &led_gate); /* nothing is stored before */
    return status;
}

static void loop(void)
{
    /* Requests are asked at the service's time. It says how long nothing is due; sooner does no harm. */
    while (serve_requests(ward_service_time(&service)))
        sleep_at_most(ward_service_run(&service));
}
/* loop:end */

static bool is_waiting(void)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    return poll(&input, 1, 0) == 1;
}

static void answer(void)
{
    char out[64] = "";
    if (ward_ok(outcome))
        (void)led_serve(LED_SHOW, ward_text_of(NULL, 0), out, sizeof out);
    printf("%u %s %s\n", (unsigned)decision.answer.http, ward_status_name(outcome), out);
    (void)fflush(stdout);
}

/* False at the end of the input. */
static bool serve_requests(struct ward_time now)
{
    const struct ward_caller caller = { { { 1 } }, now, led_uptime() }; /* one wire, one peer */
    if (outcome.code == WARD_UNFINISHED) {
        outcome = ward_authorize_step(&check, now, led_uptime());
    } else {
        if (!is_waiting())
            return true;
        if (fgets(line, sizeof line, stdin) == NULL)
            return false;
        const size_t length = strcspn(line, "\n");
        if (length < 4)
            return true;
        outcome = ward_authorize_begin(&check, &led_gate, line + 4, length - 4, led_read, &caller, &work, &decision);
    }
    if (outcome.code != WARD_UNFINISHED)
        answer();
    return true;
}

static struct ward_text text_of(const char *string)
{
    return ward_text_of(string, strlen(string));
}

int main(int argc, char **argv)
{
    static struct ward_posix_device device;
    static struct ward_posix_config posix = { .clock_is_set = true };
    if (argc != 4)
        return 2;
    posix.fetch.authorities = argv[2];
    posix.store = argv[3];
    config.issuer = led_policy.expect->issuers.item[0];
    config.url = text_of(argv[1]);
    config.build_time = 1767225600; /* a firmware's: its own */
    struct ward_status status = ward_posix_begin(&device, &posix, &platform);
    (void)setvbuf(stdin, NULL, _IONBF, 0);
    if (ward_ok(status))
        status = begin();
    if (!ward_ok(status))
        fprintf(stderr, "%s\n", ward_status_sentence(status));
    else
        loop();
    ward_posix_end(&device);
    return ward_ok(status) ? 0 : 1;
}
