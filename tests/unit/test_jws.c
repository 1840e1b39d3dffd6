/* SPDX-License-Identifier: Apache-2.0 */
/* The form of a token and its header; every refusal here comes before a signature is looked at. */
#include "token.h"
#include "token/jws.h"

static struct ward_jws jws;
static struct test_token token;
static struct ward_expect expect;

static struct ward_status cut(const char *string)
{
    static char data[64];
    memcpy(data, string, strlen(string));
    return ward_jws_split(&jws, data, strlen(string));
}

TEST(cuts_three_segments)
{
    CHECK_STATUS(cut("aa.bbb.cccc"), WARD_OK);
    CHECK_NUMBER(jws.header_length, 2);
    CHECK_NUMBER(jws.payload_length, 3);
    CHECK_NUMBER(jws.signature_length, 4);
    CHECK_STATUS(cut(".."), WARD_OK);
    CHECK_NUMBER(jws.header_length + jws.payload_length + jws.signature_length, 0);
}

TEST(tells_opaque_encrypted_and_malformed_tokens_apart)
{
    CHECK_STATUS(cut(""), WARD_TOKEN_EMPTY);
    CHECK_STATUS(cut("v4AbCdEf"), WARD_TOKEN_OPAQUE);
    CHECK_STATUS(cut("a.b"), WARD_TOKEN_MALFORMED);
    CHECK_STATUS(cut("a.b.c.d"), WARD_TOKEN_MALFORMED);
    CHECK_STATUS(cut("a.b.c.d.e"), WARD_TOKEN_ENCRYPTED);
    CHECK_STATUS(cut("a..c.d.e"), WARD_TOKEN_ENCRYPTED);
    CHECK_STATUS(cut("a.b.c.d.e.f"), WARD_TOKEN_MALFORMED);
    CHECK_ZERO(jws);
}

TEST(bounds_the_length_before_it_reads)
{
    memset(token.data, 'a', sizeof token.data);
    token.data[3] = token.data[5] = '.';
    CHECK_STATUS(ward_jws_split(&jws, token.data, WARD_MAX_TOKEN), WARD_OK);
    CHECK_STATUS(ward_jws_split(&jws, token.data, WARD_MAX_TOKEN + 1), WARD_TOKEN_TOO_LONG);
    CHECK_STATUS(ward_jws_split(&jws, token.data, SIZE_MAX), WARD_TOKEN_TOO_LONG);
}

static struct ward_status read_bytes(const char *header, size_t length)
{
    token.length = 0;
    token_append_base64url(&token, header, length);
    token_append(&token, ".e30.AA", 7);
    CHECK_STATUS(ward_jws_split(&jws, token.data, token.length), WARD_OK);
    return ward_jws_read_header(&jws, &expect, usual_keys(), &test_work);
}

static struct ward_status read_header(const char *header)
{
    return read_bytes(header, strlen(header));
}

#define CHECK_HEADER(header, code) CHECK_STATUS(read_header(header), code)

TEST(reads_what_auth0_sends)
{
    expect = usual_expect;
    CHECK_HEADER(USUAL_HEADER, WARD_OK);
    CHECK(jws.key == &usual_keys()->key[0]);
    CHECK_HEADER("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"b\"}", WARD_OK);
    CHECK(jws.key == &usual_keys()->key[1]);
    CHECK_HEADER("{\"kid\":\"a\",\"alg\":\"RS256\",\"other\":{\"alg\":\"none\"}}", WARD_OK);
}

TEST(accepts_rs256_and_nothing_else)
{
    expect = usual_expect;
    CHECK_HEADER("{\"kid\":\"a\"}", WARD_ALGORITHM_MISSING);
    CHECK_HEADER("{\"kid\":\"a\",\"ALG\":\"RS256\"}", WARD_ALGORITHM_MISSING);
    static const char *const others[] = {
        "\"none\"",  "\"None\"",  "\"NONE\"",    "\"\"",          "\"HS256\"",       "\"RS384\"", "\"RS512\"",
        "\"PS256\"", "\"ES256\"", "\"rs256\"",   "\"RS256 \"",    "\"RS2567\"",      "\"RS25\"",  "null",
        "256",       "true",      "[\"RS256\"]", "{\"RS256\":1}", "\"RS256\\u0000\""
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char header[64] = "{\"kid\":\"a\",\"alg\":";
        memcpy(header + strlen(header), others[i], strlen(others[i]));
        memcpy(header + strlen(header), "}", 1);
        CHECK_HEADER(header, WARD_ALGORITHM_REFUSED);
    }
    CHECK_HEADER("{\"kid\":\"a\",\"alg\":\"\\u0052S256\"}", WARD_OK);
}

TEST(refuses_members_that_change_what_is_signed)
{
    expect = usual_expect;
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"crit\":[\"b64\"]}", WARD_HEADER_MEMBER_REFUSED);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"crit\":[]}", WARD_HEADER_MEMBER_REFUSED);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"cri\\u0074\":null}", WARD_HEADER_MEMBER_REFUSED);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"b64\":false}", WARD_HEADER_MEMBER_REFUSED);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"b64\":true}", WARD_HEADER_MEMBER_REFUSED);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"zip\":\"DEF\",\"crit\":[\"zip\"]}", WARD_HEADER_MEMBER_REFUSED);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"enc\":\"A128GCM\"}", WARD_HEADER_MEMBER_REFUSED);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"cty\":\"JWT\"}", WARD_HEADER_MEMBER_REFUSED);
}

TEST(ignores_a_compression_that_only_an_encrypted_token_has)
{
    expect = usual_expect;
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"zip\":\"RS256\"}", WARD_OK);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"zip\":\"DEF\"}", WARD_OK);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"zip\":null}", WARD_OK);
}

TEST(never_reads_keys_that_the_token_brings)
{
    expect = usual_expect;
    CHECK_HEADER("{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\",\"kid\":\"a\",\"e\":\"AQAB\",\"n\":\"AA\"},\"jku\":"
                 "\"https://evil.example/\","
                 "\"x5u\":\"https://evil.example/\",\"x5c\":[\"MII\"]}",
                 WARD_KID_MISSING);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"jwk\":{\"kty\":\"oct\"},\"jku\":5}", WARD_OK);
}

TEST(takes_the_usual_types_without_case_or_prefix)
{
    expect = usual_expect;
    static const char *const good[] = { "JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "Application/JWT" };
    static const char *const bad[] = { "",
                                       "JW",
                                       "JWTX",
                                       "id+jwt",
                                       "logout+jwt",
                                       "JWE",
                                       "application/",
                                       "application/x",
                                       "text/jwt",
                                       "applicatixn/jwt",
                                       "x-application/jwt",
                                       "application/application/jwt",
                                       "at jwt" };
    char header[96];
    for (size_t i = 0; i < 6; i++) {
        memcpy(header, "{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":\"", 33);
        memcpy(header + 32, good[i], strlen(good[i]) + 1);
        memcpy(header + strlen(header), "\"}", 3);
        CHECK_HEADER(header, WARD_OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        memcpy(header, "{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":\"", 33);
        memcpy(header + 32, bad[i], strlen(bad[i]) + 1);
        memcpy(header + strlen(header), "\"}", 3);
        CHECK_HEADER(header, WARD_TYPE_REFUSED);
    }
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":null}", WARD_TYPE_REFUSED);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":[\"JWT\"]}", WARD_TYPE_REFUSED);
}

TEST(demands_the_type_that_is_configured)
{
    expect = usual_expect;
    expect.type = text("at+jwt");
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\"}", WARD_TYPE_MISSING);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":\"JWT\"}", WARD_TYPE_REFUSED);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":\"AT+jwt\"}", WARD_OK);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":\"application/at+jwt\"}", WARD_OK);
    expect.type = text("application/secevent+jwt");
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":\"secevent+jwt\"}", WARD_OK);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":\"JWT\"}", WARD_TYPE_REFUSED);
    expect.type = text("true");
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":true}", WARD_TYPE_REFUSED);
}

TEST(needs_a_kid_of_1_to_128_bytes)
{
    char header[256] = "{\"alg\":\"RS256\",\"kid\":\"";
    const size_t length = strlen(header);
    expect = usual_expect;
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"\"}", WARD_KID_INVALID);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":1}", WARD_KID_INVALID);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":null}", WARD_KID_INVALID);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":[\"a\"]}", WARD_KID_INVALID);
    memset(header + length, 'k', 128);
    memcpy(header + length + 128, "\"}", 3);
    CHECK_HEADER(header, WARD_KEY_UNKNOWN);
    CHECK_NUMBER(jws.kid.length, 128);
    memcpy(header + length + 128, "k\"}", 4);
    CHECK_HEADER(header, WARD_KID_INVALID);
}

TEST(says_which_kid_is_unknown)
{
    expect = usual_expect;
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"c\"}", WARD_KEY_UNKNOWN);
    CHECK_TEXT(jws.kid, "c");
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"A\"}", WARD_KEY_UNKNOWN);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"aa\"}", WARD_KEY_UNKNOWN);
    CHECK_HEADER("{\"alg\":\"RS256\",\"kid\":\"a\\u0000\"}", WARD_KEY_UNKNOWN);
}

TEST(passes_without_kid_only_where_policy_allows_and_one_key_is_there)
{
    static struct ward_jwks one;
    expect = usual_expect;
    CHECK_HEADER("{\"alg\":\"RS256\"}", WARD_KID_MISSING);
    expect.kid_optional = true;
    CHECK_HEADER("{\"alg\":\"RS256\"}", WARD_KID_MISSING);
    one = *usual_keys();
    one.count = 1;
    CHECK_STATUS(ward_jws_read_header(&jws, &expect, &one, &test_work), WARD_OK);
    CHECK(jws.key == &one.key[0]);
    expect.kid_optional = false;
    CHECK_STATUS(ward_jws_read_header(&jws, &expect, &one, &test_work), WARD_KID_MISSING);
}

TEST(bounds_the_header)
{
    static char header[WARD_MAX_HEADER + 1];
    expect = usual_expect;
    memset(header, ' ', sizeof header);
    memcpy(header, USUAL_HEADER, strlen(USUAL_HEADER));
    CHECK_STATUS(read_bytes(header, WARD_MAX_HEADER), WARD_OK);
    CHECK_STATUS(read_bytes(header, WARD_MAX_HEADER + 1), WARD_HEADER_TOO_LONG);
}

TEST(refuses_headers_that_are_no_object)
{
    expect = usual_expect;
    CHECK_HEADER("", WARD_JSON_MALFORMED);
    CHECK_HEADER("[]", WARD_JSON_NOT_OBJECT);
    CHECK_HEADER("\"alg\"", WARD_JSON_NOT_OBJECT);
    CHECK_HEADER("1", WARD_JSON_NOT_OBJECT);
    CHECK_HEADER("{\"alg\":\"RS256\"", WARD_JSON_MALFORMED);
    CHECK_HEADER("{\"alg\":\"RS256\",\"alg\":\"RS256\",\"kid\":\"a\"}", WARD_JSON_DUPLICATE_MEMBER);
    CHECK_HEADER("{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"a\"}", WARD_JSON_DUPLICATE_MEMBER);
    CHECK_HEADER("{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}", WARD_JSON_TOO_DEEP);
    CHECK_HEADER("{\"a\":\"\xff\"}", WARD_JSON_NOT_UTF8);
    char many[2 * WARD_MAX_HEADER_VALUES + 2] = "[";
    for (size_t i = 0; i < WARD_MAX_HEADER_VALUES; i++)
        memcpy(many + 1 + 2 * i, "1,", 2);
    many[2 * WARD_MAX_HEADER_VALUES] = ']';
    CHECK_STATUS(read_bytes(many, 2 * WARD_MAX_HEADER_VALUES + 1), WARD_JSON_TOO_MANY_VALUES);
}

TEST(refuses_a_header_that_is_no_base64url)
{
    expect = usual_expect;
    memcpy(token.data, "e30=.e30.AA", 11);
    CHECK_STATUS(ward_jws_split(&jws, token.data, 11), WARD_OK);
    CHECK_STATUS(ward_jws_read_header(&jws, &expect, usual_keys(), &test_work), WARD_TOKEN_NOT_BASE64URL);
}

SUITE(jws, CASE(cuts_three_segments), CASE(tells_opaque_encrypted_and_malformed_tokens_apart),
      CASE(bounds_the_length_before_it_reads), CASE(reads_what_auth0_sends), CASE(accepts_rs256_and_nothing_else),
      CASE(refuses_members_that_change_what_is_signed), CASE(ignores_a_compression_that_only_an_encrypted_token_has),
      CASE(never_reads_keys_that_the_token_brings), CASE(takes_the_usual_types_without_case_or_prefix),
      CASE(demands_the_type_that_is_configured), CASE(needs_a_kid_of_1_to_128_bytes), CASE(says_which_kid_is_unknown),
      CASE(passes_without_kid_only_where_policy_allows_and_one_key_is_there), CASE(bounds_the_header),
      CASE(refuses_headers_that_are_no_object), CASE(refuses_a_header_that_is_no_base64url));
