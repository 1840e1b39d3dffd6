/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of the fixture's keyring in slot 0, and a device that opens them. */
#ifndef STORED_FIXTURE_H
#define STORED_FIXTURE_H

#include "crypto_faults.h"
#include "keyring_fixture.h"
#include "keys/keyring.h"
#include "memory_slots.h"

/** The last record that was made. */
extern struct ward_record stored_record;

/** The keyring of the device that opens it. */
extern struct ward_keyring stored_ring;

/* An entry of a key: its length, algorithm, marks, bits, length of kid, kid and modulus. */
enum { ALGORITHM = 2, MARKS = 3, BITS = 4, KID_LENGTH = 6, KID = 7, MODULUS = 8, ENTRY = MODULUS + 256 };

/** Stores what the keyring knows in slot 0. */
void stored_keep(void);

/** The usual keyring with the keys a and b, stored. */
void stored_begin(void);

/** A device after a power cut, with this firmware. */
struct ward_status stored_reopen(void);

/** The section of the keys in slot 0. */
uint8_t *stored_keys(size_t *length);

/** Where the first key is in it: after version, times, issuer and URL. */
size_t stored_keys_at(void);

uint8_t *stored_first_key(void);

#endif
