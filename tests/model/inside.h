/* SPDX-License-Identifier: Apache-2.0 */
/* The device from inside: what its parts share. */
#ifndef MODEL_INSIDE_H
#define MODEL_INSIDE_H

#include "device.h"
#include "lock.h"
#include "ward/workspace.h"

/** The keyring, and what its configuration points to. */
extern struct ward_keyring keyring;
extern struct ward_jwks compiled_keys;
extern struct ward_workspace work;

/** What the platform tells: the uptime of a true time, the clock now. */
uint32_t uptime(uint64_t at);
struct ward_time clock_of_platform(void);

/* ---- tasks.c: checks, and other tasks' calls. */

void tasks_begin(void);

/** The keys in use are those of the reference. */
void judge_keys(enum rule rule);

/** Whether no check holds the set that the next fetch would overwrite. */
bool spare_is_free(void);

/** When the next check ends; UINT64_MAX: none runs. */
uint64_t next_check_end(void);
void end_next_check(void);

/** What other tasks do while one waits for the lock. */
void others_turn(unsigned depth);

/* ---- delivery.c: bundles. */

/** Whose bundles a firmware takes; NULL: nobody's. */
const struct ward_bundle_config *bundles_configure(const struct firmware *firmware);

/** The bundle in force, and whom it denies, are those of the reference. */
void judge_bundles(void);

/* ---- runner.c: who serves the keyring. */

void runner_begin(int opened_slot);

/** The power fails in the middle of whatever it does. */
void runner_power_off(void);

/** When it has something to do, and doing it. */
uint64_t runner_due(void);
void runner_run(void);

/** Whether it can be run now by a task that waits. */
bool runner_is_free(void);

/** Whether it may be in a call of the keyring while another task is in one that is the runner's. */
void runner_stands_still(bool still);

/** Something is wanted sooner than it thinks. */
void runner_wake(void);

#endif
