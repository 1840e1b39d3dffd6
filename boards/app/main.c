/* SPDX-License-Identifier: Apache-2.0 */
/* The demo firmware on a UART: HTTP/1.1 requests on the console, one after the other, and their responses.
 *
 * The wire reaches only who stands beside the device, so it counts as a protected channel; a network does not without TLS. A line
 * that begins with `!` is a command of the operator's (see operator_command()).
 */
#include <string.h>

#include "app.h"
#include "board.h"
#include "console.h"
#include "events.h"
#include "operator.h"
#include "port/http/error_response.h"

/* Milliseconds of silence after which a request that cannot be read is over. */
enum { QUIET = 20 };

static struct ward_http_request_parser parser;
static struct app_judged judged;
static uint32_t judging; /* ticks that the gate took for the request being read */
static char response[4096];

/* For the operator, and never a part of the response: why, and what it took, counted where QEMU runs with -icount. */
static void log_response(const struct app_response *result, uint32_t ticks)
{
    events_print();
    console_print("LOG status=");
    console_number(result->http);
    console_print(" reason=");
    console_print(ward_status_name(result->decision));
    console_print(" instructions=");
    console_number((uint64_t)ticks * board_instructions_a_tick / 100u);
    console_print("\n");
}

/* Nobody can say where a request ends that cannot be read, and a wire cannot be closed: what still comes is dropped. */
static void drop_the_rest(void)
{
    uint32_t quiet_from = board_uptime();
    while (board_uptime() - quiet_from < QUIET) {
        if (!board_readable())
            continue;
        (void)board_read();
        quiet_from = board_uptime();
    }
}

static enum ward_http_request_state feed(const char *data, size_t length)
{
    size_t used;
    return ward_http_request_parser_feed(&parser, data, length, &used);
}

/* The headers have come. Who waits for `100 Continue` is told that or the answer; a body may come all the same. */
static enum ward_http_request_state judge(void)
{
    static const struct ward_peer wire = { { 1 } };
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const uint32_t begin = board_ticks();
    const bool granted = app_judge(&parser, true, &wire, &judged);
    judging = board_ticks() - begin;
    if (parser.expects_continue && !granted) {
        drop_the_rest();
        return WARD_HTTP_REQUEST_COMPLETE;
    }
    if (parser.expects_continue)
        board_write(go_on, sizeof go_on - 1);
    return feed("", 0);
}

static struct app_response decide(enum ward_http_request_state state)
{
    if (state == WARD_HTTP_REQUEST_COMPLETE)
        return app_serve(&parser, &judged, response, sizeof response);
    drop_the_rest();
    const bool head = strcmp(ward_http_request_parser_method(&parser), "HEAD") == 0;
    const size_t length = ward_http_error_response_write(parser.error, head, response, sizeof response);
    return (struct app_response){ length, ward_status_of(WARD_NO_RESULT), parser.error, false };
}

static void answer(enum ward_http_request_state state)
{
    const uint32_t begin = board_ticks();
    const struct app_response result = decide(state);
    const uint32_t ticks = board_ticks() - begin + judging;
    board_write(response, result.length);
    console_print("\n");
    log_response(&result, ticks);
    judging = 0;
    ward_http_request_parser_begin(&parser);
}

static bool run_command(void)
{
#if WARD_MAX_BUNDLE > 0
    static char line[WARD_MAX_BUNDLE + 16]; /* a bundle is one line */
#else
    char line[300];
#endif
    size_t length = console_line(line, sizeof line);
    if (length > sizeof line) {
        console_print("the line is too long\n");
        return true;
    }
    if (length > 0 && line[length - 1] == '\r')
        length--;
    return operator_command(line, length);
}

/* One byte of the console: of a request, or the begin of a command. False when the operator ends it. */
static bool take(char c, bool *between)
{
    if (*between && c == '!')
        return run_command();
    if (*between && (c == '\n' || c == '\r'))
        return true;
    *between = false;
    enum ward_http_request_state state = feed(&c, 1);
    if (state == WARD_HTTP_REQUEST_HEAD)
        state = judge();
    if (state != WARD_HTTP_REQUEST_MORE) {
        answer(state);
        *between = true;
    }
    return true;
}

struct ward_time app_clock(void)
{
    return board_time();
}

#if WARD_MAX_BUNDLE > 0

extern const struct ward_jwks app_keys;
extern const struct ward_jwks app_operator_keys;

static const struct ward_bundle_config bundles = { .operator_name = WARD_TEXT("https://theholefoundation.org/fleet"),
                                                   .fleet = WARD_TEXT("demo"),
                                                   .keys = &app_operator_keys,
                                                   .expect = &app_expect };

/* Never online: its keys are in flash until a bundle brings others. */
static const struct ward_keyring_config config = { .issuer = WARD_TEXT("https://dev-4fszoklachwdh46m.us.auth0.com/"),
                                                   .compiled = &app_keys,
                                                   .compiled_version = 1,
                                                   .build_time = 1735689600u,
                                                   .bundles = &bundles };

static struct ward_keyring keyring;

struct ward_time app_time(void)
{
    return ward_keyring_time(&keyring, board_time(), board_uptime());
}

static bool start(void)
{
    const struct ward_status status = ward_keyring_begin(&keyring, &config, 1, board_uptime());
    if (!ward_ok(status))
        console_print(ward_status_sentence(status));
    return ward_ok(status) && app_begin(&keyring);
}

#else

struct ward_time app_time(void)
{
    return board_time();
}

static bool start(void)
{
    return app_begin(NULL);
}

#endif

int main(void)
{
    bool between = true;
    if (!start())
        return 1;
    events_print();
    console_print("READY: the UART counts as a protected channel\n");
    ward_http_request_parser_begin(&parser);
    while (take(board_read(), &between)) {
    }
    return 0;
}
