/* SPDX-License-Identifier: Apache-2.0 */
/* A device on that flash: the real service, keyring and gate, and what is known of what it has stored. */
#ifndef WARD_POWER_DEVICE_H
#define WARD_POWER_DEVICE_H

#include "flash.h"
#include "ward/access.h"
#include "ward/bundle.h"
#include "ward/port/service.h"
#include "ward/denials.h"

/** What a record holds, as seen from outside. */
struct content {
    size_t length; /**< 0: nothing */
    uint8_t bytes[BLOCK];
    uint32_t sequence;
    uint32_t boots;
    uint64_t floor;
    struct ward_jwks keys;
    struct ward_denial denials[WARD_DENY_SLOTS];
    uint64_t issued_until;
    struct ward_bundle bundle; /**< the one in force */
    unsigned slot;
};

/** Everything that changes. Plain bytes: copy it to go back in time; the pointers in it point into the one world there is. */
struct world {
    struct flash flash;
    struct ward_service service;
    struct ward_keyring keyring;
    struct ward_gate gate;
    struct ward_workspace work;
    struct ward_record record;
    struct ward_status opened;
    uint32_t uptime;
    uint64_t seconds;
    uint32_t writes;
    struct content stored; /**< of the last write that the service took for good */
    struct content begun;  /**< of the last write that was begun */
};

extern struct world world;

/** Writes the record of an earlier firmware, with a section that this one does not know. Once, on an erased flash. */
void device_inherit(void);

/** Starts the device with what is on its flash. */
void device_boot(void);

/** What happens to it: events are numbered from 0 and come in this order. */
enum { EVENTS = 10 };
const char *device_event_name(unsigned event);

/** Lets an event happen and the service do what it wants then; false: power has failed meanwhile. */
bool device_event(unsigned event);

/**
 * After device_boot(): whether it found the newest whole record and all that is in it.
 *
 * @return NULL, or what is wrong
 */
const char *device_check(void);

/** After an event during which power did not fail: whether the service has judged its write rightly. NULL, or what is wrong. */
const char *device_check_write(void);

#endif
