/* SPDX-License-Identifier: Apache-2.0 */
/* The whole of a check: its order, what it leaves behind, and that outputs come on success only. */
#include "guard.h"
#include "token.h"

static struct test_token token;
static struct test_token before;
static struct ward_claims claims;
static struct ward_jwks none;

/* ward_verify() of the token's first bytes, in memory that ends where they end; what it does to them is done to the token. */
static struct ward_status verify_guarded(const struct ward_expect *expect, const struct ward_jwks *keys,
                                         struct ward_time now, size_t length)
{
    char *const copy = guard_copy(token.data, length);
    const struct ward_status status = ward_verify(expect, keys, now, copy, length, &test_work, &claims);
    if (length > 0)
        memcpy(token.data, copy, length);
    return status;
}

static struct ward_status run(void)
{
    before = token;
    memset(&test_work, 0x5a, sizeof test_work);
    memset(&claims, 0x5a, sizeof claims);
    return verify(&token, &usual_expect, &claims);
}

/* What lies after the token is nobody's business. */
static void check_behind(void)
{
    CHECK(memcmp(token.data + token.length, before.data + token.length, sizeof token.data - token.length) == 0);
}

static void check_untouched(void)
{
    check_behind();
    CHECK(memcmp(token.data, before.data, token.length) == 0);
    CHECK_ZERO(claims);
    CHECK_ZERO(test_work);
}

static void check_wiped(void)
{
    check_behind();
    for (size_t i = 0; i < token.length; i++)
        CHECK_NUMBER(token.data[i], 0);
    CHECK_ZERO(claims);
    CHECK_ZERO(test_work);
}

static void break_signature(void)
{
    char *const c = &token.data[token.length - 300];
    *c = *c == 'A' ? 'B' : 'A';
}

static void make(const char *header, const char *payload)
{
    token_make(&token, KEY_A, header, payload);
}

TEST(accepts_the_usual_token)
{
    token_make_usual(&token);
    CHECK_STATUS(run(), WARD_OK);
    CHECK_TEXT(claims.subject, "auth0|65f0c0ffee");
    CHECK_TEXT(claims.audience, AUDIENCE);
    CHECK(claims.subject.data > token.data && claims.subject.data < token.data + token.length);
}

TEST(leaves_nothing_of_a_good_token_but_its_payload)
{
    token_make_usual(&token);
    CHECK_STATUS(run(), WARD_OK);
    const char *const payload = strchr(before.data, '.') + 1;
    const size_t begin = (size_t)(payload - before.data);
    const size_t end = begin + strlen(USUAL_PAYLOAD);
    for (size_t i = 0; i < begin - 1; i++)
        CHECK_NUMBER(token.data[i], 0);
    for (size_t i = end; i < token.length; i++)
        CHECK_NUMBER(token.data[i], 0);
}

TEST(checks_expectations_clock_and_keys_first)
{
    static const struct ward_expect empty;
    token_make_usual(&token);
    before = token;
    CHECK_STATUS(verify_guarded(&empty, usual_keys(), ward_time_set(NOW), token.length), WARD_EXPECT_ISSUERS);
    check_untouched();
    static const uint32_t trusts[] = { WARD_TIME_UNKNOWN, WARD_TIME_FLOOR, 2, UINT32_MAX };
    for (size_t i = 0; i < 4; i++) {
        const struct ward_time now = { NOW, trusts[i] };
        CHECK_STATUS(verify_guarded(&usual_expect, usual_keys(), now, token.length), WARD_CLOCK_NOT_SET);
        check_untouched();
    }
    CHECK_STATUS(verify_guarded(&usual_expect, &none, ward_time_set(NOW), token.length), WARD_KEYS_ABSENT);
    check_untouched();
    CHECK_STATUS(verify_guarded(&usual_expect, usual_keys(), ward_time_set(NOW), 0), WARD_TOKEN_EMPTY);
}

TEST(leaves_the_token_alone_until_the_key_is_found)
{
    make("{\"alg\":\"RS256\",\"kid\":\"unknown\"}", USUAL_PAYLOAD);
    CHECK_STATUS(run(), WARD_KEY_UNKNOWN);
    check_untouched();
    make("{\"alg\":\"none\",\"kid\":\"a\"}", USUAL_PAYLOAD);
    CHECK_STATUS(run(), WARD_ALGORITHM_REFUSED);
    check_untouched();
    make("{}", USUAL_PAYLOAD);
    CHECK_STATUS(run(), WARD_ALGORITHM_MISSING);
    check_untouched();
    token.data[1] = '=';
    CHECK_STATUS(run(), WARD_TOKEN_NOT_BASE64URL);
    check_untouched();
}

TEST(a_token_of_an_unknown_key_can_be_tried_again)
{
    static struct ward_jwks keys;
    keys = *usual_keys();
    keys.key[0].kid[0] = 'x';
    token_make_usual(&token);
    CHECK_STATUS(verify_guarded(&usual_expect, &keys, ward_time_set(NOW), token.length), WARD_KEY_UNKNOWN);
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_OK);
}

TEST(wipes_the_token_on_refusal_once_the_key_is_found)
{
    make(USUAL_HEADER, "{\"iss\":\"x\"}");
    CHECK_STATUS(run(), WARD_ISSUER_REFUSED);
    check_wiped();
    make(USUAL_HEADER, "{");
    CHECK_STATUS(run(), WARD_JSON_MALFORMED);
    check_wiped();
    token_make_usual(&token);
    break_signature();
    CHECK_STATUS(run(), WARD_SIGNATURE_INVALID);
    check_wiped();
    token_make_usual(&token);
    token.length -= 2;
    CHECK_STATUS(run(), WARD_SIGNATURE_LENGTH);
    check_wiped();
    token_make_usual(&token);
    token.data[token.length - 9] = '=';
    CHECK_STATUS(run(), WARD_TOKEN_NOT_BASE64URL);
    check_wiped();
}

TEST(refuses_signatures_of_another_length)
{
    static const size_t lengths[] = { 0, 2, 3, 4, 336, 339, 340, 343, 344, 346, 684 };
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        token_make_usual(&token);
        token.length -= 342;
        for (size_t j = 0; j < lengths[i]; j++)
            token_append(&token, "A", 1);
        CHECK_STATUS(run(), WARD_SIGNATURE_LENGTH);
    }
}

/* What a person sees is the blank, not that it makes the signature longer. */
TEST(names_the_alphabet_of_a_signature_before_its_length)
{
    static const char *const ends[] = { " ", "\r", "\r\n", "\n\n", "=", "==", "\"", "AAA" };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        token_make_usual(&token);
        token_append(&token, ends[i], strlen(ends[i]));
        CHECK_STATUS(run(), WARD_TOKEN_NOT_BASE64URL);
        check_wiped();
    }
    token_make_usual(&token);
    token.length -= 1;
    CHECK_STATUS(run(), WARD_TOKEN_NOT_BASE64URL);
}

TEST(refuses_a_signature_under_another_key)
{
    token_make(&token, KEY_B, USUAL_HEADER, USUAL_PAYLOAD);
    CHECK_STATUS(run(), WARD_SIGNATURE_INVALID);
}

TEST(refuses_a_payload_that_was_changed)
{
    token_make_usual(&token);
    char *const payload = strchr(token.data, '.') + 1;
    payload[40] = payload[40] == 'A' ? 'B' : 'A';
    CHECK_STATUS(run(), WARD_SIGNATURE_INVALID);
}

TEST(says_nothing_of_the_payload_before_the_signature_holds)
{
    make(USUAL_HEADER, "{\"exp\":1}");
    break_signature();
    CHECK_STATUS(run(), WARD_SIGNATURE_INVALID);
    make(USUAL_HEADER, "not json");
    break_signature();
    CHECK_STATUS(run(), WARD_SIGNATURE_INVALID);
}

TEST(refuses_a_signed_payload_that_is_no_base64url)
{
    token.length = 0;
    token_append_base64url(&token, USUAL_HEADER, strlen(USUAL_HEADER));
    token_append(&token, ".e30=", 5);
    token_append_signature(&token, KEY_A);
    CHECK_STATUS(run(), WARD_TOKEN_NOT_BASE64URL);
    check_wiped();
    token.length = 0;
    token_append_base64url(&token, USUAL_HEADER, strlen(USUAL_HEADER));
    token_append(&token, ".", 1);
    token_append_signature(&token, KEY_A);
    CHECK_STATUS(run(), WARD_JSON_MALFORMED);
}

TEST(takes_tokens_up_to_the_longest)
{
    static char payload[WARD_MAX_TOKEN];
    const size_t begin = strlen("{" CLAIMS_BUT_SCOPE ",\"x\":\"");
    memset(payload, 'x', sizeof payload);
    memcpy(payload, "{" CLAIMS_BUT_SCOPE ",\"x\":\"", begin);
    const size_t others = (strlen(USUAL_HEADER) * 4 + 2) / 3 + 2 + 342;
    const size_t longest = (WARD_MAX_TOKEN - others) * 3 / 4;
    memcpy(payload + longest - 2, "\"}", 3);
    make(USUAL_HEADER, payload);
    CHECK(token.length <= WARD_MAX_TOKEN && token.length > WARD_MAX_TOKEN - 4);
    CHECK_STATUS(run(), WARD_OK);
    memcpy(payload + longest - 2, "xxxx\"}", 7);
    make(USUAL_HEADER, payload);
    CHECK(token.length > WARD_MAX_TOKEN);
    CHECK_STATUS(run(), WARD_TOKEN_TOO_LONG);
    check_untouched();
}

TEST(refuses_more_claims_than_there_is_room_for)
{
    static char payload[2 * WARD_MAX_JSON_VALUES + 512];
    size_t length = strlen("{" CLAIMS_BUT_SCOPE ",\"x\":[");
    memcpy(payload, "{" CLAIMS_BUT_SCOPE ",\"x\":[", length);
    for (size_t i = 0; i < WARD_MAX_JSON_VALUES; i++, length += 2)
        memcpy(payload + length, "1,", 2);
    memcpy(payload + length - 1, "]}", 3);
    make(USUAL_HEADER, payload);
    CHECK_STATUS(run(), WARD_JSON_TOO_MANY_VALUES);
    check_wiped();
}

#if WARD_MAX_RSA_BITS >= 4096
TEST(verifies_under_keys_of_other_sizes)
{
    static const enum test_key sizes[] = { KEY_M, KEY_L, KEY_ODD };
    static struct ward_jwks set;
    static char json[2048];
    for (size_t i = 0; i < 3; i++) {
        memcpy(json, "{\"keys\":[", 9);
        const size_t length = 9 + jwk_write(json + 9, sizes[i], "\"kid\":\"a\",");
        memcpy(json + length, "]}", 2);
        CHECK_STATUS(jwks_read(json, length + 2, &set, NULL), WARD_OK);
        token_make(&token, sizes[i], USUAL_HEADER, USUAL_PAYLOAD);
        CHECK_STATUS(verify_guarded(&usual_expect, &set, ward_time_set(NOW), token.length), WARD_OK);
        token_make(&token, KEY_A, USUAL_HEADER, USUAL_PAYLOAD);
        CHECK_STATUS(verify_guarded(&usual_expect, &set, ward_time_set(NOW), token.length), WARD_SIGNATURE_LENGTH);
    }
}
#endif

SUITE(verify, CASE(accepts_the_usual_token), CASE(leaves_nothing_of_a_good_token_but_its_payload),
      CASE(checks_expectations_clock_and_keys_first), CASE(leaves_the_token_alone_until_the_key_is_found),
      CASE(a_token_of_an_unknown_key_can_be_tried_again), CASE(wipes_the_token_on_refusal_once_the_key_is_found),
      CASE(refuses_signatures_of_another_length), CASE(names_the_alphabet_of_a_signature_before_its_length),
      CASE(refuses_a_signature_under_another_key), CASE(refuses_a_payload_that_was_changed),
      CASE(says_nothing_of_the_payload_before_the_signature_holds), CASE(refuses_a_signed_payload_that_is_no_base64url),
      CASE(takes_tokens_up_to_the_longest),
#if WARD_MAX_RSA_BITS >= 4096
      CASE(verifies_under_keys_of_other_sizes),
#endif
      CASE(refuses_more_claims_than_there_is_room_for));
