/* A compact JWS (RFC 7515 section 3.1): its segments, its header, its signature. */
#ifndef WARD_TOKEN_JWS_H
#define WARD_TOKEN_JWS_H

#include <stddef.h>
#include <stdint.h>

#include "ward/port/crypto.h"
#include "ward/token.h"

/** A token cut in three, and the key that its header names. */
struct ward_jws {
    char *token;
    size_t length;
    size_t header_length;     /**< characters before the first dot */
    size_t payload_length;    /**< characters between the dots */
    size_t signature_length;  /**< characters after the second dot */
    struct ward_text kid;     /**< what the header names; in the workspace until the signature is checked */
    const struct ward_key *key;
};

/**
 * Bounds the length and finds the dots.
 *
 * @retval WARD_OK, WARD_TOKEN_EMPTY, WARD_TOKEN_TOO_LONG, WARD_TOKEN_OPAQUE, WARD_TOKEN_ENCRYPTED, WARD_TOKEN_MALFORMED
 */
WARD_MUST_USE struct ward_status ward_jws_cut(struct ward_jws *jws, char *token, size_t length);

/**
 * Reads the header in a copy and finds the key. The token stays as it is.
 *
 * @retval WARD_OK                     jws->key is the one to check with
 * @retval WARD_KEY_UNKNOWN            jws->kid says which one is missing
 * @retval WARD_TOKEN_NOT_BASE64URL, WARD_HEADER_TOO_LONG, WARD_JSON_…, WARD_ALGORITHM_…, WARD_HEADER_MEMBER_REFUSED,
 *         WARD_TYPE_…, WARD_KID_…
 */
WARD_MUST_USE struct ward_status ward_jws_read_header(struct ward_jws *jws, const struct ward_expect *expect,
                                                      const struct ward_jwks *keys, struct ward_workspace *work);

/**
 * Hashes what was signed, up to the second dot; the state stays in the workspace. The header's copy there is gone after it.
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_jws_hash(const struct ward_jws *jws, struct ward_workspace *work);

/**
 * The digest of the whole token, from where ward_jws_hash() has come to: no byte is hashed twice.
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_jws_token_digest(const struct ward_jws *jws, struct ward_workspace *work,
                                                       uint8_t digest[WARD_SHA256_SIZE]);

/**
 * Ends what ward_jws_hash() has begun, when the signature shall be checked. By itself, since it takes the most stack.
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_jws_end_hash(struct ward_workspace *work);

/**
 * After ward_jws_end_hash(): decodes the signature in place and checks it.
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL, WARD_SIGNATURE_LENGTH, WARD_SIGNATURE_INVALID, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_jws_check_signature(const struct ward_jws *jws, struct ward_workspace *work);

/**
 * Decodes the payload in place and wipes all else of the token.
 *
 * @param payload  written on WARD_OK: the bytes, in the token
 *
 * @retval WARD_OK, WARD_TOKEN_NOT_BASE64URL
 */
WARD_MUST_USE struct ward_status ward_jws_decode_payload(const struct ward_jws *jws, char **payload, size_t *length);

#endif
