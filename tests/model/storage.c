#include "storage.h"

#include <string.h>

static struct slot {
    struct ward_record record;
    struct stored meaning;
    uint64_t order; /* of its writing; 0: it holds no whole record */
} slots[2];

static uint64_t writes;

void storage_begin(void)
{
    for (unsigned i = 0; i < 2; i++) {
        slots[i].record.length = 0;
        slots[i].order = 0;
    }
    writes = 0;
}

void storage_write(unsigned slot, const struct ward_record *record, const struct stored *meaning, enum write_end end)
{
    static struct ward_record before;
    struct slot *const to = &slots[slot];
    size_t length = record->length;
    if (end == REFUSED)
        return;
    if (end == TORN) {
        length = below((uint32_t)length);
        before = to->record;
    }
    /* What the write did not come to is what was there before, or erased. */
    if (one_in(2))
        memset(to->record.bytes, 0xff, sizeof to->record.bytes);
    memcpy(to->record.bytes, record->bytes, length);
    if (record->length > to->record.length)
        to->record.length = record->length;
    /* A write that came to nothing leaves what was there whole. */
    if (end == TORN && memcmp(to->record.bytes, before.bytes, before.length) == 0)
        return;
    to->order = 0;
    if (memcmp(to->record.bytes, record->bytes, record->length) != 0)
        return;
    to->order = ++writes;
    to->meaning = *meaning;
}

void storage_rot(unsigned slot)
{
    struct slot *const at = &slots[slot];
    if (at->order == 0)
        return;
    at->record.bytes[4 + below(100)] ^= (uint8_t)(1u << below(8));
    at->order = 0;
}

int storage_newest(void)
{
    if (slots[0].order == 0 && slots[1].order == 0)
        return -1;
    return slots[1].order > slots[0].order ? 1 : 0;
}

const struct ward_record *storage_record(unsigned slot)
{
    return &slots[slot].record;
}

const struct stored *storage_meaning(unsigned slot)
{
    return &slots[slot].meaning;
}
