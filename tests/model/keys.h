/* SPDX-License-Identifier: Apache-2.0 */
/* Keys as the model sees them: a number that stands in the modulus, under a number that stands in the kid. */
#ifndef MODEL_KEYS_H
#define MODEL_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/jwks.h"

enum { MOST_KEYS = 8, KID_LENGTH = 5 };

struct key {
    uint16_t kid; /**< 0: it has none */
    uint16_t number;
};

struct keys {
    unsigned count;
    struct key key[MOST_KEYS];
};

bool key_same(struct key a, struct key b);
bool keys_have(const struct keys *keys, struct key key);
bool keys_have_kid(const struct keys *keys, uint16_t kid);

/** Whether both hold the same keys, in any order. */
bool keys_same(const struct keys *a, const struct keys *b);

/** The number of a key of ward's. */
uint16_t key_number(const struct ward_key *key);

/** Reads a set of ward's; false: a key in it is none that the model ever made. */
bool keys_read(const struct ward_jwks *set, struct keys *keys);

/** Writes a set for flash. */
void keys_write(const struct keys *keys, struct ward_jwks *set);

/** The text of a kid, KID_LENGTH bytes. */
void kid_write(char *out, uint16_t kid);

/** The modulus in base64url: 342 characters. */
enum { MODULUS_LENGTH = 342 };
void modulus_write(char *out, uint16_t number);

/** Such as "{1:7 2:8}": kid and number; for the trace, valid until the next but three call. */
const char *keys_text(const struct keys *keys);

#endif
