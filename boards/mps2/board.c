/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include "machine.h"
#include "semihosting.h"

/* CMSDK UART 0: Arm DUI 0571, and the SysTick timer of the core. */
struct uart {
    volatile uint32_t data;
    volatile uint32_t state;
    volatile uint32_t control;
    volatile uint32_t interrupt;
    volatile uint32_t divider;
};
struct systick {
    volatile uint32_t control;
    volatile uint32_t reload;
    volatile uint32_t current;
};
static struct uart *const uart = (struct uart *)MACHINE_UART;
static struct systick *const systick = (struct systick *)0xe000e010u;
/* The FPGA's counter, and what divides the core's clock for it: Arm DAI 0385, 4.5. */
static volatile uint32_t *const fpga_counter = (volatile uint32_t *)(MACHINE_FPGAIO + 0x18u);
static volatile uint32_t *const fpga_prescale = (volatile uint32_t *)(MACHINE_FPGAIO + 0x1cu);

enum { UART_TX_FULL = 1, UART_RX_FULL = 2, UART_ENABLE = 3 };
enum { SYSTICK_ENABLE_FROM_CORE = 7, TICKS_A_MILLISECOND = MACHINE_KILOHERTZ };

static volatile uint32_t milliseconds;

void board_systick(void);

const struct ward_text board_name = WARD_TEXT(MACHINE_NAME);

/* Under `-icount shift=0` an instruction takes 1 ns. */
const uint32_t board_instructions_a_tick = 100000000u / MACHINE_KILOHERTZ;

void board_init(void)
{
    uart->divider = 16;
    uart->control = UART_ENABLE;
    *fpga_prescale = TICKS_A_MILLISECOND - 1;
    *fpga_counter = 0;
    systick->reload = TICKS_A_MILLISECOND - 1;
    systick->current = 0;
    systick->control = SYSTICK_ENABLE_FROM_CORE;
}

void board_write(const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        while ((uart->state & UART_TX_FULL) != 0u) {
        }
        uart->data = (uint8_t)data[i];
    }
}

bool board_readable(void)
{
    return (uart->state & UART_RX_FULL) != 0u;
}

char board_read(void)
{
    while (!board_readable()) {
    }
    return (char)uart->data;
}

struct ward_time board_time(void)
{
    return ward_time_set(semihosting_time());
}

void board_systick(void)
{
    milliseconds++;
}

/* Not counted from SysTick: an emulator that is kept waiting by its host leaves interrupts out. */
uint32_t board_uptime(void)
{
    return *fpga_counter;
}

/* SysTick counts down within a millisecond, which begins when it comes to 0; read again if one has passed meanwhile. */
uint32_t board_ticks(void)
{
    uint32_t whole;
    uint32_t part;
    do {
        whole = milliseconds;
        part = systick->current;
    } while (whole != milliseconds);
    return whole * TICKS_A_MILLISECOND + (part == 0 ? 0 : TICKS_A_MILLISECOND - part);
}

void board_sleep(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

void board_exit(int code)
{
    semihosting_exit(code);
}
