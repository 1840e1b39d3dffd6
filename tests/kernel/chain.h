/* SPDX-License-Identifier: Apache-2.0 */
/* A digest over many numbers, so that two machines can be compared by one line. */
#ifndef WARD_TEST_KERNEL_CHAIN_H
#define WARD_TEST_KERNEL_CHAIN_H

#include "ward/port/crypto.h"

/** Bytes of its text: 64 digits and the end. */
#define CHAIN_TEXT 65

struct chain {
    struct ward_sha256 sha;
    bool good;
};

void chain_begin(struct chain *chain);

/** Adds a number; NULL: that there is none. */
void chain_add(struct chain *chain, const uint32_t *words, size_t count);

/** The digest in hexadecimal; empty where SHA-256 has failed. */
void chain_end(struct chain *chain, char text[CHAIN_TEXT]);

#endif
