#include "encoding/writer.h"
#include "ward/http.h"

/* The words of each kind of answer. A description is a fixed sentence without any part of the request. */
static const struct {
    const char *challenge; /* of WWW-Authenticate: NULL none, "" bare, else its error */
    const char *error;     /* of the body */
    const char *description;
} words[] = {
    [WARD_ERROR_NONE] = { NULL, "", "" },
    [WARD_ERROR_UNAUTHORIZED] = { "", "unauthorized", "An access token is needed" },
    [WARD_ERROR_PATH] = { NULL, "invalid_request", "The path is not plain" },
    [WARD_ERROR_REQUEST] = { "invalid_request", "invalid_request",
                             "The Authorization header is malformed or there twice" },
    [WARD_ERROR_TOKEN] = { "invalid_token", "invalid_token", "The access token is not valid here" },
    [WARD_ERROR_EXPIRED] = { "invalid_token", "invalid_token", "The access token expired" },
    [WARD_ERROR_SCOPE] = { "insufficient_scope", "insufficient_scope", "The access token lacks a scope" },
    [WARD_ERROR_HTTPS] = { NULL, "https_required", "Use https" },
    [WARD_ERROR_NOT_FOUND] = { NULL, "not_found", "There is nothing at this path" },
    [WARD_ERROR_METHOD] = { NULL, "method_not_allowed", "The path does not have this method" },
    [WARD_ERROR_RATE] = { NULL, "rate_limited", "Too many requests" },
    [WARD_ERROR_UNAVAILABLE] = { NULL, "temporarily_unavailable", "Tokens cannot be checked now" },
    [WARD_ERROR_SERVER] = { NULL, "server_error", "The request could not be decided" },
};

static const struct {
    uint16_t http;
    const char *phrase;
} phrases[] = { { 200, "OK" },
                { 204, "No Content" },
                { 400, "Bad Request" },
                { 401, "Unauthorized" },
                { 403, "Forbidden" },
                { 404, "Not Found" },
                { 405, "Method Not Allowed" },
                { 429, "Too Many Requests" },
                { 500, "Internal Server Error" },
                { 503, "Service Unavailable" } };

const char *ward_http_phrase(uint16_t http)
{
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
        if (phrases[i].http == http)
            return phrases[i].phrase;
    return "";
}

/* ---- The challenge. */

static void put_attribute(struct ward_writer *writer, const char *name, const char *value)
{
    ward_write(writer, ", ");
    ward_write(writer, name);
    ward_write(writer, "=\"");
    ward_write(writer, value);
    ward_write(writer, "\"");
}

static void put_challenge(struct ward_writer *writer, const struct ward_answer *answer)
{
    const char *const error = words[answer->error].challenge;
    if (error == NULL)
        return;
    ward_write(writer, "Bearer realm=\"");
    if (answer->realm.length > 0)
        ward_write_text(writer, answer->realm);
    else
        ward_write(writer, "api");
    ward_write(writer, "\"");
    if (*error == '\0')
        return;
    put_attribute(writer, "error", error);
    put_attribute(writer, "error_description", words[answer->error].description);
    if (answer->error == WARD_ERROR_SCOPE) {
        ward_write(writer, ", scope=\"");
        ward_write_text(writer, answer->scope);
        ward_write(writer, "\"");
    }
}

struct ward_status ward_answer_challenge(const struct ward_answer *answer, char *buffer, size_t size, size_t *length)
{
    struct ward_writer writer;
    ward_write_begin(&writer, buffer, size);
    put_challenge(&writer, answer);
    return ward_write_end(&writer, length);
}

/* ---- The body. */

static void put_body(struct ward_writer *writer, const struct ward_answer *answer)
{
    if (answer->error == WARD_ERROR_NONE)
        return;
    ward_write(writer, "{\"error\":\"");
    ward_write(writer, words[answer->error].error);
    ward_write(writer, "\",\"error_description\":\"");
    ward_write(writer, words[answer->error].description);
    ward_write(writer, "\"");
    if (answer->error == WARD_ERROR_SCOPE) {
        ward_write(writer, ",\"scope\":\"");
        ward_write_text(writer, answer->scope);
        ward_write(writer, "\"");
    }
    ward_write(writer, "}");
}

struct ward_status ward_answer_body(const struct ward_answer *answer, char *buffer, size_t size, size_t *length)
{
    struct ward_writer writer;
    ward_write_begin(&writer, buffer, size);
    put_body(&writer, answer);
    return ward_write_end(&writer, length);
}

/* ---- Headers. */

static void put_methods(struct ward_writer *writer, uint16_t methods)
{
    const char *separator = "";
    for (uint32_t bit = 1; bit <= WARD_OPTIONS; bit <<= 1) {
        if ((methods & bit) == 0)
            continue;
        ward_write(writer, separator);
        ward_write(writer, ward_method_name((uint16_t)bit));
        separator = ", ";
    }
}

static void put_cors(struct ward_writer *writer, const struct ward_answer *answer)
{
    if (answer->origin.length == 0)
        return;
    ward_write(writer, "Access-Control-Allow-Origin: ");
    ward_write_text(writer, answer->origin);
    ward_write(writer, "\r\nVary: Origin\r\n");
    if (answer->preflight) {
        ward_write(writer, "Access-Control-Allow-Methods: ");
        put_methods(writer, answer->allow);
        ward_write(writer,
                   "\r\nAccess-Control-Allow-Headers: Authorization, Content-Type\r\nAccess-Control-Max-Age: 600\r\n");
    } else {
        ward_write(writer, "Access-Control-Expose-Headers: WWW-Authenticate, Retry-After\r\n");
    }
}

struct ward_status ward_answer_cors(const struct ward_answer *answer, char *buffer, size_t size, size_t *length)
{
    struct ward_writer writer;
    ward_write_begin(&writer, buffer, size);
    put_cors(&writer, answer);
    return ward_write_end(&writer, length);
}

static void put_status_line(struct ward_writer *writer, const struct ward_answer *answer)
{
    ward_write(writer, "HTTP/1.1 ");
    ward_write_number(writer, answer->http);
    ward_write(writer, " ");
    ward_write(writer, ward_http_phrase(answer->http));
    ward_write(writer, "\r\nCache-Control: no-store\r\n");
}

static void put_headers(struct ward_writer *writer, const struct ward_answer *answer)
{
    if (words[answer->error].challenge != NULL) {
        ward_write(writer, "WWW-Authenticate: ");
        put_challenge(writer, answer);
        ward_write(writer, "\r\n");
    }
    if (answer->http == 405) {
        ward_write(writer, "Allow: ");
        put_methods(writer, answer->allow);
        ward_write(writer, "\r\n");
    }
    if (answer->retry_after > 0) {
        ward_write(writer, "Retry-After: ");
        ward_write_number(writer, answer->retry_after);
        ward_write(writer, "\r\n");
    }
    put_cors(writer, answer);
}

static size_t body_length(const struct ward_answer *answer)
{
    struct ward_writer count;
    ward_write_begin(&count, NULL, SIZE_MAX);
    put_body(&count, answer);
    return count.length;
}

struct ward_status ward_answer_http(const struct ward_answer *answer, char *buffer, size_t size, size_t *length)
{
    struct ward_writer writer;
    ward_write_begin(&writer, buffer, size);
    put_status_line(&writer, answer);
    put_headers(&writer, answer);
    if (answer->http != 204) {
        ward_write(&writer, "Content-Type: application/json\r\nContent-Length: ");
        ward_write_number(&writer, body_length(answer));
        ward_write(&writer, "\r\n");
    }
    ward_write(&writer, "\r\n");
    if (!answer->head)
        put_body(&writer, answer);
    return ward_write_end(&writer, length);
}
