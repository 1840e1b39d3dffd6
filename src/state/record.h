/* The record that a device stores: sections of bytes between a header and a digest. What is in a section is its writer's.
 *
 *     "ward" format(4) sequence(4) length(4)  { tag(2) length(2) bytes }…  SHA-256 over all before it
 *
 * `length` is that of the sections. All numbers have their most significant byte first.
 */
#ifndef WARD_STATE_RECORD_H
#define WARD_STATE_RECORD_H

#include "ward/keyring.h"

/** Sections; a reader passes over those that it does not know. */
enum ward_record_tag {
    WARD_RECORD_CLOCK = 1, /* floor(8) */
    WARD_RECORD_BOOTS = 2, /* count(4) */
    WARD_RECORD_KEYS = 3,  /* see keyring_record.c */
    WARD_RECORD_GATE = 4   /* see access/gate_record.c */
};

/** A record being written. */
struct ward_record_writer {
    struct ward_record *record;
    size_t section; /* where the open section begins */
};

/** Starts a record in `record`, which is WARD_RECORD_SIZE bytes: room for all sections at their longest. */
void ward_record_begin(struct ward_record_writer *writer, struct ward_record *record, uint32_t sequence);

/** Starts the next section, and ends the one before it. */
void ward_record_section(struct ward_record_writer *writer, enum ward_record_tag tag);

/** Appends a number of 1 to 8 bytes, or bytes. */
void ward_record_put(struct ward_record_writer *writer, uint64_t number, size_t bytes);
void ward_record_put_bytes(struct ward_record_writer *writer, const void *bytes, size_t length);

/** Ends the record; on a fault of the backend its length becomes 0. */
WARD_MUST_USE struct ward_status ward_record_end(struct ward_record_writer *writer, struct ward_sha256 *sha);

/** A section being read. What is read behind its end is zero, and `broken` says so. */
struct ward_record_section {
    const uint8_t *at;
    size_t left;
    bool broken;
};

/** Finds a section of a record that ward_record_check() has found whole; false: there is none. */
bool ward_record_find(const void *bytes, enum ward_record_tag tag, struct ward_record_section *section);

/** The next number of 1 to 8 bytes, or bytes. */
uint64_t ward_record_get(struct ward_record_section *section, size_t bytes);
void ward_record_get_bytes(struct ward_record_section *section, void *bytes, size_t length);

#endif
