#include "app.h"

#include <string.h>

#include "api.h"
#include "board.h"
#include "console.h"

#ifndef APP_ISSUER
#define APP_ISSUER "https://dev-4fszoklachwdh46m.us.auth0.com/"
#endif
#ifndef APP_AUDIENCE
#define APP_AUDIENCE "https://api.theholefoundation.org"
#endif

/* Written at build time: by `ward provision` and by `ward routes`, in flash. */
extern const struct ward_jwks app_keys;
extern const struct ward_route app_routes[];
extern const size_t app_routes_count;

static const struct ward_expect expect = { .issuers = WARD_TEXTS(APP_ISSUER), .audiences = WARD_TEXTS(APP_AUDIENCE) };

/* The table's size is only known when the image is linked. */
static struct ward_policy policy = { .expect = &expect, .routes = app_routes, .realm = WARD_TEXT("theholefoundation") };

struct ward_gate app_gate;
static struct ward_workspace work;

bool app_begin(void)
{
    size_t row;
    policy.route_count = app_routes_count;
    struct ward_status status = ward_routes_check(policy.routes, policy.route_count, &row);
    if (ward_ok(status))
        status = ward_gate_begin(&app_gate, &policy, &app_keys, NULL, board_time());
    console_print("ward on ");
    console_text(board_name);
    console_print(": keys ");
    console_number(app_keys.count);
    console_print(", routes ");
    console_number(policy.route_count);
    console_print(", ");
    console_print(ward_ok(status) ? "ready" : ward_status_sentence(status));
    console_print("\n");
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
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 431: return "Request Header Fields Too Large";
    case 501: return "Not Implemented";
    case 505: return "HTTP Version Not Supported";
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

size_t app_refuse(uint16_t http, char *out, size_t size)
{
    static const char body[] = "{\"error\":\"invalid_request\"}";
    size_t length = put_head(out, size, http, "Connection: close\r\n", sizeof body - 1);
    put(out, size, &length, body);
    return length;
}

static size_t serve_granted(const struct request_parser *parser, const struct ward_request *request,
                            const struct ward_decision *decision, char *out, size_t size)
{
    static char body[1536];
    char cors[384];
    size_t cors_length;
    struct api_response response = { 200, body, sizeof body, 0, false };
    const struct api_request granted = { request->method, request->target,
                                         ward_text_of(parser->body, parser->body_text.length) };
    api_serve(app_gate.policy, decision, &granted, &response);
    if (response.full)
        return app_refuse(500, out, size);
    if (!ward_ok(ward_answer_cors(&decision->answer, cors, sizeof cors, &cors_length)))
        return app_refuse(500, out, size);
    return put_response(out, size, &response, cors, decision->answer.head);
}

size_t app_serve(struct request_parser *parser, bool protected_channel, const struct ward_peer *peer, char *out, size_t size)
{
    struct ward_request request;
    struct ward_decision decision;
    size_t length = 0;
    request_parser_get(parser, &request);
    request.protected_channel = protected_channel;
    request.peer = *peer;
    request.now = board_time();
    request.uptime = board_uptime();
    if (ward_ok(ward_gate_check(&app_gate, &request, &work, &decision)))
        return serve_granted(parser, &request, &decision, out, size);
    if (!ward_ok(ward_answer_http(&decision.answer, out, size, &length)))
        return app_refuse(500, out, size);
    return length;
}

/* ---- What an operator may do on the console. */

static void print_audit(void)
{
    static char line[WARD_AUDIT_LINE];
    struct ward_sha256 sha;
    uint8_t digest[WARD_AUDIT_DIGEST];
    size_t length;
    const struct ward_audit_event *event;
    if (!ward_ok(ward_audit_flush(&app_gate.audit)))
        console_print("the last refusals could not be written\n");
    for (size_t i = 0; (event = ward_audit_at(&app_gate.audit, i)) != NULL; i++) {
        if (!ward_ok(ward_audit_digest(event, &sha, digest)) ||
            !ward_ok(ward_audit_json(event, digest, line, sizeof line, &length)))
            continue;
        board_write(line, length);
        console_print("\n");
    }
    console_print("END OF AUDIT\n");
}

static void change_denial(struct ward_text subject, bool deny)
{
    uint8_t owner[WARD_OWNER_SIZE];
    const struct ward_caller operator = { { { 0 } }, board_time(), board_uptime() };
    struct ward_status status = ward_owner_id(expect.issuers.item[0], subject, &work, owner);
    if (ward_ok(status) && deny)
        status = ward_deny(&app_gate, owner, WARD_DENY_ALWAYS, &operator);
    else if (ward_ok(status) && !ward_undeny(&app_gate, owner, &operator))
        status = ward_status_of(WARD_NO_RESULT);
    console_print(ward_ok(status) ? "done" : ward_status_sentence(status));
    console_print("\n");
}

static bool begins(struct ward_text line, const char *word)
{
    const size_t length = strlen(word);
    return line.length >= length && memcmp(line.data, word, length) == 0;
}

bool app_command(char *line, size_t length)
{
    const struct ward_text text = ward_text_of(line, length);
    if (ward_text_equal(text, ward_text_of("quit", 4)))
        return false;
    if (ward_text_equal(text, ward_text_of("audit", 5)))
        print_audit();
    else if (begins(text, "deny "))
        change_denial(ward_text_of(line + 5, length - 5), true);
    else if (begins(text, "undeny "))
        change_denial(ward_text_of(line + 7, length - 7), false);
    else
        console_print("commands: !audit, !deny SUBJECT, !undeny SUBJECT, !quit\n");
    return true;
}
