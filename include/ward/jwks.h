/* ward: an issuer's keys, and how a JSON Web Key Set (RFC 7517) becomes them. */
#ifndef WARD_JWKS_H
#define WARD_JWKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/config.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * One RSA public key with exponent 65537, bound to RS256. Plain bytes: copy it, keep it in flash, compare it; every
 * crypto backend takes the same ones and nothing needs releasing. Numbers are arrays of 32-bit words, least
 * significant first; `words` = the modulus' bits rounded up to a multiple of 64, over 32.
 */
struct ward_key {
    uint16_t bits;                    /**< length of the modulus, 2048 to WARD_MAX_RSA_BITS; 0: no key */
    uint8_t kid_length;               /**< bytes in kid; 0: the key has none */
    char kid[WARD_MAX_KID];           /**< the key's identifier, not NUL-ended */
    uint32_t n[WARD_RSA_WORDS];       /**< the modulus; words above its own are 0 */
    /** What the crypto backend wants to have with a key, so that no check has to compute it: ward_crypto_key_prepare(). */
    uint32_t prepared[WARD_PREPARED_WORDS];
};

/** Bytes of a signature under this key: as many as its modulus has. */
static inline size_t ward_key_signature_length(const struct ward_key *key)
{
    return ((size_t)key->bits + 7u) / 8u;
}

/** 32-bit words of this key's numbers: an even number, so that backends with 64-bit words agree on R. */
static inline size_t ward_key_words(const struct ward_key *key)
{
    return ((size_t)key->bits + 63u) / 64u * 2u;
}

/** An issuer's keys. Plain bytes like its keys; `ward provision` writes one as a C table for flash. */
struct ward_jwks {
    uint8_t count;                       /**< keys in use, 0 to WARD_MAX_KEYS */
    struct ward_key key[WARD_MAX_KEYS];
};

/** The key with this `kid`, or NULL. An empty `kid` finds nothing. */
const struct ward_key *ward_jwks_find(const struct ward_jwks *set, struct ward_text kid);

/** What became of the keys of a set while it was read. A number that would pass 65535 stays there. */
struct ward_jwks_report {
    uint16_t seen;     /**< members of the `keys` array */
    uint16_t skipped;  /**< of those, not usable for RS256 */
    uint16_t merged;   /**< the same key under the same `kid` once more */
    uint16_t left_out; /**< usable, but all slots were taken by keys that matter more: WARD_MAX_KEYS is the limit */
    uint16_t conflicting; /**< usable, but another key of the set has the same `kid`: none of them serves */
    struct ward_status last_skipped; /**< why the last skipped key was; zeroed: none was */
};

/** Incremental RFC 8259 scanner. Private; here since a reader contains one. */
struct ward_json_scan {
    uint8_t state;
    uint8_t event;
    uint8_t depth;
    uint8_t name;
    uint8_t left;
    uint8_t low;
    uint8_t high;
    uint8_t text_length;
    char text[4];
    uint16_t nesting;
    uint16_t unit;
    uint16_t surrogate;
    const char *literal;
};

/** Incremental base64url decoder. Private; here since a reader contains one. */
struct ward_base64url {
    uint32_t held;
    uint8_t bits;
};

/** One key being read. Private but for `key` and `refusal`; here since a reader contains one. */
struct ward_jwk_reader {
    struct ward_key key;           /**< the key so far; of a key that was skipped only kid and bits mean something */
    struct ward_status refusal;    /**< why it cannot be used; WARD_OK: nothing found yet */
    struct ward_base64url number;
    uint32_t exponent;
    uint16_t length;
    uint8_t member;
    uint8_t seen;
    uint8_t verifies;
    uint8_t stripped;
    uint8_t small_length;
    char small[8];
};

/** Kids that are remembered as wanted from one refresh to the next. */
#define WARD_WANTED_KIDS 4

/** Kids that are wanted, by a lot that each of them draws. Private; here since a reader contains one. */
struct ward_jwks_wanted {
    uint32_t salt;
    uint32_t lot[WARD_WANTED_KIDS];
    uint8_t count;
    bool crowded; /* more kids than these were wanted */
};

/** Which keys to keep where there are too many. Private; here since a reader contains one. See src/keys/choice.h. */
struct ward_jwks_choice {
    struct ward_jwks_wanted wanted;
    uint32_t in_use; /* of the keys so far, a bit for each */
    uint32_t turn;
    bool in_turn;
};

/**
 * Reads a key set as a stream, in pieces of any size: memory does not depend on how long the set is or how many keys
 * it has. The caller's; private but for `report` and, for tools that list keys, `jwk.key` and `jwk.refusal` of the key
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

#endif
