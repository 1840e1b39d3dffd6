/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include "port/tls/arena.h"
#include "board.h"
#include "clock.h"
#include "config.h"
#include "console.h"
#include "ethernet.h"
#include "events.h"
#include "flash.h"
#include "port/http/fetch.h"
#include "port/lwip/network.h"

/* The record's slots are the first blocks of the flash: erasing one leaves the other as it is. */
WARD_STATIC_ASSERT(WARD_RECORD_STORED <= FLASH_BLOCK, "a record fits a block");
WARD_STATIC_ASSERT(FLASH_PAGE % WARD_RECORD_PIECE == 0, "a piece of a record lies in one page");

static struct ward_time clock(void *context)
{
    (void)context;
    return clock_now();
}

static uint32_t uptime(void *context)
{
    (void)context;
    return board_uptime();
}

static bool fetch_ended;

static void end_fetch(void *context, struct ward_fetch_answer *answer)
{
    ward_http_fetch_end(context, answer);
    fetch_ended = true;
}

void device_tell_fetch(const struct ward_service *service)
{
    if (!fetch_ended)
        return;
    fetch_ended = false;
    const struct ward_fetch_answer answer = ward_service_fetched(service);
    console_print("FETCH reason=");
    console_print(ward_status_name(answer.status));
    console_print(" http=");
    console_number(answer.http);
    console_print("\n");
}

static size_t record_read(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    const size_t left = offset < FLASH_BLOCK ? FLASH_BLOCK - offset : 0;
    const size_t length = size < left ? size : left;
    (void)context;
    return flash_read((uint32_t)(slot * FLASH_BLOCK + offset), data, length) ? length : WARD_RECORD_FAULT;
}

static bool write_piece(unsigned slot, size_t offset, const void *data, size_t size)
{
    if (size == 0)
        return true;
    if (offset == 0 && !flash_erase(slot))
        return false;
    return offset + size <= FLASH_BLOCK && flash_program((uint32_t)(slot * FLASH_BLOCK + offset), data, size);
}

/* Each record is told on the console when all of it is on the flash: what changed before it outlasts a power cut from then on. */
static struct ward_status record_write(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    const struct ward_status status = ward_status_of(write_piece(slot, offset, data, size) ? WARD_OK
                                                                                           : WARD_RECORD_NOT_STORED);
    (void)context;
    if (size > 0 && ward_ok(status))
        return status;
    console_print("STORED slot=");
    console_number(slot);
    console_print(" reason=");
    console_print(ward_status_name(status));
    console_print("\n");
    return status;
}

static struct ward_status entropy(void *context, void *data, size_t length)
{
    (void)context;
    return ward_status_of(board_entropy(data, length) ? WARD_OK : WARD_ENTROPY_MISSING);
}

const struct ward_platform device_platform = { .clock = clock,
                                               .uptime = uptime,
#if WARD_MAX_BUNDLE > 0
                                               .fetch_unless = ward_http_fetch_unless,
#endif
                                               .fetch_begin = ward_http_fetch_begin,
                                               .fetch_read = ward_http_fetch_read,
                                               .fetch_end = end_fetch,
                                               .record_read = record_read,
                                               .record_write = record_write,
                                               .audit = events_keep,
                                               .entropy = entropy };

static const struct ward_lwip_device network = { ethernet_receive, ethernet_send, board_uptime, board_entropy,
                                                 ethernet_link };

static bool missing(const char *what)
{
    console_print(what);
    console_print("\n");
    return false;
}

bool device_begin(void)
{
    uint8_t address[6];
    console_print(board_is_emulated);
    console_print("\n");
    if (!ethernet_begin(address))
        return missing("no Ethernet device");
    if (!ward_lwip_begin(&network, address))
        return missing("no entropy");
    if (!ward_tls_begin(&network_tls, board_uptime))
        return missing("a certificate or the key cannot be used");
    ward_http_fetch_prepare(&ward_lwip_network, clock, NULL);
    return true;
}
