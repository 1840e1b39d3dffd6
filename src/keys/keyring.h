/* SPDX-License-Identifier: Apache-2.0 */
/* A keyring from inside. Functions without a word about it take no lock: their callers hold it. */
#ifndef WARD_KEYS_KEYRING_H
#define WARD_KEYS_KEYRING_H

#include "keys/lock.h"
#include "keys/timer.h"
#include "state/record.h"
#include "ward/keyring.h"

/* Seconds and milliseconds. */
enum { WARD_SECOND = 1000, WARD_MINUTE = 60 * WARD_SECOND, WARD_HOUR = 60 * WARD_MINUTE, WARD_DAY = 24 * WARD_HOUR };

/** Sets the wait until the next fetch: `wait` milliseconds less some below `spread`, which is not 0, at random. */
void ward_keyring_schedule(struct ward_keyring *keyring, uint32_t uptime, uint32_t wait, uint32_t spread);

/** After a boot: soon without keys, some time within the usual interval with them. */
void ward_keyring_schedule_first(struct ward_keyring *keyring, uint32_t uptime);

/** Starts to read keys into the set that is not in use. `refresh`: they are what an unknown kid waits for. */
void ward_keyring_begin_set(struct ward_keyring *keyring, bool refresh);

/** What was read is the set in use. */
void ward_keyring_take_set(struct ward_keyring *keyring, uint32_t uptime);

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

/** All keys of a set, a bit for each. */
uint32_t ward_keyring_all(const struct ward_jwks *set);

/** The keys of `to` that are marked as used, when those of `from` are: the same key, not only the same kid. */
uint32_t ward_keyring_carry_used(const struct ward_jwks *from, uint32_t used, const struct ward_jwks *to);

/** Starts a record with what the keyring knows of the device, and ends it with the keys. Both take the lock. */
void ward_keyring_put_device(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime,
                             struct ward_record *record, struct ward_record_writer *writer);
void ward_keyring_put_keys(struct ward_keyring *keyring, struct ward_record_writer *writer);

/** Why nothing is to be stored now: bits of `held`. */
enum {
    WARD_HELD_BY_RUNNER = 1, /* it does not yet know all that belongs into a record */
    WARD_HELD_BY_GATE = 2,   /* the gate cannot hold what is stored of it */
    WARD_HELD_BY_RECORD = 4  /* a slot could not be judged, or is a later build's */
};

/** What is under way: a fetch, a request for one on behalf of an unknown kid, both or neither. */
enum ward_keyring_refresh_state {
    WARD_REFRESH_IDLE,
    WARD_REFRESH_ASKED,
    WARD_REFRESH_RUNNING,
    WARD_REFRESH_RUNNING_ASKED /* it answers the request, too */
};

bool ward_keyring_is_asked(const struct ward_keyring *keyring);
bool ward_keyring_is_fetching(const struct ward_keyring *keyring);

/** What the newest record does not have, and when it is to. */
enum ward_keyring_change { WARD_CHANGE_NONE, WARD_CHANGE_LATER, WARD_CHANGE_NOW };

/** A change is to be stored so soon, or sooner where an earlier one is. */
void ward_keyring_note_change(struct ward_keyring *keyring, enum ward_keyring_change change);

/** What an operator is to be told, and what was told already and has not ended since. */
enum ward_keyring_notice {
    WARD_NOTICE_CHANGED = 1,
    WARD_NOTICE_TOLD_LEFT_OUT = 2,
    WARD_NOTICE_TOLD_LAST = 4,
    WARD_NOTICE_BUNDLE = 8,
    WARD_NOTICE_TOLD_HELD = 16
};

/** Sets or clears one of them. Both take the lock. */
void ward_keyring_hold(struct ward_keyring *keyring, unsigned why);
void ward_keyring_release(struct ward_keyring *keyring, unsigned why);

/** Notes when a set clock first saw compiled keys that the issuer can replace; a time in the future is now. */
void ward_keyring_see(struct ward_keyring *keyring, struct ward_time now);

/** From when the age of the keys in use counts; 0: they have none. */
uint64_t ward_keyring_age_from(const struct ward_keyring *keyring);

/** What keyring_open.c takes from a record of keys into the spare set, before its digest was checked. */
struct ward_keyring_taken {
    uint64_t floor;
    uint64_t fetched_at;
    uint64_t seen_at;
    uint32_t boots; /* 0: not said */
    uint32_t version;
    uint32_t used;
    bool same;     /* the configuration's issuer, and its URL or a bundle of it */
    bool left_out; /* a key did not fit */
    bool device;   /* the record is the device's own, and not one of `ward provision` beside it */
#if WARD_MAX_BUNDLE > 0
    bool bundle_keys; /* a bundle has brought the keys */
    bool bundle;      /* one is in force */
    struct ward_status bundle_held;
#endif
};

/** Reads the section of keys that is open. */
void ward_keyring_get(const struct ward_keyring *keyring, struct ward_record_reader *reader, struct ward_jwks *set,
                      struct ward_keyring_taken *taken);

/** Milliseconds between refreshes for an unknown kid. */
uint32_t ward_keyring_cooldown(const struct ward_keyring *keyring);

/** The keys for a check, which stay as they are until ward_keyring_leave() with them. Both take the lock. */
const struct ward_jwks *ward_keyring_enter(struct ward_keyring *keyring);
void ward_keyring_leave(struct ward_keyring *keyring, const struct ward_jwks *set);

/** Whether a key of a set that a check has entered is one of those in use now. */
bool ward_keyring_holds(const struct ward_keyring *keyring, const struct ward_jwks *set, const struct ward_key *key);

/** Something that is stored has changed: a record is wanted now. Takes the lock. */
void ward_keyring_touch(struct ward_keyring *keyring);

#endif
