/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as bytes, the most significant first. */
#ifndef WARD_ENCODING_NUMBER_H
#define WARD_ENCODING_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/** Writes the low `bytes` bytes of a number, 1 to 8; returns the place after them. */
uint8_t *ward_number_put(uint8_t *at, uint64_t number, size_t bytes);

/** Reads a number of `bytes` bytes, 1 to 8. */
uint64_t ward_number_get(const uint8_t *at, size_t bytes);

#endif
