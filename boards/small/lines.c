/* SPDX-License-Identifier: Apache-2.0 */
/* Lines in place of HTTP, as examples/line has them for sockets. A line is a command and a token, `get TOKEN`, `on TOKEN` or
 * `off TOKEN`; its answer a status and JSON. One that begins with `!` is the operator's. */
#include <string.h>

#include "board.h"
#include "console.h"
#include "small.h"

const struct ward_policy small_policy = { .expect = &small_expect };

/* The receive buffer: the test of what an image takes knows it by this name. */
char line_buffer[WARD_MAX_TOKEN + 8];

static void serve(struct ward_text command)
{
    static const struct ward_text get = WARD_TEXT("get");
    static const struct ward_text on = WARD_TEXT("on");
    if (!ward_text_equal(command, get))
        small_lit = ward_text_equal(command, on);
    console_print(small_lit ? "200 {\"led\":true}\n" : "200 {\"led\":false}\n");
}

static void refuse(void)
{
    char body[256];
    size_t length;
    console_number(small_decision.answer.http);
    console_print(" ");
    if (ward_ok(ward_answer_body(&small_decision.answer, body, sizeof body, &length)))
        board_write(body, length);
    console_print("\n");
}

/* The token is consumed where it lies. */
static void answer(char *line, size_t length)
{
    static const struct ward_text get = WARD_TEXT("get");
    static const struct ward_text off = WARD_TEXT("off");
    static const struct ward_text on = WARD_TEXT("on");
    const char *const space = memchr(line, ' ', length);
    const struct ward_text command = ward_text_of(line, space == NULL ? length : (size_t)(space - line));
    const size_t used = space == NULL ? length : command.length + 1;
    const bool reads = ward_text_equal(command, get);
    if (!reads && !ward_text_equal(command, on) && !ward_text_equal(command, off)) {
        console_print("400 {}\n");
        small_log(400, ward_status_of(WARD_NO_RESULT), 0);
        return;
    }
    const struct ward_text scope = reads ? ward_text_of("read:foia", 9) : ward_text_of("write:foia", 10);
    const struct ward_caller caller = { small_wire, board_time(), board_uptime() };
    const uint32_t begin = board_ticks();
    const struct ward_status status = ward_authorize(&small_gate, line + used, length - used, scope, &caller,
                                                     &small_work, &small_decision);
    const uint32_t ticks = board_ticks() - begin;
    if (ward_ok(status))
        serve(command);
    else
        refuse();
    small_log(ward_ok(status) ? 200 : small_decision.answer.http, status, ticks);
}

bool small_take(void)
{
    size_t length = console_line(line_buffer, sizeof line_buffer);
    if (length > sizeof line_buffer) {
        console_print("413 {}\n");
        small_log(413, ward_status_of(WARD_NO_RESULT), 0);
        return true;
    }
    if (length > 0 && line_buffer[length - 1] == '\r')
        length--;
    if (length > 0 && line_buffer[0] == '!')
        return small_command(ward_text_of(line_buffer + 1, length - 1));
    answer(line_buffer, length);
    return true;
}
