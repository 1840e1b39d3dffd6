/* SPDX-License-Identifier: Apache-2.0 */
#include "ward/config.h"

/* Whose names are the limits of the library; what is in them means nothing. See the link check in config.h. */
const char WARD_LIMITS = 0;
const char WARD_GATE_LIMITS = 0;
