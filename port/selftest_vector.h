/* SPDX-License-Identifier: Apache-2.0 */
/* A known signature: see selftest_vector.c. */
#ifndef WARD_PORT_SELFTEST_VECTOR_H
#define WARD_PORT_SELFTEST_VECTOR_H

#include <stdint.h>

/** The modulus, least significant word first. */
extern const uint32_t ward_selftest_modulus[64];

/** The signature, most significant byte first. */
extern const uint8_t ward_selftest_signature[256];

#endif
