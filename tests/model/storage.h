/* SPDX-License-Identifier: Apache-2.0 */
/* Two slots, as a device's flash or file system has them. What they hold is known here by what was meant to be written. */
#ifndef MODEL_STORAGE_H
#define MODEL_STORAGE_H

#include "reference.h"

void storage_begin(void);

/** How a write ends. */
enum write_end { WRITTEN, REFUSED, TORN, WRITTEN_BUT_REFUSED, WRITE_ENDS };

/** A record as it lies in a slot. */
struct image {
    size_t length;
    uint8_t bytes[WARD_RECORD_STORED];
};

/** All of a record that was packed, as it is to be written. */
void storage_make(struct ward_record *record, struct ward_record_origin origin, struct image *image);

void storage_write(unsigned slot, const struct image *image, const struct stored *meaning, enum write_end end);

/** A bit of a slot turns. */
void storage_rot(unsigned slot);

/** The slot of the newest whole record, or -1. */
int storage_newest(void);

/** The slots, to be read. */
extern const struct ward_record_slots storage_slots;
const struct stored *storage_meaning(unsigned slot);

#endif
