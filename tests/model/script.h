/* SPDX-License-Identifier: Apache-2.0 */
/* A schedule: what happens to a device and its issuer, at random, and how it ends. */
#ifndef MODEL_SCRIPT_H
#define MODEL_SCRIPT_H

#include <stdint.h>

/** Runs the schedule of this seed; a rule that is broken jumps to schedule_end. */
void script_run(uint64_t seed);

#endif
