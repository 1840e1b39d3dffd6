/* SPDX-License-Identifier: Apache-2.0 */
/* A device that runs Linux or another POSIX system: libcurl fetches, files keep the records, the system has clocks and entropy. */
#ifndef WARD_PORT_POSIX_PLATFORM_H
#define WARD_PORT_POSIX_PLATFORM_H

#include <stdbool.h>

#include "port/posix/fetch.h"
#include "port/posix/store.h"
#include "ward/port/platform.h"

/** What it is to do. Constant; must stay. */
struct ward_posix_config {
    struct ward_posix_fetch_config fetch;
    const char *store; /**< folder of the records, see ward_posix_store_begin(); NULL: nothing is kept */
    bool
        clock_is_set; /**< the system's clock is one that no attacker on the network can set: it grants. False: WARD_TIME_UNKNOWN */
};

/** The device. The caller's; private. */
struct ward_posix_device {
    const struct ward_posix_config *config;
    struct ward_posix_fetch fetch;
    struct ward_posix_store store;
};

/**
 * Makes a platform. The first call; ward_posix_end() is the last.
 *
 * @param platform  written; `device` is its context and must stay as long as it
 *
 * @retval WARD_OK
 * @retval WARD_FETCH_AUTHORITIES, WARD_NOT_PROVIDED  see ward_posix_fetch_setup()
 * @retval WARD_RECORD_STORE                          see ward_posix_store_begin(); errno says why
 */
WARD_MUST_USE struct ward_status ward_posix_begin(struct ward_posix_device *device,
                                                  const struct ward_posix_config *config,
                                                  struct ward_platform *platform);

/** Ends a fetch that is under way and lets go of the folder. */
void ward_posix_end(struct ward_posix_device *device);

#endif
