/* SPDX-License-Identifier: Apache-2.0 */
/* The demo as a device on a network: its issuer's keys come over HTTPS and stay on flash, its endpoints are served over TLS.
 *
 * One loop does everything and never waits; with nothing to do the processor sleeps. The console is the operator's: `!deny SUBJECT`
 * and the like (see operator_command()), `!report`, `!fetch`, which asks for the issuer's keys as an unknown `kid` does, and
 * `!floor SECONDS`, the time since 1970 before which no clock counts, after a clock has been wrong by years.
 */
#include "app.h"
#include "board.h"
#include "clock.h"
#include "config.h"
#include "console.h"
#include "events.h"
#include "device.h"
#include "ethernet.h"
#include "port/lwip/network.h"
#include "operator.h"
#include "report.h"
#include "port/http/server.h"
#include "ward/port/service.h"

/* Without its lines about responses and audit: what is measured then is the server. */
#ifndef APP_QUIET
#define APP_QUIET 0
#endif

enum { PORT = 443, LINE = 300 };

static struct ward_service service;
static struct ward_keyring keyring;
static struct ward_record record;
static bool ready;

struct ward_time app_time(void)
{
    return ward_service_time(&service);
}

struct ward_time app_clock(void)
{
    return clock_now();
}

/* ---- Requests. */

static void log_response(const struct app_response *response)
{
    console_print("LOG status=");
    console_number(response->http);
    console_print(" reason=");
    console_print(ward_status_name(response->decision));
    console_print("\n");
}

#if !APP_WITHOUT_GATE
/* One a connection: while the body of a granted request comes, others are judged. */
static struct app_judged judged[WARD_SERVER_SLOTS];
#endif

static bool judge(void *context, unsigned slot, struct ward_http_request_parser *parser, const struct ward_peer *peer)
{
    (void)context;
#if APP_WITHOUT_GATE
    (void)slot;
    (void)parser;
    (void)peer;
    return true;
#else
    return app_judge(parser, true, peer, &judged[slot]);
#endif
}

static void serve(void *context, unsigned slot, struct ward_http_request_parser *parser, char *out, size_t size,
                  struct ward_http_server_answer *answer)
{
    (void)context;
#if APP_WITHOUT_GATE
    (void)slot;
    const struct app_response response = app_serve_anybody(parser, out, size);
#else
    const struct app_response response = app_serve(parser, &judged[slot], out, size);
#endif
    if (APP_QUIET == 0)
        log_response(&response);
    answer->length = response.length;
    answer->granted = response.granted;
}

static const struct ward_http_server_application application = { judge, serve, NULL };

/* ---- The operator. */

/* As an unknown `kid` would. */
static void ask_for_keys(void)
{
    static const struct ward_text nobodys = WARD_TEXT("operator");
    uint32_t retry_after;
    const struct ward_status status = ward_keyring_request_refresh(&keyring, nobodys, board_uptime(), &retry_after);
    console_print("asked ");
    console_print(ward_status_name(status));
    console_print(" retry_after=");
    console_number(retry_after);
    console_print("\n");
}

static void set_floor(struct ward_text text)
{
    uint64_t seconds;
    if (!console_seconds(text, &seconds)) {
        console_print("floor: seconds since 1970\n");
        return;
    }
    ward_keyring_set_floor(&keyring, seconds);
    console_print("floor set\n");
}

static bool run_command(char *line, size_t length)
{
    const struct ward_text command = ward_text_of(line, length);
    static const struct ward_text report = WARD_TEXT("report");
    static const struct ward_text fetch = WARD_TEXT("fetch");
    static const struct ward_text floor = WARD_TEXT("floor ");
    if (ward_text_equal(command, report)) {
        report_print(&keyring);
        return true;
    }
    if (ward_text_equal(command, fetch)) {
        ask_for_keys();
        return true;
    }
    if (command.length > floor.length && ward_text_equal(ward_text_of(command.data, floor.length), floor)) {
        set_floor(ward_text_of(command.data + floor.length, command.length - floor.length));
        return true;
    }
    return operator_command(line, length);
}

static bool run_line(char *line, size_t length)
{
    if (length > 0 && line[length - 1] == '\r')
        length--;
    if (length == 0 || line[0] != '!')
        return true;
    return run_command(line + 1, length - 1);
}

/* What has come of a line; false when the operator ends the device. */
static bool run_console(void)
{
    static char line[LINE];
    static size_t length;
    while (board_readable()) {
        const char c = board_read();
        if (c != '\n') {
            length += length < sizeof line ? 1 : 0;
            line[length - 1] = c;
            continue;
        }
        const size_t whole = length;
        length = 0;
        if (whole == sizeof line)
            console_print("the line is too long\n");
        else if (!run_line(line, whole))
            return false;
    }
    return true;
}

/* ---- The loop. */

static void tell_ready(void)
{
    char address[16];
    ward_lwip_address(address, sizeof address);
    console_print("READY address=");
    console_print(address);
    console_print(" port=");
    console_number(PORT);
    console_print(" boots=");
    console_number(ward_keyring_boots(&keyring));
    console_print(" keys=");
    console_number(ward_keyring_keys(&keyring)->count);
    console_print("\n");
}

/* With or without a network: what the operator denies is stored at once. */
static uint32_t run_service(void)
{
    if (!ready) {
        ready = ward_lwip_ready();
        if (ready)
            tell_ready();
    }
    const uint32_t wait = ward_service_run(&service);
    device_tell_fetch(&service);
    return wait;
}

static bool run(void)
{
    report_turn();
    bool more = ward_lwip_run();
    report_part(REPORT_NETWORK);
    more = ward_http_server_run() || more;
    report_part(REPORT_SERVER);
    more = run_service() == 0 || more;
    report_part(REPORT_SERVICE);
    const bool go_on = run_console();
    if (APP_QUIET == 0)
        events_print();
    report_part(REPORT_CONSOLE);
    if (!more && !ethernet_waiting())
        report_sleep();
    return go_on;
}

/* This device would rather not start than let in whom it has denied. Where its gate is closed instead the operator can see why. */
static bool goes_on(struct ward_status status)
{
    return ward_ok(status) || status.code == WARD_RECORD_NEWER || status.code == WARD_RECORD_UNREADABLE ||
           status.code == WARD_CRYPTO_FAILED;
}

static bool begin(void)
{
    if (!device_begin())
        return false;
    const struct ward_status status = ward_service_begin(&service, &device_platform, &keyring, &network_keys, 0,
                                                         &app_work, &record);
    if (!ward_ok(status)) {
        console_print(ward_status_sentence(status));
        console_print("\n");
    }
    if (!goes_on(status) || !app_begin(&keyring))
        return false;
    ward_service_gate(&service, &app_gate);
    return ward_http_server_begin(&application, &ward_lwip_network, PORT);
}

int main(void)
{
    report_begin();
    if (!begin())
        return 1;
    while (run()) {
    }
    return 0;
}
