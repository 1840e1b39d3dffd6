/* SPDX-License-Identifier: Apache-2.0 */
/* What a token costs that the gate has seen before, in instructions: QEMU's `-icount shift=0` counts them by the timer.
 * The promise: no RSA, and at most SHA-256's own instructions, A_BYTE more for each byte of the token, A_VALUE for each JSON value
 * beyond the first 32, AN_ESCAPE for each escape, and A_REQUEST for the request. SHA-256 is measured in the same image. Of whole requests
 * hit.py knows the bounds.
 *
 * It holds for what an issuer issues and for what it could be made to issue: each shape here is as long as a shape can be that
 * was, or could become, quadratic in its words, members or values.
 *
 * On the host this source only makes the tokens, so that their signatures can be recorded for the board. */
#include <string.h>

#include "gate.h"
#include "ward/http.h"

enum {
    TOKENS = 12,
    ESCAPES = 250,
    AN_ESCAPE = 400,
    A_BYTE = 35,
    A_VALUE = 200,
    FREE_VALUES = 32,
    A_REQUEST = 5000,
    LONGEST_PAYLOAD = 2600,
    A_KEY = 80000,
    A_CERTIFICATE = 1067
};

/* As long as Auth0's. */
#define LONG_KID "NjVGMEMwRkZFRTEyMzQ1N"

/* What a board's table of values holds; the host, which signs, has more. */
enum { VALUES = 96 };
WARD_STATIC_ASSERT(WARD_HOSTED || WARD_MAX_JSON_VALUES == VALUES, "the shapes fill the table");

/* A token, the scopes that it is asked for, and where they are looked for. */
struct shape {
    const char *name;
    const char *expression;
    uint32_t escapes;
    bool http; /* a request over HTTP, whose bound hit.py knows; else the gate is asked without one */
    uint8_t from;
    struct test_token token;
};
static struct shape shapes[TOKENS];

static char payload[LONGEST_PAYLOAD + 64];
static size_t payload_length;

static void add(const char *piece)
{
    const size_t length = strlen(piece);
    CHECK(payload_length + length < sizeof payload);
    memcpy(payload + payload_length, piece, length + 1);
    payload_length += length;
}

static void begin_payload(void)
{
    payload_length = 0;
    add("{\"iss\":\"" ISSUER "\",\"sub\":\"auth0|65f0c0ffee65f0c0ffee65f0\",\"aud\":\"" AUDIENCE "\",\"iat\":" NOW_TEXT
        ",\"exp\":" EXPIRY_TEXT ",\"azp\":\"client\"");
}

static void end_payload(struct shape *shape, const char *name, const char *expression, uint8_t from)
{
    add("}");
    shape->name = name;
    shape->expression = expression;
    shape->from = from;
    token_make(&shape->token, KEY_A, USUAL_HEADER, payload);
}

/* Pieces, of which the three letters NNN become a number, until the payload has `length` bytes or there are `most` of them. */
static void add_many(const char *piece, size_t length, unsigned most)
{
    for (unsigned i = 0; i < most && payload_length + strlen(piece) < length; i++) {
        const size_t begin = payload_length;
        add(piece);
        char *const number = strstr(payload + begin, "NNN");
        if (number != NULL) {
            number[0] = (char)('a' + i / 100 % 10);
            number[1] = (char)('a' + i / 10 % 10);
            number[2] = (char)('a' + i % 10);
        }
    }
}

/* What Auth0 issues to a machine, to a person, and to a person with many permissions. */
static void make_usual(void)
{
    static const char *const names[] = { "a machine's", "a person's", "a person's with permissions" };
    token_make_with(&shapes[0].token, "client@clients", "read:foia", ",\"gty\":\"client-credentials\"");
    token_make_with(&shapes[1].token, "auth0|65f0c0ffee65f0c0ffee65f0", "openid profile email read:foia",
                    ",\"permissions\":[\"read:foia\",\"write:foia\"]");
    token_make_with(
        &shapes[2].token, "auth0|65f0c0ffee65f0c0ffee65f0", "openid profile email read:foia write:foia",
        ",\"permissions\":[\"read:foia\",\"write:foia\",\"read:database\",\"read:storage\",\"write:storage\","
        "\"read:vectors\",\"write:vectors\",\"read:projects\",\"write:projects\",\"chat:assistant\","
        "\"compile:documents\",\"execute:workflows\",\"read:transparency\"]");
    for (size_t i = 0; i < 3; i++) {
        shapes[i].name = names[i];
        shapes[i].expression = "read:foia";
    }
}

/* Strings that have to be unescaped, one letter after the other. */
static void make_escapes(struct shape *shape)
{
    begin_payload();
    add(",\"scope\":\"read:foia\",\"x\":\"");
    add_many("\\u0061", LONGEST_PAYLOAD, ESCAPES);
    add("\"");
    end_payload(shape, "escapes", "read:foia", WARD_FROM_SCOPE);
    shape->escapes = ESCAPES;
}

/* 1,100 words of one and two letters: 26 and 676 of them. */
static void make_words(struct shape *shape)
{
    begin_payload();
    add(",\"scope\":\"");
    for (unsigned i = 0; i < 1100; i++) {
        char word[4] = { (char)('a' + i % 26), ' ', '\0', '\0' };
        if (i % 16 == 0) {
            word[1] = (char)('a' + i / 26 % 26);
            word[2] = ' ';
        }
        add(word);
    }
    add("zz\"");
    end_payload(shape, "1,100 words, three alternatives", "a b c d read:foia|e f g h write:foia|i j k l zz",
                WARD_FROM_SCOPE);
}

/* Whole requests by the shipped routes, with tokens of 739 and 1,366 bytes and a header as Auth0's. */
static void make_requests(void)
{
    static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" LONG_KID "\"}";
    static const char *const scopes[2] = {
        ",\"scope\":\"openid profile email offline address read:foia\"}",
        ",\"scope\":\"openid profile email offline_access read:foia "
        "write:foia\",\"gty\":\"password\",\"permissions\":[\"read:foia\","
        "\"write:foia\",\"read:database\",\"read:storage\",\"write:storage\",\"read:vectors\",\"write:vectors\",\"read:"
        "projects\","
        "\"write:projects\",\"chat:assistant\",\"compile:documents\",\"execute:workflows\",\"read:transparency\"],"
        "\"https://api.theholefoundation.org/"
        "roles\":[\"editor\",\"reviewer\"],\"jti\":\"65f0c0ffee65f0c0ffee65f065f0c0ffee\","
        "\"org_id\":\"org_65f0c0ffee65f0c0ffee\",\"https://api.theholefoundation.org/"
        "tenant\":\"the-hole-foundation-65f0c\"}"
    };
    for (size_t i = 0; i < 2; i++) {
        struct shape *const shape = &shapes[TOKENS - 2 + i];
        begin_payload();
        add(scopes[i]);
        token_make(&shape->token, KEY_A, header, payload);
        shape->name = "a request";
        shape->expression = "read:foia";
        shape->http = true;
    }
}

static void make_tokens(void)
{
    make_usual();
    make_requests();
    make_words(&shapes[3]);
    make_escapes(&shapes[9]);
    /* As many members as the table of values holds, and as many as begin alike for long. */
    begin_payload();
    add(",\"scope\":\"read:foia\"");
    add_many(",\"NNN\":1", LONGEST_PAYLOAD, (VALUES - 15) / 2);
    end_payload(&shapes[4], "most members", "read:foia", WARD_FROM_SCOPE);
    begin_payload();
    add(",\"scope\":\"read:foia\"");
    add_many(",\"https://api.theholefoundation.org/claims/of/a/person/NNN\":1", LONGEST_PAYLOAD, (VALUES - 15) / 2);
    end_payload(&shapes[5], "members that begin alike", "read:foia", WARD_FROM_SCOPE);
    /* Arrays: scopes and permissions, and values ahead of all that is looked for. */
    begin_payload();
    add(",\"scope\":[\"zzz\"");
    add_many(",\"NNN\"", LONGEST_PAYLOAD, 30);
    add("],\"permissions\":[\"zzz\"");
    add_many(",\"NNN\"", LONGEST_PAYLOAD, 30);
    add("]");
    end_payload(&shapes[6], "scopes and permissions", "aab aac aad read:foia|aae aaf write:foia|aag aah zzz",
                WARD_FROM_BOTH);
    payload_length = 0;
    add("{\"x\":[1");
    add_many(",1", LONGEST_PAYLOAD, VALUES - 20);
    add("],");
    add("\"iss\":\"" ISSUER "\",\"sub\":\"auth0|a\",\"aud\":\"" AUDIENCE "\",\"iat\":" NOW_TEXT ",\"exp\":" EXPIRY_TEXT
        ",\"scope\":\"read:foia\"");
    end_payload(&shapes[7], "values ahead of the claims", "read:foia", WARD_FROM_SCOPE);
    payload_length = 0;
    add("{\"x\":[[]");
    add_many(",[]", LONGEST_PAYLOAD, VALUES - 20);
    add("],");
    add("\"iss\":\"" ISSUER "\",\"sub\":\"auth0|a\",\"aud\":\"" AUDIENCE "\",\"iat\":" NOW_TEXT ",\"exp\":" EXPIRY_TEXT
        ",\"scope\":\"read:foia\"");
    end_payload(&shapes[8], "arrays ahead of the claims", "read:foia", WARD_FROM_SCOPE);
}

#if WARD_HOSTED

int main(void)
{
    make_tokens();
    return 0;
}

#else

#include "board.h"
#include "console.h"
#include "crypto_faults.h"
#include "platform.h"
#include "ward/port/crypto.h"

extern const struct ward_route app_routes[];
extern const size_t app_routes_count;

static char buffer[WARD_MAX_TOKEN + 64];

static void print_number(const char *name, uint64_t number)
{
    console_print(name);
    console_number(number);
}

static uint32_t instructions_since(uint32_t begin)
{
    return (uint32_t)((uint64_t)(board_ticks() - begin) * board_instructions_a_tick / 100u);
}

/* Of hashing so many bytes by themselves, start and end included. */
static uint32_t measure_sha(size_t length)
{
    static struct ward_sha256 sha;
    uint8_t digest[32];
    const uint32_t begin = board_ticks();
    const bool good = ward_ok(ward_crypto_sha256_start(&sha)) &&
                      ward_ok(ward_crypto_sha256_update(&sha, buffer, length)) &&
                      ward_ok(ward_crypto_sha256_end(&sha, digest));
    const uint32_t instructions = instructions_since(begin);
    CHECK(good);
    return instructions;
}

static uint32_t measure_http(const struct shape *shape)
{
    static const char scheme[] = "Bearer ";
    const size_t length = sizeof scheme - 1 + shape->token.length;
    memcpy(buffer, scheme, sizeof scheme - 1);
    memcpy(buffer + sizeof scheme - 1, shape->token.data, shape->token.length);
    const struct ward_request request = { .method = WARD_GET,
                                          .target = text("/api/foia"),
                                          .authorization = buffer,
                                          .authorization_length = length,
                                          .authorization_count = 1,
                                          .peer = test_caller.peer,
                                          .protected_channel = true,
                                          .now = test_caller.now,
                                          .uptime = test_caller.uptime };
    const uint32_t begin = board_ticks();
    const struct ward_status status = ward_gate_check(&test_gate, &request, &test_work, &test_decision);
    const uint32_t instructions = instructions_since(begin);
    CHECK_STATUS(status, WARD_OK);
    return instructions;
}

static uint32_t measure_request(const struct shape *shape)
{
    if (shape->http)
        return measure_http(shape);
    memcpy(buffer, shape->token.data, shape->token.length);
    const uint32_t begin = board_ticks();
    const struct ward_status status = ward_authorize(&test_gate, buffer, shape->token.length, text(shape->expression),
                                                     &test_caller, &test_work, &test_decision);
    const uint32_t instructions = instructions_since(begin);
    CHECK_STATUS(status, WARD_OK);
    return instructions;
}

/* Keys whose kids are as long as Auth0's. */
static void use_long_kids(void)
{
    static struct ward_jwks keys;
    keys = *usual_keys();
    memcpy(keys.key[0].kid, LONG_KID, sizeof LONG_KID - 1);
    keys.key[0].kid_length = sizeof LONG_KID - 1;
    test_gate.keys = &keys;
}

static size_t signed_length(const struct test_token *token)
{
    size_t length = token->length;
    while (token->data[length - 1] != '.')
        length--;
    return length - 1;
}

static bool is_within(const struct shape *shape)
{
    static struct ward_policy policy;
    const uint32_t length = (uint32_t)shape->token.length;
    policy = usual_policy;
    policy.scopes_from = shape->from;
    policy.routes = app_routes;
    policy.route_count = app_routes_count;
    gate_start(&policy);
    if (shape->http)
        use_long_kids();
    memcpy(buffer, shape->token.data, shape->token.length);
    /* What was signed, and the 305 bytes by which a token of 2048 bits is known. */
    const uint32_t sha = measure_sha(signed_length(&shape->token)) + measure_sha(305);
    crypto_fail_at(0, 0);
    const uint32_t miss = measure_request(shape);
    CHECK_NUMBER(crypto_rsa_calls(), 1);
    /* From its third time on a token is known by its text, where that is kept. */
    if (WARD_CACHE_TEXT > 0)
        (void)measure_request(shape);
    crypto_fail_at(0, 0);
    const uint32_t hit = measure_request(shape);
    CHECK_NUMBER(crypto_rsa_calls(), 0);
    const uint32_t values = test_decision.grant.claims.count;
    uint32_t most = sha + A_BYTE * length + A_VALUE * (values > FREE_VALUES ? values - FREE_VALUES : 0) +
                    AN_ESCAPE * shape->escapes + A_REQUEST;
    if (shape->http)
        most = 0;
    print_number("token ", length);
    print_number(" values ", values);
    print_number(" sha ", sha);
    print_number(" miss ", miss);
    print_number(" hit ", hit);
    print_number(" most ", most);
    console_print(" ");
    console_print(shape->name);
    console_print("\n");
    return shape->http || hit <= most;
}

/* Of reading a set of one key as Auth0's, certificate and all, without what the crypto backend makes of its number. */
static bool is_key_within(void)
{
    static char json[2 * WARD_RSA_WORDS * 32];
    static struct ward_jwks set;
    static struct ward_jwks_reader reader;
    static struct ward_key key;
    char members[1300];
    size_t length = 0;
    memset(members, 0, sizeof members);
    strcpy(members, "\"kid\":\"" LONG_KID
                    "\",\"use\":\"sig\",\"alg\":\"RS256\",\"x5t\":\"NjVGMEMwRkZFRTEyMzQ1NjVGMEMw\",\"x5c\":[\"");
    memset(members + strlen(members), 'M', A_CERTIFICATE);
    strcat(members, "\"],");
    strcpy(json, "{\"keys\":[");
    length = strlen(json);
    length += jwk_write(json + length, KEY_A, members);
    strcpy(json + length, "]}");
    length += 2;
    ward_jwks_begin(&reader, &set, NULL, ward_text_of(NULL, 0));
    uint32_t begin = board_ticks();
    const struct ward_status status = ward_jwks_feed(&reader, json, length, &test_work);
    uint32_t read = instructions_since(begin);
    CHECK_STATUS(status, WARD_OK);
    CHECK_STATUS(ward_jwks_end(&reader), WARD_OK);
    key = set.key[0];
    begin = board_ticks();
    const struct ward_status prepared = ward_crypto_key_prepare(&key, &test_work.part.check.scratch.rsa);
    read -= instructions_since(begin);
    CHECK_STATUS(prepared, WARD_OK);
    print_number("slot ", sizeof(struct ward_cached));
    console_print("\n");
    print_number("key ", length);
    print_number(" read ", read);
    print_number(" most ", A_KEY);
    console_print("\n");
    return read <= A_KEY;
}

/* A first check taken in steps: what one of them takes at most, beside what a loop waits for at the beginning and at the end. */
static void measure_steps(const struct shape *shape)
{
    static struct ward_check check;
    uint32_t longest = 0;
    uint32_t last = 0;
    uint32_t steps = 0;
    gate_start(&usual_policy);
    memcpy(buffer, shape->token.data, shape->token.length);
    const uint32_t start = board_ticks();
    struct ward_status status = ward_authorize_begin(&check, &test_gate, buffer, shape->token.length,
                                                     text(shape->expression), &test_caller, &test_work, &test_decision);
    const uint32_t first = instructions_since(start);
    for (; status.code == WARD_UNFINISHED; steps++) {
        const uint32_t begin = board_ticks();
        status = ward_authorize_step(&check, test_caller.now, test_caller.uptime);
        last = instructions_since(begin);
        if (status.code == WARD_UNFINISHED && last > longest)
            longest = last;
    }
    CHECK_STATUS(status, WARD_OK);
    print_number("steps ", steps);
    print_number(" longest ", longest);
    print_number(" before ", first);
    print_number(" last ", last);
    console_print("\n");
}

int main(void)
{
    bool good = true;
    platform_begin();
    ask_from(1);
    good = is_key_within();
    make_tokens();
    for (size_t i = TOKENS; i > 0; i--)
        good = is_within(&shapes[i - 1]) && good;
    measure_steps(&shapes[0]);
    console_print(good ? "within its bounds\nEND\n" : "over its bounds\nEND\n");
    return good ? 0 : 1;
}

#endif
