/* SPDX-License-Identifier: Apache-2.0 */
/* Every value of every byte of a token, and every cut of one. What each must come to is told by the rules of the form
 * alone, without reading the token as ward does. */
#include "guard.h"
#include "stride.h"
#include "token.h"

static struct test_token token;
static struct ward_claims claims;
static size_t first_dot;
static size_t second_dot;

static void make_token(void)
{
    token_make_usual(&token);
    const char *const dot = memchr(token.data, '.', token.length);
    CHECK(dot != NULL);
    first_dot = (size_t)(dot - token.data);
    second_dot = first_dot + 1 + (size_t)((const char *)memchr(dot + 1, '.', token.length - first_dot - 1) - (dot + 1));
}

static struct ward_status check_copy(char *copy, size_t length)
{
    memset(&claims, 0x5a, sizeof claims);
    return ward_verify(&usual_expect, usual_keys(), ward_time_set(NOW), copy, length, &test_work, &claims);
}

static bool is_base64url(uint8_t value)
{
    return (value >= 'A' && value <= 'Z') || (value >= 'a' && value <= 'z') || (value >= '0' && value <= '9') ||
           value == '-' || value == '_';
}

/* Two of the last six bits of the signature's 342 characters are used: those of A, Q, g and w set no other. */
static bool ends_a_signature(uint8_t value)
{
    return value == 'A' || value == 'Q' || value == 'g' || value == 'w';
}

/* The result of a token whose byte at `position` became `value`; WARD_NO_RESULT where it depends on the header's JSON. */
static enum ward_code expected(size_t position, uint8_t value)
{
    if (value == (uint8_t)token.data[position])
        return WARD_OK;
    if (value == '.' || position == first_dot || position == second_dot)
        return WARD_TOKEN_MALFORMED;
    if (position < first_dot)
        return is_base64url(value) ? WARD_NO_RESULT : WARD_TOKEN_NOT_BASE64URL;
    if (position < second_dot)
        return WARD_SIGNATURE_INVALID;
    if (!is_base64url(value) || (position == token.length - 1 && !ends_a_signature(value)))
        return WARD_TOKEN_NOT_BASE64URL;
    return WARD_SIGNATURE_INVALID;
}

/* A header that was changed may break the form, its JSON, a rule or the choice of the key; else it was not signed. */
static bool is_result_of_a_header(uint32_t code)
{
    return code == WARD_TOKEN_NOT_BASE64URL || (code >= WARD_JSON_MALFORMED && code <= WARD_JSON_BYTE_ORDER_MARK) ||
           (code >= WARD_HEADER_TOO_LONG && code <= WARD_KEY_UNKNOWN) || code == WARD_SIGNATURE_INVALID;
}

static void check_wiped(const char *copy)
{
    for (size_t i = 0; i < token.length; i++)
        CHECK_NUMBER(copy[i], 0);
}

/* Before the key is found the token stays as it is, after that nothing of it does. */
static void check_what_is_left(const char *copy, const char *changed, bool key_found)
{
    CHECK_ZERO(claims);
    CHECK_ZERO(test_work);
    if (key_found)
        check_wiped(copy);
    else
        CHECK(memcmp(copy, changed, token.length) == 0);
}

static void check_value(size_t position, uint8_t value)
{
    static struct test_token changed;
    const enum ward_code code = expected(position, value);
    memcpy(changed.data, token.data, token.length);
    changed.data[position] = (char)value;
    char *const copy = guard_copy(changed.data, token.length);
    const struct ward_status status = check_copy(copy, token.length);
    if (code == WARD_NO_RESULT)
        CHECK(is_result_of_a_header(status.code));
    else
        CHECK_STATUS(status, code);
    CHECK(ward_ok(status) == (value == (uint8_t)token.data[position]));
    if (!ward_ok(status))
        check_what_is_left(copy, changed.data,
                           status.code == WARD_SIGNATURE_INVALID ||
                               (position > second_dot && code != WARD_TOKEN_MALFORMED));
}

static void check_values_between(size_t begin, size_t end)
{
    make_token();
    for (size_t position = begin; position < end; position += stride())
        for (unsigned value = 0; value < 256; value++)
            check_value(position, (uint8_t)value);
}

TEST(every_value_of_every_byte_of_the_header_is_refused_but_its_own)
{
    make_token();
    check_values_between(0, first_dot);
}

TEST(every_value_of_a_dot_is_refused_but_a_dot)
{
    make_token();
    check_values_between(first_dot, first_dot + 1);
    check_values_between(second_dot, second_dot + 1);
}

TEST(every_value_of_every_byte_of_the_payload_is_refused_but_its_own)
{
    make_token();
    check_values_between(first_dot + 1, second_dot);
}

TEST(every_value_of_every_byte_of_the_signature_is_refused_but_its_own)
{
    make_token();
    check_values_between(second_dot + 1, token.length);
    check_values_between(token.length - 1, token.length);
}

/* Whether base64url may end after so many characters of the signature: no bit of the last one is left over. */
static bool may_end_after(size_t length)
{
    static const char *const last[] = { NULL, "", "AQgw", "AEIMQUYcgkosw048" };
    return length % 4 == 0 || strchr(last[length % 4], token.data[second_dot + length]) != NULL;
}

static enum ward_code expected_of_head(size_t length)
{
    if (length == 0)
        return WARD_TOKEN_EMPTY;
    if (length <= first_dot)
        return WARD_TOKEN_OPAQUE;
    if (length <= second_dot)
        return WARD_TOKEN_MALFORMED;
    if (length == token.length)
        return WARD_OK;
    return may_end_after(length - second_dot - 1) ? WARD_SIGNATURE_LENGTH : WARD_TOKEN_NOT_BASE64URL;
}

TEST(every_token_that_is_cut_off_is_refused)
{
    make_token();
    for (size_t length = 0; length <= token.length; length++)
        CHECK_STATUS(check_copy(guard_copy(token.data, length), length), expected_of_head(length));
}

/* What is left when the begin is lost; a header that lost all but its last characters may still be base64url. */
TEST(every_token_without_its_begin_is_refused)
{
    make_token();
    for (size_t lost = 1; lost <= token.length; lost++) {
        const struct ward_status status = check_copy(guard_copy(token.data + lost, token.length - lost),
                                                     token.length - lost);
        if (lost == token.length)
            CHECK_STATUS(status, WARD_TOKEN_EMPTY);
        else if (lost > second_dot)
            CHECK_STATUS(status, WARD_TOKEN_OPAQUE);
        else if (lost > first_dot)
            CHECK_STATUS(status, WARD_TOKEN_MALFORMED);
        else
            CHECK(is_result_of_a_header(status.code) && status.code != WARD_SIGNATURE_INVALID);
    }
}

SUITE(token_bytes, CASE(every_value_of_every_byte_of_the_header_is_refused_but_its_own),
      CASE(every_value_of_a_dot_is_refused_but_a_dot),
      CASE(every_value_of_every_byte_of_the_payload_is_refused_but_its_own),
      CASE(every_value_of_every_byte_of_the_signature_is_refused_but_its_own),
      CASE(every_token_that_is_cut_off_is_refused), CASE(every_token_without_its_begin_is_refused));
