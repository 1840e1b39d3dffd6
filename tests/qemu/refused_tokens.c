/* SPDX-License-Identifier: Apache-2.0 */
#include "refused_tokens.h"

#include <string.h>

#define ISS "\"iss\":\"" ISSUER "\""
#define AUD "\"aud\":\"" AUDIENCE "\""
#define SUB "\"sub\":\"auth0|65f0c0ffee\""
#define EXP "\"exp\":" EXPIRY_TEXT
#define ALL ISS "," AUD "," SUB "," EXP
#define NO_ISS AUD "," SUB "," EXP
#define NO_AUD ISS "," SUB "," EXP
#define NO_SUB ISS "," AUD "," EXP
#define NO_EXP ISS "," AUD "," SUB

#define SCOPE ",\"scope\":\"read:foia\""

/* What is left is filled in here. */
#define FILL ",\"z\":\""
#define NONE ""
#define ENOUGH 4096u
#define VALUES 96u

#define TEXT_64 "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
#define TEXT_256 TEXT_64 TEXT_64 TEXT_64 TEXT_64

/* Refused at the end of a payload of letters. */
#define AT_END(what, status, members, end)                                                                             \
    { .name = what, .code = status, .before = "{" members, .middle = FILL, .after = end }
/* The same for what only demanding expectations refuse. */
#define DEMANDED(what, status, members, end)                                                                           \
    { .name = what, .code = status, .before = "{" members, .middle = FILL, .after = end, .demanding = true }
/* Refused behind many pieces. */
#define BEHIND(what, status, members, many, at_most, between, end)                                                     \
    { .name = what,                                                                                                    \
      .code = status,                                                                                                  \
      .before = "{" members,                                                                                           \
      .piece = many,                                                                                                   \
      .most = at_most,                                                                                                 \
      .middle = between,                                                                                               \
      .after = end }
/* Accepted, with many of something. */
#define FULL(what, members, many, at_most, between, end)                                                               \
    { .name = what,                                                                                                    \
      .code = WARD_OK,                                                                                                 \
      .before = "{" members,                                                                                           \
      .piece = many,                                                                                                   \
      .most = at_most,                                                                                                 \
      .middle = between,                                                                                               \
      .after = end }
/* Refused behind so many pieces that one that is accepted is as dear. */
#define BESIDE(what, other, status, members, many, at_most, between, end)                                              \
    { .name = what,                                                                                                    \
      .beside = other,                                                                                                 \
      .code = status,                                                                                                  \
      .before = "{" members,                                                                                           \
      .piece = many,                                                                                                   \
      .most = at_most,                                                                                                 \
      .middle = between,                                                                                               \
      .after = end }
/* Refused for what the header says, or for what was done to the token. */
#define BY_HEADER(what, status, begin, many, end)                                                                      \
    { .name = what,                                                                                                    \
      .code = status,                                                                                                  \
      .before = "{" ALL,                                                                                               \
      .middle = FILL,                                                                                                  \
      .after = "\"}",                                                                                                  \
      .header = begin,                                                                                                 \
      .header_piece = many,                                                                                            \
      .header_end = end }
#define DAMAGED(what, status, how)                                                                                     \
    { .name = what, .code = status, .before = "{" ALL, .middle = FILL, .after = "\"}", .damage = how }

/* Members of which those are refused that stand behind. */
#define DEMANDING_ALL ALL ",\"iat\":" NOW_TEXT ",\"client_id\":\"client\",\"tenant\":\"one\""

const struct refused_shape refused_shapes[] = {
    { .name = "a plain token", .code = WARD_OK, .before = "{" ALL SCOPE, .middle = FILL, .after = "\"}" },
    { .name = "a token of many words",
      .code = WARD_OK,
      .before = "{" ALL ",\"scope\":\"read:foia ",
      .piece = "a ",
      .most = ENOUGH,
      .middle = "\"" FILL,
      .after = "\"}" },
    FULL("escapes", ALL SCOPE FILL, "\\n", ENOUGH, NONE, "\"}"),
    FULL("escapes of six letters", ALL SCOPE FILL, "\\u00e4", ENOUGH, NONE, "\"}"),
    FULL("letters of two bytes", ALL SCOPE FILL, "\xc3\xa4", ENOUGH, NONE, "\"}"),
    FULL("digits", NO_EXP SCOPE ",\"exp\":" EXPIRY_TEXT ".", "0", ENOUGH, NONE, "}"),
    { .name = "members of one list",
      .code = WARD_OK,
      .before = "{" ALL SCOPE,
      .piece = ",\"NNN\":0",
      .most = (VALUES - 20u) / 2u,
      .middle = FILL,
      .after = "\"}",
      .one_list = true },

    DAMAGED("a signature that is wrong", WARD_SIGNATURE_INVALID, DAMAGE_SIGNATURE),
    DAMAGED("a signature whose last character is none of base64url", WARD_TOKEN_NOT_BASE64URL, DAMAGE_SIGNATURE_END),
    DAMAGED("a signature that is too short", WARD_SIGNATURE_LENGTH, DAMAGE_SIGNATURE_CUT),
    DAMAGED("a payload whose last character is none of base64url", WARD_TOKEN_NOT_BASE64URL, DAMAGE_PAYLOAD_END),
    DAMAGED("a last character that no credential has", WARD_TOKEN_NOT_BASE64URL, DAMAGE_CHARACTER),

    AT_END("JSON that is cut off", WARD_JSON_MALFORMED, ALL, "\""),
    AT_END("JSON with more behind it", WARD_JSON_MALFORMED, ALL, "\"}}"),
    AT_END("JSON whose last character is not UTF-8", WARD_JSON_NOT_UTF8, ALL, "\xed\xa0\x80\"}"),
    AT_END("JSON that is too deep at its end", WARD_JSON_TOO_DEEP, ALL, "\",\"y\":[[[[[[[[1]]]]]]]]}"),
    BESIDE("letters of two bytes, cut off", "letters of two bytes", WARD_JSON_MALFORMED, ALL FILL, "\xc3\xa4", ENOUGH,
           NONE, "\""),
    BESIDE("escapes, cut off", "escapes", WARD_JSON_MALFORMED, ALL FILL, "\\n", ENOUGH, NONE, "\""),
    BESIDE("arrays, cut off", "escapes", WARD_JSON_MALFORMED, ALL ",\"y\":[0", ",[]", ENOUGH, "]" FILL, "\""),
    BESIDE("too many numbers", "escapes", WARD_JSON_TOO_MANY_VALUES, ALL ",\"y\":[0", ",0", ENOUGH, "]" FILL, "\"}"),
    BESIDE("too many arrays", "escapes", WARD_JSON_TOO_MANY_VALUES, ALL ",\"y\":[0", ",[]", ENOUGH, "]" FILL, "\"}"),
    BESIDE("too many objects", "escapes", WARD_JSON_TOO_MANY_VALUES, ALL ",\"y\":[0", ",{}", ENOUGH, "]" FILL, "\"}"),
    BESIDE("too many members", "escapes", WARD_JSON_TOO_MANY_VALUES, ALL, ",\"NNN\":0", ENOUGH, FILL, "\"}"),

    AT_END("a member twice", WARD_JSON_DUPLICATE_MEMBER, ALL, "\",\"iss\":\"" ISSUER "\"}"),
    BEHIND("the last of many members twice", WARD_JSON_DUPLICATE_MEMBER, ALL, ",\"NNN\":0", (VALUES - 20u) / 2u, FILL,
           "\",\"z\":0}"),
    { .name = "the last of many members of one list twice",
      .beside = "members of one list",
      .code = WARD_JSON_DUPLICATE_MEMBER,
      .before = "{" ALL,
      .piece = ",\"NNN\":0",
      .most = (VALUES - 20u) / 2u,
      .middle = FILL,
      .after = "\",\"z\":0}",
      .one_list = true },
    BESIDE("escapes, and a member twice", "escapes", WARD_JSON_DUPLICATE_MEMBER, ALL FILL, "\\n", ENOUGH, NONE,
           "\",\"z\":0}"),
    BESIDE("escapes of six letters, and a member twice", "escapes of six letters", WARD_JSON_DUPLICATE_MEMBER, ALL FILL,
           "\\u00e4", ENOUGH, NONE, "\",\"z\":0}"),
    BEHIND("objects, and in the last a member twice", WARD_JSON_DUPLICATE_MEMBER, ALL ",\"y\":[0", ",{\"a\":0}",
           (VALUES - 20u) / 3u, ",{\"a\":0,\"a\":0}]" FILL, "\"}"),

    AT_END("no issuer", WARD_ISSUER_MISSING, NO_ISS, "\"}"),
    AT_END("another issuer", WARD_ISSUER_REFUSED, NO_ISS, "\",\"iss\":\"https://dev-4fszoklachwdh46m.us.auth0.com\"}"),
    BEHIND("another issuer behind many members", WARD_ISSUER_REFUSED, NO_ISS, ",\"NNN\":0", (VALUES - 20u) / 2u, FILL,
           "\",\"iss\":\"https://dev-4fszoklachwdh46m.us.auth0.com\"}"),
    BESIDE("escapes, and another issuer", "escapes", WARD_ISSUER_REFUSED, NO_ISS ",\"iss\":\"", "\\n", ENOUGH, NONE,
           "\"}"),
    AT_END("no audience", WARD_AUDIENCE_MISSING, NO_AUD, "\"}"),
    AT_END("another audience", WARD_AUDIENCE_REFUSED, NO_AUD, "\",\"aud\":\"https://api.theholefoundation.or\"}"),
    BEHIND("many audiences, none of them ours", WARD_AUDIENCE_REFUSED, NO_AUD ",\"aud\":[\"b\"",
           ",\"https://api.theholefoundation.NNN\"", VALUES - 20u, "]" FILL, "\"}"),
    BEHIND("many audiences, and a number", WARD_AUDIENCE_INVALID, NO_AUD ",\"aud\":[\"" AUDIENCE "\"", ",\"NNN\"",
           VALUES - 20u, ",0]" FILL, "\"}"),
    AT_END("expired", WARD_TOKEN_EXPIRED, NO_EXP, "\",\"exp\":1767225539}"),
    BESIDE("expired, in many digits", "digits", WARD_TOKEN_EXPIRED, NO_EXP ",\"exp\":17.", "0", ENOUGH, NONE, "1}"),
    BEHIND("expired, behind many members", WARD_TOKEN_EXPIRED, NO_EXP, ",\"NNN\":0", (VALUES - 20u) / 2u, FILL,
           "\",\"exp\":1767225539}"),
    AT_END("no expiry", WARD_EXPIRY_MISSING, NO_EXP, "\"}"),
    BESIDE("an expiry that is none, in many digits", "digits", WARD_EXPIRY_INVALID, NO_EXP ",\"exp\":9", "9", ENOUGH,
           NONE, "}"),
    AT_END("not yet valid", WARD_TOKEN_NOT_YET_VALID, ALL, "\",\"nbf\":1767225661}"),
    AT_END("a time before which it is not valid that is none", WARD_NOT_BEFORE_INVALID, ALL, "\",\"nbf\":\"0\"}"),
    AT_END("issued in the future", WARD_ISSUED_IN_FUTURE, ALL, "\",\"iat\":1767225661}"),
    AT_END("a time of issue that is none", WARD_ISSUED_INVALID, ALL, "\",\"iat\":\"0\"}"),
    AT_END("no subject", WARD_SUBJECT_MISSING, NO_SUB, "\"}"),
    AT_END("a subject that is too long", WARD_SUBJECT_INVALID, NO_SUB, "\",\"sub\":\"" TEXT_256 "\"}"),
    AT_END("a client that is none", WARD_CLIENT_INVALID, ALL, "\",\"azp\":0}"),
    AT_END("a token that is bound to a key", WARD_SENDER_CONSTRAINED, ALL, "\",\"cnf\":{}}"),
    AT_END("a scope that is none", WARD_SCOPE_INVALID, ALL, "\",\"scope\":0}"),
    BEHIND("many scopes, and a number", WARD_SCOPE_INVALID, ALL ",\"scope\":[\"a\"", ",\"NNN\"", VALUES - 20u,
           ",0]" FILL, "\"}"),
    DEMANDED("issued too long ago", WARD_TOKEN_TOO_OLD, ALL, "\",\"iat\":1767220000}"),
    DEMANDED("a lifetime that is too long", WARD_LIFETIME_TOO_LONG, NO_EXP,
             "\",\"iat\":" NOW_TEXT ",\"exp\":1767398401}"),
    DEMANDED("no time of issue", WARD_ISSUED_MISSING, ALL, "\"}"),
    DEMANDED("no client", WARD_CLIENT_MISSING, ALL ",\"iat\":" NOW_TEXT, "\"}"),
    DEMANDED("another client", WARD_CLIENT_REFUSED, DEMANDING_ALL, "\",\"azp\":\"stranger\"}"),
    DEMANDED("a claim that is not there", WARD_CLAIM_MISSING, DEMANDING_ALL, "\"}"),
    DEMANDED("a claim of another type", WARD_CLAIM_INVALID, DEMANDING_ALL, "\",\"role\":0}"),
    DEMANDED("a claim of another value", WARD_CLAIM_REFUSED, DEMANDING_ALL, "\",\"role\":\"reader\"}"),

    BY_HEADER("another algorithm", WARD_ALGORITHM_REFUSED, "{\"kid\":\"a\",\"alg\":\"none\"}", NONE, NONE),
    BY_HEADER("no algorithm, in a long header", WARD_ALGORITHM_MISSING, "{\"kid\":\"a\"", ",\"NNN\":\"" TEXT_64 "\"",
              "}"),
    BY_HEADER("a type that is none of a token", WARD_TYPE_REFUSED, "{\"kid\":\"a\",\"alg\":\"RS256\",\"typ\":\"JWE\"}",
              NONE, NONE),
    BY_HEADER("a member that changes what is signed", WARD_HEADER_MEMBER_REFUSED,
              "{\"kid\":\"a\",\"alg\":\"RS256\",\"b64\":true}", NONE, NONE),
    BY_HEADER("no key id", WARD_KID_MISSING, "{\"alg\":\"RS256\"}", NONE, NONE),
    BY_HEADER("a key id that is unknown", WARD_KEY_UNKNOWN, "{\"alg\":\"RS256\",\"kid\":\"c\"}", NONE, NONE),
    BY_HEADER("a key id that is unknown, in a long header", WARD_KEY_UNKNOWN,
              "{\"alg\":\"RS256\",\"kid\":\"" TEXT_64 TEXT_64 "\"", ",\"NNN\":\"" TEXT_64 "\"", "}"),
    BY_HEADER("a member of the header twice", WARD_JSON_DUPLICATE_MEMBER, "{\"alg\":\"RS256\",\"kid\":\"a\"",
              ",\"NNN\":\"" TEXT_64 "\"", ",\"kid\":0}"),
    BY_HEADER("escapes in the header, and a member twice", WARD_JSON_DUPLICATE_MEMBER,
              "{\"alg\":\"RS256\",\"kid\":\"a\",\"y\":\"", "\\n", "\",\"kid\":0}"),
    BY_HEADER("a header that is cut off", WARD_JSON_MALFORMED, "{\"alg\":\"RS256\",\"kid\":\"", "x", NONE),
    BY_HEADER("a header of too many values", WARD_JSON_TOO_MANY_VALUES, "{\"alg\":\"RS256\",\"kid\":\"a\",\"y\":[0",
              ",0", "]}"),
};
const size_t refused_shape_count = sizeof refused_shapes / sizeof refused_shapes[0];

static const struct ward_claim_rule editor[] = { { WARD_TEXT("tenant"), WARD_TEXT("one") },
                                                 { WARD_TEXT("role"), WARD_TEXT("editor") } };
const struct ward_expect demanding_expect = { .issuers = WARD_TEXTS(ISSUER),
                                              .audiences = WARD_TEXTS(AUDIENCE),
                                              .clients = WARD_TEXTS("client", "another"),
                                              .claims = editor,
                                              .claim_count = 2,
                                              .max_lifetime = 172800,
                                              .max_age = 3600 };

/* A header or a payload that is being made. */
static char text_made[4200];
static size_t text_length;

static void put(const char *piece)
{
    const size_t length = strlen(piece);
    CHECK(text_length + length < sizeof text_made);
    memcpy(text_made + text_length, piece, length + 1);
    text_length += length;
}

/* As in src/encoding/json.c. */
static unsigned list_of(const char name[3])
{
    uint32_t bytes = 0;
    for (size_t i = 0; i < 3; i++)
        bytes = bytes * 33u + (uint8_t)name[i];
    return (bytes * 2654435769u) >> 26;
}

static void write_number(char letters[3], unsigned number)
{
    letters[0] = (char)('a' + number / 676u % 26u);
    letters[1] = (char)('a' + number / 26u % 26u);
    letters[2] = (char)('a' + number % 26u);
}

/* The next number: any, or the next one whose letters are a name of the list of "aaa". */
static unsigned number_after(unsigned number, bool one_list)
{
    char letters[3];
    do {
        number++;
        write_number(letters, number);
    } while (one_list && list_of(letters) != list_of("aaa"));
    return number;
}

/* How many there are then. */
static unsigned put_many(const char *piece, unsigned most, size_t room, bool one_list)
{
    unsigned number = 0;
    unsigned i;
    for (i = 0; piece != NULL && piece[0] != '\0' && i < most && text_length + strlen(piece) <= room; i++) {
        const size_t begin = text_length;
        put(piece);
        char *const letters = strstr(text_made + begin, "NNN");
        if (letters != NULL)
            write_number(letters, number);
        number = number_after(number, one_list);
    }
    return i;
}

static void make_header(const struct refused_shape *shape)
{
    text_length = 0;
    put(shape->header != NULL ? shape->header : USUAL_HEADER);
    if (shape->header != NULL && shape->header_piece[0] != '\0') {
        /* A header of so many bytes is one of a board. */
        (void)put_many(shape->header_piece, ENOUGH, 512u - strlen(shape->header_end), false);
        put(shape->header_end);
    }
}

/* Whether there is room for what the shape has at least; then the payload has exactly so many bytes. */
static bool make_payload(const struct refused_shape *shape, size_t length)
{
    const size_t ends = strlen(shape->middle) + strlen(shape->after);
    text_length = 0;
    put(shape->before);
    if (text_length + ends > length)
        return false;
    /* Where a shape is of more values than the table has, it needs them. */
    const unsigned pieces = put_many(shape->piece, shape->most, length - ends, shape->one_list);
    if (shape->most > 0 && shape->code == WARD_JSON_TOO_MANY_VALUES && pieces < VALUES)
        return false;
    put(shape->middle);
    while (text_length + strlen(shape->after) < length)
        put("a");
    put(shape->after);
    return true;
}

static void damage(struct test_token *token, enum refused_damage damage)
{
    char *const end = token->data + token->length;
    switch (damage) {
    case DAMAGE_SIGNATURE: end[-9] = end[-9] == 'B' ? 'C' : 'B'; break;
    case DAMAGE_SIGNATURE_END: end[-1] = '+'; break;
    case DAMAGE_SIGNATURE_CUT: token->length -= 2; break;
    case DAMAGE_CHARACTER: end[-1] = '*'; break;
    default: break;
    }
}

void refused_make(struct test_token *token, const struct refused_shape *shape, size_t length)
{
    /* Of the signature of 2048 bits, and two dots. */
    const size_t others = 342u + 2u;
    token->length = 0;
    make_header(shape);
    token_append_base64url(token, text_made, text_length);
    token_append(token, ".", 1);
    const size_t rest = length > token->length + others ? length - others + 1u - token->length : 0;
    if (!make_payload(shape, rest * 3u / 4u)) {
        token->length = 0;
        return;
    }
    token_append_base64url(token, text_made, text_length);
    if (shape->damage == DAMAGE_PAYLOAD_END)
        token->data[token->length - 1] = '+';
    token_append_signature(token, KEY_A);
    damage(token, shape->damage);
}
