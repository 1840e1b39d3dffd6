/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include "semihosting.h"

/* UART and TIMER0: Nordic's nRF51 Series Reference Manual, chapters 29 and 18. */
static volatile uint32_t *const uart_start_rx = (volatile uint32_t *)0x40002000u;
static volatile uint32_t *const uart_start_tx = (volatile uint32_t *)0x40002008u;
static volatile uint32_t *const uart_readable = (volatile uint32_t *)0x40002108u;
static volatile uint32_t *const uart_written = (volatile uint32_t *)0x4000211cu;
static volatile uint32_t *const uart_enable = (volatile uint32_t *)0x40002500u;
static volatile uint32_t *const uart_pin_tx = (volatile uint32_t *)0x4000250cu;
static volatile uint32_t *const uart_pin_rx = (volatile uint32_t *)0x40002514u;
static volatile uint32_t *const uart_received = (volatile uint32_t *)0x40002518u;
static volatile uint32_t *const uart_sent = (volatile uint32_t *)0x4000251cu;
static volatile uint32_t *const uart_baud_rate = (volatile uint32_t *)0x40002524u;
static volatile uint32_t *const timer_start = (volatile uint32_t *)0x40008000u;
static volatile uint32_t *const timer_capture = (volatile uint32_t *)0x40008040u;
static volatile uint32_t *const timer_mode = (volatile uint32_t *)0x40008504u;
static volatile uint32_t *const timer_width = (volatile uint32_t *)0x40008508u;
static volatile uint32_t *const timer_prescaler = (volatile uint32_t *)0x40008510u;
static volatile uint32_t *const timer_captured = (volatile uint32_t *)0x40008540u;

enum { UART_ENABLED = 4, PIN_TX = 24, PIN_RX = 25, TIMER_32_BITS = 3, TICKS_A_MILLISECOND = 16000 };
static const uint32_t baud_115200 = 0x01d7e000u;

static uint32_t last_ticks;
static uint32_t rest;
static uint32_t milliseconds;

void board_systick(void);

const struct ward_text board_name = WARD_TEXT("microbit");

/* Under `-icount shift=0` an instruction takes 1 ns, a tick of 16 MHz 62.5. */
const uint32_t board_instructions_a_tick = 6250;

void board_init(void)
{
    *uart_pin_tx = PIN_TX;
    *uart_pin_rx = PIN_RX;
    *uart_baud_rate = baud_115200;
    *uart_enable = UART_ENABLED;
    *uart_start_tx = 1;
    *uart_start_rx = 1;
    *timer_mode = 0;
    *timer_width = TIMER_32_BITS;
    *timer_prescaler = 0;
    *timer_start = 1;
}

/* An nRF51 has no SysTick; the table of exceptions has a place for it. */
void board_systick(void)
{
}

void board_write(const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        *uart_written = 0;
        *uart_sent = (uint8_t)data[i];
        while (*uart_written == 0u) {
        }
    }
}

bool board_readable(void)
{
    return *uart_readable != 0u;
}

/* The timer runs over after 268 seconds; who waits looks at it more often. */
char board_read(void)
{
    while (!board_readable())
        (void)board_uptime();
    *uart_readable = 0;
    return (char)*uart_received;
}

struct ward_time board_time(void)
{
    return ward_time_set(semihosting_time());
}

uint32_t board_ticks(void)
{
    *timer_capture = 1;
    return *timer_captured;
}

uint32_t board_uptime(void)
{
    const uint32_t now = board_ticks();
    const uint32_t passed = now - last_ticks;
    last_ticks = now;
    milliseconds += passed / TICKS_A_MILLISECOND;
    rest += passed % TICKS_A_MILLISECOND;
    milliseconds += rest / TICKS_A_MILLISECOND;
    rest %= TICKS_A_MILLISECOND;
    return milliseconds;
}

/* No interrupt is set up: who sleeps here looks again at once. */
void board_sleep(void)
{
}

void board_exit(int code)
{
    semihosting_exit(code);
}
