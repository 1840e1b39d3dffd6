/* The board as a platform of ward's: clock, flash, entropy, network. */
#ifndef APP_NETWORK_DEVICE_H
#define APP_NETWORK_DEVICE_H

#include <stdbool.h>

#include "ward/port/platform.h"

extern const struct ward_platform device_platform;

/** Starts network and TLS; false, and a line on the console, if something is missing. */
bool device_begin(void);

#endif
