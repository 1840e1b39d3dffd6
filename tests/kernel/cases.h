/* SPDX-License-Identifier: Apache-2.0 */
/* Moduli and signatures for the arithmetic of the backend `kernel`: the same ones on every machine, made of their number. */
#ifndef WARD_TEST_KERNEL_CASES_H
#define WARD_TEST_KERNEL_CASES_H

#include <stdbool.h>

#include "ward/key.h"

/** How many cases there are of moduli and signatures at the edges, before those by chance. */
#define KERNEL_EDGE_MODULI 18
#define KERNEL_EDGE_VALUES 22
#define KERNEL_EDGES (KERNEL_EDGE_MODULI * KERNEL_EDGE_VALUES)

/** Moduli by chance are asked for so many signatures each, so that not all the time goes into preparing them. */
#define KERNEL_VALUES_OF_ONE 4

/**
 * Case `number` for moduli of `bits` bits. Where it has another modulus than the case before, key is that of the modulus, not
 * prepared yet, and the result is true; otherwise key is left alone.
 *
 * @param signature  receives ward_key_signature_length(key) bytes; also numbers that are not below the modulus
 */
bool kernel_case(unsigned bits, uint32_t number, struct ward_key *key, uint8_t *signature);

/** Words by chance, of which many are 0 or all ones. */
void kernel_words(uint32_t *words, size_t count, uint64_t seed);

/** m = 2^-128 mod n in 64 words, then -1 / n mod 2^128 in 4: one bit after the other. */
void kernel_inverses(uint32_t *m, const struct ward_key *key);

/** Whether the signature, a number of the modulus' length, is below the modulus. */
bool kernel_is_below(const uint8_t *signature, const struct ward_key *key);

#endif
