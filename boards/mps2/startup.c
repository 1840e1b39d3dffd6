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
void board_fault(void);
void board_fault_report(const uint32_t *frame);
void board_systick(void);

/* Registers of the core that say why it faulted. */
static const volatile uint32_t *const configurable_fault_status = (const volatile uint32_t *)0xe000ed28u;
static const volatile uint32_t *const bus_fault_address = (const volatile uint32_t *)0xe000ed38u;

/* Between two addresses of the linker script: to C each is an object of its own. */
static size_t bytes_between(const uint32_t *begin, const uint32_t *end)
{
    return (uintptr_t)end - (uintptr_t)begin;
}

void board_reset(void)
{
    memcpy(board_data_begin, board_data_source, bytes_between(board_data_begin, board_data_end));
    memset(board_bss_begin, 0, bytes_between(board_bss_begin, board_bss_end));
    board_init();
    board_exit(main());
}

/* The frame that the processor pushed: r0 to r3, r12, lr, pc, xpsr. */
void board_fault_report(const uint32_t *frame)
{
    console_print("\nFAULT pc=");
    console_hex(frame[6]);
    console_print(" lr=");
    console_hex(frame[5]);
    console_print(" cfsr=");
    console_hex(*configurable_fault_status);
    console_print(" bfar=");
    console_hex(*bus_fault_address);
    console_print("\n");
    board_exit(70);
}

__attribute__((naked)) void board_fault(void)
{
    __asm__ volatile("mrs r0, msp\n"
                     "b board_fault_report\n");
}

/* The first sixteen exceptions. Behind them the linker puts the interrupts of an image that has any (see ethernet.c). */
__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack;
    void (*handler[15])(void);
} vectors = { board_stack_end,
              { board_reset, board_fault, board_fault, board_fault, board_fault, board_fault, 0, 0, 0, 0, board_fault,
                board_fault, 0, board_fault, board_systick } };
