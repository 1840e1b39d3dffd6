/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys of a set are kept where the issuer has more than there are slots.
 *
 * Whoever sends a header chooses its `kid`, so what is asked for is only a wish. A key that has verified a signature lately stays. The
 * other slots go to the kids that were wanted since the last refresh, as long as all of them fit. Where they do not, each second
 * refresh draws lots among them, a lot for each kid however often it was asked for, and the ones between go on through all of the
 * issuer's keys in turn: so each key comes within twice as many refreshes as the other keys fill these slots, whatever is asked.
 */
#ifndef WARD_KEYS_CHOICE_H
#define WARD_KEYS_CHOICE_H

#include "ward/jwks.h"

/** Where a kid stands on the ring of all kids. */
uint32_t ward_choice_place(struct ward_text kid);

/** Forgets what was wanted. `salt`: another number each time, so that nobody knows which kids draw well. */
void ward_wanted_clear(struct ward_jwks_wanted *wanted, uint32_t salt);

/** Adds a kid; where there are too many, the best lots stay. */
void ward_wanted_add(struct ward_jwks_wanted *wanted, struct ward_text kid);

/** How much a key matters: the greater number has the slot. `held`: it is one of the keys so far; `in_use`: and verifies. */
uint64_t ward_choice_worth(const struct ward_jwks_choice *choice, struct ward_text kid, bool held, bool in_use);

/** For the set that is being read: how to choose. Right after ward_jwks_begin(), whose `wanted` is then not looked at. */
void ward_jwks_choose(struct ward_jwks_reader *reader, const struct ward_jwks_choice *choice);

#endif
