/* SPDX-License-Identifier: Apache-2.0 */
#include "gate.h"

#include "guard.h"

struct ward_gate test_gate;
struct ward_caller test_caller;
struct ward_decision test_decision;
char *asked_token;

const struct ward_policy usual_policy = { .expect = &usual_expect };

void gate_start(const struct ward_policy *policy)
{
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ward_time_set(NOW);
    test_caller.uptime = 1000;
    memset(&test_gate, 0x5a, sizeof test_gate);
    CHECK_STATUS(ward_gate_begin(&test_gate, policy, usual_keys(), NULL, ward_time_set(NOW)), WARD_OK);
}

static size_t put(char *out, size_t at, const char *string)
{
    const size_t length = strlen(string);
    CHECK(at + length < 1024);
    memcpy(out + at, string, length + 1);
    return at + length;
}

void token_make_with(struct test_token *token, const char *subject, const char *scope, const char *more)
{
    char payload[1024];
    size_t at = put(payload, 0, "{\"iss\":\"" ISSUER "\",\"sub\":\"");
    at = put(payload, at, subject);
    at = put(payload, at,
             "\",\"aud\":\"" AUDIENCE "\",\"iat\":" NOW_TEXT ",\"exp\":" EXPIRY_TEXT ",\"azp\":\"client\"");
    at = put(payload, at, ",\"scope\":\"");
    at = put(payload, at, scope);
    at = put(payload, at, "\"");
    at = put(payload, at, more);
    put(payload, at, "}");
    token_make(token, KEY_A, USUAL_HEADER, payload);
}

void token_make_of(struct test_token *token, const char *subject)
{
    token_make_with(token, subject, "read:foia write:foia", "");
}

void token_forge(struct test_token *token, unsigned number)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    static struct test_token usual;
    if (usual.length == 0)
        token_make_usual(&usual);
    *token = usual;
    char *const signature = token->data + token->length - 342;
    for (size_t i = 0; i < 6; i++)
        signature[40 + i] = alphabet[(number >> (6 * i) & 31u) + (signature[40 + i] < 'g' ? 32u : 0u)];
}

struct ward_status ask(const struct test_token *token, const char *expression)
{
    asked_token = guard_copy(token->data, token->length);
    memset(&test_work, 0x5a, sizeof test_work);
    memset(&test_decision, 0x5a, sizeof test_decision);
    return ward_authorize(&test_gate, asked_token, token->length,
                          expression != NULL ? text(expression) : ward_any_scope, &test_caller, &test_work,
                          &test_decision);
}

void check_answer(uint16_t http, uint8_t error)
{
    CHECK_NUMBER(test_decision.answer.http, http);
    CHECK_NUMBER(test_decision.answer.error, error);
}

void check_refused(const struct test_token *token, uint16_t http, uint8_t error)
{
    check_answer(http, error);
    CHECK_ZERO(test_decision.grant);
    CHECK_ZERO(test_work);
    CHECK(test_decision.route == WARD_NO_ROUTE);
    for (size_t i = 0; i < token->length; i++)
        CHECK_NUMBER(asked_token[i], 0);
}

void deny_subject(const char *subject, uint64_t issued_until)
{
    uint8_t owner[WARD_OWNER_SIZE];
    CHECK_STATUS(ward_owner_id(text(ISSUER), text(subject), &test_work, owner), WARD_OK);
    CHECK_STATUS(ward_deny(&test_gate, owner, issued_until, &test_caller), WARD_OK);
}

void ask_from(uint32_t peer)
{
    memset(&test_caller.peer, 0, sizeof test_caller.peer);
    for (size_t i = 0; i < 4; i++)
        test_caller.peer.address[12 + i] = (uint8_t)(peer >> (24 - 8 * i));
}

/* xorshift: good enough to walk through cases. */
uint32_t random_below(uint32_t *state, uint32_t bound)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % bound;
}

const struct ward_audit_event *last_event(void)
{
    const struct ward_audit_event *event = NULL;
    CHECK_STATUS(ward_audit_flush(&test_gate.audit), WARD_OK);
    for (size_t i = 0; ward_audit_at(&test_gate.audit, i) != NULL; i++)
        event = ward_audit_at(&test_gate.audit, i);
    CHECK(event != NULL);
    return event;
}
