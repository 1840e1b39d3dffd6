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

/* The policy was checked: its texts can stand between quotes as they are. */
static void put_attribute(struct ward_writer *writer, const char *name, struct ward_text value)
{
    ward_write(writer, name);
    ward_write(writer, "=\"");
    ward_write_text(writer, value);
    ward_write(writer, "\"");
}

static void put_words(struct ward_writer *writer, const char *name, const char *value)
{
    put_attribute(writer, name, ward_text_of(value, strlen(value)));
}

static void put_challenge(struct ward_writer *writer, const struct ward_answer *answer)
{
    const char *const error = words[answer->error].challenge;
    if (error == NULL)
        return;
    if (answer->realm.length > 0)
        put_attribute(writer, "Bearer realm", answer->realm);
    else
        put_words(writer, "Bearer realm", "api");
    if (answer->resource_metadata.length > 0)
        put_attribute(writer, ", resource_metadata", answer->resource_metadata);
    if (*error == '\0')
        return;
    put_words(writer, ", error", error);
    put_words(writer, ", error_description", words[answer->error].description);
    if (answer->error == WARD_ERROR_SCOPE)
        put_attribute(writer, ", scope", answer->scope);
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

/* In the order in which they are sent. */
enum field {
    CACHE_CONTROL,
    CHALLENGE,
    ALLOW,
    RETRY_AFTER,
    ALLOW_ORIGIN, /* from here on for CORS */
    VARY,
    ALLOW_METHODS,
    ALLOW_HEADERS,
    MAX_AGE,
    EXPOSE_HEADERS, /* to here */
    CONTENT_TYPE,
    FIELDS
};

/* Those without a value here have one of their own for each answer. */
static const struct {
    const char *name;
    const char *value;
} fields[FIELDS] = {
    [CACHE_CONTROL] = { "Cache-Control", "no-store" },
    [CHALLENGE] = { "WWW-Authenticate", NULL },
    [ALLOW] = { "Allow", NULL },
    [RETRY_AFTER] = { "Retry-After", NULL },
    [ALLOW_ORIGIN] = { "Access-Control-Allow-Origin", NULL },
    [VARY] = { "Vary", "Origin" },
    [ALLOW_METHODS] = { "Access-Control-Allow-Methods", NULL },
    [ALLOW_HEADERS] = { "Access-Control-Allow-Headers", "Authorization, Content-Type" },
    [MAX_AGE] = { "Access-Control-Max-Age", "600" },
    [EXPOSE_HEADERS] = { "Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After" },
    [CONTENT_TYPE] = { "Content-Type", "application/json" },
};

static bool has_cors_field(const struct ward_answer *answer, unsigned field)
{
    if (answer->origin.length == 0)
        return false;
    return field == ALLOW_ORIGIN || field == VARY || (field == EXPOSE_HEADERS) != answer->preflight;
}

static bool has_field(const struct ward_answer *answer, unsigned field)
{
    if (field >= ALLOW_ORIGIN && field <= EXPOSE_HEADERS)
        return has_cors_field(answer, field);
    switch (field) {
    case CHALLENGE: return words[answer->error].challenge != NULL;
    case ALLOW: return answer->http == 405;
    case RETRY_AFTER: return answer->retry_after > 0;
    case CONTENT_TYPE: return answer->http != 204;
    default: return true;
    }
}

static void put_value(struct ward_writer *writer, const struct ward_answer *answer, unsigned field)
{
    switch (field) {
    case CHALLENGE: put_challenge(writer, answer); break;
    case RETRY_AFTER: ward_write_number(writer, answer->retry_after); break;
    case ALLOW_ORIGIN: ward_write_text(writer, answer->origin); break;
    case ALLOW:
    case ALLOW_METHODS: put_methods(writer, answer->allow); break;
    default: ward_write(writer, fields[field].value); break;
    }
}

/* The lines of the fields from `first` to the one before `end`. */
static void put_fields(struct ward_writer *writer, const struct ward_answer *answer, unsigned first, unsigned end)
{
    for (unsigned field = first; field < end; field++) {
        if (!has_field(answer, field))
            continue;
        ward_write(writer, fields[field].name);
        ward_write(writer, ": ");
        put_value(writer, answer, field);
        ward_write(writer, "\r\n");
    }
}

struct ward_status ward_answer_cors(const struct ward_answer *answer, char *buffer, size_t size, size_t *length)
{
    struct ward_writer writer;
    ward_write_begin(&writer, buffer, size);
    put_fields(&writer, answer, ALLOW_ORIGIN, CONTENT_TYPE);
    return ward_write_end(&writer, length);
}

/* FIELDS: the answer has no more than `number` of them. */
static unsigned find_field(const struct ward_answer *answer, size_t number)
{
    size_t left = number;
    for (unsigned field = 0; field < FIELDS; field++)
        if (has_field(answer, field) && left-- == 0)
            return field;
    return FIELDS;
}

struct ward_status ward_answer_field(const struct ward_answer *answer, size_t number, const char **name, char *buffer,
                                     size_t size, size_t *length)
{
    struct ward_writer writer;
    const unsigned field = find_field(answer, number);
    *name = field < FIELDS ? fields[field].name : NULL;
    ward_write_begin(&writer, buffer, size);
    if (field < FIELDS)
        put_value(&writer, answer, field);
    const struct ward_status status = ward_write_end(&writer, length);
    if (!ward_ok(status))
        *name = NULL;
    return status;
}

/* ---- All of it. */

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
    ward_write(&writer, "HTTP/1.1 ");
    ward_write_number(&writer, answer->http);
    ward_write(&writer, " ");
    ward_write(&writer, ward_http_phrase(answer->http));
    ward_write(&writer, "\r\n");
    put_fields(&writer, answer, 0, FIELDS);
    if (answer->http != 204) {
        ward_write(&writer, "Content-Length: ");
        ward_write_number(&writer, body_length(answer));
        ward_write(&writer, "\r\n");
    }
    ward_write(&writer, "\r\n");
    if (!answer->head)
        put_body(&writer, answer);
    return ward_write_end(&writer, length);
}
