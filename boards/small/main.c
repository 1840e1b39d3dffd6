/* SPDX-License-Identifier: Apache-2.0 */
/* The small gate from its self-test to its end, and what its operator is told: statuses by their numbers, as
 * ward/status.h has them, since the names take 4 KB. */
#include "small.h"

#include "board.h"
#include "console.h"
#include "ward/port/service.h"

/* A word that no code leaves on the stack. */
#define PAINT 0x9a1d7eadu

extern const struct ward_jwks app_keys; /* ward provision, in flash */

const struct ward_expect small_expect = { .issuers = WARD_TEXTS("https://dev-4fszoklachwdh46m.us.auth0.com/"),
                                          .audiences = WARD_TEXTS("https://api.theholefoundation.org") };
const struct ward_peer small_wire = { { 1 } };

struct ward_gate small_gate;
struct ward_workspace small_work;
struct ward_decision small_decision;
bool small_lit;

int main(void);

/* Up to where this call's own words may lie. */
static void paint_stack(void)
{
    enum { OWN_WORDS = 16 };
    const volatile uint32_t *const top = (const volatile uint32_t *)__builtin_frame_address(0) - OWN_WORDS;
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

void small_log(uint16_t http, struct ward_status status, uint32_t ticks)
{
    console_print("LOG status=");
    console_number(http);
    console_print(" reason=");
    console_hex(status.code);
    console_print(" instructions=");
    console_number((uint64_t)ticks * board_instructions_a_tick / 100u);
    console_print("\n");
}

bool small_command(struct ward_text command)
{
    static const struct ward_text stack = WARD_TEXT("stack");
    static const struct ward_text quit = WARD_TEXT("quit");
    if (ward_text_equal(command, stack)) {
        console_print("STACK ");
        console_number(stack_used());
        console_print("\n");
    }
    return !ward_text_equal(command, quit);
}

int main(void)
{
    paint_stack();
    struct ward_status status = ward_selftest(NULL, 0, &small_work);
    console_print("self-test ");
    console_hex(status.code);
    console_print("\n");
    if (ward_ok(status))
        status = ward_gate_begin(&small_gate, &small_policy, &app_keys, NULL, board_time());
    console_print(ward_ok(status) ? "READY " : "STOPPED ");
    board_write(board_name.data, board_name.length);
    console_print(" ");
    console_hex(status.code);
    console_print("\n");
    if (!ward_ok(status))
        return 1;
    while (small_take()) {
    }
    console_print("END\n");
    return 0;
}
