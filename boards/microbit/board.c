/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include "semihosting.h"

/* UART and TIMER0: Nordic's nRF51 Series Reference Manual, chapters 29 and 18. */
struct uart {
    volatile uint32_t start_rx;
    volatile uint32_t stop_rx;
    volatile uint32_t start_tx;
    uint32_t unused1[63];
    volatile uint32_t readable; /* 0x108 */
    uint32_t unused2[4];
    volatile uint32_t written; /* 0x11c */
    uint32_t unused3[248];
    volatile uint32_t enable; /* 0x500 */
    uint32_t unused4[2];
    volatile uint32_t pin_tx; /* 0x50c */
    uint32_t unused5[1];
    volatile uint32_t pin_rx; /* 0x514 */
    volatile uint32_t received;
    volatile uint32_t sent;
    uint32_t unused6[1];
    volatile uint32_t baud_rate; /* 0x524 */
};
struct timer {
    volatile uint32_t start;
    uint32_t unused1[15];
    volatile uint32_t capture; /* 0x040 */
    uint32_t unused2[304];
    volatile uint32_t mode; /* 0x504 */
    volatile uint32_t width;
    uint32_t unused3[1];
    volatile uint32_t prescaler; /* 0x510 */
    uint32_t unused4[11];
    volatile uint32_t captured; /* 0x540 */
};
static struct uart *const uart = (struct uart *)0x40002000u;
static struct timer *const timer = (struct timer *)0x40008000u;

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
    uart->pin_tx = PIN_TX;
    uart->pin_rx = PIN_RX;
    uart->baud_rate = baud_115200;
    uart->enable = UART_ENABLED;
    uart->start_tx = 1;
    uart->start_rx = 1;
    timer->mode = 0;
    timer->width = TIMER_32_BITS;
    timer->prescaler = 0;
    timer->start = 1;
}

/* An nRF51 has no SysTick; the table of exceptions has a place for it. */
void board_systick(void)
{
}

void board_write(const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uart->written = 0;
        uart->sent = (uint8_t)data[i];
        while (uart->written == 0u) {
        }
    }
}

bool board_readable(void)
{
    return uart->readable != 0u;
}

/* The timer runs over after 268 seconds; who waits looks at it more often. */
char board_read(void)
{
    while (!board_readable())
        (void)board_uptime();
    uart->readable = 0;
    return (char)uart->received;
}

struct ward_time board_time(void)
{
    return ward_time_set(semihosting_time());
}

uint32_t board_ticks(void)
{
    timer->capture = 1;
    return timer->captured;
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
