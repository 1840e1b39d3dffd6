/* SPDX-License-Identifier: Apache-2.0 */
/* Record slots in memory, with faults of the medium. */
#ifndef WARD_TEST_MEMORY_SLOTS_H
#define WARD_TEST_MEMORY_SLOTS_H

#include <stdbool.h>

#include "state/record.h"
#include "ward/keyring.h"

/** Bytes of a slot: this build's longest record, and some that it carries over. */
enum { MEMORY_SLOT = WARD_RECORD_STORED + 2048 };

struct memory_slot {
    size_t length; /* bytes that were written; more read as none */
    uint8_t bytes[MEMORY_SLOT];
};

/** The slots, and what goes wrong with them. */
extern struct memory {
    struct memory_slot slot[WARD_RECORD_SLOTS];
    unsigned reads;         /* so far */
    unsigned read_fails_at; /* the read, counted from 1, that the medium does not answer; 0: none */
    unsigned spoil_read;    /* the read that gives another first byte; 0: none */
    unsigned writes;        /* calls of write so far */
    unsigned write_fails_at;
    unsigned last_slot; /* that was written to */
} memory;

extern const struct ward_record_slots memory_slots;

/** Blank slots and no faults. */
void memory_begin(void);

/** Writes a record that carries nothing over. */
void memory_store(unsigned slot, struct ward_record *record);

/** The bytes of a section in a slot, and how many; NULL: it has none. */
uint8_t *memory_section(unsigned slot, enum ward_record_tag tag, size_t *length);

/** A digest over what a test has changed. */
void memory_seal(unsigned slot);

/** So many bytes for the section; those that it did not have are zero. */
void memory_resize(unsigned slot, enum ward_record_tag tag, size_t length);

#endif
