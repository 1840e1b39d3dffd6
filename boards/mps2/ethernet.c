/* SPDX-License-Identifier: Apache-2.0 */
/* SMSC LAN9118: its data sheet DS00002266. All accesses are of 32 bits. */
#include "ethernet.h"

#include <string.h>

#include "machine.h"

/* Registers, by their number among those of 32 bits. */
enum {
    RX_DATA = 0x00 / 4,
    TX_DATA = 0x20 / 4,
    RX_STATUS = 0x40 / 4,
    TX_STATUS = 0x48 / 4,
    IRQ_CONFIG = 0x54 / 4,
    INTERRUPT_STATUS = 0x58 / 4,
    INTERRUPT_ENABLE = 0x5c / 4,
    BYTE_ORDER = 0x64 / 4,
    FIFO_LEVELS = 0x68 / 4,
    RX_CONFIG = 0x6c / 4,
    TX_CONFIG = 0x70 / 4,
    RX_FIFO = 0x7c / 4,
    TX_FIFO = 0x80 / 4,
    POWER = 0x84 / 4,
    MAC_COMMAND = 0xa4 / 4,
    MAC_DATA = 0xa8 / 4
};
static volatile uint32_t *const lan = (volatile uint32_t *)MACHINE_ETHERNET;

enum { BYTE_TEST = (int)0x87654321 };
enum { POWER_READY = 1, IRQ_PUSH_PULL_HIGH_ENABLED = 0x111, RX_WAITING = 8, TX_ON = 2, RX_DAMAGED = 0x8000 };
enum { MAC_CONTROL = 1, MAC_ADDRESS_HIGH = 2, MAC_ADDRESS_LOW = 3, MAC_MII_ACCESS = 6, MAC_MII_DATA = 7 };
enum { MAC_RX_TX_FULL_DUPLEX = 0x10000c };
/* The transceiver's register 1, basic status: IEEE 802.3, 22.2.4.2. It keeps that the link was down until it is read. */
enum { MII_TRANSCEIVER = 1 << 11, MII_STATUS = 1 << 6, MII_BUSY = 1, MII_LINK = 4 };
enum { LAN9118_INTERRUPT = 13, CHECK_SEQUENCE = 4, WHOLE_FRAME = 0x3000 };
static const uint32_t mac_busy = 0x80000000u;
static const uint32_t mac_read = 0x40000000u;

/* Interrupt enable and clear-pending registers of the core: Armv7-M B3.4. */
static volatile uint32_t *const interrupts_enable = (volatile uint32_t *)0xe000e100u;

void ethernet_interrupt(void);

static uint32_t mac_get(uint32_t index)
{
    lan[MAC_COMMAND] = mac_busy | mac_read | index;
    while ((lan[MAC_COMMAND] & mac_busy) != 0u) {
    }
    return lan[MAC_DATA];
}

static void mac_set(uint32_t index, uint32_t value)
{
    lan[MAC_DATA] = value;
    lan[MAC_COMMAND] = mac_busy | index;
    while ((lan[MAC_COMMAND] & mac_busy) != 0u) {
    }
}

bool ethernet_begin(uint8_t address[6])
{
    if (lan[BYTE_ORDER] != (uint32_t)BYTE_TEST)
        return false;
    while ((lan[POWER] & POWER_READY) == 0u) {
    }
    const uint32_t low = mac_get(MAC_ADDRESS_LOW);
    const uint32_t high = mac_get(MAC_ADDRESS_HIGH);
    for (size_t i = 0; i < 4; i++)
        address[i] = (uint8_t)(low >> (8 * i));
    address[4] = (uint8_t)high;
    address[5] = (uint8_t)(high >> 8);
    lan[FIFO_LEVELS] = 0; /* an interrupt from the first frame on */
    lan[RX_CONFIG] = 0;
    lan[TX_CONFIG] = TX_ON;
    lan[IRQ_CONFIG] = IRQ_PUSH_PULL_HIGH_ENABLED;
    lan[INTERRUPT_STATUS] = 0xffffffffu;
    lan[INTERRUPT_ENABLE] = RX_WAITING;
    mac_set(MAC_CONTROL, MAC_RX_TX_FULL_DUPLEX);
    *interrupts_enable = 1u << LAN9118_INTERRUPT;
    return true;
}

bool ethernet_link(void)
{
    mac_set(MAC_MII_ACCESS, MII_TRANSCEIVER | MII_STATUS | MII_BUSY);
    while ((mac_get(MAC_MII_ACCESS) & MII_BUSY) != 0u) {
    }
    return (mac_get(MAC_MII_DATA) & MII_LINK) != 0u;
}

/* Woken up is all that is wanted: frames are read from the main loop. */
void ethernet_interrupt(void)
{
    lan[INTERRUPT_STATUS] = RX_WAITING;
}

bool ethernet_waiting(void)
{
    return (lan[RX_FIFO] >> 16 & 0xffu) > 0u;
}

/* The data comes in whole words and is drained by reading: the device's fast-forward fails for short frames. */
static void read_data(uint8_t *frame, size_t size, size_t length)
{
    for (size_t at = 0; at < length; at += 4) {
        const uint32_t word = lan[RX_DATA];
        if (at < size)
            memcpy(frame + at, &word, size - at < sizeof word ? size - at : sizeof word);
    }
}

size_t ethernet_receive(uint8_t *frame)
{
    while (ethernet_waiting()) {
        const uint32_t status = lan[RX_STATUS];
        const size_t length = status >> 16 & 0x3fffu;
        const bool good = (status & RX_DAMAGED) == 0u && length > CHECK_SEQUENCE &&
                          length <= ETHERNET_FRAME + CHECK_SEQUENCE;
        read_data(frame, good ? length - CHECK_SEQUENCE : 0, length);
        if (good)
            return length - CHECK_SEQUENCE;
    }
    return 0;
}

bool ethernet_send(const uint8_t *frame, size_t length)
{
    while ((lan[TX_FIFO] >> 16 & 0xffu) > 0u)
        (void)lan[TX_STATUS];
    if (length > ETHERNET_FRAME || (lan[TX_FIFO] & 0xffffu) < length + 16)
        return false;
    lan[TX_DATA] = WHOLE_FRAME | (uint32_t)length;
    lan[TX_DATA] = (uint32_t)length;
    for (size_t at = 0; at < length; at += 4) {
        uint32_t word = 0;
        memcpy(&word, frame + at, length - at < sizeof word ? length - at : sizeof word);
        lan[TX_DATA] = word;
    }
    return true;
}

/* The interrupts follow the core's exceptions in the vector table; no other is ever enabled. */
__attribute__((section(".interrupts"), used)) static void (*const handlers[LAN9118_INTERRUPT + 1])(void) = {
    [LAN9118_INTERRUPT] = ethernet_interrupt
};
