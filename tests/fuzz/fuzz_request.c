/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way of requests on one connection: bytes of HTTP to the parser, what it reads to the gate, the decision to an answer.
 *
 * The last byte is options; the rest is what a peer sends, one request after the other. A decision must be what a model makes of the same request
 * (request_model.c, framing_model.c) and ward_verify() of its token; the signatures are real.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "framing_model.h"
#include "request_model.h"
#include "port/http/request_parser.h"
#include "token.h"

enum { PROTECTED = 1, HIDDEN = 2, CORS = 4, CLOCK_FLOOR = 8, PIECES = 16, MOST_REQUESTS = 6 };

static const struct ward_text origins[] = { WARD_TEXT("https://app.theholefoundation.org"),
                                            WARD_TEXT("https://b.example") };
static struct ward_policy policy;
static struct ward_gate gate;
static struct ward_workspace work;
static struct ward_time now;

/* ---- The parser. */

/* The bytes of a connection, and how they come: in pieces of so many, each of which may hold the end of one request and the begin
 * of the next. */
struct connection {
    const uint8_t *data;
    size_t size;
    size_t piece;
    size_t at;
    size_t head; /* bytes after which the gate was to be asked; 0: it was not */
    struct ward_http_request_parser parser;
};

static enum ward_http_request_state read_next(struct connection *connection)
{
    enum ward_http_request_state state = WARD_HTTP_REQUEST_MORE;
    const size_t begin = connection->at;
    connection->head = 0;
    ward_http_request_parser_begin(&connection->parser);
    while ((state == WARD_HTTP_REQUEST_MORE && connection->at < connection->size) || state == WARD_HTTP_REQUEST_HEAD) {
        const size_t left = connection->size - connection->at;
        const size_t until = connection->piece - connection->at % connection->piece;
        const size_t length = left < until ? left : until;
        char *const copy = fuzz_copy(connection->data + connection->at, length);
        size_t taken;
        state = ward_http_request_parser_feed(&connection->parser, copy, length, &taken);
        CHECK(taken <= length && (state != WARD_HTTP_REQUEST_MORE || taken == length));
        connection->at += taken;
        CHECK(state != WARD_HTTP_REQUEST_HEAD || connection->head == 0);
        connection->head = state == WARD_HTTP_REQUEST_HEAD ? connection->at - begin : connection->head;
        free(copy);
    }
    return state;
}

static void check_same_request(struct connection *a, struct connection *b)
{
    struct ward_request first;
    struct ward_request second;
    ward_http_request_parser_get(&a->parser, &first);
    ward_http_request_parser_get(&b->parser, &second);
    CHECK_NUMBER(first.method, second.method);
    CHECK(ward_text_equal(first.target, second.target));
    CHECK_NUMBER(first.authorization_count, second.authorization_count);
    CHECK(ward_text_equal(ward_text_of(first.authorization, first.authorization_length),
                          ward_text_of(second.authorization, second.authorization_length)));
    CHECK(ward_text_equal(first.origin, second.origin));
    CHECK_NUMBER(first.requested_method, second.requested_method);
    CHECK_NUMBER(a->parser.keep_alive, b->parser.keep_alive);
    CHECK(ward_text_equal(ward_text_of(a->parser.body, a->parser.body_text.length),
                          ward_text_of(b->parser.body, b->parser.body_text.length)));
}

static void check_framing(const struct connection *connection, struct ward_text request)
{
    const struct ward_text head = ward_text_of(request.data, model_head_length(request));
    CHECK_NUMBER(connection->head, head.length);
    CHECK(model_takes(head));
    CHECK(model_ends(request, ward_text_of(connection->parser.body, connection->parser.body_text.length)));
    CHECK(!connection->parser.keep_alive || !model_closes(head));
}

/* Reads the next request twice, as the bytes are cut in two ways: that must not matter. False where it is not a whole request. */
static bool read_request(struct connection *whole, struct connection *pieces)
{
    const size_t begin = whole->at;
    const enum ward_http_request_state state = read_next(whole);
    CHECK_NUMBER(read_next(pieces), state);
    /* Of two faults in one request either may be told. */
    CHECK((state == WARD_HTTP_REQUEST_BROKEN) == (whole->parser.error != 0));
    CHECK((state == WARD_HTTP_REQUEST_BROKEN) == (pieces->parser.error != 0));
    if (state != WARD_HTTP_REQUEST_COMPLETE)
        return false;
    CHECK_NUMBER(whole->at, pieces->at);
    check_framing(whole, ward_text_of((const char *)whole->data + begin, whole->at - begin));
    CHECK_NUMBER(whole->head, pieces->head);
    check_same_request(whole, pieces);
    return true;
}

/* ---- The model's token. */

static bool has_word(const struct ward_claims *claims, const char *word)
{
    static char padded[WARD_MAX_TOKEN + 2];
    char wanted[32];
    struct ward_claim claim;
    struct ward_text value;
    if (!ward_ok(ward_claim_find(claims, text("scope"), &claim)))
        return false;
    if (!ward_ok(ward_claim_text(&claim, &value)))
        return ward_ok(ward_claim_has(&claim, text(word)));
    padded[0] = ' ';
    memcpy(padded + 1, value.data, value.length);
    strcpy(padded + 1 + value.length, " ");
    snprintf(wanted, sizeof wanted, " %s ", word);
    return strstr(padded, wanted) != NULL;
}

static void read_token(const char *token, size_t length, struct model_token *read)
{
    static struct ward_workspace scratch;
    struct ward_claims claims;
    char *const copy = fuzz_copy(token, length);
    memset(read, 0, sizeof *read);
    read->verified = ward_verify(&usual_expect, usual_keys(), now, copy, length, &scratch, &claims);
    if (ward_ok(read->verified)) {
        read->read = has_word(&claims, "read:foia");
        read->write = has_word(&claims, "write:foia");
    }
    free(copy);
}

/* ---- The answer. */

/* Of a request nothing is told again: each text of an answer is one of the policy's. */
static void check_sources(const struct ward_answer *answer)
{
    bool scope = answer->scope.length == 0;
    bool origin = answer->origin.length == 0;
    for (size_t i = 0; i < model_route_count; i++)
        scope = scope || answer->scope.data == model_routes[i].scopes.data;
    for (size_t i = 0; i < policy.origins.count; i++)
        origin = origin || answer->origin.data == origins[i].data;
    CHECK(scope && origin);
    CHECK(answer->realm.data == policy.realm.data);
    CHECK(answer->resource_metadata.data == policy.resource_metadata.data);
}

static void check_lines(const char *response, const char *end)
{
    CHECK(strncmp(response, "HTTP/1.1 ", 9) == 0);
    CHECK(strstr(response, "\r\nCache-Control: no-store\r\n") != NULL);
    for (const char *c = response; c < end; c++) {
        if (*c == '\r')
            CHECK(*++c == '\n');
        else
            CHECK(*c >= ' ' && *c <= '~');
    }
}

static void check_answer(const struct ward_answer *answer)
{
    static char response[WARD_ANSWER_SIZE];
    size_t length;
    CHECK_STATUS(ward_answer_http(answer, response, sizeof response, &length), WARD_OK);
    CHECK_NUMBER(strlen(response), length);
    const char *const end = strstr(response, "\r\n\r\n");
    const char *const told = strstr(response, "\r\nContent-Length: ");
    CHECK(end != NULL);
    CHECK_NUMBER(atoi(response + 9), answer->http);
    check_lines(response, end);
    CHECK((told != NULL) == (answer->http != 204));
    if (told != NULL && !answer->head)
        CHECK_NUMBER(strtoul(told + 18, NULL, 10), strlen(end + 4));
    else
        CHECK_NUMBER(strlen(end + 4), 0);
    CHECK((strstr(response, "\r\nAllow: ") != NULL) == (answer->http == 405));
    CHECK((strstr(response, "\r\nWWW-Authenticate: Bearer realm=\"") != NULL) ==
          (answer->http == 401 || answer->error == WARD_ERROR_REQUEST || answer->error == WARD_ERROR_SCOPE));
}

static void check_audit(bool verified)
{
    CHECK_STATUS(ward_audit_flush(&gate.audit), WARD_OK);
    for (size_t i = 1; ward_audit_at(&gate.audit, i) != NULL; i++) {
        const struct ward_audit_event *const event = ward_audit_at(&gate.audit, i);
        CHECK(verified || (event->subject_length == 0 && event->client_length == 0));
    }
}

/* ---- The decision. */

static void check_decision(const struct ward_request *request, enum ward_code expected, size_t row,
                           struct ward_status status, const struct ward_decision *decision)
{
    CHECK_STATUS(status, expected);
    check_sources(&decision->answer);
    if (ward_ok(status)) {
        CHECK_NUMBER(decision->route, row);
        CHECK_NUMBER(decision->answer.http, 200);
        return;
    }
    CHECK(decision->route == WARD_NO_ROUTE);
    CHECK(fuzz_is_zero(&decision->grant, sizeof decision->grant));
    CHECK(fuzz_is_zero(request->authorization, request->authorization_length));
    check_answer(&decision->answer);
}

/* Once to an empty gate, once to one that knows the token's signature: the same. */
static void decide_twice(const struct ward_request *request)
{
    struct ward_decision decision;
    size_t row;
    const enum ward_code expected = model_result(&policy, request, read_token, &row);
    CHECK_STATUS(ward_gate_begin(&gate, &policy, usual_keys(), NULL, now), WARD_OK);
    for (int i = 0; i < 2; i++) {
        struct ward_request copy = *request;
        if (request->authorization != NULL)
            copy.authorization = fuzz_copy(request->authorization, request->authorization_length);
        memset(&decision, 0xa5, sizeof decision);
        memset(&work, 0xa5, sizeof work);
        check_decision(&copy, expected, row, ward_gate_check(&gate, &copy, &work, &decision), &decision);
        free(copy.authorization);
    }
    check_audit(expected == WARD_OK || expected == WARD_SCOPE_INSUFFICIENT || policy.hide_routes);
}

/* What a server does with a connection: one request after the other, until one cannot be read or says that it is the last. */
static void serve(const uint8_t *data, size_t size, unsigned options)
{
    static struct connection whole;
    static struct connection pieces;
    struct ward_request request;
    whole.data = pieces.data = data;
    whole.size = pieces.size = size;
    whole.at = pieces.at = 0;
    whole.piece = SIZE_MAX;
    pieces.piece = options / PIECES + 1;
    for (int i = 0; i < MOST_REQUESTS && read_request(&whole, &pieces); i++) {
        ward_http_request_parser_get(&whole.parser, &request);
        request.protected_channel = (options & PROTECTED) != 0;
        request.now = now;
        decide_twice(&request);
        if (!whole.parser.keep_alive)
            return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ward_rate wide = { 1000, 1, 10000 };
    const unsigned options = fuzz_option(data, &size);
    const struct ward_policy chosen = { .expect = &usual_expect,
                                        .routes = model_routes,
                                        .route_count = model_route_count,
                                        .origins = { origins,
                                                     (options & CORS) != 0 ? sizeof origins / sizeof origins[0] : 0 },
                                        .realm = WARD_TEXT("theholefoundation"),
                                        .resource_metadata = WARD_TEXT("https://api.example/about"),
                                        .signature_rate = wide,
                                        .signature_rate_per_peer = wide,
                                        .subject = wide,
                                        .hide_routes = (options & HIDDEN) != 0 };
    policy = chosen;
    now = ward_time_set(NOW);
    now.trust = (options & CLOCK_FLOOR) != 0 ? (uint32_t)WARD_TIME_FLOOR : now.trust;
    serve(data, size, options);
    return 0;
}
