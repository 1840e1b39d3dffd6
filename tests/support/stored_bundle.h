/* SPDX-License-Identifier: Apache-2.0 */
/* A device that has stored a bundle, and what comes after a power cut. */
#ifndef WARD_TEST_STORED_BUNDLE_H
#define WARD_TEST_STORED_BUNDLE_H

#include "bundle_fixture.h"
#include "memory_slots.h"

#define SOMEONE "auth0|someone"
#define DENIES_SOMEONE "[{\"sub\":\"" SOMEONE "\",\"issued_until\":\"always\"}]"

/** A device that has taken and stored a bundle, number 7, that denies SOMEONE. */
void bundle_begin_stored(void);

/** Stores what the device has now, in slot 0. */
void bundle_keep(void);

/** The device after a power cut: what opening its record says. */
struct ward_status bundle_reopen(void);

/** The firmware has these operator keys alone; second: NULL for none. */
void bundle_have_operators(const struct ward_key *first, const struct ward_key *second);

/** The words' bundle is KEY_D's, of this number. */
void bundle_sign_as_d(uint64_t seq);

#endif
