/* SPDX-License-Identifier: Apache-2.0 */
#include "i2c.h"

/* Arm DAI 0385, 3.5: lines that are pulled down by clearing, released by setting. */
struct lines {
    volatile uint32_t set; /* reads both lines */
    volatile uint32_t clear;
};
static struct lines *const lines = (struct lines *)0x4002a000u;

enum { CLOCK = 1, DATA = 2 };

static void start(void)
{
    lines->set = CLOCK | DATA;
    lines->clear = DATA;
    lines->clear = CLOCK;
}

static void stop(void)
{
    lines->clear = DATA;
    lines->set = CLOCK;
    lines->set = DATA;
}

static uint32_t shift_bit(bool bit)
{
    if (bit)
        lines->set = DATA;
    else
        lines->clear = DATA;
    lines->set = CLOCK;
    const uint32_t seen = lines->set & DATA;
    lines->clear = CLOCK;
    return seen;
}

/* True if the device pulled the line down in the ninth bit. */
static bool send(uint8_t byte)
{
    for (unsigned bit = 8; bit > 0; bit--)
        shift_bit((byte >> (bit - 1) & 1u) != 0u);
    return shift_bit(true) == 0u;
}

static uint8_t receive(bool last)
{
    unsigned byte = 0;
    for (unsigned bit = 0; bit < 8; bit++)
        byte = byte << 1 | (shift_bit(true) != 0u ? 1u : 0u);
    shift_bit(last);
    return (uint8_t)byte;
}

bool i2c_read(uint8_t device, uint8_t from, uint8_t *data, size_t length)
{
    start();
    bool there = send((uint8_t)(device << 1)) && send(from);
    if (there) {
        start();
        there = send((uint8_t)(device << 1 | 1));
    }
    for (size_t i = 0; there && i < length; i++)
        data[i] = receive(i + 1 == length);
    stop();
    return there;
}
