/* SPDX-License-Identifier: Apache-2.0 */
/* Private: which keys a full set keeps. Here since a struct ward_jwks_reader contains it; see src/keys/choice.h. */
#ifndef WARD_PRIVATE_CHOICE_H
#define WARD_PRIVATE_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

/** Kids that are remembered as wanted from one refresh to the next. */
#define WARD_WANTED_KIDS 4

/** Kids that are wanted, by a lot that each of them draws. */
struct ward_jwks_wanted {
    uint32_t salt;
    uint32_t lot[WARD_WANTED_KIDS];
    uint8_t count;
    bool crowded; /* more kids than these were wanted */
};

/** Which keys to keep where there are too many. */
struct ward_jwks_choice {
    struct ward_jwks_wanted wanted;
    uint32_t in_use; /* of the keys so far, a bit for each */
    uint32_t turn;
    bool in_turn;
};

#endif
