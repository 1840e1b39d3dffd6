/* SPDX-License-Identifier: Apache-2.0 */
/* What a token that is refused costs, beside one of its length that is accepted: instructions by the board's timer under QEMU's `-icount`.
 * refused.py knows the bound. Each line has how the token came, its length, the instructions, its name, and of a refused one behind "beside"
 * the name of the accepted one that it is measured by:
 *
 *     verify     to ward_verify()
 *     new        to the gate, which has not seen it before
 *     known      to the gate, which has granted something with it before
 *     words      the same with the token of many words
 *
 * On this machine the same source only makes the tokens, so that their signatures can be recorded for the boards. */
#include <string.h>

#include "gate.h"
#include "refused_tokens.h"
#include "ward/http.h"

/* The longest is a board's longest token. */
static const size_t lengths[] = { 739, 1367, 4096 };
enum { LENGTHS = sizeof lengths / sizeof lengths[0] };
WARD_STATIC_ASSERT(WARD_HOSTED || WARD_MAX_TOKEN == 4096, "the longest token is measured");

static struct test_token token;

#if WARD_HOSTED

int main(void)
{
    for (size_t i = 0; i < LENGTHS; i++)
        for (size_t at = 0; at < refused_shape_count; at++)
            refused_make(&token, &refused_shapes[at], lengths[i]);
    return 0;
}

#else

#include "board.h"
#include "console.h"
#include "platform.h"

/* Where each path leads: what the tokens have, what they do not have, and three alternatives with that and without. */
static const struct ward_route routes[] = {
    { WARD_GET, WARD_TEXT("/had"), WARD_TEXT("read:foia") },
    { WARD_GET, WARD_TEXT("/other"), WARD_TEXT("write:foia") },
    { WARD_GET, WARD_TEXT("/any-had"), WARD_TEXT("a b c d|a e f g h|read:foia") },
    { WARD_GET, WARD_TEXT("/any-other"), WARD_TEXT("a b c d|a e f g h|write:foia") }
};

static const char *const ways[] = { "new", "known", "words" };

static struct ward_policy policy;
static char buffer[WARD_MAX_TOKEN + 16];
static uint32_t instructions;

static uint32_t instructions_since(uint32_t begin)
{
    return (uint32_t)((uint64_t)(board_ticks() - begin) * board_instructions_a_tick / 100u);
}

static struct ward_status verify_it(const struct ward_expect *expect)
{
    struct ward_claims claims;
    memcpy(buffer, token.data, token.length);
    const uint32_t begin = board_ticks();
    const struct ward_status status = ward_verify(expect, usual_keys(), ward_time_set(NOW), buffer, token.length,
                                                  &test_work, &claims);
    instructions = instructions_since(begin);
    return status;
}

static struct ward_status ask_for(const char *path)
{
    static const char scheme[] = "Bearer ";
    const size_t length = sizeof scheme - 1 + token.length;
    memcpy(buffer, scheme, sizeof scheme - 1);
    memcpy(buffer + sizeof scheme - 1, token.data, token.length);
    const struct ward_request request = { .method = WARD_GET,
                                          .target = text(path),
                                          .authorization = buffer,
                                          .authorization_length = length,
                                          .authorization_count = 1,
                                          .peer = test_caller.peer,
                                          .protected_channel = true,
                                          .now = test_caller.now,
                                          .uptime = test_caller.uptime };
    const uint32_t begin = board_ticks();
    const struct ward_status status = ward_gate_check(&test_gate, &request, &test_work, &test_decision);
    instructions = instructions_since(begin);
    return status;
}

/* A line; without `beside` the token was accepted. */
static void say(const char *way, size_t length, const char *name, const char *beside)
{
    console_print(way);
    console_print(" ");
    console_number(length);
    console_print(" ");
    console_number(instructions);
    console_print(" ");
    console_print(name);
    console_print(beside != NULL ? " beside " : "");
    console_print(beside != NULL ? beside : "");
    console_print("\n");
}

/* What a shape is measured by. */
static const char *beside(const struct refused_shape *shape)
{
    if (shape->code == WARD_OK)
        return NULL;
    return shape->beside != NULL ? shape->beside : refused_shapes[0].name;
}

static void begin_gate(const struct ward_expect *expect)
{
    policy = usual_policy;
    policy.expect = expect;
    policy.routes = routes;
    policy.route_count = sizeof routes / sizeof routes[0];
    gate_start(&policy);
    ask_from(1);
}

static void measure_shape(const struct refused_shape *shape, size_t length)
{
    const struct ward_expect *const expect = shape->demanding ? &demanding_expect : &usual_expect;
    refused_make(&token, shape, length);
    if (token.length == 0)
        return;
    CHECK(token.length <= length && token.length + 3 >= length);
    CHECK_STATUS(verify_it(expect), shape->code);
    say("verify", length, shape->name, beside(shape));
    begin_gate(expect);
    /* It asks first which characters there are. */
    CHECK_STATUS(ask_for("/had"), shape->damage == DAMAGE_CHARACTER ? (uint32_t)WARD_CREDENTIAL_INVALID : shape->code);
    say("new", length, shape->name, beside(shape));
}

/* What becomes of the gate before it refuses. */
static void change_nothing(void)
{
}

static void deny(void)
{
    deny_subject("auth0|65f0c0ffee", WARD_DENY_ALWAYS);
}

/* More than a subject may ask for in a moment. */
static void spend_requests(void)
{
    static struct test_token asked;
    asked = token;
    struct ward_status status;
    do
        status = ask_for("/had");
    while (ward_ok(status));
    CHECK_STATUS(status, WARD_SUBJECT_BUDGET_SPENT);
    token = asked;
}

static void let_expire(void)
{
    test_caller.now = ward_time_set(NOW + 172800u);
}

/* By signatures that are wrong: the token is asked for as it was. */
static void spend_signatures(void)
{
    struct ward_status status;
    const char kept = token.data[token.length - 9];
    do {
        token.data[token.length - 9] = token.data[token.length - 9] == 'B' ? 'C' : 'B';
        status = ask_for("/had");
    } while (status.code == WARD_SIGNATURE_INVALID);
    CHECK_STATUS(status, WARD_SIGNATURE_BUDGET_SPENT);
    token.data[token.length - 9] = kept;
}

/* What is asked for with the plain token, and with that of many words, where it is granted. */
#define PLAIN "one scope"
#define ANY "one of three alternatives"

static const struct change {
    const char *name;
    const char *path;
    const char *beside; /* what the same token was granted */
    void (*make)(void);
    uint32_t code;
    bool when_known;
    bool when_new;
} changes[] = {
    { "a scope too few", "/other", PLAIN, change_nothing, WARD_SCOPE_INSUFFICIENT, true, true },
    { "a scope too few, three alternatives", "/any-other", ANY, change_nothing, WARD_SCOPE_INSUFFICIENT, true, true },
    { "denied", "/had", PLAIN, deny, WARD_SUBJECT_DENIED, true, true },
    { "over its budget of requests", "/had", PLAIN, spend_requests, WARD_SUBJECT_BUDGET_SPENT, true, false },
    { "expired since", "/had", PLAIN, let_expire, WARD_TOKEN_EXPIRED, true, false },
    { "no signature is left to check", "/had", PLAIN, spend_signatures, WARD_SIGNATURE_BUDGET_SPENT, false, true },
    { "no such route", "/none", PLAIN, change_nothing, WARD_ROUTE_NOT_FOUND, true, true },
};

/* Three times, as where it is known by its text it is from its third time on. */
static void let_it_be_known(void)
{
    begin_gate(&usual_expect);
    for (int i = 0; i < 3; i++)
        CHECK_STATUS(ask_for("/had"), WARD_OK);
}

/* What the gate grants with a token that it has not seen, or that it knows. */
static void measure_grants(size_t length, const char *way)
{
    static const struct {
        const char *path;
        const char *name;
    } grants[] = { { "/had", PLAIN }, { "/any-had", ANY } };
    for (size_t i = 0; i < sizeof grants / sizeof grants[0]; i++) {
        if (way == ways[0])
            begin_gate(&usual_expect);
        else
            let_it_be_known();
        CHECK_STATUS(ask_for(grants[i].path), WARD_OK);
        say(way, length, grants[i].name, NULL);
    }
}

static void measure_changes(size_t length, const char *way)
{
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const struct change *const change = &changes[i];
        if (way == ways[0] ? !change->when_new : !change->when_known)
            continue;
        if (way == ways[0])
            begin_gate(&usual_expect);
        else
            let_it_be_known();
        change->make();
        CHECK_STATUS(ask_for(change->path), change->code);
        say(way, length, change->name, change->beside);
    }
}

/* The gate's own refusals: of the plain token, and of the one of many words where it is known. */
static void measure_gate(size_t length)
{
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        refused_make(&token, &refused_shapes[i == 2 ? 1 : 0], length);
        measure_grants(length, ways[i]);
        measure_changes(length, ways[i]);
    }
}

int main(void)
{
    platform_begin();
    /* They are read once. */
    (void)usual_keys();
    for (size_t i = 0; i < LENGTHS; i++) {
        for (size_t at = 0; at < refused_shape_count; at++)
            measure_shape(&refused_shapes[at], lengths[i]);
        measure_gate(lengths[i]);
    }
    console_print("END\n");
    return 0;
}

#endif
