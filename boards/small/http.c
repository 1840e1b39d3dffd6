/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/1.1 on the UART: GET /led, POST /led/on, POST /led/off, without bodies. Between two requests a line that begins with
 * `!` is the operator's. */
#include "board.h"
#include "console.h"
#include "port/http/request_parser.h"
#include "small.h"

/* Milliseconds of silence after which a request that cannot be read is over. */
enum { QUIET = 20 };

enum { GET_LED, LED_OFF, LED_ON };
static const struct ward_route routes[] = { { WARD_GET, WARD_TEXT("/led"), WARD_TEXT("read:foia") },
                                            { WARD_POST, WARD_TEXT("/led/off"), WARD_TEXT("write:foia") },
                                            { WARD_POST, WARD_TEXT("/led/on"), WARD_TEXT("write:foia") } };
const struct ward_policy small_policy = { .expect = &small_expect,
                                          .routes = routes,
                                          .route_count = sizeof routes / sizeof routes[0] };

/* The receive buffer: the test of what an image takes knows it by this name. */
struct ward_http_request_parser line_buffer;

static struct ward_status judged;
static uint32_t ticks;
static bool between = true;

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

static void judge(void)
{
    struct ward_request request;
    ward_http_request_parser_get(&line_buffer, &request);
    request.protected_channel = true;
    request.peer = small_wire;
    request.now = board_time();
    request.uptime = board_uptime();
    const uint32_t begin = board_ticks();
    judged = ward_gate_check(&small_gate, &request, &small_work, &small_decision);
    ticks = board_ticks() - begin;
}

static void serve(void)
{
    if (small_decision.route != GET_LED)
        small_lit = small_decision.route == LED_ON;
    console_print("HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Type: application/json\r\n");
    console_print(small_lit ? "Content-Length: 12\r\n\r\n" : "Content-Length: 13\r\n\r\n");
    if (!small_decision.answer.head)
        console_print(small_lit ? "{\"led\":true}" : "{\"led\":false}");
}

/* A status without its phrase, which may be empty (RFC 9112, section 4), and without a body. */
static void refuse_shortly(uint16_t http)
{
    console_print("HTTP/1.1 ");
    console_number(http);
    console_print(" \r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

static void refuse(void)
{
    char text[WARD_ANSWER_SIZE];
    size_t length;
    if (ward_ok(ward_answer_http(&small_decision.answer, text, sizeof text, &length)))
        board_write(text, length);
    else
        refuse_shortly(500);
}

static void answer(enum ward_http_request_state state)
{
    uint16_t http = line_buffer.error;
    if (state == WARD_HTTP_REQUEST_BROKEN) {
        drop_the_rest();
        refuse_shortly(line_buffer.error);
        judged = ward_status_of(WARD_NO_RESULT);
    } else if (ward_ok(judged)) {
        serve();
        http = 200;
    } else {
        refuse();
        http = small_decision.answer.http;
    }
    console_print("\n");
    small_log(http, judged, ticks);
    ticks = 0;
    between = true;
}

static bool run_command(void)
{
    char line[16];
    const size_t length = console_line(line, sizeof line);
    return length > sizeof line || small_command(ward_text_of(line, length));
}

/* No route takes a body, so nobody is told to go on who waits for that: the answer comes at once. */
bool small_take(void)
{
    size_t used;
    const char c = board_read();
    if (between && c == '!')
        return run_command();
    if (between && (c == '\n' || c == '\r'))
        return true;
    if (between)
        ward_http_request_parser_begin(&line_buffer);
    between = false;
    enum ward_http_request_state state = ward_http_request_parser_feed(&line_buffer, &c, 1, &used);
    if (state == WARD_HTTP_REQUEST_HEAD) {
        judge();
        state = line_buffer.expects_continue ? WARD_HTTP_REQUEST_COMPLETE
                                             : ward_http_request_parser_feed(&line_buffer, "", 0, &used);
    }
    if (state != WARD_HTTP_REQUEST_MORE)
        answer(state);
    return true;
}
