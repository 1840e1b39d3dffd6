/* SPDX-License-Identifier: Apache-2.0 */
/* What each operation of a firmware with ward takes: digests, key sets, a token the first time and known, each refusal. */
#include <string.h>

#include "console.h"
#include "measure.h"
#include "platform.h"
#include "ward/port/crypto.h"
#include "ward/ward.h"

#include "bench_vectors.h"

static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://dev-4fszoklachwdh46m.us.auth0.com/"),
                                           .audiences = WARD_TEXTS("https://api.theholefoundation.org") };
static const struct ward_route routes[] = { { WARD_GET, WARD_TEXT("/led"), WARD_TEXT("read:foia") },
                                            { WARD_POST, WARD_TEXT("/led"), WARD_TEXT("write:foia") } };
static const struct ward_policy policy = { .expect = &expect, .routes = routes, .route_count = 2 };
static struct ward_caller caller = { .peer = { { 1 } }, .uptime = 1000 };
static const struct ward_text led = WARD_TEXT("/led");

static struct ward_jwks keys;
static struct ward_jwks_reader reader;
static struct ward_gate gate;
static struct ward_workspace work;
static struct ward_decision decision;
static struct ward_claims claims;
static struct ward_sha256 sha;
static uint8_t digest[WARD_SHA256_SIZE];
static char buffer[WARD_MAX_TOKEN + 8];
static size_t length;
static struct ward_text target;
static uint16_t method;

static struct ward_status hash(void)
{
    struct ward_status status = ward_crypto_sha256_start(&sha);
    if (ward_ok(status))
        status = ward_crypto_sha256_update(&sha, buffer, length);
    return ward_ok(status) ? ward_crypto_sha256_end(&sha, digest) : status;
}

static struct ward_status read_keys(void)
{
    ward_jwks_begin(&reader, &keys, NULL, ward_text_of(NULL, 0));
    const struct ward_status status = ward_jwks_feed(&reader, bench_keys[0].set, length, &work);
    return ward_ok(status) ? ward_jwks_end(&reader) : status;
}

static struct ward_status verify(void)
{
    return ward_verify(&expect, &keys, caller.now, buffer, length, &work, &claims);
}

static struct ward_status check(void)
{
    const struct ward_request request = { .method = method,
                                          .target = target,
                                          .authorization = length > 0 ? buffer : NULL,
                                          .authorization_length = length,
                                          .authorization_count = length > 0 ? 1 : 0,
                                          .protected_channel = true,
                                          .peer = caller.peer,
                                          .now = caller.now,
                                          .uptime = caller.uptime };
    return ward_gate_check(&gate, &request, &work, &decision);
}

static void begin_gate(void)
{
    bench_need(ward_gate_begin(&gate, &policy, &keys, NULL, caller.now), WARD_OK);
    target = led;
    method = WARD_GET;
}

static void take(const char *before, const char *token)
{
    length = 0;
    if (token == NULL)
        return;
    length = strlen(before) + strlen(token);
    memcpy(buffer, before, strlen(before));
    memcpy(buffer + strlen(before), token, strlen(token));
}

static void measure_token(const struct bench_token *token)
{
    take("", token->token);
    bench_measure("ward_verify, bytes that are signed: ", token->name, verify, WARD_OK);
    begin_gate();
    take("Bearer ", token->token);
    bench_measure("gate, the first time, bytes that are signed: ", token->name, check, WARD_OK);
    take("Bearer ", token->token);
    bench_measure("gate, known, bytes that are signed: ", token->name, check, WARD_OK);
}

static const struct bench_token *refusal(uint32_t code)
{
    size_t i = 0;
    while (bench_refusals[i].code != code)
        i++;
    return &bench_refusals[i];
}

/* Refusals that are not of a token alone. */
static void measure_others(void)
{
    static const struct ward_text other = WARD_TEXT("/other");
    const char *const good = bench_tokens[0].token;
    static const struct ward_text issuer = WARD_TEXT("https://dev-4fszoklachwdh46m.us.auth0.com/");
    uint8_t owner[WARD_OWNER_SIZE];
    begin_gate();
    take("Bearer ", good);
    target = other;
    bench_measure("refused: ", "no route", check, WARD_ROUTE_NOT_FOUND);
    begin_gate();
    take("Bearer ", good);
    method = WARD_PUT;
    bench_measure("refused: ", "another method", check, WARD_METHOD_NOT_ALLOWED);
    begin_gate();
    bench_need(ward_owner_id(issuer, ward_text_of("auth0|65f0c0ffee", 16), &work, owner), WARD_OK);
    bench_need(ward_deny(&gate, owner, WARD_DENY_ALWAYS, &caller), WARD_OK);
    take("Bearer ", good);
    bench_measure("refused: ", "a denied subject", check, WARD_SUBJECT_DENIED);
    begin_gate();
    struct ward_status status;
    do {
        take("Bearer ", refusal(WARD_SIGNATURE_INVALID)->token);
        status = check();
    } while (status.code == WARD_SIGNATURE_INVALID);
    bench_need(status, WARD_SIGNATURE_BUDGET_SPENT);
    take("Bearer ", good);
    bench_measure("refused: ", "the budget is spent", check, WARD_SIGNATURE_BUDGET_SPENT);
}

int main(void)
{
    static const unsigned lengths[] = { 600, 1024, 3584 };
    platform_begin();
    caller.now = ward_time_set(BENCH_NOW);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        length = lengths[i];
        bench_measure_of("SHA-256, bytes: ", lengths[i], hash, WARD_OK);
    }
    length = strlen(bench_keys[0].set);
    bench_measure("a key set of one key, read and prepared", "", read_keys, WARD_OK);
    for (size_t i = 0; i < sizeof bench_tokens / sizeof bench_tokens[0]; i++)
        measure_token(&bench_tokens[i]);
    for (size_t i = 0; i < sizeof bench_refusals / sizeof bench_refusals[0]; i++) {
        begin_gate();
        take("Bearer ", bench_refusals[i].token);
        bench_measure("refused: ", bench_refusals[i].name, check, bench_refusals[i].code);
    }
    measure_others();
    console_print("END\n");
    return 0;
}
