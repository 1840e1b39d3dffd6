/* SPDX-License-Identifier: Apache-2.0 */
/* ward: an issuer's keys, and how a JSON Web Key Set (RFC 7517) becomes them. */
#ifndef WARD_JWKS_H
#define WARD_JWKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/config.h"
#include "ward/key.h"
#include "ward/private/choice.h"
#include "ward/private/json_scan.h"
#include "ward/private/jwk_reader.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The key with this `kid`, or NULL. An empty `kid` finds nothing. */
const struct ward_key *ward_jwks_find(const struct ward_jwks *set, struct ward_text kid);

/** What became of the keys of a set while it was read. A number that would pass 65535 stays there. */
struct ward_jwks_report {
    uint16_t seen;        /**< members of the `keys` array */
    uint16_t skipped;     /**< of those, not usable for RS256 */
    uint16_t merged;      /**< the same key under the same `kid` once more */
    uint16_t left_out;    /**< usable, but all slots were taken by keys that matter more: WARD_MAX_KEYS is the limit */
    uint16_t conflicting; /**< usable, but another key of the set has the same `kid`: none of them serves */
    struct ward_status last_skipped; /**< why the last skipped key was; zeroed: none was */
};

/**
 * Reads a key set as a stream, in pieces of any size: memory does not depend on how long the set is or how many keys
 * it has. The caller's; private except for `report` and, for tools that list keys, `jwk.key` and `jwk.refusal` of the key
 * that ended last.
 */
struct ward_jwks_reader {
    struct ward_jwks_report report;
    struct ward_jwk_reader jwk;
    struct ward_json_scan scan;
    struct ward_status status;
    struct ward_status limit;
    struct ward_jwks *set;
    const struct ward_jwks *in_use;
    struct ward_jwks_choice choice;
    uint32_t offered; /* of the keys in use, a bit for each: the set has it */
    uint32_t dropped; /* and it found no slot */
    uint8_t staged;
    uint8_t place;
    uint8_t keys_seen;
};

/**
 * Starts to read a key set (RFC 7517 section 5). The first call for a struct ward_jwks.
 *
 * A key is usable when `kty` is RSA, `use` absent or `sig`, `key_ops` absent or with `verify`, `alg` absent or RS256,
 * the modulus odd and of 2048 to WARD_MAX_RSA_BITS bits (one leading zero byte is stripped), the exponent 65537
 * (leading zero bytes are stripped) and the `kid` absent or of 1 to WARD_MAX_KID bytes. Others are skipped and counted.
 *
 * A member that is there says something, so `"alg": null`, `"use": null` and `"key_ops": []` skip the key: RFC 7517
 * sections 4.2 to 4.4 know a string, a string and an array there; null is neither, and an empty array allows no
 * operation. What an issuer meant by them is a guess; one that means nothing leaves them out.
 *
 * A `kid` twice with the same key is merged. Keys that share a `kid` and differ are all out, however many there are and
 * wherever they stand, and the rest of the set serves; until the set ends such a `kid` takes one slot, as a key would.
 *
 * When there are more usable keys than WARD_MAX_KEYS, the wanted `kid` comes first, then keys that are in use, then
 * the others in the order of the set. A keyring chooses with more care: see ward_keyring_request_refresh().
 *
 * @param reader  its state until ward_jwks_end(); the caller's
 * @param set     zeroed now, filled by ward_jwks_end(); must not be a set that a check may be using
 * @param in_use  the set to prefer keys of, or NULL; must stay as it is until ward_jwks_end()
 * @param wanted  the `kid` that the refresh is for, or the empty text; only needed during the call
 */
void ward_jwks_begin(struct ward_jwks_reader *reader, struct ward_jwks *set, const struct ward_jwks *in_use,
                     struct ward_text wanted);

/**
 * Reads the next piece.
 *
 * @param reader  from ward_jwks_begin()
 * @param data    the piece; only needed during the call
 * @param length  its bytes, 0 included
 * @param work    scratch for preparing a key that is complete; wiped before the call returns
 *
 * @retval WARD_OK                        go on
 * @retval WARD_JSON_MALFORMED            not JSON
 * @retval WARD_JSON_BYTE_ORDER_MARK      it starts with a byte order mark
 * @retval WARD_JSON_NOT_UTF8             text that is not UTF-8
 * @retval WARD_JSON_TOO_DEEP             nested deeper than WARD_MAX_JSON_DEPTH
 * @retval WARD_JWKS_MALFORMED            JSON, but not a key set
 * @retval WARD_JWKS_DUPLICATE_MEMBER     a member that ward reads stands twice in one object
 * @retval WARD_CRYPTO_FAILED             the backend could not prepare a key
 *
 * After the first refusal each further call returns the same result.
 */
WARD_MUST_USE struct ward_status ward_jwks_feed(struct ward_jwks_reader *reader, const char *data, size_t length,
                                                struct ward_workspace *work);

/**
 * Ends the set. Only now, and only on success, does the set hold keys; else it stays zeroed. The report is kept.
 *
 * @retval WARD_OK                     the set holds at least one key
 * @retval WARD_JSON_MALFORMED         the set was cut off
 * @retval WARD_JWKS_MALFORMED         there is no `keys` array
 * @retval WARD_JWKS_NO_USABLE_KEY     none of its keys can be used
 * @retval WARD_JWKS_KID_CONFLICT      none can be used, since those that could share a `kid` and differ
 * @retval WARD_JWKS_LIMIT_RSA_BITS    none can be used, and one only for WARD_MAX_RSA_BITS
 * @retval WARD_JWKS_LIMIT_KID         none can be used, and one only for WARD_MAX_KID
 * @retval (others)                    what ward_jwks_feed() had returned
 */
WARD_MUST_USE struct ward_status ward_jwks_end(struct ward_jwks_reader *reader);

#ifdef __cplusplus
}
#endif

/* The link check: see config.h. */
#ifndef WARD_LIBRARY
#define ward_jwks_find(...) WARD_CHECKED(WARD_LIMITS, ward_jwks_find(__VA_ARGS__))
#define ward_jwks_begin(...) WARD_CHECKED(WARD_LIMITS, ward_jwks_begin(__VA_ARGS__))
#define ward_jwks_feed(...) WARD_CHECKED(WARD_LIMITS, ward_jwks_feed(__VA_ARGS__))
#endif

#endif
