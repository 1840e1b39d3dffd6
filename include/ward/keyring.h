/* SPDX-License-Identifier: Apache-2.0 */
/* ward: an issuer's keys over time, and what a device remembers across a power cut.
 *
 * A keyring does no input or output. It says what it wants done (fetch this URL, store this record, nothing until then);
 * whoever runs it does that, from any task and as slowly as it likes, and reports what came. port/service.c is such a
 * runner for any platform; ward/port/platform.h says what it needs.
 *
 *     ward_keyring_begin()  once, then ward_keyring_open() with what was stored
 *     ward_keyring_next()   again and again, and what it says:
 *         WARD_KEYRING_FETCH  ward_keyring_fetch_begin(), _feed() for each piece, _fetch_end()
 *         WARD_KEYRING_STORE  ward_keyring_pack() or ward_gate_pack(), ward_record_write(), ward_keyring_stored()
 *         WARD_KEYRING_WAIT   nothing for so many milliseconds, or sooner after an unknown `kid`
 */
#ifndef WARD_KEYRING_H
#define WARD_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/config.h"
#include "ward/hooks.h"
#include "ward/jwks.h"
#include "ward/key.h"
#include "ward/private/bundle.h"
#include "ward/private/choice.h"
#include "ward/private/clock.h"
#include "ward/private/timer.h"
#include "ward/record.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/time.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ward_expect;

/** From whom a keyring takes bundles of keys and denials (bundle.h). Constant: put it in flash. */
struct ward_bundle_config {
    struct ward_text operator_name; /**< `iss` of each bundle: who signs them, 1 to 255 bytes */
    struct ward_text fleet;         /**< what their `aud` must name: which devices they are for, 1 to 255 bytes */
    const struct ward_jwks
        *keys; /**< the operator's, from `ward provision`: one, or two so that they can rotate, each with a `kid`. They
                                         verify bundles and never a token; a set of the issuer that has one of them is refused */
    const struct ward_expect *expect; /**< that of the gate's policy: under which names a denied subject is known */
    char *
        buffer; /**< where `url` names a bundle: memory in which it is collected, writable, nobody else's. NULL: `url` names a key set */
    size_t size; /**< bytes of buffer: a longer bundle cannot be fetched */
    bool
        cleartext; /**< `url` may then be `http://…`, too: anybody on the way sees the bundle and can hold a newer one back until `exp` or
                         `max_stale`, and no answer tells the time. The port has to allow it as well */
};

/** Longest ETag (RFC 9110, 8.8.3) that is kept, bytes with its quotes. nginx's have 20 to 30, of object stores 34. */
#define WARD_MAX_ETAG 80

/** Where a device's keys come from. Constant: put it in flash. */
struct ward_keyring_config {
    struct ward_text issuer; /**< whose keys these are; names the record */
    struct ward_text
        url; /**< the issuer's `jwks_uri`, `https://…`; empty: provisioned only, nothing is ever fetched. That of a bundle
                               where `bundles` has a buffer */
    const struct ward_jwks *compiled; /**< keys in the firmware, from `ward provision`; NULL: none */
    uint32_t
        compiled_version; /**< raise it with each change of `compiled`: newer ones beat what an older firmware stored */
    uint32_t cooldown;    /**< seconds between refreshes for an unknown `kid`; 0: 60. At most 3600 */
    uint32_t
        max_stale; /**< seconds after which keys no longer serve, since they were fetched or, where they are compiled in and
                                           there is a URL, since a set clock first saw them; 0: 7 days. An hour to 90 days */
    uint64_t build_time;     /**< seconds since 1970 at which the firmware was built: no clock can be before it */
    struct ward_hooks hooks; /**< the same as the gate's */
    const struct ward_bundle_config *bundles; /**< from whom bundles are taken; NULL: from nobody */
};

/**
 * Whether a configuration can be used.
 *
 * @retval WARD_OK
 * @retval WARD_KEYRING_…  the field of that name breaks the rule beside the code
 */
WARD_MUST_USE struct ward_status ward_keyring_check(const struct ward_keyring_config *config);

/** An issuer's keys over time. The caller's; private except for reading through the functions below. */
struct ward_keyring {
    const struct ward_keyring_config *config;
    const struct ward_jwks *set;
    const struct ward_record_slots *slots; /* where the record is that was opened */
    uint64_t fetched_at;
    uint64_t seen_at; /* when a set clock first saw the compiled keys */
    struct ward_clock clock;
    struct ward_timer refresh;
    struct ward_timer cooldown;
    struct ward_timer store;
    struct ward_timer new_keys; /* until new keys may cause a write again */
    struct ward_timer day;      /* until `active` is begun again */
    struct ward_timer checks;   /* until a check that a refresh waits for counts as forgotten */
    uint32_t active[2]; /* keys that have verified a signature: since then, and in the time before, a bit for each */
    uint32_t turn;
    uint32_t random;
    uint32_t sequence;
    uint32_t boots;
    uint32_t used;
    uint32_t stored; /* keys that the newest record has, a bit for each */
    uint32_t packed; /* those of the record that is being written */
    uint32_t read;
    uint16_t running[2];
    struct ward_status opened;
    struct ward_record_origin origin;
    uint8_t failures;
    uint8_t slot;
    uint8_t crowds;
    uint16_t left_out;
    uint8_t held;          /* why nothing is to be stored now */
    uint8_t refresh_state; /* of enum ward_keyring_refresh_state */
    uint8_t change;        /* of enum ward_keyring_change */
    uint8_t notices;       /* of enum ward_keyring_notice, a bit for each */
    bool found;            /* a record was opened */
    bool answered;         /* what was asked for last was answered */
    bool store_failed;
    bool fetches_soon;
    bool new_come;     /* keys that wait until they may cause a write */
    bool waits;        /* a refresh or a bundle, for a check that has not ended */
    bool bundle_waits; /* it is a bundle */
    bool feeds;        /* a fetch has begun that may be fed; the runner's alone, who holds no lock then */
    struct ward_jwks_wanted wanted;
    struct ward_jwks sets[2];
    struct ward_jwks_reader reader;
#if WARD_MAX_BUNDLE > 0
    struct ward_bundle bundles[2];
    struct ward_status bundle_held; /* WARD_OK: the denials of the bundle in force are all known */
    uint8_t bundle;                 /* the one in force */
    bool bundle_keys;               /* the keys in use are the bundle's */
    bool bundle_beside;             /* it is of `ward provision`, and no record of the device has it */
    uint8_t etag_length;            /* of the bundle in force as `url` serves it; 0: not known */
    char etag[WARD_MAX_ETAG];
#endif
};

/**
 * Starts a keyring with the keys that are compiled in, if any. The first call for it.
 *
 * @param keyring  the caller's
 * @param config   must stay
 * @param seed     spreads the fetches of many devices: a random number, or one that differs between devices (a serial number)
 * @param uptime   milliseconds since any point; monotonic except for wrapping around. Here and below
 *
 * @retval WARD_OK
 * @retval WARD_KEYRING_…  the configuration's field of that name breaks its rule; the keyring stays empty
 */
WARD_MUST_USE struct ward_status ward_keyring_begin(struct ward_keyring *keyring,
                                                    const struct ward_keyring_config *config, uint32_t seed,
                                                    uint32_t uptime);

/**
 * Takes over what was stored: boot count, clock floor and, unless they are another issuer's or older than the compiled
 * ones, keys with the time at which they were fetched. After ward_keyring_begin() and before anything else, once. Both
 * slots are judged, and the newest whole record is taken; keys of `ward provision --record` in the other slot replace
 * its keys, if they were fetched later, and nothing else of it; a bundle there follows the one in force, or not, as one
 * that is handed in does (bundle.h), and where its keys cannot be taken none of it is. A record of a build with other
 * limits is read as any other: keys that do not fit are left out, those that tokens have shown last.
 *
 * Where a slot cannot be judged, or holds what only a later build can read, the keyring stays as it began, and nothing is ever stored: another
 * start may find what this one could not. A gate of this keyring grants nobody then.
 *
 * @param slots  must stay
 *
 * @retval WARD_OK                    the stored keys are in use
 * @retval WARD_RECORD_ABSENT         nothing was ever stored
 * @retval WARD_RECORD_UNFINISHED     nothing but a torn first record: power failed while it was written
 * @retval WARD_RECORD_FALLBACK          one slot is damaged; the record in use is the other one's
 * @retval WARD_RECORD_MISMATCH          its keys were not taken: issuer or URL differ, the firmware's are newer, or none fits; the rest was
 * @retval WARD_RECORD_KEYS_LEFT_OUT  some of its keys do not fit this build; the others and the rest were taken
 * @retval WARD_RECORD_INVALID        both slots are damaged: what was stored, the deny list too, is lost. A firmware may refuse to start; if it
 *                                    goes on it is a new device
 * @retval WARD_RECORD_NEWER          a later build has written: nothing was taken, nothing will be stored
 * @retval WARD_RECORD_UNREADABLE     a slot could not be read: likewise
 * @retval WARD_CRYPTO_FAILED         the backend could not compute a digest: likewise; or could not prepare a key: the rest was taken
 */
WARD_MUST_USE struct ward_status ward_keyring_open(struct ward_keyring *keyring, const struct ward_record_slots *slots,
                                                   uint32_t uptime, struct ward_workspace *work);

/**
 * Holds records back, or no longer: while they are no ward_keyring_next() wants one stored. A runner holds them until it knows all that belongs
 * into one, as port/service.c does until the gate is attached.
 */
void ward_keyring_hold_records(struct ward_keyring *keyring, bool hold);

/** What a keyring wants done. */
enum ward_keyring_task {
    WARD_KEYRING_WAIT = 0,  /**< nothing */
    WARD_KEYRING_FETCH = 1, /**< fetch `url` */
    WARD_KEYRING_STORE = 2  /**< store a record in `slot` */
};

/** The answer of ward_keyring_next(). */
struct ward_keyring_action {
    uint8_t task;                     /**< one of enum ward_keyring_task */
    uint8_t slot;                     /**< to write to: never the one that holds the newest whole record */
    struct ward_record_origin origin; /**< for ward_record_write() */
    uint32_t wait; /**< milliseconds after which to ask again at the latest; 0 unless `task` is WARD_KEYRING_WAIT */
    struct ward_text url; /**< to fetch; lives as long as the configuration */
    uint64_t
        now; /**< seconds since 1970 at which to judge certificates: the best that is known, see ward_keyring_time() */
#if WARD_MAX_BUNDLE > 0
    struct ward_text
        etag; /**< with WARD_KEYRING_FETCH: what to send as `If-None-Match` (RFC 9110, 13.1.2); empty: nothing. Lives until the
                                fetch is begun */
#endif
};

/**
 * What is to be done now. Asking again gives the same answer until it is done; a fetch that has begun is not asked for again.
 *
 * @param time  the platform's clock, or {0, WARD_TIME_UNKNOWN}
 */
struct ward_keyring_action ward_keyring_next(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime);

/** `max_age` of an answer that has none, more than one, or one that is not a number. */
#define WARD_NO_MAX_AGE UINT32_MAX

/** What is known of a fetched answer besides its body. */
struct ward_fetch_answer {
    struct ward_status
        status; /**< WARD_OK: status 200 and a whole body, from the authenticated server (`https://`), or status 304 where an
                                    `etag` was sent; else why not */
    uint16_t http;        /**< the HTTP status; 0: none came */
    uint32_t max_age;     /**< seconds of `Cache-Control: max-age`, or WARD_NO_MAX_AGE */
    uint32_t retry_after; /**< seconds of `Retry-After`; 0: not said, or not as a number */
    uint64_t date;        /**< `Date`, in seconds since 1970; 0: none, or not readable */
    bool aged; /**< an `Age` other than 0 is there, or one that is not readable: the answer comes out of a cache */
    uint64_t valid_from; /**< what the certificate of the server says, in seconds since 1970: notBefore; 0: not known */
    uint64_t valid_until; /**< and notAfter; 0: not known, and then `date` is not held against them */
#if WARD_MAX_BUNDLE > 0
    uint8_t etag_length; /**< of `ETag`; 0: none, several, one that is no entity tag, or longer than WARD_MAX_ETAG */
    char etag[WARD_MAX_ETAG];
#endif
};

/** The fetch that ward_keyring_next() wanted has begun. */
void ward_keyring_fetch_begin(struct ward_keyring *keyring);

/**
 * The next piece of the body. The keys in use are not touched; no lock is held.
 *
 * @param work  scratch; a task's own
 *
 * @retval WARD_OK              go on
 * @retval WARD_FETCH_TOO_LONG  more than WARD_MAX_JWKS bytes
 * @retval (others)             those of ward_jwks_feed(): it can only fail now; end it
 */
WARD_MUST_USE struct ward_status ward_keyring_fetch_feed(struct ward_keyring *keyring, const char *data, size_t length,
                                                         struct ward_workspace *work);

/**
 * The fetch has ended, also one that could not begin. The keys in use change only if the new set is whole. Else they stay, and
 * the next try comes later and later. A check that is running ends with the keys it began with; no other fetch is wanted
 * until it has.
 *
 * `max_age` counts within 5 minutes and 24 hours, an hour where there is none; all waits are spread by up to a quarter (a
 * success) or a half (a failure). `retry_after` counts up to an hour, for unknown `kid`s too.
 *
 * A `date` tells the time where the platform's clock is not set, or before the floor; else it changes nothing. An answer may have waited in
 * a cache, so a date is a time that is past: the time told goes forward to a later one, and back only to the second in a row of those
 * without an age that agree, never before the floor. Where the platform's clock is of no use, an answer whose date is missing or is not
 * within the validity of the certificate that it came with is refused: it could be a certificate that has expired.
 *
 * @param answer  what is known of the answer
 * @param time    the platform's clock
 *
 * @retval WARD_OK            the new keys are those of the issuer
 * @retval WARD_KEYS_UNDATED  no clock, and no date that fits the certificate: see above
 * @retval (others)          why not: answer->status, WARD_FETCH_TOO_LONG, or those of ward_jwks_feed() and ward_jwks_end()
 */
WARD_MUST_USE struct ward_status ward_keyring_fetch_end(struct ward_keyring *keyring,
                                                        const struct ward_fetch_answer *answer, struct ward_time time,
                                                        uint32_t uptime);

/**
 * Makes the record of a device without a gate: keys, clock floor, boot count. With a gate ward_gate_pack() adds its deny list and the audit's
 * head. ward_record_write() writes it, and carries over what an earlier record holds besides.
 */
void ward_keyring_pack(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime,
                       struct ward_record *record);

/**
 * Makes a record of the keys alone, for a tool: on a device's store clock floor, boot count, deny list and audit head stay as they are.
 *
 * @param keys_only  a device that finds it in one of its slots takes the keys, and all else from the other slot
 */
void ward_keyring_pack_keys(struct ward_keyring *keyring, bool keys_only, struct ward_record *record);

/** The record was stored, or (any status but WARD_OK, also that of making it) not: then it is wanted again after ten minutes. */
void ward_keyring_stored(struct ward_keyring *keyring, struct ward_status status, uint32_t uptime);

/**
 * The best time that is known: the platform's clock if it is set and not before the floor; else what an authenticated answer of the
 * issuer has told, plus the uptime since (never before the floor); else the floor, with the trust that grants nothing.
 *
 * The floor is the latest of the time of build, of a time on which two answers of the issuer in a row agree (while the platform's clock is
 * of no use), of the platform's set clock at each stored record, and of the `iat` of the bundle in force less 5 minutes (bundle.h); but at
 * most 20 years after the build. Never of a token.
 */
struct ward_time ward_keyring_time(const struct ward_keyring *keyring, struct ward_time time, uint32_t uptime);

/** Sets the floor, also back, as an operator wants: after a clock has been wrong by years. Within build time and 20 years after. */
void ward_keyring_set_floor(struct ward_keyring *keyring, uint64_t seconds);

/** The keys in use, for ward_verify(); those of a gate are asked for by the gate. They change in calls of the runner only. */
const struct ward_jwks *ward_keyring_keys(const struct ward_keyring *keyring);

/** When the keys in use were fetched, in seconds since 1970; 0: they were not, or at a time that was not known. */
uint64_t ward_keyring_fetched_at(const struct ward_keyring *keyring);

/**
 * Whether the keys can be used.
 *
 * @retval WARD_OK
 * @retval WARD_KEYS_ABSENT  there are none
 * @retval WARD_KEYS_STALE   they were fetched, or are compiled in and were first seen by a set clock, more than `max_stale` ago
 */
WARD_MUST_USE struct ward_status ward_keyring_ready(const struct ward_keyring *keyring, struct ward_time now);

/**
 * Asks for a key that is not in the set: what to do when ward_verify() says WARD_KEY_UNKNOWN. One refresh at a time, one in
 * `cooldown` seconds.
 *
 * Anybody can write a `kid` into a header. So where the issuer has more usable keys than WARD_MAX_KEYS, a key that has verified a signature
 * within the last day (ward_keyring_mark_used(); after a boot: ever, as the record says) is never given up for one that was only asked for.
 * The F slots of the others go to the kids that were asked for since the last refresh; where those are more than F, each second refresh
 * goes on through all N other keys of the issuer in turn. So whatever is asked for, each key is held from some refresh to the next
 * within 2 * ceil(N / F) refreshes: who comes back when `retry_after` says finds it there, and from then on it stays. With 17 keys, 4 slots
 * and a cooldown of a minute that is 10 minutes. With F = 0 a key waits until one of those in use has had no token for a day (for two at most).
 *
 * @param kid          the one that is wanted, should the issuer have more keys than there are slots; may be empty. Only needed now
 * @param retry_after  written: seconds after which to try again; 0 with WARD_KEY_UNKNOWN
 *
 * @retval WARD_KEY_REFRESH_PENDING  a refresh is wanted or under way, or will be: it may bring the key
 * @retval WARD_KEY_UNKNOWN  the keys are fresh and all of the issuer's, or nothing can be fetched, or the kid is longer than WARD_MAX_KID
 */
WARD_MUST_USE struct ward_status ward_keyring_request_refresh(struct ward_keyring *keyring, struct ward_text kid,
                                                              uint32_t uptime, uint32_t *retry_after);

/**
 * How many changes of the issuer's key a device that is never online still survives: the keys in its set that no token has
 * shown yet (less one while no token has shown any). Auth0 publishes the current and the next key: 1, and 0 from the first token
 * under the next one on.
 */
size_t ward_keyring_spare_keys(const struct ward_keyring *keyring);

/** A signature was verified with this key of the set in use, now or before (a token that was remembered). A gate says so by itself. */
void ward_keyring_mark_used(struct ward_keyring *keyring, const struct ward_key *key);

/** How many usable keys of the issuer found no slot at the last good fetch: raise WARD_MAX_KEYS. 0 before there was one. */
uint16_t ward_keyring_left_out(const struct ward_keyring *keyring);

/**
 * What happened that an operator should know, once each: WARD_KEYS_CHANGED (a fetch has brought other keys; of those
 * that are only new it is told, and a record written, once an hour at most), WARD_BUNDLE_TAKEN (a bundle is in force
 * that was not), WARD_KEYS_LEFT_OUT (there are now more than WARD_MAX_KEYS), WARD_KEYS_LAST (nothing is ever fetched
 * and no spare key is left), WARD_KEYS_HELD (a refresh, or a bundle that was busy, has waited for a minute for
 * a check that has not ended: ward_authorize_abort()). WARD_NO_RESULT: nothing.
 */
struct ward_status ward_keyring_take_notice(struct ward_keyring *keyring);

/** How often the device has started, as far as that was stored. */
uint32_t ward_keyring_boots(const struct ward_keyring *keyring);

#ifdef __cplusplus
}
#endif

/* The link check: see config.h. */
#ifndef WARD_LIBRARY
#define ward_keyring_begin(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_keyring_begin(__VA_ARGS__))
#define ward_keyring_open(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_keyring_open(__VA_ARGS__))
#define ward_keyring_fetch_feed(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_keyring_fetch_feed(__VA_ARGS__))
#define ward_keyring_pack(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_keyring_pack(__VA_ARGS__))
#define ward_keyring_pack_keys(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_keyring_pack_keys(__VA_ARGS__))
#endif

#endif
