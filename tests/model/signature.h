/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures that cost nothing, and that only who knows the number of a key can make: the number and the digest, again and again. */
#ifndef MODEL_SIGNATURE_H
#define MODEL_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

enum { SIGNATURE_SIZE = 256 };

/** Signs a text with the key of this number. */
void signature_make(uint16_t number, const void *text, size_t length, uint8_t signature[SIGNATURE_SIZE]);

#endif
