/* SPDX-License-Identifier: Apache-2.0 */
/* Records as files: two in a folder, each replaced as a whole.
 *
 * A record is written to a file of its own, synchronised, and takes its slot's name by rename(2), which is atomic; then the folder
 * is synchronised. So a slot holds its old record or its new one, whatever moment the power fails at.
 */
#ifndef WARD_PORT_POSIX_STORE_H
#define WARD_PORT_POSIX_STORE_H

#include <stddef.h>

#include "ward/record.h"

/** A folder of records. The caller's; private. */
struct ward_posix_store {
    int folder;
    int file; /* of the record that is being written; -1: none is */
};

/**
 * Opens a folder and locks it, so that no other process writes to it.
 *
 * @param path  made (for its owner only) where it does not exist but its parent does
 *
 * @retval WARD_OK
 * @retval WARD_RECORD_STORE  it is not a folder, cannot be opened or made, or another process has it; errno says which (EWOULDBLOCK: the last)
 */
WARD_MUST_USE struct ward_status ward_posix_store_begin(struct ward_posix_store *store, const char *path);

/** Closes it; nothing needs to be written any more. */
void ward_posix_store_end(struct ward_posix_store *store);

/**
 * record_read() of a platform: up to `size` bytes of a slot from `offset` on; 0 where it holds nothing. WARD_RECORD_FAULT where it is not a
 * regular file, or a call fails: errno says why.
 */
size_t ward_posix_store_read(const struct ward_posix_store *store, unsigned slot, size_t offset, void *data,
                             size_t size);

/**
 * record_write() of a platform: the slot holds what it held until the last call, which has size 0, and after any but WARD_OK.
 *
 * @retval WARD_OK                 the bytes and the name are on the medium
 * @retval WARD_RECORD_NOT_STORED  a call failed: no space, no right; errno says which
 */
WARD_MUST_USE struct ward_status ward_posix_store_write(struct ward_posix_store *store, unsigned slot, size_t offset,
                                                        const void *data, size_t size);

#endif
