/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of TLS: one static array, which belongs to this port. mbedTLS takes and gives back blocks of it;
 * nothing else does.
 *
 * Each block belongs to an owner: what all sessions share, the fetch, a slot of the server. An owner is sure of its
 * share, whatever the others do; above it gets what they would not miss. The fetch's share is small until its issuer
 * has answered and large from then on: what others have borrowed of it by then the server makes them give back. So
 * no client can keep the fetch or another client from memory.
 *
 * A fetch whose issuer has a long chain also gets the shares of free slots, except one: ward_tls_arena_rest(), ward_tls_arena_wake().
 *
 * Blocks of a kilobyte and more come from the end of the array, small ones from its begin: long-lived small ones do
 * not part what the large ones need.
 */
#ifndef WARD_PORT_TLS_ARENA_H
#define WARD_PORT_TLS_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/port/config.h"

/** Owners: what is shared, the fetch, and the server's slots after it. */
enum {
    WARD_TLS_ARENA_SHARED = 0,
    WARD_TLS_ARENA_FETCH = 1,
    WARD_TLS_ARENA_SLOTS = 2,
    WARD_TLS_ARENA_OWNERS = WARD_TLS_ARENA_SLOTS + WARD_SERVER_SLOTS
};

/** Bytes that an owner is sure of from now on. With `share` 0 it gets nothing that others would miss. */
void ward_tls_arena_share(unsigned owner, size_t share);

/** Whether all shares are there. Where they are not, since one was made larger while others had more than theirs:
 * once they give it back. */
bool ward_tls_arena_covers(void);

/** An owner needs nothing now: its share stays its own, except for the fetch, which may use it. */
void ward_tls_arena_rest(unsigned owner);

/** It may need its share again; false while that is not there, as while the fetch uses it: let it rest again, or
 * wait. */
bool ward_tls_arena_wake(unsigned owner);

/** Whether the fetch's share is claimed: its issuer has answered, and who has more than a share of the arena must
 * give it back. */
void ward_tls_arena_claim(bool claimed);
bool ward_tls_arena_claimed(void);

/** Bytes that an owner has above its share. */
size_t ward_tls_arena_excess(unsigned owner);

/** The owner of what is taken from now on. */
void ward_tls_arena_use(unsigned owner);

/** Zeroed memory for `count` things of `size` bytes, or NULL: mbedTLS's calloc(). A refusal is counted for its owner. */
void *ward_tls_arena_alloc(size_t count, size_t size);

/** The same for who can wait: a refusal is not counted for its owner. */
void *ward_tls_arena_try(size_t count, size_t size);

/**
 * The next block of exactly `asked` bytes gets memory for `given` only. mbedTLS asks for the input buffer of a
 * session as if its first record were the longest there is; tls_buffer.c tells it the truth afterwards. 0: no
 * longer.
 */
void ward_tls_arena_shorten(size_t asked, size_t given);

/** Gives a block back; NULL: nothing. Its bytes are wiped. */
void ward_tls_arena_free(void *memory);

/** Bytes taken by an owner now, and at most so far, headers of the blocks included; of all owners together. */
size_t ward_tls_arena_used(unsigned owner);
size_t ward_tls_arena_peak(unsigned owner);
size_t ward_tls_arena_peak_of_all(void);

/** How often memory was asked for in vain. */
uint32_t ward_tls_arena_refusals(void);

/**
 * How often an owner's ward_tls_arena_alloc() was. mbedTLS makes many errors of a refusal, some of them those of a bad certificate:
 * who wants to know why something failed compares this before and after.
 */
uint32_t ward_tls_arena_refusals_of(unsigned owner);

#endif
