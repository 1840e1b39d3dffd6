/* SPDX-License-Identifier: Apache-2.0 */
/* The record that a device stores: sections of bytes between a header and a digest. What is in a section is its writer's.
 *
 *     "ward" format(2) kind(2) sequence(4) length(4)  { tag(2) flags(2) length(4) bytes }…  SHA-256 over all before it
 *
 * `length` is that of the sections. All numbers have their most significant byte first. Header and digest stay as they are in every later
 * format, so that an older build can tell a record of a newer one from a damaged one.
 */
#ifndef WARD_STATE_RECORD_H
#define WARD_STATE_RECORD_H

#include "ward/key.h"
#include "ward/port/crypto.h"
#include "ward/record.h"

/** Sections. A build carries over those that it does not know. */
enum ward_record_tag {
    WARD_RECORD_CLOCK = 1, /* floor(8) */
    WARD_RECORD_BOOTS = 2, /* count(4) */
    WARD_RECORD_KEYS = 3,  /* see keyring_record.c */
    WARD_RECORD_GATE = 4,  /* see access/gate_record.c */
    WARD_RECORD_BUNDLE = 5 /* see keys/bundle_record.c; unknown to a build without bundles */
};

/** The highest tag that this build knows. */
enum { WARD_RECORD_LAST_TAG = WARD_MAX_BUNDLE > 0 ? WARD_RECORD_BUNDLE : WARD_RECORD_GATE };

/** Flag of a section without which the record must not be used: a build that does not know its tag grants nobody. */
enum { WARD_RECORD_NEEDED = 1 };

/** Kinds of record: a device's own; keys from `ward provision`, which say nothing of the device. */
enum { WARD_RECORD_OF_DEVICE = 0, WARD_RECORD_OF_KEYS = 1 };

/** Bits of `sections`, one for each tag; unknown tags share one. */
static inline uint8_t ward_record_bit(unsigned tag)
{
    return (uint8_t)(tag >= WARD_RECORD_CLOCK && tag <= (unsigned)WARD_RECORD_LAST_TAG ? 1u << tag : 1u);
}

enum { WARD_RECORD_HEADER = 16, WARD_RECORD_SECTION_HEADER = 8 };

/** A key in a record: `{ length(2) algorithm(1) marks(1) bits(2) kid_length(1) kid modulus … }`, the length that of what follows it. */
enum { WARD_RECORD_RS256 = 1, WARD_RECORD_USED = 1, WARD_RECORD_KEY_HEADER = 5 };

/* ---- Writing. */

/** A record being made. */
struct ward_record_writer {
    struct ward_record *record;
    size_t section; /* where the open section starts */
};

/** Starts a record in `record`, which is WARD_RECORD_SIZE bytes: room for all sections at their longest. */
void ward_record_begin(struct ward_record_writer *writer, struct ward_record *record, unsigned kind, uint32_t sequence);

/** Starts the next section, and ends the one before it. */
void ward_record_section(struct ward_record_writer *writer, enum ward_record_tag tag, unsigned flags);

/** Appends a number of 1 to 8 bytes, or bytes. */
void ward_record_put(struct ward_record_writer *writer, uint64_t number, size_t bytes);
void ward_record_put_bytes(struct ward_record_writer *writer, const void *bytes, size_t length);

/** Adds keys to the end of the section, which is the record's last; they stay where they are until the record is written. */
void ward_record_put_keys(struct ward_record_writer *writer, const struct ward_jwks *keys, uint32_t used);

/** Ends the last section; the digest comes with ward_record_write(). */
void ward_record_end(struct ward_record_writer *writer);

/* ---- Reading. */

/** A record being read, from its start to its end. */
struct ward_record_reader {
    const struct ward_record_slots *slots;
    struct ward_sha256 *sha;
    struct ward_status status; /* of medium and engine; what is read after a fault is zero */
    size_t at;                 /* of the next byte */
    size_t filled;             /* up to here it was read and hashed */
    size_t end;                /* of the sections */
    size_t section_end;        /* of the open one */
    uint32_t sequence;
    uint32_t section_flags;
    uint16_t format;
    uint16_t kind;
    uint16_t tag;
    uint8_t slot;
    bool broken; /* something was read beyond the end of its section */
    uint8_t piece[64];
};

/**
 * Starts to read a slot; the results are those of ward_record_check(). `sha` is the reader's until ward_record_close(). NULL: what is
 * read is not hashed, `status` says how reading ends, and nothing is to be closed.
 */
WARD_MUST_USE struct ward_status ward_record_open(struct ward_record_reader *reader,
                                                  const struct ward_record_slots *slots, unsigned slot,
                                                  struct ward_sha256 *sha);

/** Goes on to the next section: `tag` and `section_flags` are its; false: there is none, or the sections do not fill their place. */
bool ward_record_next(struct ward_record_reader *reader);

/** Bytes of the open section that were not read yet. */
size_t ward_record_left(const struct ward_record_reader *reader);

/** The next number of 1 to 8 bytes, or bytes; zero beyond the end of the section, and `broken` is set. */
uint64_t ward_record_get(struct ward_record_reader *reader, size_t bytes);
void ward_record_get_bytes(struct ward_record_reader *reader, void *bytes, size_t length);

/** Passes over bytes of the open section. */
void ward_record_skip(struct ward_record_reader *reader, size_t length);

/**
 * Ends reading: until it has returned WARD_OK nothing that was read may be used.
 *
 * @param digest  written on WARD_OK
 *
 * @retval WARD_OK, WARD_RECORD_INVALID, WARD_RECORD_UNREADABLE, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_record_close(struct ward_record_reader *reader, uint8_t digest[WARD_SHA256_SIZE]);

#endif
