/* SPDX-License-Identifier: Apache-2.0 */
/* The device: the real keyring, a runner that serves it, checks that run, two slots of storage, a clock, and the lock with what other
 * tasks do while a task waits for it. Each call of the keyring is told to the reference when it has returned.
 */
#ifndef MODEL_DEVICE_H
#define MODEL_DEVICE_H

#include "reference.h"

enum { MOST_CHECKS = 4 };

extern struct device {
    struct firmware firmware;
    uint64_t booted;
    uint32_t uptime_at_boot;

    bool clock_set;
    int64_t clock_error;  /* seconds */
    bool clock_was_wrong; /* in this schedule: or the issuer's Date was */
    uint64_t
        operator_ahead; /* in this schedule: by how much a bundle said that it was of a later time than it was, at most */
    uint32_t contention; /* one lock in so many is waited for; 0: none */

    uint64_t undisturbed;  /* since when nothing stands between the issuer and the keys */
    uint64_t asleep_until; /* the runner, as slow as it likes */
    bool write_fails;
    unsigned work; /* what was done since the script looked: bounds how long a schedule takes */
} device;

/** A new device: begins with blank storage. */
void device_begin(void);

/** Power off in the middle of whatever goes on, for so long, and on again. */
void device_reboot(uint32_t off);

/** Lets time pass until then, or until much has been done. */
void device_pass(uint64_t until, unsigned most_work);

/** Calls of other tasks. */
void device_check_begin(uint32_t duration);
struct ward_status device_ask(uint16_t kid, bool too_long, uint32_t *retry_after);

/** Hands a bundle in, well or as it comes; judges what comes of it. Not while a record is written. */
struct ward_status device_bundle(const struct bundle *bundle, bool well);
bool device_stores(void);

void device_touch(void);
void device_set_floor(uint64_t seconds);

/** The runner does nothing for so long. */
void device_sleep(uint32_t duration);

/** A runner that fetches without having been told to. */
void device_rude_fetch(void);

/** What a request asks of the keyring; judges it, and what keys are in use. */
void device_look(void);

/** One slot rots. */
void device_rot(unsigned slot);

/** Whether tokens can be granted, as far as clock and keys are concerned. */
bool device_serves(void);

#endif
