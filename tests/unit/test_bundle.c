/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of an operator: what is taken and what is not, in which order, and for how long. */
#include "bundle_fixture.h"
#include "crypto_faults.h"
#include "guard.h"
#include "keys/bundle.h"
#include "keys/keyring.h"

#if WARD_MAX_BUNDLE > 0

enum { LATER = 1000 };

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

/* ---- One after the other. */

static void follow(uint64_t seq, uint64_t iat, enum test_key signer)
{
    words.seq = seq;
    words.iat = iat;
    words.signer = signer;
    words.header = signer == KEY_C ? BUNDLE_HEADER("c") : BUNDLE_HEADER("d");
}

TEST(of_one_operator_key_only_a_higher_number_follows)
{
    bundle_begin();
    follow(5, NOW, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    follow(4, NOW + 10, KEY_C);
    bundle_refuse(WARD_BUNDLE_OLDER);
    follow(5, NOW + 10, KEY_C);
    bundle_refuse(WARD_BUNDLE_CHANGED);
    follow(6, NOW - 10, KEY_C);
    words.keys = "b";
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("b"));
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW - 10);
    follow(5, NOW, KEY_C);
    bundle_refuse(WARD_BUNDLE_OLDER);
}

TEST(the_same_once_more_changes_nothing_and_writes_nothing)
{
    struct bundle_known before;
    struct bundle_known after;
    bundle_begin();
    words.deny = "[{\"sub\":\"auth0|someone\",\"issued_until\":\"always\"}]";
    CHECK_STATUS(bundle_take(), WARD_OK);
    ring.change = WARD_CHANGE_NONE;
    ring.notices = 0;
    bundle_know(&before);
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_know(&after);
    CHECK(memcmp(&before, &after, sizeof before) == 0);
    CHECK_NUMBER(ring.notices, 0);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_SUBJECT_DENIED);
}

TEST(two_operator_keys_count_on_their_own_and_never_back_in_time)
{
    bundle_begin();
    follow(5, NOW, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    follow(1, NOW - 1, KEY_D);
    bundle_refuse(WARD_BUNDLE_EARLIER);
    follow(1, NOW, KEY_D);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 1);
    /* The same one as before: its number was there, and it is no longer in force. */
    follow(5, NOW, KEY_C);
    bundle_refuse(WARD_BUNDLE_OLDER);
    follow(6, NOW - 1, KEY_C);
    bundle_refuse(WARD_BUNDLE_EARLIER);
    follow(6, NOW, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    follow(1, NOW, KEY_D);
    bundle_refuse(WARD_BUNDLE_OLDER);
    follow(2, NOW + 1, KEY_D);
    CHECK_STATUS(bundle_take(), WARD_OK);
}

/* ---- Whose keys verify what. */

TEST(an_operators_key_never_verifies_a_token_nor_an_issuers_a_bundle)
{
    static struct test_token token;
    struct ward_claims claims;
    bundle_begin();
    words.keys = "ab";
    CHECK_STATUS(bundle_take(), WARD_OK);
    token_make(&token, KEY_C, "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"c\"}", USUAL_PAYLOAD);
    CHECK_STATUS(verify_with(ward_keyring_keys(&ring), &token, &usual_expect, &claims), WARD_KEY_UNKNOWN);
    test_caller.now = ring_time;
    CHECK_STATUS(ask(&token, NULL), WARD_KEY_REFRESH_PENDING);
    follow(2, NOW, KEY_C);
    words.signer = KEY_A;
    bundle_refuse(WARD_SIGNATURE_INVALID);
    words.header = BUNDLE_HEADER("a");
    bundle_refuse(WARD_BUNDLE_SIGNER);
    /* A bundle is no token, whoever has signed it. */
    token_make(&token, KEY_A, BUNDLE_HEADER("a"), USUAL_PAYLOAD);
    CHECK_STATUS(verify_with(ward_keyring_keys(&ring), &token, &usual_expect, &claims), WARD_TYPE_REFUSED);
}

TEST(a_fetched_set_with_an_operators_key_is_refused)
{
    bundle_begin();
    CHECK_STATUS(ring_fetch(ring_set("ac"), &ring_good), WARD_BUNDLE_OPERATOR_KEY);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_STATUS(ring_fetch(ring_set("ab"), &ring_good), WARD_OK);
    ring_config.bundles = NULL;
    CHECK_STATUS(ring_fetch(ring_set("ac"), &ring_good), WARD_OK);
}

/* ---- The later word. */

TEST(keys_are_those_of_the_later_word)
{
    bundle_begin();
    ring_time = ward_time_set(NOW + 50);
    ring_fill("ab");
    follow(1, NOW + 49, KEY_C);
    words.deny = "[{\"sub\":\"auth0|someone\",\"issued_until\":\"always\"}]";
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("ab"));
    CHECK(!ward_keyring_bundle_info(&ring).keys);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW + 50);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_SUBJECT_DENIED);
    follow(2, NOW + 50, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK(ward_keyring_bundle_info(&ring).keys);
    /* Of bundles the number says which is the later one. */
    follow(3, NOW + 10, KEY_C);
    words.keys = "b";
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("b"));
    ring_fill("a");
    CHECK(ring_has("a"));
    CHECK(!ward_keyring_bundle_info(&ring).keys);
}

TEST(keys_of_the_firmware_are_as_old_as_its_build)
{
    bundle_begin();
    ring_config.compiled = usual_keys();
    ring_begin();
    follow(1, ring_config.build_time - 1, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ward_keyring_keys(&ring) == usual_keys());
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 1);
    follow(2, ring_config.build_time, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("a"));
}

TEST(where_there_are_no_keys_any_will_do)
{
    bundle_begin();
    follow(1, 1, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK_NUMBER(ring.clock.bundled, 0);
    follow(2, 301, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ring.clock.bundled, 1);
}

/* ---- Times. */

TEST(keys_serve_until_the_earlier_of_exp_and_max_stale)
{
    bundle_begin();
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 86399)), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 86400)), WARD_KEYS_STALE);
    words.seq = 2;
    words.exp = NOW + 60u * 86400u;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 7u * 86400u)), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 7u * 86400u + 1)), WARD_KEYS_STALE);
    /* What was fetched since has no `exp`. */
    words.seq = 3;
    words.exp = NOW + 10;
    CHECK_STATUS(bundle_take(), WARD_OK);
    ring_fill("a");
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 86400)), WARD_OK);
}

TEST(an_expired_bundle_is_refused_and_denials_outlive_their_bundle)
{
    bundle_begin();
    words.deny = "[{\"sub\":\"auth0|someone\",\"issued_until\":\"always\"}]";
    ring_time = ward_time_set(NOW + 86400);
    bundle_refuse(WARD_BUNDLE_EXPIRED);
    ring_time = ward_time_set(NOW + 86399);
    CHECK_STATUS(bundle_take(), WARD_OK);
    ring_time = ward_time_set(NOW + 86400);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_KEYS_STALE);
    ring_fill("ab");
    ring_time = ward_time_set(NOW);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_SUBJECT_DENIED);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_OK);
}

TEST(the_time_of_a_bundle_is_a_floor_and_the_next_one_can_lower_it)
{
    bundle_begin();
    follow(1, NOW + LATER, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, NOW + LATER - 300);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).trust, WARD_TIME_FLOOR);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_CLOCK_NOT_SET);
    ring_time = ward_time_set(NOW + LATER - 300);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).trust, WARD_TIME_SET);
    ring_time = ward_time_set(NOW);
    follow(2, NOW + 300, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).trust, WARD_TIME_SET);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_OK);
}

/* An operator's clock that was wrong by 15 years. */
TEST(a_wrong_time_of_a_bundle_does_not_keep_the_right_one_out)
{
    struct ward_fetch_answer dated = ring_good;
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    bundle_begin();
    dated.date = NOW + 60;
    ring_time = unknown;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    follow(1, NOW + 473353000u, KEY_C);
    words.exp = words.iat + 86400u;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ward_keyring_time(&ring, unknown, ring_uptime).seconds >= NOW + 473352700u);
    follow(2, NOW + 100, KEY_C);
    words.exp = NOW + 86400;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).trust, WARD_TIME_FLOOR);
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).seconds, NOW - 200);
}

TEST(a_time_beyond_20_years_counts_as_that_and_an_operator_at_the_device_sets_it_back)
{
    bundle_begin();
    follow(1, NOW + 800000000u, KEY_C);
    words.exp = words.iat + 10;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ring.clock.bundled, ring.clock.latest);
    ward_keyring_set_floor(&ring, NOW);
    CHECK_NUMBER(ring.clock.bundled, 0);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).trust, WARD_TIME_SET);
}

TEST(a_device_without_a_clock_takes_a_bundle_and_serves_once_it_has_one)
{
    bundle_begin();
    ring_time.trust = WARD_TIME_UNKNOWN;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_CLOCK_NOT_SET);
    ring_time.trust = WARD_TIME_SET;
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_OK);
}

TEST(a_time_told_goes_on_from_a_bundles)
{
    struct ward_fetch_answer dated = ring_good;
    bundle_begin();
    dated.date = NOW + 60;
    ring_time.trust = WARD_TIME_UNKNOWN;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    follow(1, NOW + LATER, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, NOW + LATER - 300);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime + 5000).seconds, NOW + LATER - 295);
    /* A date before it says nothing. */
    dated.date = NOW + LATER - 301;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, NOW + LATER - 300);
}

/* ---- Not now. */

TEST(a_bundle_waits_for_a_fetch_and_for_a_check_that_uses_the_old_keys)
{
    bundle_begin();
    ring_until_fetch();
    ward_keyring_fetch_begin(&ring);
    bundle_refuse(WARD_BUNDLE_BUSY);
    const struct ward_fetch_answer failed = ring_failed(WARD_FETCH_TIMED_OUT);
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &failed, ring_time, ring_uptime), WARD_FETCH_TIMED_OUT);
    ring_time = ward_time_set(NOW);
    ring_fill("ab");
    const struct ward_jwks *const old = ward_keyring_enter(&ring);
    ring_fill("a");
    CHECK_STATUS(bundle_take(), WARD_BUNDLE_BUSY);
    ward_keyring_leave(&ring, old);
    CHECK_STATUS(bundle_take(), WARD_OK);
}

TEST(no_fetch_takes_the_place_of_a_bundle_that_is_read)
{
    uint64_t now;
    bundle_begin();
    ring_until_fetch();
    CHECK(ward_bundle_begin(&ring, ring_time, ring_uptime, &now));
    CHECK(!ward_bundle_begin(&ring, ring_time, ring_uptime, &now));
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    CHECK_NUMBER(ring_next().wait, 10);
    CHECK_STATUS(ring_fetch(ring_set("a"), &ring_good), WARD_JSON_MALFORMED);
    CHECK_STATUS(ward_bundle_end(&ring, ward_status_of(WARD_CRYPTO_FAILED), ring_uptime), WARD_CRYPTO_FAILED);
    CHECK_NUMBER(ring.running[0] + ring.running[1], 0);
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

SUITE(bundle, CASE(a_payload_that_is_no_base64url_is_refused_under_a_good_signature),
      CASE(a_bundle_brings_the_issuers_keys), CASE(before_any_bundle_nothing_is_known_of_one),
      CASE(a_claim_that_is_not_right_refuses_by_name), CASE(one_of_several_audiences_is_the_fleet),
      CASE(a_header_that_is_not_right_refuses_by_name), CASE(a_sequence_number_is_1_to_2_to_the_53),
      CASE(number_and_time_of_issue_must_be_there), CASE(a_fault_of_the_backend_takes_nothing),
      CASE(a_bundle_that_is_cut_or_changed_is_none), CASE(a_line_end_of_a_file_is_none_of_the_bundle),
      CASE(a_bundle_has_at_most_as_many_bytes_as_the_limit), CASE(of_one_operator_key_only_a_higher_number_follows),
      CASE(the_same_once_more_changes_nothing_and_writes_nothing),
      CASE(two_operator_keys_count_on_their_own_and_never_back_in_time),
      CASE(an_operators_key_never_verifies_a_token_nor_an_issuers_a_bundle),
      CASE(a_fetched_set_with_an_operators_key_is_refused), CASE(keys_are_those_of_the_later_word),
      CASE(keys_of_the_firmware_are_as_old_as_its_build), CASE(where_there_are_no_keys_any_will_do),
      CASE(keys_serve_until_the_earlier_of_exp_and_max_stale),
      CASE(an_expired_bundle_is_refused_and_denials_outlive_their_bundle),
      CASE(the_time_of_a_bundle_is_a_floor_and_the_next_one_can_lower_it),
      CASE(a_wrong_time_of_a_bundle_does_not_keep_the_right_one_out),
      CASE(a_time_beyond_20_years_counts_as_that_and_an_operator_at_the_device_sets_it_back),
      CASE(a_device_without_a_clock_takes_a_bundle_and_serves_once_it_has_one),
      CASE(a_time_told_goes_on_from_a_bundles), CASE(a_bundle_waits_for_a_fetch_and_for_a_check_that_uses_the_old_keys),
      CASE(no_fetch_takes_the_place_of_a_bundle_that_is_read), CASE(a_configuration_of_bundles_has_all_its_fields),
      CASE(compiled_keys_are_none_of_the_operators), CASE(a_device_that_is_never_online_may_begin_without_keys),
      CASE(a_gate_has_the_expectations_of_its_bundles), CASE(without_an_operator_no_bundle_is_taken));

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

TEST(without_bundles_a_fetch_ends_as_one_of_keys_whoever_ends_it)
{
    ring_usual();
    ring_begin();
    ring_until_fetch();
    ward_keyring_fetch_begin(&ring);
    CHECK_STATUS(ward_keyring_fetch_feed(&ring, ring_set("ab"), strlen(ring_set("ab")), &test_work), WARD_OK);
    CHECK_STATUS(ward_keyring_fetch_end_bundle(&ring, &ring_good, ring_time, ring_uptime, &test_work), WARD_OK);
    CHECK(ring_has("ab"));
}

TEST(without_bundles_nothing_is_collected)
{
    ring_usual();
    ring_begin();
    CHECK_STATUS(ward_bundle_collect(&ring, "x", 1), WARD_NOT_PROVIDED);
}

SUITE(bundle, CASE(a_build_without_bundles_takes_none),
      CASE(without_bundles_a_fetch_ends_as_one_of_keys_whoever_ends_it), CASE(without_bundles_nothing_is_collected));

#endif
