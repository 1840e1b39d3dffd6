/* A device that runs Linux or another POSIX system: libcurl fetches, files keep the records, the system has clocks and entropy. */
#ifndef WARD_PORT_POSIX_PLATFORM_H
#define WARD_PORT_POSIX_PLATFORM_H

#include <stdbool.h>

#include "port/posix/fetch.h"
#include "port/posix/store.h"
#include "ward/port/platform.h"

/** What it is to do. Constant; must stay. */
struct posix_config {
    struct posix_fetch_config fetch;
    const char *store;      /**< folder of the records, see posix_store_begin(); NULL: nothing is kept */
    bool clock_is_set;      /**< the system's clock is one that no attacker on the network can set: it grants. False: WARD_TIME_UNKNOWN */
};

/** The device. The caller's; private. */
struct posix_device {
    const struct posix_config *config;
    struct posix_fetch fetch;
    struct posix_store store;
};

/**
 * Makes a platform. The first call; posix_end() is the last.
 *
 * @param platform  written; `device` is its context and must stay as long as it
 *
 * @retval WARD_OK
 * @retval WARD_FETCH_AUTHORITIES, WARD_NOT_PROVIDED  see posix_fetch_setup()
 * @retval WARD_RECORD_STORE                          see posix_store_begin(); errno says why
 */
WARD_MUST_USE struct ward_status posix_begin(struct posix_device *device, const struct posix_config *config,
                                             struct ward_platform *platform);

/** Ends a fetch that is under way and lets go of the folder. */
void posix_end(struct posix_device *device);

#endif
