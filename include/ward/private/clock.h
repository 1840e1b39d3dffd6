/* SPDX-License-Identifier: Apache-2.0 */
/* Private: what is known of the time. Here since a struct ward_keyring contains it; see src/state/clock.h. */
#ifndef WARD_PRIVATE_CLOCK_H
#define WARD_PRIVATE_CLOCK_H

#include <stdint.h>

#include "ward/config.h"

/** What is known of the time. See ward_keyring_time(). */
struct ward_clock {
    uint64_t floor;
    uint64_t latest;
    uint64_t reported;
    uint64_t fresh;
#if WARD_MAX_BUNDLE > 0
    uint64_t bundled; /* the floor that a bundle has raised; 0: none has */
#endif
    uint32_t reported_at;
    uint32_t fresh_at;
};

#endif
