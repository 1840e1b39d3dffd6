/* SPDX-License-Identifier: Apache-2.0 */
/* A gate that speaks lines in place of HTTP, for a core with 16 KB of RAM: what examples/line is for sockets.
 *
 * A line is a command and a token, `get TOKEN`, `on TOKEN` or `off TOKEN`; its answer a status and JSON, then a LOG line for
 * the operator, who alone may know the reason. `!stack` tells how much of the stack was ever used, `!quit` ends. A wire
 * reaches only who stands beside the device, so it counts as a protected channel. */
#include <string.h>

#include "board.h"
#include "console.h"
#include "ward/port/service.h"
#include "ward/ward.h"

/* A word that no code leaves on the stack. */
#define PAINT 0x9a1d7eadu

extern const struct ward_jwks app_keys; /* ward provision, in flash */

static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://dev-4fszoklachwdh46m.us.auth0.com/"),
                                           .audiences = WARD_TEXTS("https://api.theholefoundation.org") };
static const struct ward_policy policy = { .expect = &expect };

static struct ward_gate gate;
static struct ward_workspace work;
static struct ward_decision decision;
static bool lit;

/* The receive buffer: the test of what an image takes knows it by this name. */
char line_buffer[WARD_MAX_TOKEN + 8];

int main(void);

static void paint_stack(void)
{
    register uint32_t *const top __asm__("sp");
    for (volatile uint32_t *word = board_stack_begin; word < top; word++)
        *word = PAINT;
}

static size_t stack_used(void)
{
    const size_t words = ((uintptr_t)board_stack_end - (uintptr_t)board_stack_begin) / sizeof board_stack_begin[0];
    size_t unused = 0;
    while (unused < words && ((const volatile uint32_t *)board_stack_begin)[unused] == PAINT)
        unused++;
    return (words - unused) * sizeof board_stack_begin[0];
}

static void serve(struct ward_text command)
{
    static const struct ward_text get = WARD_TEXT("get");
    static const struct ward_text on = WARD_TEXT("on");
    if (!ward_text_equal(command, get))
        lit = ward_text_equal(command, on);
    console_print(lit ? "200 {\"led\":true}\n" : "200 {\"led\":false}\n");
}

static void refuse(void)
{
    char body[256];
    size_t length;
    console_number(decision.answer.http);
    console_print(" ");
    if (ward_ok(ward_answer_body(&decision.answer, body, sizeof body, &length)))
        board_write(body, length);
    console_print("\n");
}

/* The token is consumed where it lies. */
static void answer(char *line, size_t length)
{
    static const struct ward_text get = WARD_TEXT("get");
    const char *const space = memchr(line, ' ', length);
    const struct ward_text command = ward_text_of(line, space == NULL ? length : (size_t)(space - line));
    const size_t used = space == NULL ? length : command.length + 1;
    const struct ward_text scope = ward_text_equal(command, get) ? ward_text_of("read:foia", 9)
                                                                 : ward_text_of("write:foia", 10);
    const struct ward_caller caller = { { { 1 } }, board_time(), board_uptime() };
    const uint32_t begin = board_ticks();
    const struct ward_status status = ward_authorize(&gate, line + used, length - used, scope, &caller, &work,
                                                     &decision);
    const uint32_t ticks = board_ticks() - begin;
    if (ward_ok(status))
        serve(command);
    else
        refuse();
    console_print("LOG reason=");
    console_print(ward_status_name(status));
    console_print(" instructions=");
    console_number((uint64_t)ticks * board_instructions_a_tick / 100u);
    console_print("\n");
}

/* False when the operator ends it. */
static bool take_line(void)
{
    size_t length = console_line(line_buffer, sizeof line_buffer);
    if (length > sizeof line_buffer) {
        console_print("413 {}\nLOG reason=LINE_TOO_LONG instructions=0\n");
        return true;
    }
    if (length > 0 && line_buffer[length - 1] == '\r')
        length--;
    if (length == 6 && memcmp(line_buffer, "!stack", 6) == 0) {
        console_print("STACK ");
        console_number(stack_used());
        console_print("\n");
    } else if (length == 5 && memcmp(line_buffer, "!quit", 5) == 0) {
        return false;
    } else {
        answer(line_buffer, length);
    }
    return true;
}

int main(void)
{
    paint_stack();
    struct ward_status status = ward_selftest(NULL, 0, &work);
    console_print("self-test ");
    console_print(ward_status_name(status));
    console_print("\n");
    if (ward_ok(status))
        status = ward_gate_begin(&gate, &policy, &app_keys, NULL, board_time());
    console_print(ward_ok(status) ? "READY " : "STOPPED ");
    console_text(board_name);
    console_print(" ");
    console_print(ward_status_name(status));
    console_print("\n");
    if (!ward_ok(status))
        return 1;
    while (take_line()) {
    }
    console_print("END\n");
    return 0;
}
