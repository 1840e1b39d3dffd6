/* SPDX-License-Identifier: Apache-2.0 */
/* The bundle in force: whose it is, whom it denies, until when its keys serve, and what may follow it.
 *
 * A bundle is read into the place of the next one and the set that is not in use; then all of it is in force, or nothing. Which keys a
 * device has is for the later word to say: an issuer's is as old as its fetch, the firmware's as its build, a bundle's as its `iat`.
 */
#ifndef WARD_KEYS_BUNDLE_H
#define WARD_KEYS_BUNDLE_H

#include "keys/denial.h"
#include "state/record.h"
#include "ward/bundle.h"

struct ward_keyring_taken;

#if WARD_MAX_BUNDLE > 0

/** Whether the field `bundles` of a configuration can be used. */
bool ward_bundle_config_is_valid(const struct ward_keyring_config *config);

/** Whether `url` of a configuration names a bundle that may come over http: it is signed, and the firmware has said so. */
bool ward_bundle_url_is_valid(const struct ward_keyring_config *config);

/** Starts without a bundle: in a keyring that is zeroed. */
void ward_bundle_forget(struct ward_keyring *keyring);

/** Whether a set has a key of the operator's, whatever its kid: it would verify tokens. */
bool ward_bundle_has_operator_key(const struct ward_keyring *keyring, const struct ward_jwks *set);

/**
 * Begins to take a bundle: the next one is zeroed, and the set that is not in use is nobody else's until ward_bundle_end(). False: a
 * fetch or a check has it. Takes the lock.
 *
 * @param now  written: seconds at which to judge it, without what a bundle has said of the time
 */
WARD_MUST_USE bool ward_bundle_begin(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime,
                                     uint64_t *now);

/** The bundle in force, and the place of the one that is being taken. */
const struct ward_bundle *ward_bundle_in_force(const struct ward_keyring *keyring);
struct ward_bundle *ward_bundle_next(struct ward_keyring *keyring);

/**
 * Whether a bundle may follow the one in force.
 *
 * @retval WARD_OK, WARD_BUNDLE_OLDER, WARD_BUNDLE_CHANGED, WARD_BUNDLE_EARLIER
 */
struct ward_status ward_bundle_judge(const struct ward_keyring *keyring, const struct ward_bundle *next);

/** Whether the next bundle is the one in force once more. */
bool ward_bundle_is_again(const struct ward_keyring *keyring);

/** The next bundle is in force; the last marks of other operator keys go on in it. */
void ward_bundle_put_in_force(struct ward_keyring *keyring);

/**
 * Reads the keys of a bundle into the set that is not in use; the results are those of ward_jwks_feed() and ward_jwks_end(). Takes the lock.
 *
 * @param fetched  it comes from the URL: then it is what an unknown kid waits for
 */
WARD_MUST_USE struct ward_status ward_bundle_read_keys(struct ward_keyring *keyring, bool fetched, const char *payload,
                                                       size_t length, struct ward_workspace *work);

/**
 * Puts the bundle in force, where nothing was wrong with it so far and it may follow the one in force. Takes the lock.
 *
 * @retval WARD_OK
 * @retval WARD_BUNDLE_OLDER, WARD_BUNDLE_CHANGED, WARD_BUNDLE_EARLIER, WARD_BUNDLE_OPERATOR_KEY
 * @retval (others)  `status`
 */
WARD_MUST_USE struct ward_status ward_bundle_end(struct ward_keyring *keyring, struct ward_status status,
                                                 uint32_t uptime);

/** The next piece of a bundle that is fetched. WARD_OK, WARD_FETCH_TOO_LONG. */
WARD_MUST_USE struct ward_status ward_bundle_collect(struct ward_keyring *keyring, const char *data, size_t length);

/** What is sent with a fetch, so that the bundle in force need not come again. */
void ward_bundle_tell_etag(const struct ward_keyring *keyring, struct ward_keyring_action *want);

/** Whether an answer says that the bundle in force is what the server has. */
bool ward_bundle_is_unchanged(const struct ward_fetch_answer *answer);

/** All of it has come: whether it may be looked at or, where it is unchanged, goes on. Takes the lock. */
WARD_MUST_USE struct ward_status ward_bundle_collected(struct ward_keyring *keyring,
                                                       const struct ward_fetch_answer *answer, struct ward_time time,
                                                       uint32_t uptime);

/** What came of it: says when the next fetch is. Takes the lock. */
void ward_bundle_fetch_ended(struct ward_keyring *keyring, const struct ward_fetch_answer *answer,
                             struct ward_status status, struct ward_time time, uint32_t uptime);

/** Whether the bundle in force denies a token of this owner id, issued at this time. */
bool ward_bundle_denies(const struct ward_keyring *keyring, const uint8_t owner[WARD_DENIAL_OWNER], uint64_t issued);

/** Whether a bundle denies anybody. */
bool ward_bundle_has_denials(const struct ward_bundle *bundle);

/**
 * WARD_OK, or why nobody can be granted: whom the bundle in force denies is not all known to this build.
 *
 * @retval WARD_OK, WARD_DENIALS_NOT_HELD, WARD_DENIALS_OF_OTHER
 */
struct ward_status ward_bundle_held(const struct ward_keyring *keyring);

/**
 * Whether the bundle in force is not all known to this build and is only in the slot that the next record goes to: of `ward provision`. What is
 * carried over is the other slot's, so that nothing is to be stored then.
 */
bool ward_bundle_lies_beside(const struct ward_keyring *keyring);

/** A record has what is in force. */
void ward_bundle_stored(struct ward_keyring *keyring);

/** Whether the bundle in force denies owner ids. */
bool ward_bundle_denies_owners(const struct ward_keyring *keyring);

/**
 * Where the owner ids of the bundle in force, which has some, are of another authority nobody is granted until they are
 * dropped, or another bundle is taken.
 *
 * @param authority  a mark of the name that this firmware has
 */
void ward_bundle_check_authority(struct ward_keyring *keyring, const uint8_t authority[WARD_DENIAL_OWNER]);

/** Drops whom the bundle in force denies, where that is not known. */
void ward_bundle_drop(struct ward_keyring *keyring);

/** Whether the keys in use can serve as far as a bundle is concerned: WARD_KEYS_STALE after its `exp`, and what ward_bundle_held() says. */
struct ward_status ward_bundle_ready(const struct ward_keyring *keyring, struct ward_time now);

/** Other keys are in use now: those of a fetch, or those of a record. */
void ward_bundle_keys_replaced(struct ward_keyring *keyring, bool by_bundle);

/** An operator at the device has set the floor of the clock: the bundle's counts no more. */
void ward_bundle_forget_floor(struct ward_keyring *keyring);

/* ---- In a record. */

/** Whether keys of a bundle of this `iat` are a later word than those in use. */
bool ward_bundle_brings_keys(const struct ward_keyring *keyring, uint64_t issued);

/** The section of the bundle in force, before that of the keys; none where there is no bundle, and where it is to be carried over. */
void ward_bundle_put(const struct ward_keyring *keyring, struct ward_record_writer *writer);

/** Where the keys in use are from, for their section. */
struct ward_text ward_bundle_source(const struct ward_keyring *keyring);

/** Reads that. False: from elsewhere than the URL or a bundle. */
WARD_MUST_USE bool ward_bundle_get_source(const struct ward_keyring *keyring, struct ward_record_reader *reader,
                                          struct ward_keyring_taken *taken);

/** Reads the section that is open into the place of the next one. False: it is not whole. */
WARD_MUST_USE bool ward_bundle_get(struct ward_keyring *keyring, struct ward_record_reader *reader,
                                   struct ward_keyring_taken *taken);

/** What was read is in force. */
void ward_bundle_take(struct ward_keyring *keyring, const struct ward_keyring_taken *taken);

/** Whether what was read, of a record of `ward provision`, is newer than what is in force. */
bool ward_bundle_follows(const struct ward_keyring *keyring);

/** Whether the operator's key that has signed the bundle in force is in this firmware: else its keys have ended. */
bool ward_bundle_signer_is_here(const struct ward_keyring *keyring);

#else

static inline bool ward_bundle_config_is_valid(const struct ward_keyring_config *config)
{
    return config->bundles == NULL;
}

static inline bool ward_bundle_url_is_valid(const struct ward_keyring_config *config)
{
    (void)config;
    return false;
}

static inline void ward_bundle_tell_etag(const struct ward_keyring *keyring, struct ward_keyring_action *want)
{
    (void)keyring;
    (void)want;
}

static inline void ward_bundle_forget(struct ward_keyring *keyring)
{
    (void)keyring;
}

static inline bool ward_bundle_has_operator_key(const struct ward_keyring *keyring, const struct ward_jwks *set)
{
    (void)keyring;
    (void)set;
    return false;
}

static inline struct ward_status ward_bundle_collect(struct ward_keyring *keyring, const char *data, size_t length)
{
    (void)keyring;
    (void)data;
    (void)length;
    return ward_status_of(WARD_NOT_PROVIDED);
}

static inline bool ward_bundle_denies(const struct ward_keyring *keyring, const uint8_t owner[WARD_DENIAL_OWNER],
                                      uint64_t issued)
{
    (void)keyring;
    (void)owner;
    (void)issued;
    return false;
}

static inline struct ward_status ward_bundle_held(const struct ward_keyring *keyring)
{
    (void)keyring;
    return ward_status_of(WARD_OK);
}

static inline bool ward_bundle_lies_beside(const struct ward_keyring *keyring)
{
    (void)keyring;
    return false;
}

static inline void ward_bundle_stored(struct ward_keyring *keyring)
{
    (void)keyring;
}

static inline void ward_bundle_drop(struct ward_keyring *keyring)
{
    (void)keyring;
}

static inline struct ward_status ward_bundle_ready(const struct ward_keyring *keyring, struct ward_time now)
{
    (void)keyring;
    (void)now;
    return ward_status_of(WARD_OK);
}

static inline struct ward_text ward_bundle_source(const struct ward_keyring *keyring)
{
    return keyring->config->url;
}

static inline void ward_bundle_keys_replaced(struct ward_keyring *keyring, bool by_bundle)
{
    (void)keyring;
    (void)by_bundle;
}

static inline void ward_bundle_forget_floor(struct ward_keyring *keyring)
{
    (void)keyring;
}

static inline void ward_bundle_put(const struct ward_keyring *keyring, struct ward_record_writer *writer)
{
    (void)keyring;
    (void)writer;
}

#endif

#endif
