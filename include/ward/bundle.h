/* SPDX-License-Identifier: Apache-2.0 */
/* ward: an issuer's keys, and whom to deny, from the hands of the operator of a fleet: by any way, through anything.
 *
 * A bundle is a compact JWS (RFC 7515) with `typ` `jwk-set+jwt`, signed RS256 by a key of the operator's that is compiled in (struct
 * ward_bundle_config in keyring.h). Since it is signed, it may come over whatever there is: a mirror, a cache, a laptop, a UART. Its payload:
 *
 *     {
 *       "iss": "https://fleet.example/",            the operator: operator_name
 *       "sub": "https://t.auth0.com/",              the issuer whose keys these are: that of the keyring
 *       "aud": "thermostats",                       the fleet, or an array that has it
 *       "iat": 1767225600, "exp": 1767830400,       seconds since 1970
 *       "seq": 17,                                  1 to 2^53: higher with each bundle of one operator key
 *       "keys": [ … ],                              as in a key set (RFC 7517)
 *       "deny": [                                   whose tokens are refused; may be left out
 *         { "sub": "auth0|65f0c0ffee", "issued_until": 1767225600 },
 *         { "owner": "00112233445566778899aabbccddeeff", "issued_until": "always" },
 *         { "everybody": true, "issued_until": 1767000000 }
 *       ]
 *     }
 *
 * A token is denied that was issued at or before `issued_until`, or that does not say when. A `sub` is denied under each name that the policy
 * knows issuers by, an `owner` is an id of ward_owner_id() or ward_client_id() in hexadecimal. What bundles deny and what an operator denies
 * at the device (denials.h) are two lists: a bundle replaces all that bundles denied before it, and nothing else.
 *
 * `ward bundle` makes, shows and checks them.
 */
#ifndef WARD_BUNDLE_H
#define WARD_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/config.h"
#include "ward/keyring.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/time.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** `typ` of a bundle. */
#define WARD_BUNDLE_TYPE "jwk-set+jwt"

/**
 * Takes a bundle: all of it or nothing. It is verified as a token is (header, key, signature, then claims), its keys are read as a fetched
 * set's are, and only when all of it is good, under the lock, it is in force at once. The next record holds it; a power cut before that record
 * is whole leaves the one before it.
 *
 * What may follow what: of the same operator key only a higher `seq`. Of another operator key no earlier `iat` than that of the bundle in force,
 * as long as the key that has signed that one is in the firmware: one that was taken out has lost its say.
 *
 * The bundle in force once more is fine and changes nothing, except: its keys come back where others took their place and it is the later word;
 * of more keys than slots others may be chosen; a firmware that knows issuers by other names reads its denials anew. Another bundle with its
 * number is refused.
 *
 * Which keys serve is for the later word to say: a bundle's is its `iat`; an issuer's URL has spoken when it was
 * fetched, the firmware at its `build_time`. An earlier word's keys are left aside, and the rest of that bundle is in
 * force. A later bundle's keys replace an earlier one's whatever their `iat`s, and a fetch that succeeds later replaces
 * any. A bundle's keys serve until its `exp` or until `max_stale` after its `iat` (or after a fetch over https that
 * brought it or found it unchanged), whichever is earlier, and end with the removal of the operator's key from the
 * firmware. Its denials stay until a bundle under a key that the firmware has replaces them.
 *
 * `iat` less 5 minutes is a floor of the clock, also on a device whose clock is set: what shows less counts as unknown. It falls back to what
 * the next bundle says, so that one with a wrong time can be put right; only it is judged without it. A device without a clock takes a bundle
 * too, and checks its `exp` when it has one; what only answers have told (`Date`) does not count for that while a bundle's `iat` is a floor.
 *
 * A bundle is no answer to an unknown `kid`: whoever was told to come back (WARD_KEY_REFRESH_PENDING) waits for the next fetch, which still
 * prefers that key.
 *
 * Called by the runner's task, or with the runner standing still. It takes as long as a signature check and reading the key set do. Whoever
 * can hand in a bundle can make the device compute that: not for strangers without a limit.
 *
 * @param bundle  the firmware's buffer, writable, exclusively ward's during the call; consumed unless the result is WARD_BUNDLE_BUSY or its key
 *                was not found
 * @param length  bytes in bundle; one line end after it, as a file has, is none of it
 * @param time    the platform's clock
 * @param uptime  milliseconds, as for all calls of the keyring
 * @param work    scratch, a task's own; wiped
 *
 * @retval WARD_OK                        it is in force
 * @retval WARD_BUNDLE_BUSY               a fetch is under way, or a check uses the set that it would overwrite: again in some milliseconds
 * @retval WARD_BUNDLE_NOT_CONFIGURED     this firmware takes none
 * @retval WARD_BUNDLE_TOO_LONG           longer than WARD_MAX_BUNDLE
 * @retval WARD_BUNDLE_SIGNER             no operator key has its `kid`
 * @retval WARD_BUNDLE_OPERATOR, WARD_BUNDLE_FLEET, WARD_BUNDLE_ISSUER  `iss`, `aud`, `sub` is another one
 * @retval WARD_BUNDLE_EXPIRED            now is at or after `exp`
 * @retval WARD_BUNDLE_SEQUENCE_INVALID   `seq` is missing, or not 1 to 2^53
 * @retval WARD_BUNDLE_OLDER, WARD_BUNDLE_CHANGED, WARD_BUNDLE_EARLIER  it may not follow the bundle in force
 * @retval WARD_BUNDLE_DENIALS_INVALID    `deny` is not as above
 * @retval WARD_BUNDLE_DENIALS_FULL       it denies more than WARD_DENY_SLOTS holds; a `sub` takes one for each issuer of the policy
 * @retval WARD_BUNDLE_OPERATOR_KEY       a key of `keys` that finds a slot is one of the operator's
 * @retval WARD_TOKEN_…, WARD_HEADER_…, WARD_ALGORITHM_…, WARD_TYPE_…, WARD_KID_…, WARD_SIGNATURE_…, WARD_CRYPTO_FAILED  as for ward_verify()
 * @retval WARD_JSON_…, WARD_JWKS_…       the payload, or `keys`, is not as it should be: see ward_jwks_end()
 * @retval WARD_ISSUED_MISSING, and other codes of claims  as for ward_verify()
 */
WARD_MUST_USE struct ward_status ward_keyring_bundle(struct ward_keyring *keyring, char *bundle, size_t length,
                                                     struct ward_time time, uint32_t uptime,
                                                     struct ward_workspace *work);

/**
 * Ends a fetch where `url` names a bundle (`buffer` of its configuration), in place of ward_keyring_fetch_end(): the
 * whole body is a bundle, which is taken as ward_keyring_bundle() does. `max_age`, `retry_after`, `date` and the waits
 * after it are as there; the bundle in force once more is a success, and so is status 304 (RFC 9110, 15.4.5), which
 * costs no parsing. Any cache may serve it; one that serves an older bundle than the device has is a failure, and asked
 * again later.
 *
 * Each success over https counts as the keys' fetch: `max_stale` begins anew, while `exp` stays what the bundle says. One over http, which
 * anybody on the way could have made up, leaves `max_stale` to count from `iat`, and its `date` tells no time.
 *
 * @retval WARD_OK                  it is in force
 * @retval WARD_FETCH_TOO_LONG      longer than `size`
 * @retval WARD_FETCH_HTTP_STATUS   304, and what was asked for is not the bundle in force (any more)
 * @retval WARD_KEYS_UNDATED        as for ward_keyring_fetch_end()
 * @retval (others)                 answer->status, or those of ward_keyring_bundle()
 */
WARD_MUST_USE struct ward_status ward_keyring_fetch_end_bundle(struct ward_keyring *keyring,
                                                               const struct ward_fetch_answer *answer,
                                                               struct ward_time time, uint32_t uptime,
                                                               struct ward_workspace *work);

/** Whether `url` of a keyring names a bundle: which of the two calls ends a fetch. */
bool ward_keyring_fetches_bundles(const struct ward_keyring *keyring);

/** What is known of the bundle in force, for a page of the device's state. Zeroed: none was ever taken. */
struct ward_bundle_info {
    uint64_t sequence;     /**< its `seq` */
    uint64_t issued;       /**< its `iat` */
    uint64_t expires;      /**< its `exp` */
    uint64_t issued_until; /**< up to when everybody is denied; 0: nobody is by it */
    uint16_t denials;      /**< owner ids that it denies */
    bool keys;             /**< the keys in use are its own */
    bool signer;           /**< the operator's key that has signed it is in this firmware */
};

/** The bundle in force. */
struct ward_bundle_info ward_keyring_bundle_info(const struct ward_keyring *keyring);

#ifdef __cplusplus
}
#endif

/* The link check: see config.h. */
#ifndef WARD_LIBRARY
#define ward_keyring_fetch_end_bundle(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_keyring_fetch_end_bundle(__VA_ARGS__))
#define ward_keyring_bundle(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_keyring_bundle(__VA_ARGS__))
#endif

#endif
