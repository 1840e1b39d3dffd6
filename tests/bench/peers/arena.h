/* SPDX-License-Identifier: Apache-2.0 */
/* mbedTLS's heap: an arena of its own allocator, of which the highest byte that was ever used is looked for afterwards. */
#ifndef WARD_BENCH_ARENA_H
#define WARD_BENCH_ARENA_H

#include "peer.h"

/** Gives mbedTLS its arena. */
void arena_begin(void);

#endif
