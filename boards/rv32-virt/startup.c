/* SPDX-License-Identifier: Apache-2.0 */
/* From reset to main(), and what happens when a program goes wrong. */
#include <stdint.h>
#include <string.h>

#include "board.h"
#include "console.h"

extern uint32_t board_data_begin[];
extern uint32_t board_data_end[];
extern uint32_t board_data_source[];
extern uint32_t board_bss_begin[];
extern uint32_t board_bss_end[];

int main(void);
void board_reset(void);
void board_start(void);
void board_trap(void);
void board_trap_report(void);

/* In place of a vector table: the machine jumps to the first instruction. */
__attribute__((naked, section(".vectors"), used)) void board_reset(void)
{
    __asm__ volatile("la sp, board_stack_end\n"
                     "la t0, board_trap\n"
                     "csrw mtvec, t0\n"
                     "j board_start\n");
}

/* Between two addresses of the linker script: to C each is an object of its own. */
static size_t bytes_between(const uint32_t *begin, const uint32_t *end)
{
    return (uintptr_t)end - (uintptr_t)begin;
}

__attribute__((used)) void board_start(void)
{
    memcpy(board_data_begin, board_data_source, bytes_between(board_data_begin, board_data_end));
    memset(board_bss_begin, 0, bytes_between(board_bss_begin, board_bss_end));
    board_init();
    board_exit(main());
}

/* On a stack that may be what went wrong it cannot report: it takes the whole one again. */
__attribute__((naked, aligned(4))) void board_trap(void)
{
    __asm__ volatile("la sp, board_stack_end\n"
                     "j board_trap_report\n");
}

__attribute__((used)) void board_trap_report(void)
{
    uint32_t cause;
    uint32_t place;
    uint32_t value;
    __asm__ volatile("csrr %0, mcause\n"
                     "csrr %1, mepc\n"
                     "csrr %2, mtval\n"
                     : "=r"(cause), "=r"(place), "=r"(value));
    console_print("\nFAULT pc=");
    console_hex(place);
    console_print(" mcause=");
    console_hex(cause);
    console_print(" mtval=");
    console_hex(value);
    console_print("\n");
    board_exit(70);
}
