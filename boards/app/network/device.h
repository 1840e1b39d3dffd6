/* SPDX-License-Identifier: Apache-2.0 */
/* The board as a platform of ward's: clock, flash, entropy, network. */
#ifndef APP_NETWORK_DEVICE_H
#define APP_NETWORK_DEVICE_H

#include <stdbool.h>

#include "ward/port/platform.h"
#include "ward/port/service.h"

extern const struct ward_platform device_platform;

/** Starts network and TLS; false, and a line on the console, if something is missing. */
bool device_begin(void);

/** Tells each fetch on the console once it has ended, with what the service found in its body; the audit tells an outage once. */
void device_tell_fetch(const struct ward_service *service);

#endif
