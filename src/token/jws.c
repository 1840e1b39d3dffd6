/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "token/jws.h"

#include <string.h>

#include "crypto/digest.h"
#include "crypto/wipe.h"
#include "encoding/base64url.h"
#include "encoding/json.h"
#include "ward/jwks.h"

/* Longest `kid` that a token may name. */
enum { LONGEST_KID = 128 };

static const struct ward_text alg_name = WARD_TEXT("alg");
static const struct ward_text typ_name = WARD_TEXT("typ");
static const struct ward_text kid_name = WARD_TEXT("kid");
static const struct ward_text rs256 = WARD_TEXT("RS256");

/* They would change what the signature covers or what the payload is: RFC 7515 sections 4.1.10 and 4.1.11, RFC 7797,
 * RFC 7516 section 4.1. `zip` is not among them: it means something in a JWE only, and what is not understood and not
 * in `crit` is ignored (RFC 7515 section 4). */
static const struct ward_text refused_members[] = { WARD_TEXT("crit"), WARD_TEXT("b64"), WARD_TEXT("enc"),
                                                    WARD_TEXT("cty") };

/* Types of an access token where none is demanded: RFC 9068 section 2.1, and what issuers had before it. */
static const struct ward_text usual_types[] = { WARD_TEXT("JWT"), WARD_TEXT("at+jwt") };

static char *payload_of(const struct ward_jws *jws)
{
    return jws->token + jws->header_length + 1;
}

static char *signature_of(const struct ward_jws *jws)
{
    return payload_of(jws) + jws->payload_length + 1;
}

static enum ward_code form(size_t dots)
{
    if (dots == 2)
        return WARD_OK;
    if (dots == 4)
        return WARD_TOKEN_ENCRYPTED;
    return dots == 0 ? WARD_TOKEN_OPAQUE : WARD_TOKEN_MALFORMED;
}

/* A bit that is set where one of four characters is a dot: it becomes zero, and only a zero borrows into its highest bit. */
static uint32_t dots_of(const char *four_characters)
{
    uint32_t four;
    memcpy(&four, four_characters, sizeof four);
    four ^= 0x2e2e2e2eu;
    return (four - 0x01010101u) & ~four & 0x80808080u;
}

/* Passes over eight characters at a time without a dot: a token has over a thousand, and two of them are dots. */
static size_t skip_dotless(const char *token, size_t from, size_t length)
{
    const char *at = token + from;
    const char *const end = token + length;
    while (end - at >= 8 && (dots_of(at) | dots_of(at + 4)) == 0u)
        at += 8;
    return (size_t)(at - token);
}

/* Where the next dot is; length: there is none. */
static size_t next_dot(const char *token, size_t from, size_t length)
{
    size_t at = skip_dotless(token, from, length);
    while (at < length && token[at] != '.')
        at++;
    return at;
}

static struct ward_status split(struct ward_jws *jws, char *token, size_t length, size_t longest)
{
    size_t dots = 0;
    size_t dot[2] = { 0, 0 };
    memset(jws, 0, sizeof *jws);
    if (length == 0)
        return ward_status_of(WARD_TOKEN_EMPTY);
    if (length > longest)
        return ward_status_of(WARD_TOKEN_TOO_LONG);
    for (size_t at = next_dot(token, 0, length); at < length; at = next_dot(token, at + 1u, length)) {
        if (dots < 2)
            dot[dots] = at;
        dots++;
    }
    if (dots == 2) {
        jws->token = token;
        jws->length = length;
        jws->header_length = dot[0];
        jws->payload_length = dot[1] - dot[0] - 1;
        jws->signature_length = length - dot[1] - 1;
    }
    return ward_status_of(form(dots));
}

struct ward_status ward_jws_split(struct ward_jws *jws, char *token, size_t length)
{
    return split(jws, token, length, WARD_MAX_TOKEN);
}

#if WARD_MAX_BUNDLE > 0
struct ward_status ward_jws_split_bundle(struct ward_jws *jws, char *bundle, size_t length)
{
    return split(jws, bundle, length, WARD_MAX_BUNDLE);
}
#endif

static struct ward_status check_algorithm(const struct ward_json *header)
{
    const size_t alg = ward_json_member(header, 0, alg_name);
    if (alg == 0)
        return ward_status_of(WARD_ALGORITHM_MISSING);
    if (ward_json_type(header, alg) != WARD_JSON_TEXT || !ward_text_equal(ward_json_text(header, alg), rs256))
        return ward_status_of(WARD_ALGORITHM_REFUSED);
    return ward_status_of(WARD_OK);
}

static struct ward_status check_refused_members(const struct ward_json *header)
{
    for (size_t i = 0; i < sizeof refused_members / sizeof refused_members[0]; i++)
        if (ward_json_member(header, 0, refused_members[i]) != 0)
            return ward_status_of(WARD_HEADER_MEMBER_REFUSED);
    return ward_status_of(WARD_OK);
}

/* RFC 7515 section 4.1.9: a media type, compared without case, whose `application/` may be left out. */
static struct ward_text without_prefix(struct ward_text type)
{
    static const struct ward_text prefix = WARD_TEXT("application/");
    if (type.length > prefix.length && ward_text_equal_ignoring_case(ward_text_of(type.data, prefix.length), prefix))
        return ward_text_of(type.data + prefix.length, type.length - prefix.length);
    return type;
}

static bool is_usual_type(struct ward_text type)
{
    return ward_text_equal_ignoring_case(type, usual_types[0]) || ward_text_equal_ignoring_case(type, usual_types[1]);
}

static struct ward_status check_type(const struct ward_json *header, struct ward_text demanded)
{
    const size_t typ = ward_json_member(header, 0, typ_name);
    if (typ == 0)
        return ward_status_of(demanded.length == 0 ? WARD_OK : WARD_TYPE_MISSING);
    if (ward_json_type(header, typ) != WARD_JSON_TEXT)
        return ward_status_of(WARD_TYPE_REFUSED);
    const struct ward_text type = without_prefix(ward_json_text(header, typ));
    const bool right = demanded.length == 0 ? is_usual_type(type)
                                            : ward_text_equal_ignoring_case(type, without_prefix(demanded));
    return ward_status_of(right ? WARD_OK : WARD_TYPE_REFUSED);
}

static struct ward_status find_key(struct ward_jws *jws, const struct ward_json *header, bool kid_optional,
                                   const struct ward_jwks *keys)
{
    const size_t kid = ward_json_member(header, 0, kid_name);
    if (kid == 0) {
        if (!kid_optional || keys->count != 1)
            return ward_status_of(WARD_KID_MISSING);
        jws->key = &keys->key[0];
        return ward_status_of(WARD_OK);
    }
    jws->kid = ward_json_text(header, kid);
    if (ward_json_type(header, kid) != WARD_JSON_TEXT || jws->kid.length == 0 || jws->kid.length > LONGEST_KID)
        return ward_status_of(WARD_KID_INVALID);
    jws->key = ward_jwks_find(keys, jws->kid);
    return ward_status_of(jws->key != NULL ? WARD_OK : WARD_KEY_UNKNOWN);
}

static struct ward_status parse_header(struct ward_json *header, const struct ward_jws *jws,
                                       struct ward_workspace *work)
{
    const size_t length = ward_base64url_decoded_length(jws->header_length);
    char *const text = work->part.check.scratch.header.text;
    if (length > WARD_MAX_HEADER)
        return ward_status_of(WARD_HEADER_TOO_LONG);
    if (!ward_base64url_decode(jws->token, jws->header_length, (uint8_t *)text))
        return ward_status_of(WARD_TOKEN_NOT_BASE64URL);
    const struct ward_status status = ward_json_parse(header, text, length, work->part.check.scratch.header.values,
                                                      WARD_MAX_HEADER_VALUES);
    if (ward_ok(status) && ward_json_type(header, 0) != WARD_JSON_OBJECT)
        return ward_status_of(WARD_JSON_NOT_OBJECT);
    return status;
}

struct ward_status ward_jws_read_header(struct ward_jws *jws, const struct ward_expect *expect,
                                        const struct ward_jwks *keys, struct ward_workspace *work)
{
    struct ward_json header;
    struct ward_status status = parse_header(&header, jws, work);
    if (ward_ok(status))
        status = check_algorithm(&header);
    if (ward_ok(status))
        status = check_refused_members(&header);
    if (ward_ok(status))
        status = check_type(&header, expect->type);
    if (ward_ok(status))
        status = find_key(jws, &header, expect->kid_optional, keys);
    return status;
}

static size_t signed_length(const struct ward_jws *jws)
{
    return jws->header_length + 1 + jws->payload_length;
}

/* The signature takes its place in the token as bytes. The alphabet comes first: a blank, a line end or padding is what people see,
 * not that it makes the signature longer.
 */
static struct ward_status decode_signature(const struct ward_jws *jws)
{
    char *const signature = signature_of(jws);
    if (!ward_base64url_decode(signature, jws->signature_length, (uint8_t *)signature))
        return ward_status_of(WARD_TOKEN_NOT_BASE64URL);
    /* Backends read as many bytes as the modulus has, whatever they are told: the length is ours to check. */
    const bool right = ward_base64url_decoded_length(jws->signature_length) == ward_key_signature_length(jws->key);
    return ward_status_of(right ? WARD_OK : WARD_SIGNATURE_LENGTH);
}

static struct ward_status hash_signed(struct ward_jws *jws, struct ward_workspace *work)
{
    const struct ward_text text = { jws->token, signed_length(jws) };
    const struct ward_status status = ward_digest(&work->part.check.scratch.sha, &text, 1, jws->digest);
    if (WARD_CACHE_SIGNATURES)
        jws->hashed = ward_ok(status);
    return status;
}

struct ward_status ward_jws_hash(struct ward_jws *jws, struct ward_workspace *work)
{
    const struct ward_status status = decode_signature(jws);
    /* Where it is not what tokens are known by, nobody has hashed it before. */
    const bool hashed = WARD_CACHE_SIGNATURES && jws->hashed;
    return ward_ok(status) && !hashed ? hash_signed(jws, work) : status;
}

#if WARD_CACHE_SIGNATURES

struct ward_status ward_jws_identify(struct ward_jws *jws, struct ward_workspace *work,
                                     uint8_t identity[WARD_SHA256_SIZE])
{
    const struct ward_status status = hash_signed(jws, work);
    memcpy(identity, jws->digest, sizeof jws->digest);
    return status;
}

#else

struct ward_status ward_jws_identify(struct ward_jws *jws, struct ward_workspace *work,
                                     uint8_t identity[WARD_SHA256_SIZE])
{
    /* What no other use of SHA-256 begins with. */
    static const char tag[] = "ward known token";
    const struct ward_text pieces[] = { { tag, sizeof tag }, { jws->token, jws->length } };
    return ward_digest(&work->part.check.scratch.sha, pieces, sizeof pieces / sizeof pieces[0], identity);
}

#endif

struct ward_text ward_jws_signature_text(const struct ward_jws *jws)
{
    return ward_text_of(signature_of(jws), jws->signature_length);
}

uint8_t *ward_jws_signature(const struct ward_jws *jws)
{
    return (uint8_t *)signature_of(jws);
}

uint8_t *ward_jws_keep_signature(struct ward_jws *jws)
{
    char *const signature = signature_of(jws);
    const size_t length = ward_base64url_decoded_length(jws->signature_length);
    ward_wipe(signature + length, jws->signature_length - length);
    jws->length = (size_t)(signature - jws->token);
    return (uint8_t *)signature;
}

struct ward_status ward_jws_decode_payload(const struct ward_jws *jws, char **payload, size_t *length)
{
    char *const text = payload_of(jws);
    const size_t decoded = ward_base64url_decoded_length(jws->payload_length);
    if (!ward_base64url_decode(text, jws->payload_length, (uint8_t *)text))
        return ward_status_of(WARD_TOKEN_NOT_BASE64URL);
    ward_wipe(jws->token, jws->header_length);
    ward_wipe(text + decoded, jws->length - (size_t)(text - jws->token) - decoded);
    *payload = text;
    *length = decoded;
    return ward_status_of(WARD_OK);
}
