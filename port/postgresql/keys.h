/* SPDX-License-Identifier: Apache-2.0 */
/* ward in PostgreSQL: the issuer's keys, out of a file. */
#ifndef WARD_PG_KEYS_H
#define WARD_PG_KEYS_H

#include "ward/jwks.h"

/**
 * The keys of a file, read again where it is another one than at the last call. What cannot be read, or is not a whole key
 * set, verifies nobody: not even by the keys that were there before. Why not is in the server's log alone.
 *
 * @param path  the file; a relative path starts in the data folder; empty: none was set
 * @param work  scratch
 * @return      the keys, until the next call; none: `count` is 0
 */
const struct ward_jwks *ward_pg_keys_of(const char *path, struct ward_workspace *work);

/** Whether a file is another one than ward_pg_keys_of() has read, or no longer there. */
bool ward_pg_keys_are_others(const char *path);

#endif
