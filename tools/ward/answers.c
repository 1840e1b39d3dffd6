/* SPDX-License-Identifier: Apache-2.0 */
/* The gate's answers, described: what DESIGN's table of answers says. Bodies and challenges are those that ward writes. */
#include <string.h>

#include "description.h"

/* Kinds of answer as schemas. */
static const struct {
    const char *name;
    uint16_t http;
    uint8_t error;
    const char *meaning;
} kinds[] = {
    { "InvalidPath", 400, WARD_ERROR_PATH, "The path could be read in more than one way" },
    { "InvalidRequest", 400, WARD_ERROR_REQUEST, "The Authorization header is none, or there are several" },
    { "Unauthorized", 401, WARD_ERROR_UNAUTHORIZED, "No token came: send one as Authorization: Bearer" },
    { "InvalidToken", 401, WARD_ERROR_TOKEN, "The token is not good here, or its subject is denied: get another one" },
    { "ExpiredToken", 401, WARD_ERROR_EXPIRED, "The token was good once: renew it" },
    { "InsufficientScope", 403, WARD_ERROR_SCOPE, "The token lacks a scope: get one with those of `scope`" },
    { "HttpsRequired", 403, WARD_ERROR_HTTPS,
      "The request came in clear: its token, where it had one, is known to others" },
    { "NotFound", 404, WARD_ERROR_NOT_FOUND, "The device has no route for the path" },
    { "MethodNotAllowed", 405, WARD_ERROR_METHOD, "The path has other methods: see Allow" },
    { "RateLimited", 429, WARD_ERROR_RATE, "A budget is spent, the subject's or that of signature checks: wait" },
    { "ServerError", 500, WARD_ERROR_SERVER, "The device could not decide: its operator's audit says why" },
    { "TemporarilyUnavailable", 503, WARD_ERROR_UNAVAILABLE,
      "The device has no clock, no keys, or not yet the token's key: wait" },
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Header fields of an answer besides Cache-Control. */
enum { CHALLENGE = 1, ALLOW = 2, RETRY = 4 };

/* Places in the table below, in the order in which an operation lists them. */
enum answer {
    GRANTED,
    PATH,
    REQUEST,
    UNAUTHORIZED,
    FORBIDDEN,
    SCOPE,
    HTTPS,
    NOT_FOUND,
    METHOD,
    RATE,
    SERVER,
    UNAVAILABLE,
    ANSWERS
};

/* Responses: several where one status can mean different things on different routes. */
static const struct {
    const char *name;
    const char *code;
    const char *meaning;
    uint8_t fields;
    uint8_t first; /* of its kinds */
    uint8_t count;
} answers[ANSWERS] = {
    [GRANTED] = { "Granted", "2XX", "Granted: what the endpoint itself answers, which the routes do not say", 0, 0, 0 },
    [PATH] = { "InvalidPath", "400", "The path is not plain", 0, 0, 1 },
    [REQUEST] = { "InvalidRequest", "400", "The path is not plain, or the credential is not one", CHALLENGE, 0, 2 },
    [UNAUTHORIZED] = { "Unauthorized", "401", "A token is needed, or another one", CHALLENGE, 2, 3 },
    [FORBIDDEN] = { "Forbidden", "403", "The token lacks a scope, or the channel is not protected", CHALLENGE, 5, 2 },
    [SCOPE] = { "InsufficientScope", "403", "The token lacks a scope", CHALLENGE, 5, 1 },
    [HTTPS] = { "HttpsRequired", "403", "The channel is not protected", 0, 6, 1 },
    [NOT_FOUND] = { "NotFound", "404", "This device does not have the path, whatever this document says", 0, 7, 1 },
    [METHOD] = { "MethodNotAllowed", "405", "This device's path does not have the method", ALLOW, 8, 1 },
    [RATE] = { "RateLimited", "429", "Too many requests", RETRY, 9, 1 },
    [SERVER] = { "ServerError", "500", "The request could not be decided", 0, 10, 1 },
    [UNAVAILABLE] = { "TemporarilyUnavailable", "503", "Tokens cannot be checked now", RETRY, 11, 1 },
};

static const char *const cache_control = "Cache-Control";

static uint32_t bit(enum answer answer)
{
    return (uint32_t)1 << answer;
}

/* ---- Of one route. */

static uint32_t forbidden_of(bool scopes, bool cleartext)
{
    if (scopes)
        return bit(cleartext ? SCOPE : FORBIDDEN);
    return cleartext ? 0 : bit(HTTPS);
}

uint32_t answers_of(const struct ward_route *route)
{
    const bool cleartext = (route->methods & WARD_ALLOW_CLEARTEXT) != 0;
    const uint32_t all = bit(GRANTED) | bit(NOT_FOUND) | bit(METHOD) | bit(SERVER) |
                         forbidden_of(route->scopes.length > 0, cleartext);
    if ((route->methods & WARD_PUBLIC) != 0)
        return all | bit(PATH);
    return all | bit(REQUEST) | bit(UNAUTHORIZED) | bit(RATE) | bit(UNAVAILABLE);
}

void write_reference(struct json_writer *writer, const char *name, const char *folder, const char *target)
{
    char reference[96];
    (void)snprintf(reference, sizeof reference, "{ \"$ref\": \"#/components/%s/%s\" }", folder, target);
    json_raw(writer, name, text_from(reference));
}

void write_responses(struct json_writer *writer, uint32_t of_route)
{
    json_object(writer, "responses");
    for (size_t i = 0; i < ANSWERS; i++)
        if ((of_route & bit((enum answer)i)) != 0)
            write_reference(writer, answers[i].code, "responses", answers[i].name);
    json_close(writer);
}

/* ---- What ward says of a kind. */

/* An answer of this kind whose scope, where it has one, is the first alternative of the file's first expression. */
static struct ward_answer answer_of(size_t kind, const struct route_file *file)
{
    struct ward_answer answer = { .http = kinds[kind].http, .error = kinds[kind].error };
    for (size_t i = 0; i < file->count && answer.scope.length == 0; i++) {
        const struct ward_text scopes = file->route[i].scopes;
        const char *const bar = scopes.length > 0 ? memchr(scopes.data, '|', scopes.length) : NULL;
        answer.scope = bar != NULL ? ward_text_of(scopes.data, (size_t)(bar - scopes.data)) : scopes;
    }
    return answer;
}

/* A body is an object of strings in which nothing is escaped: the value after a mark, up to the next quote. */
static struct ward_text value_behind(const char *body, const char *mark)
{
    const char *const begin = strstr(body, mark) + strlen(mark);
    return ward_text_of(begin, strcspn(begin, "\""));
}

/* ---- Components. */

static void write_string(struct json_writer *writer, const char *name, const char *member, struct ward_text value)
{
    json_object(writer, name);
    json_words(writer, "type", "string");
    json_text(writer, member, value);
    json_close(writer);
}

static void write_schema(struct json_writer *writer, size_t kind, const struct route_file *file)
{
    static char body[8192];
    size_t length;
    const struct ward_answer answer = answer_of(kind, file);
    if (!ward_ok(ward_answer_body(&answer, body, sizeof body, &length)))
        return;
    json_object(writer, kinds[kind].name);
    json_words(writer, "type", "object");
    json_words(writer, "description", kinds[kind].meaning);
    json_array(writer, "required");
    json_words(writer, NULL, "error");
    json_words(writer, NULL, "error_description");
    if (kinds[kind].error == WARD_ERROR_SCOPE)
        json_words(writer, NULL, "scope");
    json_close(writer);
    json_object(writer, "properties");
    write_string(writer, "error", "const", value_behind(body, "\"error\":\""));
    write_string(writer, "error_description", "const", value_behind(body, "\"error_description\":\""));
    if (kinds[kind].error == WARD_ERROR_SCOPE)
        write_string(writer, "scope", "description", text_from("Scopes that would suffice, separated by blanks"));
    json_close(writer);
    json_close(writer);
}

static void write_schemas(struct json_writer *writer, uint32_t used, const struct route_file *file)
{
    bool wanted[KINDS] = { false };
    for (size_t i = 0; i < ANSWERS; i++)
        for (size_t kind = 0; kind < answers[i].count; kind++)
            wanted[answers[i].first + kind] |= (used & bit((enum answer)i)) != 0;
    json_object(writer, "schemas");
    for (size_t kind = 0; kind < KINDS; kind++)
        if (wanted[kind])
            write_schema(writer, kind, file);
    json_close(writer);
}

static void begin_header(struct json_writer *writer, const char *name, const char *meaning, bool always)
{
    json_object(writer, name);
    json_words(writer, "description", meaning);
    if (always)
        json_true(writer, "required");
}

static void write_challenge(struct json_writer *writer)
{
    begin_header(
        writer, "Challenge",
        "RFC 6750 section 3: Bearer with realm, with resource_metadata where the device has some (RFC 9728), and "
        "unless no credential came with error and error_description, for insufficient_scope also scope. It is "
        "missing where error is https_required, and where it is the path that is not plain",
        false);
    write_string(writer, "schema", "pattern", text_from("^Bearer realm=\""));
    json_close(writer);
}

static void write_headers(struct json_writer *writer, bool tokens)
{
    json_object(writer, "headers");
    begin_header(writer, "CacheControl", "No answer is kept", true);
    write_string(writer, "schema", "const", text_from("no-store"));
    json_close(writer);
    begin_header(writer, "Allow", "The methods that the path has, separated by commas", true);
    write_string(writer, "schema", "pattern", text_from("^[A-Z]+(, [A-Z]+)*$"));
    json_close(writer);
    if (tokens) {
        write_challenge(writer);
        begin_header(writer, "RetryAfter", "Seconds until it is worth trying again, where they are known", false);
        json_object(writer, "schema");
        json_words(writer, "type", "integer");
        json_raw(writer, "minimum", text_from("1"));
        json_close(writer);
        json_close(writer);
    }
    json_close(writer);
}

static void write_fields(struct json_writer *writer, uint8_t fields)
{
    json_object(writer, "headers");
    write_reference(writer, cache_control, "headers", "CacheControl");
    if ((fields & CHALLENGE) != 0)
        write_reference(writer, "WWW-Authenticate", "headers", "Challenge");
    if ((fields & ALLOW) != 0)
        write_reference(writer, "Allow", "headers", "Allow");
    if ((fields & RETRY) != 0)
        write_reference(writer, "Retry-After", "headers", "RetryAfter");
    json_close(writer);
}

static void write_examples(struct json_writer *writer, size_t answer, const struct route_file *file)
{
    static char body[8192];
    size_t length;
    json_object(writer, "examples");
    for (size_t i = 0; i < answers[answer].count; i++) {
        const size_t kind = (size_t)answers[answer].first + i;
        const struct ward_answer example = answer_of(kind, file);
        if (!ward_ok(ward_answer_body(&example, body, sizeof body, &length)))
            continue;
        json_object(writer, kinds[kind].name);
        json_raw(writer, "value", ward_text_of(body, length));
        json_close(writer);
    }
    json_close(writer);
}

static void write_content(struct json_writer *writer, size_t answer, const struct route_file *file)
{
    const size_t first = answers[answer].first;
    json_object(writer, "content");
    json_object(writer, "application/json");
    if (answers[answer].count == 1) {
        write_reference(writer, "schema", "schemas", kinds[first].name);
    } else {
        json_object(writer, "schema");
        json_array(writer, "oneOf");
        for (size_t i = 0; i < answers[answer].count; i++)
            write_reference(writer, NULL, "schemas", kinds[first + i].name);
        json_close(writer);
        json_close(writer);
    }
    write_examples(writer, answer, file);
    json_close(writer);
    json_close(writer);
}

/* Of what the endpoint answers only that it may be anything. */
static void write_anything(struct json_writer *writer)
{
    json_object(writer, "content");
    json_object(writer, "*/*");
    json_close(writer);
    json_close(writer);
}

static void write_response(struct json_writer *writer, size_t answer, const struct route_file *file)
{
    json_object(writer, answers[answer].name);
    json_words(writer, "description", answers[answer].meaning);
    if (answer == GRANTED) {
        write_anything(writer);
    } else {
        write_fields(writer, answers[answer].fields);
        write_content(writer, answer, file);
    }
    json_close(writer);
}

void write_answers(struct json_writer *writer, uint32_t used, const struct route_file *file)
{
    write_schemas(writer, used, file);
    write_headers(writer, (used & bit(UNAUTHORIZED)) != 0);
    json_object(writer, "responses");
    for (size_t i = 0; i < ANSWERS; i++)
        if ((used & bit((enum answer)i)) != 0)
            write_response(writer, i, file);
    json_close(writer);
}
