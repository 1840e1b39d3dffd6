#include "storage.h"

#include <string.h>

static struct slot {
    struct ward_record record;
    struct ward_record whole; /* the last one that was written to its end */
    struct stored meaning;    /* and what it has to bring back */
    uint64_t order;           /* of its writing; 0: none was */
} slots[2];

static uint64_t writes;

void storage_begin(void)
{
    memset(slots, 0, sizeof slots);
    writes = 0;
}

void storage_write(unsigned slot, const struct ward_record *record, const struct stored *meaning, enum write_end end)
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

const struct ward_record *storage_record(unsigned slot)
{
    return &slots[slot].record;
}

const struct stored *storage_meaning(unsigned slot)
{
    return &slots[slot].meaning;
}
