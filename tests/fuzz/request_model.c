/* SPDX-License-Identifier: Apache-2.0 */
#include "request_model.h"

#include "framing_model.h"
#include "fuzz.h"

enum { READ = 1, WRITE = 2, EITHER = 4, ANY = 8 };

const struct ward_route model_routes[] = {
    { WARD_GET | WARD_HEAD, WARD_TEXT("/api/foia/*"), WARD_TEXT("read:foia") },
    { WARD_GET | WARD_AUTHENTICATED, WARD_TEXT("/me"), WARD_NO_SCOPES },
    { WARD_POST | WARD_DELETE, WARD_TEXT("/api/foia/*"), WARD_TEXT("write:foia") },
    { WARD_GET, WARD_TEXT("/api/foia/admin/*"), WARD_TEXT("read:foia write:foia") },
    { WARD_GET | WARD_HEAD | WARD_PUBLIC, WARD_TEXT("/health"), WARD_NO_SCOPES },
    { WARD_GET | WARD_PUBLIC | WARD_ALLOW_CLEARTEXT, WARD_TEXT("/api/version"), WARD_NO_SCOPES },
    { WARD_PUT | WARD_ALLOW_CLEARTEXT, WARD_TEXT("/api/sensor/*"), WARD_TEXT("write:foia|read:foia") },
};
const size_t model_route_count = sizeof model_routes / sizeof model_routes[0];

/* What each row needs, typed again. */
static const uint8_t needs[] = { READ, ANY, WRITE, READ | WRITE, 0, 0, EITHER };

/* ---- The path. */

static int hex(char c)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *const at = c != '\0' ? strchr(digits, c) : NULL;
    return at == NULL ? -1 : (int)(at - digits) - (at - digits > 15 ? 6 : 0);
}

/* Decodes the escapes of a path; false where one is malformed or means what an escape may not. */
static bool decode(const char *raw, char *decoded)
{
    for (; *raw != '\0'; raw++, decoded++) {
        *decoded = *raw;
        if (*raw != '%')
            continue;
        if (hex(raw[1]) < 0 || hex(raw[2]) < 0)
            return false;
        *decoded = (char)(hex(raw[1]) * 16 + hex(raw[2]));
        if (*decoded == '\0' || strchr("/\\.", *decoded) != NULL)
            return false;
        raw += 2;
    }
    *decoded = '\0';
    return true;
}

/* The path of a target as a string; false where it is none that may be asked for. */
static bool read_path(struct ward_text target, char raw[WARD_MAX_PATH + 2], char decoded[WARD_MAX_PATH + 2])
{
    static char dotted[WARD_MAX_PATH + 8];
    const char *const mark = target.length > 0 ? memchr(target.data, '?', target.length) : NULL;
    const size_t length = mark != NULL ? (size_t)(mark - target.data) : target.length;
    if (length == 0 || length > WARD_MAX_PATH || target.data[0] != '/')
        return false;
    for (size_t i = 0; i < length; i++)
        if (target.data[i] <= ' ' || target.data[i] > '~' || strchr("#;\\", target.data[i]) != NULL)
            return false;
    memcpy(raw, target.data, length);
    raw[length] = '\0';
    strcat(strcpy(dotted, raw), "/");
    return strstr(raw, "//") == NULL && strstr(dotted, "/./") == NULL && strstr(dotted, "/../") == NULL &&
           decode(raw, decoded);
}

static size_t rank(struct ward_text pattern, const char *path)
{
    char prefix[64];
    memcpy(prefix, pattern.data, pattern.length);
    prefix[pattern.length] = '\0';
    if (strcmp(prefix, path) == 0 && strchr(prefix, '*') == NULL)
        return 1000;
    char *const star = strstr(prefix, "/*");
    if (star == NULL)
        return 0;
    *star = '\0';
    const size_t length = strlen(prefix);
    return strncmp(prefix, path, length) == 0 && (path[length] == '\0' || path[length] == '/') ? length : 0;
}

/* The first row of the pattern that is best for a path; the number of rows where there is none. */
static size_t best_row(const char *path)
{
    size_t best = model_route_count;
    for (size_t i = 0; i < model_route_count; i++)
        if (rank(model_routes[i].pattern, path) >
            (best == model_route_count ? 0 : rank(model_routes[best].pattern, path)))
            best = i;
    return best;
}

static enum ward_code find_row(const struct ward_policy *policy, struct ward_text target, uint16_t method, size_t *row)
{
    static char raw[WARD_MAX_PATH + 2];
    static char decoded[WARD_MAX_PATH + 2];
    *row = model_route_count;
    if (!read_path(target, raw, decoded))
        return WARD_PATH_INVALID;
    const size_t best = best_row(raw);
    if (best != best_row(decoded))
        return policy->hide_routes ? WARD_ROUTE_NOT_FOUND : WARD_PATH_INVALID;
    if (best == model_route_count)
        return WARD_ROUTE_NOT_FOUND;
    for (size_t i = 0; i < model_route_count; i++)
        if (ward_text_equal(model_routes[i].pattern, model_routes[best].pattern) &&
            (model_routes[i].methods & method & WARD_ALL_METHODS) != 0)
            *row = i;
    return *row == model_route_count ? WARD_METHOD_NOT_ALLOWED : WARD_OK;
}

/* ---- The target: what follows `http://` and a host, or the whole. */

static bool reduce(const struct ward_request *request, struct ward_text *reduced)
{
    const struct ward_text target = request->target;
    const size_t scheme = target.length >= 8 && (target.data[4] | 0x20) == 's' ? 8 : 7;
    const struct ward_text wanted = text(scheme == 8 ? "https://" : "http://");
    *reduced = target;
    if (ward_text_equal(target, text("*")))
        return request->method == WARD_OPTIONS;
    if (target.length < scheme || !ward_text_equal_ignoring_case(ward_text_of(target.data, scheme), wanted))
        return target.length > 0 && target.data[0] == '/';
    size_t end = scheme;
    while (end < target.length && strchr("/?", target.data[end]) == NULL)
        end++;
    *reduced = ward_text_of(target.data + end, target.length - end);
    if (reduced->length == 0)
        *reduced = text(request->method == WARD_OPTIONS ? "*" : "/");
    else if (reduced->data[0] == '?')
        *reduced = text("/");
    return model_host(ward_text_of(target.data + scheme, end - scheme));
}

/* ---- The credential. */

static enum ward_code read_bearer(const struct ward_request *request, size_t *begin)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
    const char *const value = request->authorization;
    const size_t length = request->authorization_length;
    *begin = 6;
    if (request->authorization_count == 0)
        return WARD_CREDENTIAL_MISSING;
    if (request->authorization_count > 1)
        return WARD_CREDENTIALS_MULTIPLE;
    if (length < 6 || !ward_text_equal_ignoring_case(ward_text_of(value, 6), text("bearer")) ||
        (length > 6 && memchr(" \t,", value[6], 3) == NULL))
        return WARD_CREDENTIAL_MISSING;
    while (*begin < length && value[*begin] == ' ')
        ++*begin;
    if (*begin == 6 || *begin == length)
        return WARD_CREDENTIAL_INVALID;
    for (size_t i = *begin; i < length; i++)
        if (value[i] == '\0' || strchr(allowed, value[i]) == NULL)
            return WARD_CREDENTIAL_INVALID;
    return WARD_OK;
}

static bool suffices(const struct model_token *token, uint8_t need)
{
    if (need == EITHER)
        return token->read || token->write;
    return ((need & READ) == 0 || token->read) && ((need & WRITE) == 0 || token->write);
}

static bool is_preflight(const struct ward_policy *policy, const struct ward_request *request)
{
    bool allowed = false;
    for (size_t i = 0; i < policy->origins.count; i++)
        allowed = allowed || ward_text_equal(policy->origins.item[i], request->origin);
    return allowed && request->method == WARD_OPTIONS && request->requested_method != 0;
}

/* ---- All together. */

enum ward_code model_result(const struct ward_policy *policy, const struct ward_request *request,
                            void (*read_token)(const char *token, size_t length, struct model_token *read), size_t *row)
{
    struct model_token token;
    struct ward_text target;
    size_t begin;
    const bool preflight = is_preflight(policy, request);
    *row = model_route_count;
    if (!reduce(request, &target))
        return WARD_TARGET_INVALID;
    const uint16_t method = preflight ? request->requested_method : request->method;
    const enum ward_code route = ward_text_equal(target, text("*")) ? WARD_ROUTE_NOT_FOUND
                                                                    : find_row(policy, target, method, row);
    const uint16_t marks = *row < model_route_count ? model_routes[*row].methods : 0;
    if (route == WARD_PATH_INVALID || (route != WARD_OK && !policy->hide_routes))
        return route;
    if (!request->protected_channel && (marks & WARD_ALLOW_CLEARTEXT) == 0)
        return WARD_CHANNEL_UNPROTECTED;
    if (preflight)
        return WARD_PREFLIGHT;
    if ((marks & WARD_PUBLIC) != 0)
        return WARD_OK;
    const enum ward_code bearer = read_bearer(request, &begin);
    if (bearer != WARD_OK)
        return bearer;
    read_token(request->authorization + begin, request->authorization_length - begin, &token);
    if (!ward_ok(token.verified))
        return (enum ward_code)token.verified.code;
    if (route != WARD_OK)
        return route;
    return suffices(&token, needs[*row]) ? WARD_OK : WARD_SCOPE_INSUFFICIENT;
}
