/* SPDX-License-Identifier: Apache-2.0 */
/* Private: a wait. Here since a struct ward_keyring contains some; see src/keys/timer.h. */
#ifndef WARD_PRIVATE_TIMER_H
#define WARD_PRIVATE_TIMER_H

#include <stdint.h>

/** A wait that began at an uptime. */
struct ward_timer {
    uint32_t since;
    uint32_t wait;
};

#endif
