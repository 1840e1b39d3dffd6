/* SPDX-License-Identifier: Apache-2.0 */
/* A platform to copy: see platform.c. */
#ifndef WARD_PORT_TEMPLATE_PLATFORM_H
#define WARD_PORT_TEMPLATE_PLATFORM_H

#include "ward/port/platform.h"

extern const struct ward_platform ward_template_platform;

#endif
