/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle of an operator by itself: what is taken and what is not, and what a firmware says of bundles. */
#include "bundle_fixture.h"
#include "crypto_faults.h"
#include "keys/bundle.h"

#if WARD_MAX_BUNDLE > 0

/* ---- One bundle. */

TEST(a_bundle_brings_the_issuers_keys)
{
    bundle_begin();
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_KEYS_ABSENT);
    words.keys = "ab";
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_OK);
    const struct ward_bundle_info info = ward_keyring_bundle_info(&ring);
    CHECK_NUMBER(info.sequence, 1);
    CHECK_NUMBER(info.issued, NOW);
    CHECK_NUMBER(info.expires, NOW + 86400);
    CHECK_NUMBER(info.denials, 0);
    CHECK_NUMBER(info.issued_until, 0);
    CHECK(info.keys && info.signer);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_BUNDLE_TAKEN);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
}

TEST(before_any_bundle_nothing_is_known_of_one)
{
    bundle_begin();
    const struct ward_bundle_info info = ward_keyring_bundle_info(&ring);
    CHECK_ZERO(info);
}

TEST(a_claim_that_is_not_right_refuses_by_name)
{
    static const struct {
        const char **member;
        const char *value;
        enum ward_code code;
    } cases[] = { { &words.iss, NULL, WARD_ISSUER_MISSING },
                  { &words.iss, "\"" ISSUER "\"", WARD_BUNDLE_OPERATOR },
                  { &words.iss, "1", WARD_ISSUER_INVALID },
                  { &words.aud, NULL, WARD_AUDIENCE_MISSING },
                  { &words.aud, "\"ovens\"", WARD_BUNDLE_FLEET },
                  { &words.aud, "[\"ovens\",\"lamps\"]", WARD_BUNDLE_FLEET },
                  { &words.sub, NULL, WARD_SUBJECT_MISSING },
                  { &words.sub, "\"https://other/\"", WARD_BUNDLE_ISSUER },
                  { &words.sub, "\"" ISSUER "x\"", WARD_BUNDLE_ISSUER },
                  { &words.keys, NULL, WARD_JWKS_MALFORMED },
                  { &words.keys, "c", WARD_BUNDLE_OPERATOR_KEY },
                  { &words.keys, "ac", WARD_BUNDLE_OPERATOR_KEY },
                  { &words.more, ",\"cnf\":{}", WARD_SENDER_CONSTRAINED },
                  { &words.more, ",\"nbf\":1767225601", WARD_TOKEN_NOT_YET_VALID },
                  { &words.more, ",\"seq\":2", WARD_JSON_DUPLICATE_MEMBER },
                  { &words.more, ",\"keys\":[]", WARD_JWKS_DUPLICATE_MEMBER },
                  { &words.more, ",\"x\":", WARD_JSON_MALFORMED } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bundle_begin();
        *cases[i].member = cases[i].value;
        bundle_refuse(cases[i].code);
        bundle_usual();
        CHECK_STATUS(bundle_take(), WARD_OK);
        words.seq = 2;
        *cases[i].member = cases[i].value;
        bundle_refuse(cases[i].code);
    }
}

TEST(one_of_several_audiences_is_the_fleet)
{
    bundle_begin();
    words.aud = "[\"ovens\",\"" FLEET "\"]";
    CHECK_STATUS(bundle_take(), WARD_OK);
}

TEST(a_header_that_is_not_right_refuses_by_name)
{
    static const struct {
        const char *header;
        enum ward_code code;
    } cases[] = { { "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"c\"}", WARD_TYPE_REFUSED },
                  { "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"c\"}", WARD_TYPE_REFUSED },
                  { "{\"alg\":\"RS256\",\"kid\":\"c\"}", WARD_TYPE_MISSING },
                  { "{\"alg\":\"none\",\"typ\":\"jwk-set+jwt\",\"kid\":\"c\"}", WARD_ALGORITHM_REFUSED },
                  { "{\"alg\":\"RS256\",\"typ\":\"jwk-set+jwt\"}", WARD_KID_MISSING },
                  { BUNDLE_HEADER("a"), WARD_BUNDLE_SIGNER },
                  { BUNDLE_HEADER("d"), WARD_SIGNATURE_INVALID } };
    bundle_begin();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        words.header = cases[i].header;
        bundle_refuse(cases[i].code);
    }
}

TEST(a_sequence_number_is_1_to_2_to_the_53)
{
    bundle_begin();
    words.seq = 0;
    bundle_refuse(WARD_BUNDLE_SEQUENCE_INVALID);
    words.seq = 9007199254740993u;
    bundle_refuse(WARD_BUNDLE_SEQUENCE_INVALID);
    words.seq = 9007199254740992u;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 9007199254740992u);
}

/* Bundles in which a number or a word stands that the usual words cannot say. */
static enum ward_code given(const char *claims)
{
    static struct test_token bundle;
    static char payload[2048];
    size_t at = 0;
    memcpy(payload, claims, strlen(claims));
    at += strlen(claims);
    memcpy(payload + at, ring_set("a") + 1, strlen(ring_set("a")) - 1);
    at += strlen(ring_set("a")) - 1;
    payload[at] = '\0';
    token_make(&bundle, KEY_C, BUNDLE_HEADER("c"), payload);
    return (enum ward_code)bundle_give(&bundle).code;
}

#define NAMES "{\"iss\":\"" OPERATOR "\",\"sub\":\"" ISSUER "\",\"aud\":\"" FLEET "\","
#define TIMES "\"iat\":" NOW_TEXT ",\"exp\":" EXPIRY_TEXT ","

TEST(number_and_time_of_issue_must_be_there)
{
    bundle_begin();
    CHECK_NUMBER(given(NAMES TIMES), WARD_BUNDLE_SEQUENCE_INVALID);
    CHECK_NUMBER(given(NAMES TIMES "\"seq\":\"1\","), WARD_BUNDLE_SEQUENCE_INVALID);
    CHECK_NUMBER(given(NAMES TIMES "\"seq\":1.5,"), WARD_BUNDLE_SEQUENCE_INVALID);
    CHECK_NUMBER(given(NAMES TIMES "\"seq\":-1,"), WARD_BUNDLE_SEQUENCE_INVALID);
    CHECK_NUMBER(given(NAMES "\"seq\":1,\"exp\":" EXPIRY_TEXT ","), WARD_ISSUED_MISSING);
    CHECK_NUMBER(given(NAMES "\"seq\":1,\"iat\":0,\"exp\":" EXPIRY_TEXT ","), WARD_ISSUED_MISSING);
    CHECK_NUMBER(given(NAMES "\"seq\":1,\"iat\":" NOW_TEXT ","), WARD_EXPIRY_MISSING);
    CHECK_NUMBER(given(NAMES TIMES "\"seq\":1,"), WARD_OK);
}

/* Under two names, so that the second id fails too. */
static void begin_of_two_issuers(void)
{
    static struct ward_expect two;
    static const struct ward_text issuers[] = { WARD_TEXT(ISSUER), WARD_TEXT("https://login.example/") };
    bundle_begin();
    two = usual_expect;
    two.issuers.item = issuers;
    two.issuers.count = 2;
    two.authority.length = 0;
    bundle_config.expect = &two;
    words.deny = "[{\"sub\":\"auth0|someone\",\"issued_until\":" NOW_TEXT "}]";
}

TEST(a_fault_of_the_backend_takes_nothing)
{
    begin_of_two_issuers();
    const struct test_token *bundle = bundle_make();
    crypto_fail_at(0, 0);
    CHECK_STATUS(bundle_give(bundle), WARD_OK);
    const unsigned calls = crypto_calls();
    CHECK(calls > 10);
    for (unsigned call = 1; call <= calls; call++) {
        begin_of_two_issuers();
        bundle = bundle_make();
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(bundle_give(bundle), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 0);
        CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    }
    crypto_fail_at(0, 0);
}

TEST(a_bundle_that_is_cut_or_changed_is_none)
{
    static struct test_token whole;
    static struct test_token changed;
    bundle_begin();
    whole = *bundle_make();
    changed = whole;
    for (size_t length = 0; length < whole.length; length += WARD_HOSTED ? 1 : 61) {
        changed.length = length;
        CHECK(!ward_ok(bundle_give(&changed)));
    }
    changed.length = whole.length;
    for (size_t at = 0; at < whole.length; at += WARD_HOSTED ? 3 : 127) {
        changed.data[at] ^= 1;
        CHECK(!ward_ok(bundle_give(&changed)));
        changed.data[at] ^= 1;
    }
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 0);
    CHECK_STATUS(bundle_give(&changed), WARD_OK);
}

TEST(a_line_end_of_a_file_is_none_of_the_bundle)
{
    static const struct {
        const char *end;
        enum ward_code code;
    } ends[] = { { "\n", WARD_OK },
                 { "\r\n", WARD_OK },
                 { "\n\n", WARD_TOKEN_NOT_BASE64URL },
                 { "\r", WARD_TOKEN_NOT_BASE64URL },
                 { " ", WARD_TOKEN_NOT_BASE64URL } };
    static struct test_token line;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        bundle_begin();
        line = *bundle_make();
        token_append(&line, ends[i].end, strlen(ends[i].end));
        CHECK_STATUS(bundle_give(&line), ends[i].code);
    }
    line.length = 0;
    token_append(&line, "\r\n", 2);
    CHECK_STATUS(bundle_give(&line), WARD_TOKEN_EMPTY);
    line.length = 1;
    line.data[0] = '\n';
    CHECK_STATUS(bundle_give(&line), WARD_TOKEN_EMPTY);
}

/* Payload and signature of 342 characters take more, so that the rest is spaces. */
static struct ward_status give_long(size_t length)
{
    static struct test_token bundle;
    static char payload[WARD_MAX_BUNDLE];
    const size_t header = (strlen(words.header) * 4 + 2) / 3;
    const size_t size = (length - header - 342 - 2) * 3 / 4;
    memset(payload, ' ', size);
    payload[size] = '\0';
    memcpy(payload, NAMES TIMES "\"seq\":1,", strlen(NAMES TIMES "\"seq\":1,"));
    memcpy(payload + size - strlen(ring_set("a")) + 1, ring_set("a") + 1, strlen(ring_set("a")) - 1);
    token_make(&bundle, KEY_C, words.header, payload);
    CHECK_NUMBER(bundle.length, length);
    return bundle_give(&bundle);
}

TEST(a_bundle_has_at_most_as_many_bytes_as_the_limit)
{
    bundle_begin();
    /* A length that base64url can have: of four characters one is not at the end. */
    size_t most = WARD_MAX_BUNDLE;
    while ((most - (strlen(words.header) * 4 + 2) / 3 - 342 - 2) % 4 == 1)
        most--;
    CHECK_STATUS(give_long(most), WARD_OK);
    bundle_begin();
    CHECK_STATUS(give_long(most + 4), WARD_BUNDLE_TOO_LONG);
}

TEST(a_payload_that_is_no_base64url_is_refused_under_a_good_signature)
{
    static struct test_token bundle;
    bundle_begin();
    bundle.length = 0;
    token_append_base64url(&bundle, BUNDLE_HEADER("c"), strlen(BUNDLE_HEADER("c")));
    token_append(&bundle, ".e30=", 5);
    token_append_signature(&bundle, KEY_C);
    CHECK_STATUS(bundle_give(&bundle), WARD_TOKEN_NOT_BASE64URL);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 0);
}

/* ---- Configuration. */

static enum ward_code configured(void)
{
    ring_config.bundles = &bundle_config;
    const enum ward_code code = (enum ward_code)ward_keyring_check(&ring_config).code;
    bundle_begin();
    return code;
}

TEST(a_configuration_of_bundles_has_all_its_fields)
{
    static char long_text[256];
    static char memory[1];
    static struct ward_jwks keys;
    memset(long_text, 'a', sizeof long_text);
    bundle_begin();
    CHECK_NUMBER(configured(), WARD_OK);
    bundle_config.operator_name.length = 0;
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
    bundle_config.operator_name = ward_text_of(long_text, 256);
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
    bundle_config.operator_name = ward_text_of(long_text, 255);
    CHECK_NUMBER(configured(), WARD_OK);
    bundle_config.fleet.length = 0;
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
    bundle_config.fleet = ward_text_of(long_text, 256);
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
    bundle_config.expect = NULL;
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
    bundle_config.keys = NULL;
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
    bundle_config.buffer = memory;
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
    bundle_config.buffer = memory;
    bundle_config.size = 1;
    CHECK_NUMBER(configured(), WARD_OK);
    keys = bundle_keys;
    bundle_config.keys = &keys;
    CHECK_NUMBER(configured(), WARD_OK);
    for (unsigned count = 0; count < 4; count++) {
        keys.count = (uint8_t)count;
        keys.key[2] = usual_keys()->key[0];
        bundle_config.keys = &keys;
        CHECK_NUMBER(configured(), count == 1 || count == 2 ? WARD_OK : WARD_KEYRING_BUNDLES);
    }
    keys = bundle_keys;
    keys.key[1].kid_length = 0;
    bundle_config.keys = &keys;
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
    keys = bundle_keys;
    memcpy(keys.key[1].kid, keys.key[0].kid, sizeof keys.key[1].kid);
    bundle_config.keys = &keys;
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
    keys = bundle_keys;
    memcpy(keys.key[1].n, keys.key[0].n, sizeof keys.key[1].n);
    bundle_config.keys = &keys;
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
}

TEST(compiled_keys_are_none_of_the_operators)
{
    static struct ward_jwks keys;
    bundle_begin();
    ring_config.compiled = usual_keys();
    CHECK_NUMBER(configured(), WARD_OK);
    keys = *usual_keys();
    memcpy(keys.key[1].n, bundle_keys.key[1].n, sizeof keys.key[1].n);
    ring_config.compiled = &keys;
    CHECK_NUMBER(configured(), WARD_KEYRING_BUNDLES);
}

TEST(a_device_that_is_never_online_may_begin_without_keys)
{
    bundle_begin();
    ring_config.url.length = 0;
    CHECK_STATUS(ward_keyring_check(&ring_config), WARD_OK);
    ring_begin();
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("a"));
    ring_config.bundles = NULL;
    CHECK_STATUS(ward_keyring_check(&ring_config), WARD_KEYRING_URL);
}

TEST(a_gate_has_the_expectations_of_its_bundles)
{
    static struct ward_expect other;
    bundle_begin();
    other = usual_expect;
    bundle_config.expect = &other;
    CHECK_STATUS(bundle_start_gate(), WARD_GATE_BUNDLES);
}

TEST(without_an_operator_no_bundle_is_taken)
{
    bundle_begin();
    ring_config.bundles = NULL;
    bundle_refuse(WARD_BUNDLE_NOT_CONFIGURED);
}

SUITE(bundle, CASE(a_bundle_brings_the_issuers_keys), CASE(before_any_bundle_nothing_is_known_of_one),
      CASE(a_claim_that_is_not_right_refuses_by_name), CASE(one_of_several_audiences_is_the_fleet),
      CASE(a_header_that_is_not_right_refuses_by_name), CASE(a_sequence_number_is_1_to_2_to_the_53),
      CASE(number_and_time_of_issue_must_be_there), CASE(a_fault_of_the_backend_takes_nothing),
      CASE(a_bundle_that_is_cut_or_changed_is_none), CASE(a_line_end_of_a_file_is_none_of_the_bundle),
      CASE(a_bundle_has_at_most_as_many_bytes_as_the_limit),
      CASE(a_payload_that_is_no_base64url_is_refused_under_a_good_signature),
      CASE(a_configuration_of_bundles_has_all_its_fields), CASE(compiled_keys_are_none_of_the_operators),
      CASE(a_device_that_is_never_online_may_begin_without_keys), CASE(a_gate_has_the_expectations_of_its_bundles),
      CASE(without_an_operator_no_bundle_is_taken));

#else

TEST(a_build_without_bundles_takes_none)
{
    static char bundle[] = "e30.e30.AA";
    static const struct ward_bundle_config operators = { .expect = &usual_expect };
    ring_usual();
    ring_config.bundles = &operators;
    CHECK_STATUS(ward_keyring_check(&ring_config), WARD_KEYRING_BUNDLES);
    ring_usual();
    ring_begin();
    CHECK_STATUS(ward_keyring_bundle(&ring, bundle, sizeof bundle - 1, ring_time, ring_uptime, &test_work),
                 WARD_BUNDLE_NOT_CONFIGURED);
    const struct ward_bundle_info info = ward_keyring_bundle_info(&ring);
    CHECK_ZERO(info);
}

SUITE(bundle, CASE(a_build_without_bundles_takes_none));

#endif
