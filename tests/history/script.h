/* SPDX-License-Identifier: Apache-2.0 */
/* One history: events at random, and what must be so after each. */
#ifndef HISTORY_SCRIPT_H
#define HISTORY_SCRIPT_H

#include <stdint.h>

void script_run(uint64_t seed);

#endif
