/* SPDX-License-Identifier: Apache-2.0 */
/* A device that is never online: no network; storage and clock are the board's. */
#ifndef WARD_PORT_PROVISIONED_PLATFORM_H
#define WARD_PORT_PROVISIONED_PLATFORM_H

#include "ward/port/platform.h"

/** What the board has. A member that is NULL means that it has none. */
struct ward_provisioned_board {
    uint32_t (*uptime)(void *context); /**< milliseconds; never NULL */
    struct ward_time (*clock)(void *context);
    size_t (*record_read)(void *context, unsigned slot, size_t offset, void *data, size_t size);
    struct ward_status (*record_write)(void *context, unsigned slot, size_t offset, const void *data, size_t size);
    void *context;
};

/**
 * The platform of such a device: its keys are those compiled in, its records keep deny list, audit head and clock floor. Give the
 * keyring no `url`; ward_keyring_spare_keys() tells how many changes of the issuer's key the keys still survive.
 *
 * @param platform  written; must stay while the service runs
 */
void ward_provisioned_platform(struct ward_platform *platform, const struct ward_provisioned_board *board);

#endif
