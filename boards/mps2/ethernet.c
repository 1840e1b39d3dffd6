/* SMSC LAN9118: its data sheet DS00002266. All accesses are of 32 bits. */
#include "ethernet.h"

#include <string.h>

#include "machine.h"

struct lan9118 {
    volatile uint32_t rx_data[8];
    volatile uint32_t tx_data[8];
    volatile uint32_t rx_status;
    volatile uint32_t rx_status_peek;
    volatile uint32_t tx_status;
    volatile uint32_t tx_status_peek;
    volatile uint32_t id;
    volatile uint32_t irq_config;
    volatile uint32_t interrupt_status;
    volatile uint32_t interrupt_enable;
    volatile uint32_t reserved;
    volatile uint32_t byte_test;
    volatile uint32_t fifo_levels;
    volatile uint32_t rx_config;
    volatile uint32_t tx_config;
    volatile uint32_t hardware_config;
    volatile uint32_t rx_datapath;
    volatile uint32_t rx_fifo;
    volatile uint32_t tx_fifo;
    volatile uint32_t power;
    volatile uint32_t unused[7];
    volatile uint32_t mac_command;
    volatile uint32_t mac_data;
};
static struct lan9118 *const lan = (struct lan9118 *)MACHINE_ETHERNET;

enum { BYTE_TEST = (int)0x87654321 };
enum { POWER_READY = 1, IRQ_PUSH_PULL_HIGH_ENABLED = 0x111, RX_WAITING = 8, TX_ON = 2, RX_DAMAGED = 0x8000 };
enum { MAC_CONTROL = 1, MAC_ADDRESS_HIGH = 2, MAC_ADDRESS_LOW = 3, MAC_RX_TX_FULL_DUPLEX = 0x10000c };
enum { LAN9118_INTERRUPT = 13, CHECK_SEQUENCE = 4, WHOLE_FRAME = 0x3000 };
static const uint32_t mac_busy = 0x80000000u;
static const uint32_t mac_read = 0x40000000u;

/* Interrupt enable and clear-pending registers of the core: Armv7-M B3.4. */
static volatile uint32_t *const interrupts_enable = (volatile uint32_t *)0xe000e100u;

void ethernet_interrupt(void);

static uint32_t mac_get(uint32_t index)
{
    lan->mac_command = mac_busy | mac_read | index;
    while ((lan->mac_command & mac_busy) != 0u) {
    }
    return lan->mac_data;
}

static void mac_set(uint32_t index, uint32_t value)
{
    lan->mac_data = value;
    lan->mac_command = mac_busy | index;
    while ((lan->mac_command & mac_busy) != 0u) {
    }
}

bool ethernet_begin(uint8_t address[6])
{
    if (lan->byte_test != (uint32_t)BYTE_TEST)
        return false;
    while ((lan->power & POWER_READY) == 0u) {
    }
    const uint32_t low = mac_get(MAC_ADDRESS_LOW);
    const uint32_t high = mac_get(MAC_ADDRESS_HIGH);
    for (size_t i = 0; i < 4; i++)
        address[i] = (uint8_t)(low >> (8 * i));
    address[4] = (uint8_t)high;
    address[5] = (uint8_t)(high >> 8);
    lan->fifo_levels = 0; /* an interrupt from the first frame on */
    lan->rx_config = 0;
    lan->tx_config = TX_ON;
    lan->irq_config = IRQ_PUSH_PULL_HIGH_ENABLED;
    lan->interrupt_status = 0xffffffffu;
    lan->interrupt_enable = RX_WAITING;
    mac_set(MAC_CONTROL, MAC_RX_TX_FULL_DUPLEX);
    *interrupts_enable = 1u << LAN9118_INTERRUPT;
    return true;
}

/* Woken up is all that is wanted: frames are read from the main loop. */
void ethernet_interrupt(void)
{
    lan->interrupt_status = RX_WAITING;
}

bool ethernet_waiting(void)
{
    return (lan->rx_fifo >> 16 & 0xffu) > 0u;
}

/* The data comes in whole words and is drained by reading: the device's fast-forward fails for short frames. */
static void read_data(uint8_t *frame, size_t size, size_t length)
{
    for (size_t at = 0; at < length; at += 4) {
        const uint32_t word = lan->rx_data[0];
        if (at < size)
            memcpy(frame + at, &word, size - at < sizeof word ? size - at : sizeof word);
    }
}

size_t ethernet_receive(uint8_t *frame)
{
    while (ethernet_waiting()) {
        const uint32_t status = lan->rx_status;
        const size_t length = status >> 16 & 0x3fffu;
        const bool good = (status & RX_DAMAGED) == 0u && length > CHECK_SEQUENCE && length <= ETHERNET_FRAME + CHECK_SEQUENCE;
        read_data(frame, good ? length - CHECK_SEQUENCE : 0, length);
        if (good)
            return length - CHECK_SEQUENCE;
    }
    return 0;
}

bool ethernet_send(const uint8_t *frame, size_t length)
{
    while ((lan->tx_fifo >> 16 & 0xffu) > 0u)
        (void)lan->tx_status;
    if (length > ETHERNET_FRAME || (lan->tx_fifo & 0xffffu) < length + 16)
        return false;
    lan->tx_data[0] = WHOLE_FRAME | (uint32_t)length;
    lan->tx_data[0] = (uint32_t)length;
    for (size_t at = 0; at < length; at += 4) {
        uint32_t word = 0;
        memcpy(&word, frame + at, length - at < sizeof word ? length - at : sizeof word);
        lan->tx_data[0] = word;
    }
    return true;
}

/* The interrupts follow the core's exceptions in the vector table; no other is ever enabled. */
__attribute__((section(".interrupts"), used)) static void (*const handlers[LAN9118_INTERRUPT + 1])(void) = {
    [LAN9118_INTERRUPT] = ethernet_interrupt
};
