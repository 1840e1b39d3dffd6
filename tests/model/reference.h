/* SPDX-License-Identifier: Apache-2.0 */
/* The reference: what a keyring is documented to do, said plainly. True time in 64 bits, keys as numbers, waits as the
 * interval in which they may end; no chance, no wrap, no record format. It hears of each call when the call has returned, with the time
 * and the uptime that the call was given (`at`: the true time at which they were read), and judges the result.
 */
#ifndef MODEL_REFERENCE_H
#define MODEL_REFERENCE_H

#include "issuer.h"
#include "keys.h"
#include "operator.h"
#include "rules.h"

/** Whom the bundle in force denies: an owner id, or a subject under one name. */
struct denied {
    bool owner;
    unsigned name;
    unsigned who;
    uint64_t until;
};

/** More than a device may have, so that what does not fit is seen. */
enum { MOST_DENIED = 2 * MOST_DENIALS };

/** What a device knows of bundles. */
struct bundles {
    uint64_t number; /* of the one in force; 0: none was ever taken */
    unsigned signer;
    uint64_t sequence;
    uint64_t issued;
    uint64_t expires;
    uint64_t everybody; /* up to when all are denied; 0: they are not */
    unsigned count;
    struct denied denied[MOST_DENIED];
    uint64_t last[OPERATOR_KEYS]; /* the number of each key's last one */
    bool set_back;                /* an operator at the device has set the floor since */
    bool keys;                    /* the keys in use are the bundle's */
};

/** What a record has to bring back. */
struct stored {
    struct keys keys;
    bool used[MOST_KEYS];
    uint64_t fetched_at;
    uint64_t shown_at;
    uint64_t seen_at;
    uint64_t floor;
    uint32_t boots;
    uint32_t version;
    unsigned issuer;
    bool online;
    struct bundles bundles;
};

/** Kids that were asked for since the last fetch has begun. */
enum { MOST_WANTED = WARD_WANTED_KIDS };
struct wanted {
    unsigned count;
    uint16_t kid[MOST_WANTED];
    bool more;
};

/** The device's state as it must be. */
extern struct reference {
    struct firmware firmware;
    struct keys keys;
    bool used[MOST_KEYS];
    bool stored[MOST_KEYS];      /* the newest record has them */
    bool packed[MOST_KEYS];      /* the record that is being written has them */
    uint64_t used_at[MOST_KEYS]; /* the last time, in true time; of a record's: the boot */
    unsigned generation;         /* of the keys in use: a swap makes the next one */
    bool flash;                  /* they are the firmware's */
    uint64_t fetched_at;         /* seconds by the best known time; 0: they were not fetched */
    uint64_t shown_at;           /* true time at which the issuer last showed them */
    uint64_t seen_at;            /* when a set clock first saw compiled keys that the issuer can replace; 0: none has */
    uint32_t boots;
    bool warned;
    bool replaced;
    bool new_come;
    uint64_t new_keys_end; /* when new ones may cause a record again */
    unsigned left_out;
    bool left_out_told;

    uint64_t floor;        /* seconds, without what a bundle has said */
    uint64_t bundle_floor; /* what it has said; 0: nothing that counts */
    uint64_t latest;
    uint64_t reported; /* seconds; 0: nothing was */
    uint64_t reported_at;
    uint64_t fresh; /* the last date that came without an age; 0: something else came since */
    uint64_t fresh_at;

    uint64_t earliest_fetch;
    uint64_t latest_fetch;
    unsigned failures;
    bool out_of_service;
    bool asked;
    struct wanted wanted;
    bool answered;
    uint64_t cooldown_end;
    bool fetching; /* one that may bring something */
    struct wanted fetching_wanted;
    uint64_t fetch_began;

    bool urgent;
    bool changed;
    bool store_failed;
    uint64_t store_due;

    struct bundles bundles;
    bool bundle_taken; /* and not told */
} reference;

/** A boot: with the firmware's keys. */
void reference_begin(const struct firmware *firmware, uint64_t at);

/** A record was opened; whether its keys are in use. */
bool reference_open(const struct stored *stored, uint64_t at);

/** The best time that is known. */
struct ward_time reference_time(struct ward_time given, uint64_t at);

/** Whether a time of ward's is that one, as exactly as this schedule lets it be. */
bool reference_time_is(struct ward_time is, struct ward_time given, uint64_t at);

void reference_set_floor(uint64_t seconds);

/** No clock can be before it. */
uint64_t reference_floor(void);

/** Parts of the above: a life begins; the floor rises; an answer has told its Date. */
void reference_begin_time(void);
void reference_raise_floor(uint64_t seconds, uint64_t at);
void reference_report(const struct ward_fetch_answer *answer, struct ward_time given, uint64_t at);

/** Parts of the above: the bundle in force has said so, 0: nothing; the best time without that. */
void reference_set_bundle_floor(uint64_t seconds, uint64_t at);
struct ward_time reference_time_without_bundle(struct ward_time given, uint64_t at);

/** Whether the platform's clock can be believed; whether an answer's date is none of an expired certificate. */
bool reference_clock_is_valid(struct ward_time given);
bool reference_date_is_valid(const struct ward_fetch_answer *answer, struct ward_time given);

/** Parts of the above: a kid was asked for; what was kept of a set, before it is in use. */
void reference_wanted(uint16_t kid);
void reference_judge_choice(const struct keys *offered, const struct keys *kept, uint64_t at);

/** Parts of the above: the interval in which the next fetch comes; the wait that an issuer's Retry-After is worth, in milliseconds. */
void reference_plan(uint64_t earliest, uint64_t latest);
void reference_plan_first(uint64_t at);
void reference_plan_after_success(uint32_t max_age, uint64_t at);
void reference_plan_after_failure(uint32_t retry_after, bool serves, uint64_t at);
uint64_t reference_pause(uint32_t retry_after);

/** Seconds by which a time of ward's may be off in this schedule; how far two numbers are apart. */
uint64_t reference_slack(void);
uint64_t reference_distance(uint64_t a, uint64_t b);

/** The answer of ward_keyring_next(); `newest`: the slot of the newest record that was opened or stored, or -1; `free`:
 * no check holds what a fetch overwrites. */
void reference_next(const struct ward_keyring_action *want, struct ward_time given, uint64_t at, int newest, bool free,
                    bool new_come);

/** Whether keys at this age are ready: WARD_OK, WARD_KEYS_ABSENT or WARD_KEYS_STALE; 0 in between: within the schedule's slack. */
uint32_t reference_ready(struct ward_time time);

void reference_fetch_begin(bool free, uint64_t at);

/** `ok`: what ward_keyring_fetch_end() said; `kept`: the keys in use now; `new_come`: whether new ones wait for their record. */
void reference_fetch_end(const struct answer *answer, bool ok, const struct keys *kept, struct ward_time given,
                         uint64_t at, bool new_come);

/** Other keys are in use: `offered` has those of which they were chosen. */
void reference_swap(const struct keys *keys, const struct keys *offered, uint64_t at, bool still_wait);

/** A bundle as it was handed in. */
struct delivery {
    const struct bundle *bundle;
    bool damaged;
    struct ward_time given;
    uint64_t at;
    bool busy;      /* a fetch or a check has the set that it would overwrite */
    bool disturbed; /* others may have asked and used while it was read */
};

/** What is handed in is about to be read; what came of it: the keys that are in use now, whether they are said to be a bundle's. */
void reference_bundle_begin(uint64_t at);
void reference_bundle_end(const struct delivery *delivery, struct ward_status status, const struct keys *kept,
                          bool by_bundle, bool new_come);

/** Whether the firmware has a key of the operator's; whether a set has one of those. */
bool reference_has_operator(unsigned key);
bool reference_has_operators(const struct keys *keys);

/** A record was opened: what it knows of bundles counts; its keys if they are a bundle's that does, and `keys` are taken. */
void reference_bundle_open(const struct bundles *stored, bool keys, uint64_t at);

/** Whether a token is denied, of the owner of this id, or of this subject under this name. */
bool reference_denies(struct denied who, uint64_t issued);

void reference_ask(uint16_t kid, bool too_long, uint64_t at, struct ward_status status, uint32_t retry_after,
                   bool asked);

struct stored reference_pack(struct ward_time given, uint64_t at);
void reference_stored(bool ok, uint64_t at);
void reference_touch(void);

/** A token has shown this key of the set of that generation. */
void reference_used(struct key key, unsigned generation, uint64_t at);
unsigned reference_spare_keys(void);
uint32_t reference_notice(void);

#endif
