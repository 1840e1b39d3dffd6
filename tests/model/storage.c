/* SPDX-License-Identifier: Apache-2.0 */
#include "storage.h"

#include <string.h>

#include "inside.h"

static struct slot {
    struct image record;
    struct image whole;    /* the last one that was written to its end */
    struct stored meaning; /* and what it has to bring back */
    uint64_t order;        /* of its writing; 0: none was */
} slots[2];

static uint64_t writes;

void storage_begin(void)
{
    memset(slots, 0, sizeof slots);
    writes = 0;
}

void storage_write(unsigned slot, const struct image *record, const struct stored *meaning, enum write_end end)
{
    struct slot *const to = &slots[slot];
    if (end == REFUSED)
        return;
    /* What the write did not come to is what was there before, or erased. */
    if (one_in(2))
        memset(to->record.bytes, 0xff, sizeof to->record.bytes);
    memcpy(to->record.bytes, record->bytes, end == TORN ? below((uint32_t)record->length) : record->length);
    if (record->length > to->record.length)
        to->record.length = record->length;
    if (memcmp(to->record.bytes, record->bytes, record->length) != 0)
        return;
    to->whole = *record;
    to->meaning = *meaning;
    to->order = ++writes;
}

/* Cells lose their charge and read as erased: what has rotted never comes back. */
void storage_rot(unsigned slot)
{
    if (slots[slot].record.length > 0)
        slots[slot].record.bytes[4 + below(100)] |= (uint8_t)(1u << below(8));
}

static bool is_whole(const struct slot *slot)
{
    return slot->order > 0 && memcmp(slot->record.bytes, slot->whole.bytes, slot->whole.length) == 0;
}

int storage_newest(void)
{
    if (!is_whole(&slots[0]))
        return is_whole(&slots[1]) ? 1 : -1;
    return is_whole(&slots[1]) && slots[1].order > slots[0].order ? 1 : 0;
}

static size_t read_image(const struct image *image, size_t offset, void *data, size_t size)
{
    const size_t left = offset < image->length ? image->length - offset : 0;
    const size_t length = size < left ? size : left;
    memcpy(data, image->bytes + offset, length);
    return length;
}

static size_t read_slot(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)context;
    return read_image(&slots[slot].record, offset, data, size);
}

const struct ward_record_slots storage_slots = { NULL, read_slot, NULL };

/* ---- A record is made on a slot of its own: when it reaches the storage, and how much of it, is for the schedule to say. */

static size_t read_made(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)slot;
    return read_image(context, offset, data, size);
}

static struct ward_status write_made(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    struct image *const image = context;
    (void)slot;
    if (size > 0)
        memcpy(image->bytes + offset, data, size);
    image->length = offset + size;
    return ward_status_of(WARD_OK);
}

void storage_make(struct ward_record *record, struct ward_record_origin origin, struct image *image)
{
    const struct ward_record_slots made = { image, read_made, write_made };
    /* All that the records of a keyring hold is the keyring's. */
    HOLD(RULE_STORE, (origin.sections & ~46u) == 0, "sections %x are carried over", origin.sections);
    HOLD(RULE_STORE, ward_ok(ward_record_write(&made, origin, 0, record, &work)), "a record is not made");
}

const struct stored *storage_meaning(unsigned slot)
{
    return &slots[slot].meaning;
}
