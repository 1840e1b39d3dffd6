/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as bytes, most significant first, and as 32-bit words, least significant first: for the backends. */
#ifndef WARD_PORT_CRYPTO_WORDS_H
#define WARD_PORT_CRYPTO_WORDS_H

#include <stddef.h>
#include <stdint.h>

/** Writes `length` bytes; words above them are not looked at. */
static inline void words_to_bytes(uint8_t *bytes, size_t length, const uint32_t *words)
{
    for (size_t i = 0; i < length; i++)
        bytes[length - 1 - i] = (uint8_t)(words[i / 4] >> (8 * (i % 4)));
}

/** Writes `count` words; those above the bytes become 0. */
static inline void words_from_bytes(uint32_t *words, size_t count, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < count; i++)
        words[i] = 0;
    for (size_t i = 0; i < length; i++)
        words[i / 4] |= (uint32_t)bytes[length - 1 - i] << (8 * (i % 4));
}

#endif
