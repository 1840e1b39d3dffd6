/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle_fixture.h"

#include "guard.h"

struct bundle_words words;
struct ward_bundle_config bundle_config;
struct ward_jwks bundle_keys;

void bundle_usual(void)
{
    static const struct bundle_words usual = { .header = BUNDLE_HEADER("c"),
                                               .iss = "\"" OPERATOR "\"",
                                               .sub = "\"" ISSUER "\"",
                                               .aud = "\"" FLEET "\"",
                                               .iat = NOW,
                                               .exp = NOW + 86400,
                                               .seq = 1,
                                               .keys = "a",
                                               .signer = KEY_C };
    words = usual;
}

static void read_operators(void)
{
    static char json[2048];
    size_t at = 9;
    if (bundle_keys.count > 0)
        return;
    memcpy(json, "{\"keys\":[", at);
    at += jwk_write(json + at, KEY_C, "\"kid\":\"c\",");
    json[at++] = ',';
    at += jwk_write(json + at, KEY_D, "\"kid\":\"d\",");
    memcpy(json + at, "]}", 2);
    CHECK_STATUS(jwks_read(json, at + 2, &bundle_keys, NULL), WARD_OK);
}

struct ward_status bundle_start_gate(void)
{
    const struct ward_gate_setup setup = { .policy = &usual_policy, .keyring = &ring };
    memset(&test_gate, 0x5a, sizeof test_gate);
    return ward_gate_begin_with(&test_gate, &setup, ring_time, &test_work);
}

void bundle_begin(void)
{
    read_operators();
    bundle_config.operator_name = text(OPERATOR);
    bundle_config.fleet = text(FLEET);
    bundle_config.keys = &bundle_keys;
    bundle_config.expect = &usual_expect;
    bundle_config.buffer = NULL;
    bundle_config.size = 0;
    bundle_config.cleartext = false;
    ring_usual();
    ring_config.bundles = &bundle_config;
    ring_begin();
    memset(&test_caller, 0, sizeof test_caller);
    CHECK_STATUS(bundle_start_gate(), WARD_OK);
    bundle_usual();
}

/* A payload on its way. */
static struct {
    char text[WARD_MAX_BUNDLE + 16384];
    size_t length;
} made;

static void put(const char *string)
{
    const size_t length = strlen(string);
    CHECK(made.length + length <= sizeof made.text);
    memcpy(made.text + made.length, string, length);
    made.length += length;
}

static void put_name(const char *name)
{
    put(made.length > 1 ? ",\"" : "\"");
    put(name);
    put("\":");
}

static void put_member(const char *name, const char *value)
{
    if (value == NULL)
        return;
    put_name(name);
    put(value);
}

static void put_number(const char *name, uint64_t number)
{
    char digits[24];
    size_t at = sizeof digits - 1;
    uint64_t left = number;
    digits[at] = '\0';
    for (; left > 0 || digits[at] == '\0'; left /= 10)
        digits[--at] = (char)('0' + left % 10);
    put_name(name);
    put(digits + at);
}

struct test_token *bundle_make(void)
{
    static struct test_token bundle;
    made.length = 0;
    put("{");
    put_member("iss", words.iss);
    put_member("sub", words.sub);
    put_member("aud", words.aud);
    put_number("iat", words.iat);
    put_number("exp", words.exp);
    put_number("seq", words.seq);
    put_member("deny", words.deny);
    if (words.keys != NULL) {
        put(",");
        put(ring_set(words.keys) + 1);
        made.length--;
    }
    if (words.more != NULL)
        put(words.more);
    put("}");
    bundle.length = 0;
    token_append_base64url(&bundle, words.header, strlen(words.header));
    token_append(&bundle, ".", 1);
    token_append_base64url(&bundle, made.text, made.length);
    token_append_signature(&bundle, words.signer);
    return &bundle;
}

struct ward_status bundle_give(const struct test_token *bundle)
{
    memset(&test_work, 0x5a, sizeof test_work);
    const struct ward_status status = ward_keyring_bundle(&ring, guard_copy(bundle->data, bundle->length),
                                                          bundle->length, ring_time, ring_uptime, &test_work);
    if (status.code != WARD_BUNDLE_BUSY && status.code != WARD_BUNDLE_NOT_CONFIGURED)
        CHECK_ZERO(test_work);
    return status;
}

struct ward_status bundle_take(void)
{
    return bundle_give(bundle_make());
}

struct ward_status bundle_ask(const char *subject)
{
    static struct test_token token;
    token_make_of(&token, subject);
    test_caller.now = ward_keyring_time(&ring, ring_time, ring_uptime);
    test_caller.uptime = ring_uptime;
    return ask(&token, NULL);
}

void bundle_know(struct bundle_known *known)
{
    memset(known, 0, sizeof *known);
    known->set = ward_keyring_keys(&ring);
    known->keys = *known->set;
    known->info = ward_keyring_bundle_info(&ring);
    known->time = ward_keyring_time(&ring, ring_time, ring_uptime);
    known->fetched_at = ward_keyring_fetched_at(&ring);
    known->change = ring.change;
}

void bundle_refuse(enum ward_code code)
{
    struct bundle_known before;
    struct bundle_known after;
    bundle_know(&before);
    CHECK_STATUS(bundle_take(), code);
    bundle_know(&after);
    CHECK(before.set == after.set && memcmp(&before.keys, &after.keys, sizeof before.keys) == 0);
    CHECK(memcmp(&before.info, &after.info, sizeof before.info) == 0);
    CHECK_NUMBER(after.time.seconds, before.time.seconds);
    CHECK_NUMBER(after.time.trust, before.time.trust);
    CHECK_NUMBER(after.fetched_at, before.fetched_at);
    CHECK_NUMBER(after.change, before.change);
    CHECK_NUMBER(ring.running[0] + ring.running[1], 0);
}

void bundle_follow(uint64_t seq, uint64_t iat, enum test_key signer)
{
    words.seq = seq;
    words.iat = iat;
    words.signer = signer;
    words.header = signer == KEY_C ? BUNDLE_HEADER("c") : BUNDLE_HEADER("d");
}
