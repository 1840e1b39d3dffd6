/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/jwk.h"

#include <string.h>

#include "encoding/base64url.h"
#include "encoding/json_scan.h"
#include "ward/port/crypto.h"

/* Members that are read; the order is that of `members`. */
enum member { KTY, USE, KEY_OPS, ALG, N, E, KID, OTHER };

/* Depth of a key's own members and of the items of its `key_ops`. */
enum { MEMBER_DEPTH = 3, ITEM_DEPTH = 4 };

/* Each member's name and why a key is refused in which it has another type or value. */
static const struct {
    struct ward_text name;
    enum ward_code refusal;
} members[OTHER] = { { WARD_TEXT("kty"), WARD_JWK_TYPE_REFUSED },
                     { WARD_TEXT("use"), WARD_JWK_USE_REFUSED },
                     { WARD_TEXT("key_ops"), WARD_JWK_OPERATIONS_REFUSED },
                     { WARD_TEXT("alg"), WARD_JWK_ALGORITHM_REFUSED },
                     { WARD_TEXT("n"), WARD_JWK_MODULUS_INVALID },
                     { WARD_TEXT("e"), WARD_JWK_EXPONENT_REFUSED },
                     { WARD_TEXT("kid"), WARD_JWK_KID_INVALID } };

/* Members with one value that can be used. */
static const struct ward_text rsa = WARD_TEXT("RSA");
static const struct ward_text sig = WARD_TEXT("sig");
static const struct ward_text verify = WARD_TEXT("verify");
static const struct ward_text rs256 = WARD_TEXT("RS256");

/* The one exponent that is taken: one as long as the modulus makes each check 85 times as dear. */
enum { EXPONENT = 65537 };

static uint8_t *modulus_bytes(struct ward_jwk_reader *jwk)
{
    return (uint8_t *)jwk->key.n;
}

static bool has(const struct ward_jwk_reader *jwk, enum member member)
{
    return (jwk->seen & (1u << member)) != 0u;
}

/* The first reason stays, except for the type: that a key is not an RSA key explains the rest. */
static void refuse(struct ward_jwk_reader *jwk, enum ward_code code)
{
    if (ward_ok(jwk->refusal) || code == WARD_JWK_TYPE_REFUSED)
        jwk->refusal = ward_status_of(code);
}

static void refuse_member(struct ward_jwk_reader *jwk)
{
    if (jwk->member != OTHER)
        refuse(jwk, members[jwk->member].refusal);
}

void ward_jwk_collect(struct ward_jwk_reader *jwk, const struct ward_json_scan *scan)
{
    if ((size_t)jwk->small_length + scan->text_length > sizeof jwk->small) {
        jwk->small_length = UINT8_MAX;
        return;
    }
    memcpy(jwk->small + jwk->small_length, scan->text, scan->text_length);
    jwk->small_length = (uint8_t)(jwk->small_length + scan->text_length);
}

bool ward_jwk_collected(const struct ward_jwk_reader *jwk, struct ward_text text)
{
    return jwk->small_length <= sizeof jwk->small && ward_text_equal(ward_text_of(jwk->small, jwk->small_length), text);
}

static struct ward_status choose_member(struct ward_jwk_reader *jwk)
{
    jwk->member = KTY;
    while (jwk->member < OTHER && !ward_jwk_collected(jwk, members[jwk->member].name))
        jwk->member++;
    if (jwk->member == OTHER)
        return ward_status_of(WARD_OK);
    if (has(jwk, (enum member)jwk->member))
        return ward_status_of(WARD_JWKS_DUPLICATE_MEMBER);
    jwk->seen = (uint8_t)(jwk->seen | (1u << jwk->member));
    return ward_status_of(WARD_OK);
}

static void add_kid(struct ward_jwk_reader *jwk, char c)
{
    if (jwk->key.kid_length < sizeof jwk->key.kid)
        jwk->key.kid[jwk->key.kid_length++] = c;
    else
        refuse(jwk, WARD_JWK_KID_TOO_LONG);
}

/* The modulus grows in the key's own words, most significant byte first for now; what does not fit is counted. */
static void add_modulus(struct ward_jwk_reader *jwk, char c)
{
    uint8_t byte = 0;
    switch (ward_base64url_feed(&jwk->number, c, &byte)) {
    case WARD_BASE64URL_NOTHING: return;
    case WARD_BASE64URL_INVALID: refuse(jwk, WARD_JWK_MODULUS_INVALID); return;
    default: break;
    }
    if (byte == 0 && jwk->length == 0 && jwk->stripped == 0) {
        jwk->stripped = 1;
        return;
    }
    if (jwk->length < sizeof jwk->key.n)
        modulus_bytes(jwk)[jwk->length] = byte;
    if (jwk->length < UINT16_MAX)
        jwk->length++;
}

/* RFC 7518 section 6.3.1.2 wants no zero bytes in front, but writers put them there as before `n`: they add nothing. A
 * number that does not fit stays too large. */
static void add_exponent(struct ward_jwk_reader *jwk, char c)
{
    uint8_t byte = 0;
    switch (ward_base64url_feed(&jwk->number, c, &byte)) {
    case WARD_BASE64URL_NOTHING: return;
    case WARD_BASE64URL_INVALID: refuse(jwk, WARD_JWK_EXPONENT_REFUSED); return;
    default: break;
    }
    if (jwk->exponent > UINT32_MAX >> 8)
        jwk->exponent = UINT32_MAX;
    else
        jwk->exponent = jwk->exponent << 8 | byte;
}

static void add_text(struct ward_jwk_reader *jwk, const struct ward_json_scan *scan)
{
    for (size_t i = 0; i < scan->text_length; i++) {
        switch (jwk->member) {
        case N: add_modulus(jwk, scan->text[i]); break;
        case E: add_exponent(jwk, scan->text[i]); break;
        case KID: add_kid(jwk, scan->text[i]); break;
        default: ward_jwk_collect(jwk, scan); return;
        }
    }
}

static bool value_is_valid(struct ward_jwk_reader *jwk)
{
    switch (jwk->member) {
    case KTY: return ward_jwk_collected(jwk, rsa);
    case USE: return ward_jwk_collected(jwk, sig);
    case ALG: return ward_jwk_collected(jwk, rs256);
    case KID: return jwk->key.kid_length > 0;
    case N: return ward_base64url_end(&jwk->number);
    case E: return ward_base64url_end(&jwk->number) && jwk->exponent == EXPONENT;
    default: return true;
    }
}

/* A string that is a member's value or an item of `key_ops`. */
static void string_event(struct ward_jwk_reader *jwk, const struct ward_json_scan *scan)
{
    switch (scan->event) {
    case WARD_JSON_STRING_BEGIN:
        jwk->small_length = 0;
        ward_base64url_begin(&jwk->number);
        if (jwk->member == KEY_OPS && scan->depth == MEMBER_DEPTH)
            refuse_member(jwk);
        break;
    case WARD_JSON_STRING_TEXT: add_text(jwk, scan); break;
    default:
        if (jwk->member == KEY_OPS)
            jwk->verifies = (uint8_t)(jwk->verifies | ward_jwk_collected(jwk, verify));
        else if (!value_is_valid(jwk))
            refuse_member(jwk);
        break;
    }
}

bool ward_jwk_reads(const struct ward_jwk_reader *jwk, const struct ward_json_scan *scan)
{
    return jwk->member != OTHER || (scan->name != 0 && scan->depth == MEMBER_DEPTH);
}

static struct ward_status name_event(struct ward_jwk_reader *jwk, const struct ward_json_scan *scan)
{
    if (scan->event == WARD_JSON_STRING_BEGIN)
        jwk->small_length = 0;
    else if (scan->event == WARD_JSON_STRING_TEXT)
        ward_jwk_collect(jwk, scan);
    else
        return choose_member(jwk);
    return ward_status_of(WARD_OK);
}

/* A value of another type begins where a string, or the array of `key_ops`, was to come. */
static bool is_wrong_type(const struct ward_jwk_reader *jwk, const struct ward_json_scan *scan)
{
    if (scan->event == WARD_JSON_SCALAR_BEGIN)
        return scan->depth == MEMBER_DEPTH;
    if (scan->event == WARD_JSON_OBJECT_BEGIN)
        return scan->depth == ITEM_DEPTH;
    return scan->event == WARD_JSON_ARRAY_BEGIN && scan->depth == ITEM_DEPTH && jwk->member != KEY_OPS;
}

void ward_jwk_begin(struct ward_jwk_reader *jwk)
{
    memset(jwk, 0, sizeof *jwk);
    jwk->refusal = ward_status_of(WARD_OK);
    jwk->member = OTHER;
}

struct ward_status ward_jwk_event(struct ward_jwk_reader *jwk, const struct ward_json_scan *scan)
{
    if (ward_json_is_string(scan)) {
        if (ward_json_is_name(scan) && scan->depth == MEMBER_DEPTH)
            return name_event(jwk, scan);
        if (scan->depth == MEMBER_DEPTH || (scan->depth == ITEM_DEPTH && jwk->member == KEY_OPS))
            string_event(jwk, scan);
    } else if (is_wrong_type(jwk, scan)) {
        refuse_member(jwk);
    }
    return ward_status_of(WARD_OK);
}

static uint32_t bit_length(uint8_t byte)
{
    uint32_t bits = 0;
    for (uint32_t rest = byte; rest != 0; rest >>= 1)
        bits++;
    return bits;
}

static void check_modulus(struct ward_jwk_reader *jwk)
{
    const uint8_t *const byte = modulus_bytes(jwk);
    if (jwk->length == 0 || byte[0] == 0) {
        refuse(jwk, WARD_JWK_MODULUS_INVALID);
        return;
    }
    const uint32_t bits = (jwk->length - 1u) * 8u + bit_length(byte[0]);
    jwk->key.bits = (uint16_t)(bits > UINT16_MAX ? UINT16_MAX : bits);
    if (bits < 2048u)
        refuse(jwk, WARD_JWK_MODULUS_TOO_SHORT);
    else if (bits > WARD_MAX_RSA_BITS)
        refuse(jwk, WARD_JWK_MODULUS_TOO_LONG);
    else if ((byte[jwk->length - 1u] & 1u) == 0u)
        refuse(jwk, WARD_JWK_MODULUS_INVALID);
}

/* From bytes, most significant first, to words, least significant first, in the same memory. */
static void turn_modulus(struct ward_jwk_reader *jwk)
{
    uint8_t *const byte = modulus_bytes(jwk);
    for (size_t low = 0, high = jwk->length - 1u; low < high; low++, high--) {
        const uint8_t swap = byte[low];
        byte[low] = byte[high];
        byte[high] = swap;
    }
    for (size_t i = 0; i < WARD_RSA_WORDS; i++) {
        const uint8_t *const b = byte + 4 * i;
        jwk->key.n[i] = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    }
}

struct ward_status ward_jwk_end(struct ward_jwk_reader *jwk, struct ward_workspace *work)
{
    check_modulus(jwk);
    if (!has(jwk, E))
        refuse(jwk, WARD_JWK_EXPONENT_REFUSED);
    if (has(jwk, KEY_OPS) && jwk->verifies == 0)
        refuse(jwk, WARD_JWK_OPERATIONS_REFUSED);
    if (!has(jwk, KTY))
        refuse(jwk, WARD_JWK_TYPE_REFUSED);
    if (!ward_ok(jwk->refusal))
        return jwk->refusal;
    turn_modulus(jwk);
    jwk->refusal = ward_crypto_key_prepare(&jwk->key, &work->part.check.scratch.rsa);
    return jwk->refusal;
}
