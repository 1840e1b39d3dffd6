/* SPDX-License-Identifier: Apache-2.0 */
#include "app.h"

#include <string.h>

#include "api.h"
#include "board.h"
#include "console.h"
#include "events.h"

/* Written at build time: by `ward provision` and by `ward routes`, in flash. */
extern const struct ward_jwks app_keys;
extern const struct ward_route app_routes[];
extern const size_t app_routes_count;

/* Requests of one subject: ward's default, or what a test under load needs to tell each answer beforehand. */
#ifndef APP_SUBJECT_RATE
#define APP_SUBJECT_RATE { 0, 0, 0 }
#endif

/* The table's size, the origins and the metadata's URL are only known when the image is linked. */
static struct ward_policy policy = {
    .expect = &app_expect, .routes = app_routes, .realm = WARD_TEXT("theholefoundation"), .subject = APP_SUBJECT_RATE
};

struct ward_gate app_gate;
struct ward_keyring *app_keyring;
struct ward_workspace app_work;

static void print_begin(size_t keys, struct ward_status status)
{
    console_print("ward on ");
    console_text(board_name);
    console_print(": keys ");
    console_number(keys);
    console_print(", routes ");
    console_number(policy.route_count);
    console_print(", ");
    console_print(ward_ok(status) ? "ready" : ward_status_sentence(status));
    console_print("\n");
}

bool app_begin(struct ward_keyring *keyring)
{
    const struct ward_gate_setup setup = {
        .policy = &policy, .keys = keyring == NULL ? &app_keys : NULL, .keyring = keyring, .sink = events_keep
    };
    size_t row;
    app_keyring = keyring;
    policy.route_count = app_routes_count;
    policy.origins = app_origins;
    policy.resource_metadata = app_metadata_url;
    struct ward_status status = ward_routes_check(policy.routes, policy.route_count, &row);
    if (ward_ok(status))
        status = ward_gate_begin_with(&app_gate, &setup, app_time(), &app_work);
    print_begin(keyring == NULL ? app_keys.count : ward_keyring_keys(keyring)->count, status);
    return ward_ok(status);
}

static void put(char *out, size_t size, size_t *length, const char *string)
{
    struct api_response head = { 0, out, size, *length, false };
    api_put(&head, string);
    *length = head.length;
}

static void put_number(char *out, size_t size, size_t *length, uint32_t number)
{
    struct api_response head = { 0, out, size, *length, false };
    api_put_number(&head, number);
    *length = head.length;
}

static const char *phrase(uint16_t http)
{
    switch (http) {
    case 201: return "Created";
    case 507: return "Insufficient Storage";
    default: return ward_http_phrase(http);
    }
}

static size_t put_head(char *out, size_t size, uint16_t http, const char *cors, uint32_t body)
{
    size_t length = 0;
    put(out, size, &length, "HTTP/1.1 ");
    put_number(out, size, &length, http);
    put(out, size, &length, " ");
    put(out, size, &length, phrase(http));
    put(out, size, &length, "\r\nCache-Control: no-store\r\nContent-Type: application/json\r\n");
    put(out, size, &length, cors);
    put(out, size, &length, "Content-Length: ");
    put_number(out, size, &length, body);
    put(out, size, &length, "\r\n\r\n");
    return length;
}

static size_t put_response(char *out, size_t size, const struct api_response *response, const char *cors, bool head)
{
    size_t length = put_head(out, size, response->http, cors, (uint32_t)response->length);
    if (!head && response->length <= size - length) {
        memcpy(out + length, response->body, response->length);
        length += response->length;
    }
    return length;
}

/* Where it does not fit. */
static struct app_response refuse_itself(char *out, size_t size)
{
    static const char body[] = "{\"error\":\"server_error\"}";
    struct app_response response = { 0, ward_status_of(WARD_NO_RESULT), 500, false };
    response.length = put_head(out, size, 500, "Connection: close\r\n", (uint32_t)strlen(body));
    put(out, size, &response.length, body);
    return response;
}

static struct app_response serve_granted(const struct ward_http_request_parser *parser,
                                         const struct ward_request *request, const struct ward_decision *decision,
                                         char *out, size_t size)
{
    static char body[1536];
    char cors[384];
    size_t cors_length;
    struct api_response response = { 200, body, sizeof body, 0, false };
    const struct ward_target target = ward_target_of(request->method, request->target);
    const struct api_request granted = { request->method, target.path, parser->has_body,
                                         ward_text_of(parser->body, parser->body_text.length) };
    api_serve(app_gate.policy, decision, &granted, &response);
    if (response.full || !ward_ok(ward_answer_cors(&decision->answer, cors, sizeof cors, &cors_length)))
        return refuse_itself(out, size);
    const struct app_response result = { put_response(out, size, &response, cors, decision->answer.head),
                                         ward_status_of(WARD_OK), response.http,
                                         decision->grant.claims.issuer.length > 0 };
    return result;
}

/* Lets go of the workspace, which the next request uses. The texts lie in the parser. */
static void keep_texts(struct ward_claims *claims)
{
    const struct ward_claims texts = { .issuer = claims->issuer,
                                       .audience = claims->audience,
                                       .subject = claims->subject,
                                       .client = claims->client,
                                       .expires = claims->expires,
                                       .issued = claims->issued,
                                       .kind = claims->kind };
    *claims = texts;
}

bool app_judge(struct ward_http_request_parser *parser, bool protected_channel, const struct ward_peer *peer,
               struct app_judged *judged)
{
    struct ward_request request;
    ward_http_request_parser_get(parser, &request);
    request.protected_channel = protected_channel;
    request.peer = *peer;
    request.now = app_time();
    request.uptime = board_uptime();
    judged->status = ward_gate_check(&app_gate, &request, &app_work, &judged->decision);
    if (parser->has_body)
        keep_texts(&judged->decision.grant.claims);
    return ward_ok(judged->status);
}

struct app_response app_serve(struct ward_http_request_parser *parser, const struct app_judged *judged, char *out,
                              size_t size)
{
    struct ward_request request;
    struct app_response response;
    ward_http_request_parser_get(parser, &request);
    if (ward_ok(judged->status))
        return serve_granted(parser, &request, &judged->decision, out, size);
    if (!ward_ok(ward_answer_http(&judged->decision.answer, out, size, &response.length)))
        response = refuse_itself(out, size);
    else
        response.http = judged->decision.answer.http;
    response.decision = judged->status;
    response.granted = false;
    return response;
}

#if APP_WITHOUT_GATE
struct app_response app_serve_anybody(struct ward_http_request_parser *parser, char *out, size_t size)
{
    static const struct ward_text pattern = WARD_TEXT("/api/foia/*");
    static const struct ward_text somebody = WARD_TEXT("load|measured");
    static const struct ward_text client = WARD_TEXT("nobody-was-asked-");
    struct ward_request request;
    struct ward_decision decision;
    memset(&decision, 0, sizeof decision);
    while (!ward_text_equal(app_routes[decision.route].pattern, pattern))
        decision.route++;
    decision.grant.claims.subject = somebody;
    decision.grant.claims.client = client;
    ward_http_request_parser_get(parser, &request);
    return serve_granted(parser, &request, &decision, out, size);
}
#endif
