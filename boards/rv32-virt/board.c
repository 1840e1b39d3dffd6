/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include "semihosting.h"

/* A 16550 UART, and the timer of the core-local interruptor: QEMU's hw/riscv/virt.c. */
static volatile uint8_t *const uart_data = (volatile uint8_t *)0x10000000u;
static volatile uint8_t *const uart_fifo = (volatile uint8_t *)0x10000002u;
static volatile uint8_t *const uart_line = (volatile uint8_t *)0x10000003u;
static volatile uint8_t *const uart_state = (volatile uint8_t *)0x10000005u;
static volatile uint32_t *const timer = (volatile uint32_t *)0x0200bff8u;

enum { UART_8N1 = 3, UART_FIFO = 1, UART_READABLE = 1, UART_WRITABLE = 0x20, TICKS_A_MILLISECOND = 10000 };

const struct ward_text board_name = WARD_TEXT("rv32-virt");

/* The ticks are retired instructions. */
const uint32_t board_instructions_a_tick = 100;

void board_init(void)
{
    *uart_line = UART_8N1;
    *uart_fifo = UART_FIFO;
}

void board_write(const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        while ((*uart_state & UART_WRITABLE) == 0u) {
        }
        *uart_data = (uint8_t)data[i];
    }
}

bool board_readable(void)
{
    return (*uart_state & UART_READABLE) != 0u;
}

char board_read(void)
{
    while (!board_readable()) {
    }
    return (char)*uart_data;
}

struct ward_time board_time(void)
{
    return ward_time_set(semihosting_time());
}

/* The timer has two words; read again if the lower has run over meanwhile. */
uint32_t board_uptime(void)
{
    uint32_t high;
    uint32_t low;
    do {
        high = timer[1];
        low = timer[0];
    } while (high != timer[1]);
    return (uint32_t)(((uint64_t)high << 32 | low) / TICKS_A_MILLISECOND);
}

uint32_t board_ticks(void)
{
    uint32_t instructions;
    __asm__ volatile("csrr %0, minstret" : "=r"(instructions));
    return instructions;
}

/* No interrupt is set up: who sleeps here looks again at once. */
void board_sleep(void)
{
}

void board_exit(int code)
{
    semihosting_exit(code);
}
