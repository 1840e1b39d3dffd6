/* The demo firmware on a UART: HTTP/1.1 requests on the console, one after the other, and their responses.
 *
 * The wire reaches only who stands beside the device, so it counts as a protected channel; a network does not without TLS. A line
 * that begins with `!` is a command of the operator's (see app_command()).
 */
#include "app.h"
#include "board.h"
#include "console.h"

static struct request_parser parser;
static char response[4096];

/* Instructions that the last request took, for whoever runs this under QEMU's -icount. */
static void report_cost(uint32_t begin)
{
    console_print("COST ");
    console_number((uint64_t)(board_ticks() - begin) * board_instructions_a_tick / 100u);
    console_print("\n");
}

static void answer(enum request_state state)
{
    static const struct ward_peer wire = { { 1 } };
    const uint32_t begin = board_ticks();
    const size_t length = state == REQUEST_COMPLETE ? app_serve(&parser, true, &wire, response, sizeof response)
                                                    : app_refuse(parser.error, response, sizeof response);
    const uint32_t end = board_ticks();
    board_write(response, length);
    console_print("\n");
    report_cost(begin + (board_ticks() - end));
    request_parser_begin(&parser);
}

static bool run_command(void)
{
    char line[300];
    const size_t length = console_line(line, sizeof line);
    return app_command(line, length <= sizeof line ? length : sizeof line);
}

/* One byte of the console: of a request, or the begin of a command. False when the operator ends it. */
static bool take(char c, bool *between)
{
    size_t used;
    if (*between && c == '!')
        return run_command();
    if (*between && (c == '\n' || c == '\r'))
        return true;
    *between = false;
    const enum request_state state = request_parser_feed(&parser, &c, 1, &used);
    if (state != REQUEST_MORE) {
        answer(state);
        *between = true;
    }
    return true;
}

int main(void)
{
    bool between = true;
    if (!app_begin())
        return 1;
    console_print("READY: the UART counts as a protected channel\n");
    request_parser_begin(&parser);
    while (take(board_read(), &between)) {
    }
    return 0;
}
