/* SPDX-License-Identifier: Apache-2.0 */
/* An OpenAPI 3.1 document: the paths that the routes take, and what each operation demands. */
#include <string.h>

#include "description.h"

static const char *const schemes[MOST_ISSUERS] = { "issuer", "issuer2", "issuer3", "issuer4" };

/* ---- Patterns. */

static bool is_open(struct ward_text pattern)
{
    return pattern.data[pattern.length - 1] == '*';
}

/* What stands before the star and its slash; of a pattern without a star all of it. */
static struct ward_text fixed_part(struct ward_text pattern)
{
    return ward_text_of(pattern.data, is_open(pattern) ? pattern.length - 2 : pattern.length);
}

/* The path that a pattern is where its star stands for nothing. */
static struct ward_text plain_path(struct ward_text pattern)
{
    const struct ward_text fixed = fixed_part(pattern);
    return fixed.length > 0 ? fixed : ward_text_of(pattern.data, 1);
}

static bool has_pattern(const struct route_file *file, size_t rows, struct ward_text pattern)
{
    for (size_t i = 0; i < rows; i++)
        if (ward_text_equal(file->route[i].pattern, pattern))
            return true;
    return false;
}

static const struct ward_route *route_of(const struct route_file *file, struct ward_text pattern, uint32_t method)
{
    for (size_t i = 0; i < file->count; i++)
        if (ward_text_equal(file->route[i].pattern, pattern) && (file->route[i].methods & method) != 0)
            return &file->route[i];
    return NULL;
}

/* ---- Names of operations: they depend on method and path alone, and differ where these do. */

static size_t put_escaped(char *out, char c)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    static const char digits[] = "0123456789ABCDEF";
    const uint8_t byte = (uint8_t)c;
    out[0] = c;
    if (c != '\0' && strchr(plain, c) != NULL)
        return 1;
    out[0] = '_';
    if (c == '/')
        return 1;
    out[0] = '~';
    out[1] = digits[byte >> 4];
    out[2] = digits[byte & 0xfu];
    return 3;
}

/* No segment but the last is empty, so that two lines in the name's middle stand for the star alone. */
static void write_operation_id(struct json_writer *writer, uint16_t method, struct ward_text path, bool rest)
{
    static char name[32 + 3 * WARD_MAX_PATH];
    size_t length = 0;
    for (const char *c = ward_method_name(method); *c != '\0'; c++)
        name[length++] = (char)(*c | 0x20);
    for (size_t i = 0; i < path.length; i++)
        length += put_escaped(name + length, path.data[i]);
    if (rest)
        length += (size_t)sprintf(name + length, "__path");
    json_text(writer, "operationId", ward_text_of(name, length));
}

/* ---- What an operation demands. */

static void begin_alternative(struct json_writer *writer, const char *scheme)
{
    json_object(writer, NULL);
    json_array(writer, scheme);
}

static void end_alternative(struct json_writer *writer)
{
    json_close(writer);
    json_close(writer);
}

/* Without scopes one that asks for none. */
static void write_alternatives(struct json_writer *writer, const char *scheme, struct ward_text expression)
{
    size_t at = 0;
    bool bar;
    struct ward_text scope = next_scope(expression, &at, &bar);
    begin_alternative(writer, scheme);
    while (scope.length > 0) {
        json_text(writer, NULL, scope);
        scope = next_scope(expression, &at, &bar);
        if (scope.length > 0 && bar) {
            end_alternative(writer);
            begin_alternative(writer, scheme);
        }
    }
    end_alternative(writer);
}

static void write_security(struct json_writer *writer, const struct description *description,
                           const struct ward_route *route)
{
    json_array(writer, "security");
    for (size_t i = 0; i < description->issuer_count && (route->methods & WARD_PUBLIC) == 0; i++)
        write_alternatives(writer, schemes[i], route->scopes);
    json_close(writer);
}

static void put_scopes(FILE *file, struct ward_text expression)
{
    size_t at = 0;
    bool bar;
    struct ward_text scope = next_scope(expression, &at, &bar);
    fputs("Needs `", file);
    while (scope.length > 0) {
        fprintf(file, "%.*s`", (int)scope.length, scope.data);
        scope = next_scope(expression, &at, &bar);
        if (scope.length > 0)
            fputs(bar ? ", or `" : " and `", file);
    }
}

static void write_summary(struct json_writer *writer, uint16_t method, struct ward_text path, bool rest)
{
    char text[16 + WARD_MAX_PATH + 16];
    (void)snprintf(text, sizeof text, "%s %.*s%s", ward_method_name(method), (int)path.length, path.data,
                   rest ? "/{path}" : "");
    json_words(writer, "summary", text);
}

static void write_demand(struct json_writer *writer, const struct ward_route *route)
{
    static char text[4 * WARD_MAX_SCOPE_EXPRESSION];
    FILE *const file = fmemopen(text, sizeof text, "w");
    if (file == NULL)
        return;
    if ((route->methods & WARD_PUBLIC) != 0)
        fputs("For anybody: no token is looked at", file);
    else if (route->scopes.length == 0)
        fputs("For any subject with a valid token", file);
    else
        put_scopes(file, route->scopes);
    fputs((route->methods & WARD_ALLOW_CLEARTEXT) != 0 ? ". Also over a channel that is not protected." : ".", file);
    fclose(file);
    json_words(writer, "description", text);
}

/* ---- Operations and paths. */

static bool takes_body(uint32_t method)
{
    return (method & (WARD_POST | WARD_PUT | WARD_PATCH)) != 0;
}

static void write_operation(struct json_writer *writer, const struct description *description,
                            const struct ward_route *route, uint16_t method, bool rest)
{
    char member[16];
    const struct ward_text path = rest ? fixed_part(route->pattern) : plain_path(route->pattern);
    size_t length = 0;
    for (const char *c = ward_method_name(method); *c != '\0'; c++)
        member[length++] = (char)(*c | 0x20);
    member[length] = '\0';
    json_object(writer, member);
    write_operation_id(writer, method, path, rest);
    write_summary(writer, method, path, rest);
    write_demand(writer, route);
    json_array(writer, "tags");
    json_text(writer, NULL, route->pattern);
    json_close(writer);
    write_security(writer, description, route);
    if (takes_body(method))
        write_reference(writer, "requestBody", "requestBodies", "Anything");
    write_responses(writer, answers_of(route));
    json_close(writer);
}

static void write_path(struct json_writer *writer, const struct description *description, struct ward_text pattern,
                       bool rest)
{
    char name[WARD_MAX_PATH + 16];
    const struct ward_text path = rest ? fixed_part(pattern) : plain_path(pattern);
    (void)snprintf(name, sizeof name, "%.*s%s", (int)path.length, path.data, rest ? "/{path}" : "");
    json_object(writer, name);
    if (rest) {
        json_array(writer, "parameters");
        write_reference(writer, NULL, "parameters", "Rest");
        json_close(writer);
    }
    for (uint32_t method = WARD_GET; method <= WARD_OPTIONS; method <<= 1) {
        const struct ward_route *const route = route_of(description->file, pattern, method);
        if (route != NULL)
            write_operation(writer, description, route, (uint16_t)method, rest);
    }
    json_close(writer);
}

/* An open pattern takes two paths: with the star for nothing, unless a row of its own has that, and with the rest as a parameter. */
static void write_paths(struct json_writer *writer, const struct description *description)
{
    const struct route_file *const file = description->file;
    json_object(writer, "paths");
    for (size_t i = 0; i < file->count; i++) {
        const struct ward_text pattern = file->route[i].pattern;
        if (has_pattern(file, i, pattern))
            continue;
        if (!is_open(pattern) || !has_pattern(file, file->count, plain_path(pattern)))
            write_path(writer, description, pattern, false);
        if (is_open(pattern))
            write_path(writer, description, pattern, true);
    }
    json_close(writer);
}

/* ---- What surrounds them. */

static void write_info(struct json_writer *writer, const struct description *description)
{
    json_object(writer, "info");
    json_text(writer, "title", description->title);
    json_text(writer, "version", description->version);
    json_words(writer, "description",
               "What each operation demands, and each answer of the gate before it. What an endpoint itself takes and "
               "gives is its own. Written by `ward routes --openapi`.");
    if (description->license.length > 0) {
        json_object(writer, "license");
        json_text(writer, "name", description->license);
        json_text(writer, "identifier", description->license);
        json_close(writer);
    }
    json_close(writer);
}

static void write_servers(struct json_writer *writer, const struct description *description)
{
    json_array(writer, "servers");
    for (size_t i = 0; i < description->server_count; i++) {
        json_object(writer, NULL);
        json_text(writer, "url", description->servers[i]);
        json_close(writer);
    }
    json_close(writer);
}

static void write_tags(struct json_writer *writer, const struct route_file *file)
{
    json_array(writer, "tags");
    for (size_t i = 0; i < file->count; i++) {
        if (has_pattern(file, i, file->route[i].pattern))
            continue;
        json_object(writer, NULL);
        json_text(writer, "name", file->route[i].pattern);
        json_words(writer, "description", "The operations that this pattern of the routes takes");
        json_close(writer);
    }
    json_close(writer);
}

static void write_schemes(struct json_writer *writer, const struct description *description)
{
    static const struct ward_text discovery = WARD_TEXT("/.well-known/openid-configuration");
    char url[LONGEST_URL + 64];
    json_object(writer, "securitySchemes");
    for (size_t i = 0; i < description->issuer_count; i++) {
        struct ward_text issuer = description->issuers[i];
        issuer.length -= issuer.data[issuer.length - 1] == '/' ? 1u : 0u;
        (void)snprintf(url, sizeof url, "%.*s%s", (int)issuer.length, issuer.data, discovery.data);
        json_object(writer, schemes[i]);
        json_words(writer, "type", "openIdConnect");
        json_words(writer, "description", "An access token (JWT, RS256) as Authorization: Bearer");
        json_words(writer, "openIdConnectUrl", url);
        json_close(writer);
    }
    json_close(writer);
}

static void write_rest(struct json_writer *writer)
{
    json_object(writer, "parameters");
    json_object(writer, "Rest");
    json_words(writer, "name", "path");
    json_words(writer, "in", "path");
    json_true(writer, "required");
    json_words(writer, "description",
               "The rest of the path: its segments, with the slashes between them as they are, or nothing after the "
               "slash before it. An escaped slash (%2F) is refused. Where a longer path of this document fits, that "
               "one is meant.");
    json_object(writer, "schema");
    json_words(writer, "type", "string");
    json_close(writer);
    json_close(writer);
    json_close(writer);
}

static void write_body(struct json_writer *writer)
{
    json_object(writer, "requestBodies");
    json_object(writer, "Anything");
    json_words(writer, "description", "What the endpoint takes, which the routes do not say");
    json_object(writer, "content");
    json_object(writer, "*/*");
    json_close(writer);
    json_close(writer);
    json_close(writer);
    json_close(writer);
}

static void write_components(struct json_writer *writer, const struct description *description)
{
    const struct route_file *const file = description->file;
    uint32_t answers = 0;
    bool open = false;
    bool body = false;
    for (size_t i = 0; i < file->count; i++) {
        answers |= answers_of(&file->route[i]);
        open = open || is_open(file->route[i].pattern);
        body = body || takes_body(file->route[i].methods);
    }
    json_object(writer, "components");
    write_schemes(writer, description);
    if (open)
        write_rest(writer);
    if (body)
        write_body(writer);
    write_answers(writer, answers, file);
    json_close(writer);
}

/* ---- The document. */

/* A brace would begin a parameter. */
static bool patterns_can_be_paths(const struct description *description)
{
    const struct route_file *const file = description->file;
    for (size_t i = 0; i < file->count; i++) {
        const struct ward_text pattern = file->route[i].pattern;
        if (memchr(pattern.data, '{', pattern.length) == NULL && memchr(pattern.data, '}', pattern.length) == NULL)
            continue;
        fprintf(stderr,
                "ward: %s:%u: the pattern has a brace, which begins a parameter in OpenAPI: name the path without\n",
                description->path, file->line[i]);
        return false;
    }
    return true;
}

int print_openapi(const struct description *description)
{
    struct json_writer writer;
    if (!patterns_can_be_paths(description))
        return EXIT_INPUT;
    json_begin(&writer, stdout, true);
    json_object(&writer, NULL);
    json_words(&writer, "openapi", "3.1.0");
    write_info(&writer, description);
    write_servers(&writer, description);
    write_tags(&writer, description->file);
    write_paths(&writer, description);
    write_components(&writer, description);
    json_close(&writer);
    return finish_output();
}
