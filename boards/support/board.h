/* SPDX-License-Identifier: Apache-2.0 */
/* What every board gives to the demo application and to the tests that run on it. */
#ifndef WARD_BOARD_H
#define WARD_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/text.h"
#include "ward/time.h"

/** The board's name. */
extern const struct ward_text board_name;

/** Starts clocks and the console; start-up code calls it before main(). */
void board_init(void);

/** Writes bytes to the console; returns when they are out. */
void board_write(const char *data, size_t length);

/** Whether a byte from the console is there. */
bool board_readable(void);

/** Waits for one byte from the console. */
char board_read(void);

/** The wall clock. On an emulator it is the host's, by semihosting. */
struct ward_time board_time(void);

/** Milliseconds since the start; wraps around after 49 days. */
uint32_t board_uptime(void);

/** A counter of processor work that goes up and wraps around; under QEMU's `-icount shift=0` it counts instructions, in
 * steps of board_instructions_a_tick. */
uint32_t board_ticks(void);

/** Hundredths of an instruction that pass in one tick under `-icount shift=0`. */
extern const uint32_t board_instructions_a_tick;

/** Waits until an interrupt comes; the timer's comes each millisecond. Call it with nothing left to do. */
void board_sleep(void);

/** Fills memory from the board's entropy source; false if it cannot. A board without a source does not have this, and a networked image
 * does not link for it. */
bool board_entropy(void *data, size_t length);

/** What stands in, on this board, for parts that a device has: printed at the start. */
extern const char *const board_is_emulated;

/** Ends the emulator with this exit code; on hardware, stops. */
_Noreturn void board_exit(int code);

/** First byte of the stack's memory, and the byte after its last. */
extern uint32_t board_stack_begin[];
extern uint32_t board_stack_end[];

#endif
