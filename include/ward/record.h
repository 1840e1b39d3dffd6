/* SPDX-License-Identifier: Apache-2.0 */
/* ward: the record in which a device keeps its keys, its deny list and what it knows of the time, and the two slots that hold it.
 *
 * A record is read in pieces, by a build of any limits, and written in pieces: what it holds that this build does not own or does not know
 * is carried over as it is. The slot that holds the newest whole record is never written to.
 */
#ifndef WARD_RECORD_H
#define WARD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/config.h"
#include "ward/key.h"
#include "ward/private/record_origin.h"
#include "ward/status.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Slots that a device with storage has. */
#define WARD_RECORD_SLOTS 2

/** What a slot's `read` returns when the medium does not answer: not what a slot holds, but that nobody can say what it holds. */
#define WARD_RECORD_FAULT SIZE_MAX

/** A record is written in pieces of so many bytes; only its last one may be shorter. */
#define WARD_RECORD_PIECE 256

/** Where records are: two slots of any medium. Constant while a keyring uses it. What its functions take of the stack comes on
    top of ward's. */
struct ward_record_slots {
    void *context;

    /**
     * Reads `size` bytes of a slot from `offset` on. Returns within 100 ms.
     *
     * @param slot  0 or 1
     * @param data  up to `size` bytes are written here
     *
     * @return bytes read: fewer than `size` only at the end of the slot, 0 after it and where it holds nothing. What was never written may be
     *         anything (erased flash is 0xff). WARD_RECORD_FAULT (and whatever else is more than `size`): it cannot be read now
     */
    size_t (*read)(void *context, unsigned slot, size_t offset, void *data, size_t size);

    /**
     * Replaces what a slot holds, in pieces: the first has `offset` 0 and erases the slot, each other one follows the one before; a last call
     * with `size` 0 says that all have come. A record that fails is given up without that call, and the next one starts at 0 again. Power may
     * fail at any moment: the slot may then hold anything, the *other* one must be as it was (two erase blocks, two files). When the last call
     * returns WARD_OK the bytes are on the medium. Each may take as long as erasing a block takes.
     *
     * @param data  WARD_RECORD_PIECE bytes, or fewer in the last piece; NULL in the last call
     *
     * @retval WARD_OK                 go on
     * @retval WARD_RECORD_NOT_STORED  it cannot be stored; the slot may hold anything
     */
    struct ward_status (*write)(void *context, unsigned slot, size_t offset, const void *data, size_t size);
};

/** Bytes of a record that are made in memory before it is written: all but the keys, which are written from where they are. */
#define WARD_RECORD_SIZE (16 + 16 + 12 + 305 + WARD_DENY_SLOTS * 24 + WARD_RECORD_BUNDLE_SIZE + 546)

/** Bytes of it that are of the bundle in force. */
#define WARD_RECORD_BUNDLE_SIZE (WARD_MAX_BUNDLE > 0 ? 217 + WARD_DENY_SLOTS * 24 : 0)

/** Bytes of the longest record that this build makes, on the medium, without what it carries over. */
#define WARD_RECORD_STORED                                                                                             \
    (WARD_RECORD_SIZE + WARD_MAX_KEYS * (16 + WARD_MAX_KID + WARD_MAX_RSA_BITS / 8) + WARD_RECORD_DIGEST)

/** Bytes that come after it on the medium: its digest. */
#define WARD_RECORD_DIGEST 32

/** A record on its way to storage: the sections that are this build's. Between making and writing it no fetch may start or end. */
struct ward_record {
    const struct ward_jwks *keys; /**< that end its last section */
    uint32_t used;                /**< which of them tokens have shown */
    size_t length;                /**< bytes of the rest; 0: none */
    uint8_t bytes[WARD_RECORD_SIZE];
};

/** What a slot holds, seen from outside. */
struct ward_record_info {
    uint32_t sequence; /**< of two records the newer one has the higher one, as numbers that wrap around */
    uint32_t length;   /**< bytes in all */
    uint8_t sections;  /**< which there are: private */
    bool keys_only; /**< made by `ward provision --record`: its keys replace a device's keys, and nothing else of it */
    uint8_t digest[WARD_RECORD_DIGEST]; /**< its last bytes */
};

/**
 * What a slot holds.
 *
 * @param info  written on WARD_OK and WARD_RECORD_NEWER, else zeroed
 *
 * @retval WARD_OK                 a whole record
 * @retval WARD_RECORD_NEWER       a whole record of a later format, or with a part without which it must not be used and that this build does
 *                                 not know
 * @retval WARD_RECORD_INVALID     something, but no whole record: torn, or not ward's
 * @retval WARD_RECORD_ABSENT      nothing was ever stored: no bytes, or all the same
 * @retval WARD_RECORD_UNREADABLE  the medium did not answer: it may hold anything
 * @retval WARD_CRYPTO_FAILED      its digest could not be computed: likewise
 */
WARD_MUST_USE struct ward_status ward_record_check(const struct ward_record_slots *slots, unsigned slot,
                                                   struct ward_workspace *work, struct ward_record_info *info);

/**
 * Writes a record, and reads it back. What the record in the origin's slot holds that this one does not goes along as it is.
 *
 * @param origin  of ward_keyring_next()
 * @param slot    of ward_keyring_next()
 * @param record  from ward_keyring_pack() or ward_gate_pack()
 *
 * @retval WARD_OK                 it is stored, and reads as it was written
 * @retval WARD_RECORD_NOT_STORED  it is not: the slot could not be written, reads otherwise, or what has to go along cannot be read
 * @retval WARD_CRYPTO_FAILED      its digest could not be computed
 */
WARD_MUST_USE struct ward_status ward_record_write(const struct ward_record_slots *slots,
                                                   struct ward_record_origin origin, unsigned slot,
                                                   struct ward_record *record, struct ward_workspace *work);

#ifdef __cplusplus
}
#endif

/* The link check: see config.h. */
#ifndef WARD_LIBRARY
#define ward_record_check(...) WARD_CHECKED(WARD_LIMITS, ward_record_check(__VA_ARGS__))
#define ward_record_write(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_record_write(__VA_ARGS__))
#endif

#endif
