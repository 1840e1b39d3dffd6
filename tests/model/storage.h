/* Two slots, as a device's flash or file system has them. What they hold is known here by what was meant to be written. */
#ifndef MODEL_STORAGE_H
#define MODEL_STORAGE_H

#include "reference.h"

void storage_begin(void);

/** How a write ends. */
enum write_end { WRITTEN, REFUSED, TORN, WRITTEN_BUT_REFUSED, WRITE_ENDS };

void storage_write(unsigned slot, const struct ward_record *record, const struct stored *meaning, enum write_end end);

/** A bit of a slot turns. */
void storage_rot(unsigned slot);

/** The slot of the newest whole record, or -1. */
int storage_newest(void);

const struct ward_record *storage_record(unsigned slot);
const struct stored *storage_meaning(unsigned slot);

#endif
