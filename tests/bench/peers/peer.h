/* SPDX-License-Identifier: Apache-2.0 */
/* A library's RSA behind calls of one form, so that each is asked the same: one of the files beside this is linked with peers.c. */
#ifndef WARD_BENCH_PEER_H
#define WARD_BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure.h"

enum { PEER_DIGEST = 32 };

/** What comes before the digest in the block that is signed: RFC 8017 section 9.2, SHA-256. */
#define PEER_DIGEST_INFO                                                                                               \
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20

/** Once, at the start: its memory. */
void peer_begin(void);

/** Makes the library's own form of a key, with the exponent 65537, out of the bytes of its modulus. The key stays where it is. */
bool peer_keep(const struct bench_key *key);

/** Whether this is the kept key's signature over a digest. */
bool peer_verify(const uint8_t digest[PEER_DIGEST], const uint8_t *signature);

/** Lets go of the kept key. */
void peer_drop(void);

/** SHA-256. */
bool peer_sha256(const void *data, size_t length, uint8_t digest[PEER_DIGEST]);

/** Of its own arena, if it has one: bytes, and how many of them were ever used. */
struct peer_arena {
    size_t size;
    size_t used;
};
struct peer_arena peer_arena(void);

#endif
