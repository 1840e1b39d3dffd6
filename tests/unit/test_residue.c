/* SPDX-License-Identifier: Apache-2.0 */
/* What a check leaves behind: nothing in the workspace after a refusal, nothing of the token on the stack after any end. */
#include "crypto_faults.h"
#include "guard.h"
#include "platform.h"
#include "residue.h"

/* How the usual token is spoiled. */
enum spoil {
    AS_IT_IS,
    EMPTIED,
    WITHOUT_DOTS,
    WITH_A_DOT_MORE,
    WITH_A_SPACE,
    SHORT_BY_TWO,
    WITH_PADDING,
    WITH_A_BIT_TURNED
};

struct ending {
    const char *name;
    const char *header;
    const char *payload;
    enum spoil spoil;
    enum ward_code code;
    bool key_found; /* from then on the token is wiped, before it is untouched */
};

#define OTHER_ISSUER                                                                                                   \
    "{\"iss\":\"https://other.example/\",\"sub\":\"auth0|65f0c0ffee\",\"aud\":\"" AUDIENCE "\",\"exp\":" EXPIRY_TEXT "}"
#define EXPIRED "{\"iss\":\"" ISSUER "\",\"sub\":\"auth0|65f0c0ffee\",\"aud\":\"" AUDIENCE "\",\"exp\":1}"

static const struct ending endings[] = {
    { "accepted", USUAL_HEADER, USUAL_PAYLOAD, AS_IT_IS, WARD_OK, true },
    { "empty", USUAL_HEADER, USUAL_PAYLOAD, EMPTIED, WARD_TOKEN_EMPTY, false },
    { "opaque", USUAL_HEADER, USUAL_PAYLOAD, WITHOUT_DOTS, WARD_TOKEN_OPAQUE, false },
    { "malformed", USUAL_HEADER, USUAL_PAYLOAD, WITH_A_DOT_MORE, WARD_TOKEN_MALFORMED, false },
    { "header not base64url", USUAL_HEADER, USUAL_PAYLOAD, WITH_A_SPACE, WARD_TOKEN_NOT_BASE64URL, false },
    { "header not JSON", "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"aaaaaaaa\"", USUAL_PAYLOAD, AS_IT_IS,
      WARD_JSON_MALFORMED, false },
    { "header with an escape", "{\"alg\":\"RS256\",\"kid\":\"aaaaaaaaaa\\u0062\"}", USUAL_PAYLOAD, AS_IT_IS,
      WARD_KEY_UNKNOWN, false },
    { "algorithm", "{\"alg\":\"HS256\",\"kid\":\"a\",\"padding\":\"aaaaaaaaaaaaaaaa\"}", USUAL_PAYLOAD, AS_IT_IS,
      WARD_ALGORITHM_REFUSED, false },
    { "key unknown", "{\"alg\":\"RS256\",\"kid\":\"no-such-key-in-the-set\"}", USUAL_PAYLOAD, AS_IT_IS,
      WARD_KEY_UNKNOWN, false },
    { "signature length", USUAL_HEADER, USUAL_PAYLOAD, SHORT_BY_TWO, WARD_SIGNATURE_LENGTH, true },
    { "signature not base64url", USUAL_HEADER, USUAL_PAYLOAD, WITH_PADDING, WARD_TOKEN_NOT_BASE64URL, true },
    { "signature invalid", USUAL_HEADER, USUAL_PAYLOAD, WITH_A_BIT_TURNED, WARD_SIGNATURE_INVALID, true },
    { "payload not JSON", USUAL_HEADER, "{\"iss\":\"" ISSUER "\",\"sub\"}", AS_IT_IS, WARD_JSON_MALFORMED, true },
    { "issuer", USUAL_HEADER, OTHER_ISSUER, AS_IT_IS, WARD_ISSUER_REFUSED, true },
    { "expired", USUAL_HEADER, EXPIRED, AS_IT_IS, WARD_TOKEN_EXPIRED, true }
};
enum { ENDINGS = sizeof endings / sizeof endings[0] };

static struct test_token token;
static struct ward_claims claims;
static const struct ward_jwks *keys;
static char *input;
static size_t input_length;
static struct ward_status result;

static void spoil_token(enum spoil spoil)
{
    char *const last = token.data + token.length - 1;
    switch (spoil) {
    case EMPTIED: token.length = 0; break;
    case WITHOUT_DOTS: token.length = 40; break;
    case WITH_A_DOT_MORE: token.data[4] = '.'; break;
    case WITH_A_SPACE: token.data[token.length / 64] = ' '; break;
    case SHORT_BY_TWO: token.length -= 2; break;
    case WITH_PADDING: *last = '='; break;
    case WITH_A_BIT_TURNED: last[-100] = last[-100] == 'A' ? 'B' : 'A'; break;
    default: break;
    }
}

static void call_verify(void)
{
    result = ward_verify(&usual_expect, keys, ward_time_set(NOW), input, input_length, &test_work, &claims);
}

/* The token that comes to this ending, checked on a painted stack with a workspace full of something else. The backend
 * fails at call `fault`, counted from 1; 0: it does not. */
static void come_to(const struct ending *ending, unsigned fault)
{
    keys = usual_keys();
    token_make(&token, KEY_A, ending->header, ending->payload);
    spoil_token(ending->spoil);
    residue_know(&token, &keys->key[0]);
    input = guard_copy(token.data, token.length);
    input_length = token.length;
    memset(&test_work, 0x5a, sizeof test_work);
    crypto_fail_at(fault, WARD_CRYPTO_FAILED);
    residue_run(call_verify);
    crypto_fail_at(0, 0);
}

TEST(what_looks_for_residue_knows_the_numbers_of_the_check)
{
    come_to(&endings[0], 0);
    CHECK_STATUS(result, WARD_OK);
    CHECK(residue_steps_are_right(&keys->key[0]));
}

static const uint8_t *leaked;

PLAIN_FRAME static void leak(void)
{
    uint8_t copy[12];
    memcpy(copy, leaked, sizeof copy);
    KEEP_WHOLE(copy);
}

TEST(what_looks_for_residue_finds_a_piece_of_anything)
{
    static const char payload[] = "\"aud\":[\"https:";
    static const char header[] = "\"RS256\",\"typ\"";
    come_to(&endings[0], 0);
    leaked = (const uint8_t *)header;
    residue_run(leak);
    CHECK_TEXT(text(residue_found()), "a piece of the header");
    leaked = (const uint8_t *)payload;
    residue_run(leak);
    CHECK_TEXT(text(residue_found()), "a piece of the payload");
    token_make_usual(&token);
    leaked = (const uint8_t *)token.data + 100;
    residue_run(leak);
    CHECK_TEXT(text(residue_found()), "characters of a token");
}

TEST(no_end_of_a_check_leaves_a_piece_of_the_token_on_the_stack)
{
    for (size_t i = 0; i < ENDINGS; i++) {
        come_to(&endings[i], 0);
        CHECK_STATUS(result, endings[i].code);
        check_no_residue(endings[i].name);
    }
}

TEST(a_refusal_leaves_nothing_in_the_workspace)
{
    for (size_t i = 1; i < ENDINGS; i++) {
        come_to(&endings[i], 0);
        CHECK_STATUS(result, endings[i].code);
        CHECK_ZERO(test_work);
        CHECK_ZERO(claims);
    }
}

TEST(a_refusal_leaves_the_token_as_it_was_or_nothing_of_it)
{
    for (size_t i = 1; i < ENDINGS; i++) {
        come_to(&endings[i], 0);
        for (size_t at = 0; at < input_length; at++)
            CHECK_NUMBER(input[at], endings[i].key_found ? 0 : token.data[at]);
    }
}

TEST(no_fault_of_the_backend_leaves_a_piece_of_the_token_on_the_stack)
{
    unsigned fault = 1;
    for (come_to(&endings[0], fault); !ward_ok(result); come_to(&endings[0], ++fault)) {
        CHECK_STATUS(result, WARD_CRYPTO_FAILED);
        check_no_residue("a fault");
        CHECK_ZERO(test_work);
        for (size_t at = 0; at < input_length; at++)
            CHECK_NUMBER(input[at], 0);
    }
    CHECK_NUMBER(fault, 5 + platform_steps());
}

SUITE(residue, CASE(what_looks_for_residue_knows_the_numbers_of_the_check),
      CASE(what_looks_for_residue_finds_a_piece_of_anything),
      CASE(no_end_of_a_check_leaves_a_piece_of_the_token_on_the_stack), CASE(a_refusal_leaves_nothing_in_the_workspace),
      CASE(a_refusal_leaves_the_token_as_it_was_or_nothing_of_it),
      CASE(no_fault_of_the_backend_leaves_a_piece_of_the_token_on_the_stack));
