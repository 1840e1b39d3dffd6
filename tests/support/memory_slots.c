/* SPDX-License-Identifier: Apache-2.0 */
#include "memory_slots.h"

#include <string.h>

#include "check.h"
#include "encoding/number.h"
#include "token.h"

struct memory memory;

static size_t read_slot(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    CHECK(context == &memory && slot < WARD_RECORD_SLOTS && size > 0);
    const struct memory_slot *const from = &memory.slot[slot];
    const size_t left = offset < from->length ? from->length - offset : 0;
    const size_t length = size < left ? size : left;
    if (++memory.reads == memory.read_fails_at)
        return WARD_RECORD_FAULT;
    memcpy(data, from->bytes + offset, length);
    if (memory.reads == memory.spoil_read)
        *(uint8_t *)data ^= 1;
    return length;
}

static struct ward_status write_slot(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    CHECK(context == &memory && slot < WARD_RECORD_SLOTS);
    struct memory_slot *const to = &memory.slot[slot];
    if (++memory.writes == memory.write_fails_at)
        return ward_status_of(WARD_RECORD_NOT_STORED);
    CHECK(offset + size <= sizeof to->bytes && offset == (offset == 0 ? 0 : to->length));
    CHECK((data == NULL) == (size == 0) && size <= WARD_RECORD_PIECE);
    CHECK(offset % WARD_RECORD_PIECE == 0 || size == 0);
    if (size > 0)
        memcpy(to->bytes + offset, data, size);
    to->length = offset + size;
    memory.last_slot = slot;
    return ward_status_of(WARD_OK);
}

const struct ward_record_slots memory_slots = { &memory, read_slot, write_slot };

void memory_begin(void)
{
    memset(&memory, 0, sizeof memory);
}

void memory_store(unsigned slot, struct ward_record *record)
{
    const struct ward_record_origin none = { WARD_RECORD_SLOTS, 0 };
    CHECK_STATUS(ward_record_write(&memory_slots, none, slot, record, &test_work), WARD_OK);
}

uint8_t *memory_section(unsigned slot, enum ward_record_tag tag, size_t *length)
{
    struct memory_slot *const from = &memory.slot[slot];
    for (size_t at = WARD_RECORD_HEADER; at + WARD_SHA256_SIZE < from->length;) {
        *length = (size_t)ward_number_get(from->bytes + at + 4, 4);
        if (ward_number_get(from->bytes + at, 2) == (uint64_t)tag)
            return from->bytes + at + WARD_RECORD_SECTION_HEADER;
        at += WARD_RECORD_SECTION_HEADER + *length;
    }
    *length = 0;
    return NULL;
}

void memory_seal(unsigned slot)
{
    struct memory_slot *const to = &memory.slot[slot];
    struct ward_sha256 sha;
    const size_t length = to->length - WARD_SHA256_SIZE;
    CHECK_STATUS(ward_crypto_sha256_start(&sha), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_update(&sha, to->bytes, length), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_end(&sha, to->bytes + length), WARD_OK);
}

void memory_resize(unsigned slot, enum ward_record_tag tag, size_t length)
{
    struct memory_slot *const to = &memory.slot[slot];
    size_t before;
    uint8_t *const section = memory_section(slot, tag, &before);
    CHECK(section != NULL && to->length + length - before <= sizeof to->bytes);
    const size_t after = to->length - (size_t)(section + before - to->bytes);
    memmove(section + length, section + before, after);
    if (length > before)
        memset(section + before, 0, length - before);
    to->length = to->length + length - before;
    (void)ward_number_put(section - 4, length, 4);
    (void)ward_number_put(to->bytes + 12, to->length - WARD_RECORD_HEADER - WARD_SHA256_SIZE, 4);
    memory_seal(slot);
}
