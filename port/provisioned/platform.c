/* SPDX-License-Identifier: Apache-2.0 */
#include "port/provisioned/platform.h"

#include <string.h>

void ward_provisioned_platform(struct ward_platform *platform, const struct ward_provisioned_board *board)
{
    memset(platform, 0, sizeof *platform);
    platform->context = board->context;
    platform->uptime = board->uptime;
    platform->clock = board->clock;
    platform->record_read = board->record_read;
    platform->record_write = board->record_write;
}
