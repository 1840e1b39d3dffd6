/* A keyring from inside. Functions without a word about it take no lock: their callers hold it. */
#ifndef WARD_KEYS_KEYRING_H
#define WARD_KEYS_KEYRING_H

#include "keys/lock.h"
#include "keys/timer.h"
#include "state/record.h"
#include "ward/keyring.h"

/* Seconds and milliseconds. */
enum {
    WARD_SECOND = 1000,
    WARD_MINUTE = 60 * WARD_SECOND,
    WARD_HOUR = 60 * WARD_MINUTE,
    WARD_DAY = 24 * WARD_HOUR
};

/** Sets the wait until the next fetch: `wait` milliseconds less some below `spread`, which is not 0, at random. */
void ward_keyring_schedule(struct ward_keyring *keyring, uint32_t uptime, uint32_t wait, uint32_t spread);

/** After a boot: soon without keys, some time within the usual interval with them. */
void ward_keyring_schedule_first(struct ward_keyring *keyring, uint32_t uptime);

/** The set that is not in use. */
struct ward_jwks *ward_keyring_spare(struct ward_keyring *keyring);

/** How many checks that began with this set are still running; NULL for keys in flash, which nothing overwrites. */
uint16_t *ward_keyring_running(struct ward_keyring *keyring, const struct ward_jwks *set);

/** Whether tokens can be granted now, as far as clock and keys are concerned. */
bool ward_keyring_serves(const struct ward_keyring *keyring, struct ward_time now);

/** The keys of the set in use that are to stay: they have verified a signature within the last day. A bit for each. */
uint32_t ward_keyring_in_use(const struct ward_keyring *keyring);

/** New keys have come: they are told and stored now, or once the last ones are an hour ago. */
void ward_keyring_new_keys(struct ward_keyring *keyring, uint32_t uptime);

/** The keys of `to` that are marked as used, when those of `from` are: the same key, not only the same kid. */
uint32_t ward_keyring_carry_used(const struct ward_jwks *from, uint32_t used, const struct ward_jwks *to);

/** Starts a record with the keyring's sections. Call it without the lock. */
void ward_keyring_put(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime, struct ward_record *record,
                      struct ward_record_writer *writer);

/** Milliseconds between refreshes for an unknown kid. */
uint32_t ward_keyring_cooldown(const struct ward_keyring *keyring);

/** The keys for a check, which stay as they are until ward_keyring_leave() with them. Both take the lock. */
const struct ward_jwks *ward_keyring_enter(struct ward_keyring *keyring);
void ward_keyring_leave(struct ward_keyring *keyring, const struct ward_jwks *set);

/** Something that is stored has changed: a record is wanted now. Takes the lock. */
void ward_keyring_touch(struct ward_keyring *keyring);

#endif
