/* SPDX-License-Identifier: Apache-2.0 */
/* The gate when the crypto backend fails once at each place: nobody is let in, nothing is left behind, and the next request
 * finds the gate as it was. */
#include "crypto_faults.h"
#include "guard.h"
#include "residue.h"

/* Subject and client are short: what the audit keeps of a name is not called a residue here. */
#define PAYLOAD                                                                                                        \
    "{\"iss\":\"" ISSUER "\",\"sub\":\"u|1\",\"azp\":\"c|1\",\"aud\":\"" AUDIENCE "\",\"iat\":" NOW_TEXT               \
    ",\"exp\":" EXPIRY_TEXT ",\"scope\":\"read:foia\"}"

static const uint32_t failures[] = { WARD_CRYPTO_FAILED, WARD_SIGNATURE_INVALID, WARD_NO_RESULT, 1,
                                     UINT32_MAX,         ~(uint32_t)WARD_OK };
enum { FAILURES = sizeof failures / sizeof failures[0] };

static const struct ward_route routes[] = { { WARD_GET, WARD_TEXT("/foia"), WARD_TEXT("read:foia") } };
static const struct ward_policy policy = { .expect = &usual_expect, .routes = routes, .route_count = 1 };
static const struct ward_text needed = WARD_TEXT("read:foia");

static struct ward_gate gate;
static struct ward_decision decision;
static struct test_token token;
static char *input;
static size_t input_length;
static struct ward_text expression;
static struct ward_status result;
static unsigned calls;
static int locked;

static void lock(void *context)
{
    (void)context;
    locked++;
}

static void unlock(void *context)
{
    (void)context;
    locked--;
}

static void begin_gate(void)
{
    static const struct ward_hooks hooks = { lock, unlock, NULL };
    expression = needed;
    CHECK_STATUS(ward_gate_begin(&gate, &policy, usual_keys(), &hooks, ward_time_set(NOW)), WARD_OK);
}

static void call_authorize(void)
{
    const struct ward_caller caller = { { { 1 } }, ward_time_set(NOW), 1000 };
    result = ward_authorize(&gate, input, input_length, expression, &caller, &test_work, &decision);
}

static void call_check(void)
{
    const struct ward_request request = { .method = WARD_GET,
                                          .target = WARD_TEXT("/foia"),
                                          .authorization = input,
                                          .authorization_length = input_length,
                                          .authorization_count = 1,
                                          .protected_channel = true,
                                          .peer = { { 1 } },
                                          .now = ward_time_set(NOW),
                                          .uptime = 1000 };
    result = ward_gate_check(&gate, &request, &test_work, &decision);
}

/* One request with the token; call `fault` of the backend returns `code` in place of its work, 0: none does. */
static void ask(void (*call)(void), unsigned fault, uint32_t code)
{
    static struct test_token credential;
    credential.length = 0;
    token_append(&credential, "Bearer ", call == call_check ? 7 : 0);
    token_append(&credential, token.data, token.length);
    residue_know(&token, &usual_keys()->key[0]);
    input = guard_copy(credential.data, credential.length);
    input_length = credential.length;
    memset(&test_work, 0x5a, sizeof test_work);
    memset(&decision, 0x5a, sizeof decision);
    crypto_fail_at(fault, code);
    residue_run(call);
    calls = crypto_calls();
    crypto_fail_at(0, 0);
    CHECK_NUMBER(locked, 0);
}

static void check_refused(const char *name)
{
    CHECK(!ward_ok(result));
    CHECK_ZERO(decision.grant);
    CHECK(decision.route == WARD_NO_ROUTE);
    CHECK(decision.answer.http >= 400);
    CHECK_ZERO(test_work);
    for (size_t i = 0; i < input_length; i++)
        CHECK_NUMBER(input[i], 0);
    check_no_residue(name);
}

static void prepare_nothing(void)
{
}

static void prepare_a_hit(void)
{
    ask(call_authorize, 0, 0);
    CHECK_STATUS(result, WARD_OK);
}

/* Each call of the backend fails in each way; then the same request is made again. */
static void check_every_fault(void (*call)(void), void (*prepare)(void))
{
    token_make(&token, KEY_A, USUAL_HEADER, PAYLOAD);
    begin_gate();
    prepare();
    ask(call, 0, 0);
    CHECK_STATUS(result, WARD_OK);
    const unsigned all = calls;
    CHECK(all > 0);
    for (unsigned fault = 1; fault <= all; fault++) {
        for (size_t i = 0; i < FAILURES; i++) {
            begin_gate();
            prepare();
            ask(call, fault, failures[i]);
            CHECK_NUMBER(result.code, failures[i]);
            check_refused("a fault");
            ask(call, 0, 0);
            CHECK_STATUS(result, WARD_OK);
        }
    }
}

TEST(no_fault_grants_what_is_authorized)
{
    check_every_fault(call_authorize, prepare_nothing);
}

TEST(no_fault_grants_a_request)
{
    check_every_fault(call_check, prepare_nothing);
}

TEST(no_fault_grants_with_a_signature_that_is_remembered)
{
    check_every_fault(call_authorize, prepare_a_hit);
    check_every_fault(call_check, prepare_a_hit);
}

TEST(no_fault_turns_a_refusal_into_a_grant)
{
    token_make(&token, KEY_B, USUAL_HEADER, PAYLOAD);
    begin_gate();
    ask(call_check, 0, 0);
    CHECK_STATUS(result, WARD_SIGNATURE_INVALID);
    const unsigned all = calls;
    for (unsigned fault = 1; fault <= all; fault++) {
        begin_gate();
        ask(call_check, fault, WARD_CRYPTO_FAILED);
        check_refused("a fault in a refusal");
    }
}

TEST(a_gate_that_did_not_begin_grants_nothing)
{
    crypto_fail_at(0, 0);
    begin_gate();
    const unsigned all = crypto_calls();
    token_make(&token, KEY_A, USUAL_HEADER, PAYLOAD);
    for (unsigned fault = 1; fault <= all; fault++) {
        for (size_t i = 0; i < FAILURES; i++) {
            crypto_fail_at(fault, failures[i]);
            CHECK_NUMBER(ward_gate_begin(&gate, &policy, usual_keys(), NULL, ward_time_set(NOW)).code, failures[i]);
            ask(call_authorize, 0, 0);
            check_refused("a gate that did not begin");
        }
    }
}

TEST(a_fault_gives_no_owner_id)
{
    uint8_t owner[WARD_OWNER_SIZE];
    crypto_fail_at(0, 0);
    CHECK_STATUS(ward_owner_id(text(ISSUER), text("u|1"), &test_work, owner), WARD_OK);
    const unsigned all = crypto_calls();
    for (unsigned fault = 1; fault <= all; fault++) {
        memset(owner, 0x5a, sizeof owner);
        crypto_fail_at(fault, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ward_owner_id(text(ISSUER), text("u|1"), &test_work, owner), WARD_CRYPTO_FAILED);
        CHECK_ZERO(owner);
    }
    crypto_fail_at(0, 0);
}

/* ---- Without a fault: each way in which the gate ends. */

static void deny_the_subject(void)
{
    const struct ward_caller caller = { { { 1 } }, ward_time_set(NOW), 1000 };
    uint8_t owner[WARD_OWNER_SIZE];
    CHECK_STATUS(ward_owner_id(text(ISSUER), text("u|1"), &test_work, owner), WARD_OK);
    CHECK_STATUS(ward_deny(&gate, owner, WARD_DENY_ALWAYS, &caller), WARD_OK);
}

static void need_another_scope(void)
{
    static const struct ward_text other = WARD_TEXT("write:foia");
    expression = other;
}

/* Signatures that do not hold, until the peer's budget is spent. */
static void spend_the_budget(void)
{
    static struct test_token good;
    good = token;
    token.data[token.length - 100] = token.data[token.length - 100] == 'A' ? 'B' : 'A';
    for (unsigned i = 0; i < 2; i++)
        ask(call_authorize, 0, 0);
    CHECK_STATUS(result, WARD_SIGNATURE_INVALID);
    token = good;
}

static void check_end(const char *name, void (*prepare)(void), enum ward_code code)
{
    token_make(&token, KEY_A, USUAL_HEADER, PAYLOAD);
    begin_gate();
    prepare();
    ask(call_authorize, 0, 0);
    CHECK_STATUS(result, code);
    if (code != WARD_OK)
        check_refused(name);
    check_no_residue(name);
}

TEST(no_end_of_the_gate_leaves_a_piece_of_the_token)
{
    check_end("granted", prepare_nothing, WARD_OK);
    check_end("granted once more", prepare_a_hit, WARD_OK);
    check_end("denied", deny_the_subject, WARD_SUBJECT_DENIED);
    check_end("scope", need_another_scope, WARD_SCOPE_INSUFFICIENT);
    check_end("budget", spend_the_budget, WARD_SIGNATURE_BUDGET_SPENT);
}

SUITE(gate_faults, CASE(no_fault_grants_what_is_authorized), CASE(no_fault_grants_a_request),
      CASE(no_fault_grants_with_a_signature_that_is_remembered), CASE(no_fault_turns_a_refusal_into_a_grant),
      CASE(a_gate_that_did_not_begin_grants_nothing), CASE(a_fault_gives_no_owner_id),
      CASE(no_end_of_the_gate_leaves_a_piece_of_the_token));
