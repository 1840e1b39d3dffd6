/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "guard.h"
#include "http/routes.h"

#define SCOPED(methods, pattern) { methods, WARD_TEXT(pattern), WARD_TEXT("s") }

static struct ward_policy policy;
static struct ward_match match;

/* Target and table both end where their memory ends. */
static struct ward_status find_in(const struct ward_route *routes, size_t count, const char *target, uint16_t method)
{
    policy.routes = (const struct ward_route *)(const void *)guard_copy(routes, count * sizeof *routes);
    policy.route_count = count;
    memset(&match, 0x5a, sizeof match);
    return ward_routes_find(&policy, ward_text_of(guard_copy(target, strlen(target)), strlen(target)), method, &match);
}

#define FIND(routes, target, method) find_in(routes, sizeof(routes) / sizeof(routes)[0], target, method)

/* ---- Whether a table can be used. */

static void check_row(const struct ward_route *row, enum ward_code expected)
{
    const struct ward_route routes[] = { SCOPED(WARD_GET, "/first"), *row, { 0, WARD_NO_SCOPES, WARD_NO_SCOPES } };
    size_t wrong = 99;
    CHECK_STATUS(ward_routes_check(routes, 2, &wrong), expected);
    CHECK_NUMBER(wrong, expected == WARD_OK ? 2 : 1);
}

#define CHECK_ROW(expected, ...)                                                                                       \
    do {                                                                                                               \
        const struct ward_route tried = __VA_ARGS__;                                                                   \
        check_row(&tried, expected);                                                                                   \
    } while (0)

TEST(good_rows_pass)
{
    CHECK_ROW(WARD_OK, { WARD_GET | WARD_POST, WARD_TEXT("/a"), WARD_TEXT("x y|z") });
    CHECK_ROW(WARD_OK, { WARD_OPTIONS, WARD_TEXT("/"), WARD_TEXT("x") });
    CHECK_ROW(WARD_OK, { WARD_ALL_METHODS, WARD_TEXT("/*"), WARD_TEXT("x") });
    CHECK_ROW(WARD_OK, { WARD_GET | WARD_PUBLIC, WARD_TEXT("/a/"), WARD_NO_SCOPES });
    CHECK_ROW(WARD_OK, { WARD_GET | WARD_AUTHENTICATED, WARD_TEXT("/a/*"), WARD_NO_SCOPES });
    CHECK_ROW(WARD_OK, { WARD_GET | WARD_ALLOW_CLEARTEXT, WARD_TEXT("/a"), WARD_TEXT("x") });
    CHECK_ROW(WARD_OK, { WARD_GET | WARD_ALLOW_CLEARTEXT | WARD_PUBLIC, WARD_TEXT("/a"), WARD_NO_SCOPES });
    CHECK_ROW(WARD_OK, { WARD_POST, WARD_TEXT("/first"), WARD_TEXT("x") });
    CHECK_ROW(WARD_OK, { WARD_GET, WARD_TEXT("/first/"), WARD_TEXT("x") });
    CHECK_ROW(WARD_OK, { WARD_GET, WARD_TEXT("/first/*"), WARD_TEXT("x") });
}

TEST(a_row_without_a_method_or_with_an_unknown_bit_is_named)
{
    static const uint16_t wrong[] = { 0,   WARD_PUBLIC,    WARD_AUTHENTICATED, WARD_ALLOW_CLEARTEXT,
                                      128, 128 | WARD_GET, 0x800 | WARD_GET,   0x8000 | WARD_GET };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK_ROW(WARD_ROUTE_METHODS, { wrong[i], WARD_TEXT("/a"), WARD_TEXT("x") });
}

TEST(a_row_with_no_pattern_is_named)
{
    static const char *const wrong[] = { "",      "a",     "*",    "/a*",     "/*a",  "/*/a",  "/a/*/",
                                         "/a/**", "/a*/*", "/%61", "/a%20/*", "//",   "/a//b", "/../a",
                                         "/a/..", "/a?b",  "/a#b", "/a;b",    "/a b", "/a\\b", "/\xc3\xa4" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK_ROW(WARD_ROUTE_PATTERN, { WARD_GET, text(wrong[i]), WARD_TEXT("x") });
    CHECK_ROW(WARD_ROUTE_PATTERN, { WARD_GET, WARD_NO_SCOPES, WARD_TEXT("x") });
}

TEST(a_row_without_scopes_needs_exactly_one_mark_that_says_why)
{
    CHECK_ROW(WARD_ROUTE_SCOPES, { WARD_GET, WARD_TEXT("/a"), WARD_NO_SCOPES });
    CHECK_ROW(WARD_ROUTE_SCOPES, { WARD_GET | WARD_ALLOW_CLEARTEXT, WARD_TEXT("/a"), WARD_NO_SCOPES });
    CHECK_ROW(WARD_ROUTE_SCOPES, { WARD_GET | WARD_PUBLIC | WARD_AUTHENTICATED, WARD_TEXT("/a"), WARD_NO_SCOPES });
    CHECK_ROW(WARD_ROUTE_SCOPES, { WARD_GET | WARD_PUBLIC, WARD_TEXT("/a"), WARD_TEXT("x") });
    CHECK_ROW(WARD_ROUTE_SCOPES, { WARD_GET | WARD_AUTHENTICATED, WARD_TEXT("/a"), WARD_TEXT("x") });
}

TEST(a_row_with_a_broken_expression_is_named)
{
    CHECK_ROW(WARD_SCOPE_EXPRESSION, { WARD_GET, WARD_TEXT("/a"), WARD_TEXT("x  y") });
    CHECK_ROW(WARD_SCOPE_EXPRESSION, { WARD_GET, WARD_TEXT("/a"), WARD_TEXT("x|") });
    CHECK_ROW(WARD_SCOPE_EXPRESSION, { WARD_GET, WARD_TEXT("/a"), WARD_TEXT("x\"") });
}

TEST(a_row_that_repeats_pattern_and_method_is_named)
{
    CHECK_ROW(WARD_ROUTE_DUPLICATE, SCOPED(WARD_GET, "/first"));
    CHECK_ROW(WARD_ROUTE_DUPLICATE, SCOPED(WARD_POST | WARD_GET, "/first"));
    static const struct ward_route far[] = { SCOPED(WARD_POST, "/a"), SCOPED(WARD_GET, "/b"), SCOPED(WARD_POST, "/b"),
                                             SCOPED(WARD_GET, "/a"), SCOPED(WARD_PUT | WARD_POST, "/a") };
    size_t wrong;
    CHECK_STATUS(ward_routes_check(far, 5, &wrong), WARD_ROUTE_DUPLICATE);
    CHECK_NUMBER(wrong, 4);
}

TEST(the_first_wrong_row_is_named)
{
    static const struct ward_route routes[] = { SCOPED(0, "/a"), SCOPED(WARD_GET, "b") };
    size_t wrong;
    CHECK_STATUS(ward_routes_check(routes, 2, &wrong), WARD_ROUTE_METHODS);
    CHECK_NUMBER(wrong, 0);
    CHECK_STATUS(ward_routes_check(NULL, 0, &wrong), WARD_OK);
    CHECK_NUMBER(wrong, 0);
}

/* ---- Where a request leads. */

static const struct ward_route table[] = {
    SCOPED(WARD_GET, "/api/*"),
    SCOPED(WARD_GET, "/api/database/*"),
    SCOPED(WARD_POST | WARD_PUT, "/api/database/admin/*"),
    SCOPED(WARD_DELETE, "/api/database/admin/*"),
    SCOPED(WARD_PATCH, "/api/database/admin"),
    SCOPED(WARD_GET, "/health"),
};

static void check_found(const char *target, uint16_t method, size_t row)
{
    CHECK_STATUS(FIND(table, target, method), WARD_OK);
    CHECK_NUMBER(match.row, row);
}

TEST(the_most_specific_pattern_wins)
{
    check_found("/api", WARD_GET, 0);
    check_found("/api/", WARD_GET, 0);
    check_found("/api/databases", WARD_GET, 0);
    check_found("/api/database", WARD_GET, 1);
    check_found("/api/database/", WARD_GET, 1);
    check_found("/api/database/x/y", WARD_GET, 1);
    check_found("/api/database/adminx", WARD_GET, 1);
    check_found("/api/database/ADMIN", WARD_GET, 1);
    check_found("/api/database/admin/", WARD_POST, 2);
    check_found("/api/database/admin/x", WARD_DELETE, 3);
    check_found("/api/database/admin", WARD_PATCH, 4);
    check_found("/health", WARD_GET, 5);
    CHECK_NUMBER(match.allowed, WARD_GET);
}

TEST(a_shorter_pattern_is_never_asked_for_the_method)
{
    CHECK_STATUS(FIND(table, "/api/database/admin/x", WARD_GET), WARD_METHOD_NOT_ALLOWED);
    CHECK_NUMBER(match.allowed, WARD_POST | WARD_PUT | WARD_DELETE);
    CHECK_NUMBER(match.row, WARD_NO_ROUTE);
    CHECK_STATUS(FIND(table, "/api/database/admin", WARD_POST), WARD_METHOD_NOT_ALLOWED);
    CHECK_NUMBER(match.allowed, WARD_PATCH);
    CHECK_STATUS(FIND(table, "/health", 0), WARD_METHOD_NOT_ALLOWED);
    CHECK_STATUS(FIND(table, "/health", WARD_HEAD), WARD_METHOD_NOT_ALLOWED);
    CHECK_STATUS(FIND(table, "/health", WARD_PUBLIC | WARD_AUTHENTICATED | WARD_ALLOW_CLEARTEXT),
                 WARD_METHOD_NOT_ALLOWED);
}

TEST(marks_are_no_methods)
{
    static const struct ward_route open[] = { { WARD_GET | WARD_PUBLIC | WARD_ALLOW_CLEARTEXT, WARD_TEXT("/a"),
                                                WARD_NO_SCOPES } };
    CHECK_STATUS(FIND(open, "/a", WARD_PUBLIC), WARD_METHOD_NOT_ALLOWED);
    CHECK_NUMBER(match.allowed, WARD_GET);
}

TEST(what_no_pattern_matches_has_no_route)
{
    static const char *const paths[] = { "/",         "/apix",   "/API", "/healthy", "/health/",
                                         "/health/x", "/Health", "/*",   "/%41" };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        CHECK_STATUS(FIND(table, paths[i], WARD_GET), WARD_ROUTE_NOT_FOUND);
        CHECK_NUMBER(match.row, WARD_NO_ROUTE);
        CHECK_NUMBER(match.allowed, 0);
    }
    CHECK_STATUS(find_in(NULL, 0, "/", WARD_GET), WARD_ROUTE_NOT_FOUND);
}

TEST(a_path_that_is_not_plain_is_refused_before_it_is_looked_for)
{
    static const char *const paths[] = {
        "",         "*",      "/health/../health",    "/api//database",     "/health;x",
        "/health#", "health", "http://device/health", "/api/%2e%2e/health", "/api/database/%2fadmin",
        "?/health"
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        CHECK_STATUS(FIND(table, paths[i], WARD_GET), WARD_PATH_INVALID);
        CHECK_NUMBER(match.row, WARD_NO_ROUTE);
        CHECK_NUMBER(match.allowed, 0);
    }
}

TEST(an_escape_never_leads_past_a_route)
{
    static const char *const paths[] = { "/%68ealth",
                                         "/healt%68",
                                         "/%61pi/x",
                                         "/api/databas%65/x",
                                         "/api/database/%61dmin",
                                         "/api/database/%61dmin/x",
                                         "/api/database/admi%6E/x",
                                         "/api/d%61tabase/admin/x" };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        CHECK_STATUS(FIND(table, paths[i], WARD_GET), WARD_PATH_INVALID);
        CHECK_NUMBER(match.row, WARD_NO_ROUTE);
        CHECK_NUMBER(match.allowed, 0);
    }
    check_found("/api/database/%78/admin", WARD_GET, 1);
    check_found("/api/database/admin%78", WARD_GET, 1);
    check_found("/api/database/%2561dmin", WARD_GET, 1);
    check_found("/api/%c3%a4", WARD_GET, 0);
}

TEST(where_routes_are_hidden_an_escape_that_hides_one_is_no_route)
{
    policy.hide_routes = WARD_HIDE_ROUTES;
    const struct ward_status one = FIND(table, "/healt%68", WARD_GET);
    const struct ward_status none = FIND(table, "/unhealt%68", WARD_GET);
    const struct ward_status bad = FIND(table, "/health/..", WARD_GET);
    policy.hide_routes = false;
    CHECK_STATUS(one, WARD_ROUTE_NOT_FOUND);
    CHECK_STATUS(none, WARD_ROUTE_NOT_FOUND);
    CHECK_STATUS(bad, WARD_PATH_INVALID);
}

TEST(an_exact_pattern_of_any_length_beats_an_open_one)
{
    static char pattern[WARD_MAX_PATH + 1];
    memset(pattern, 'a', WARD_MAX_PATH);
    pattern[0] = '/';
    memcpy(pattern + WARD_MAX_PATH - 2, "/*", 2);
    const struct ward_route routes[] = { { WARD_GET, text(pattern), WARD_TEXT("s") },
                                         { WARD_POST, ward_text_of(pattern, WARD_MAX_PATH - 2), WARD_TEXT("s") },
                                         SCOPED(WARD_GET, "/*"),
                                         SCOPED(WARD_POST, "/") };
    char target[WARD_MAX_PATH];
    memcpy(target, pattern, WARD_MAX_PATH - 2);
    target[WARD_MAX_PATH - 2] = '\0';
    CHECK_STATUS(FIND(routes, target, WARD_POST), WARD_OK);
    CHECK_NUMBER(match.row, 1);
    CHECK_STATUS(FIND(routes, "/", WARD_POST), WARD_OK);
    CHECK_NUMBER(match.row, 3);
}

/* ---- Random tables against a model: strings, a pattern's prefix, the longest wins. */

enum { ROWS = 12 };

static uint32_t random_state = 1;

static uint32_t random_below(uint32_t bound)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % bound;
}

static const char *const patterns[] = { "/",      "/*",      "/a",     "/a/*",     "/a/",  "/ab",      "/ab/*", "/a/b",
                                        "/a/b/*", "/a/bb/*", "/a/b/c", "/a/b/c/*", "/b/*", "/b/a/b/*", "/a/b/", "/b" };

static void make_table(struct ward_route *routes)
{
    uint16_t taken[sizeof patterns / sizeof patterns[0]] = { 0 };
    for (size_t i = 0; i < ROWS;) {
        const size_t pattern = random_below(sizeof patterns / sizeof patterns[0]);
        const uint16_t methods = (uint16_t)(1u + random_below(7));
        if ((taken[pattern] & methods) != 0)
            continue;
        taken[pattern] = (uint16_t)(taken[pattern] | methods);
        const struct ward_route row = { methods, text(patterns[pattern]), WARD_TEXT("s") };
        routes[i++] = row;
    }
}

static void make_path(char *raw, char *decoded)
{
    static const char *const segments[] = { "a", "b", "ab", "bb", "c", "A" };
    size_t at = 0;
    size_t plain = 0;
    for (uint32_t left = random_below(5); left > 0; left--) {
        const char *const segment = segments[random_below(6)];
        raw[at++] = decoded[plain++] = '/';
        for (const char *c = segment; *c != '\0'; c++) {
            decoded[plain++] = *c;
            raw[at] = *c;
            if (random_below(12) == 0) {
                raw[at++] = '%';
                raw[at++] = (char)('0' + (*c >> 4));
                raw[at] = (char)('0' + (*c & 15));
            }
            at++;
        }
    }
    if (at == 0 || random_below(4) == 0)
        raw[at++] = decoded[plain++] = '/';
    raw[at] = decoded[plain] = '\0';
}

/* How good a pattern is for a path: 0 not at all, twice the bytes that it fixes, exact ones above all. */
static size_t model_rank(struct ward_text pattern, const char *path)
{
    const size_t length = strlen(path);
    if (pattern.length == length && memcmp(pattern.data, path, length) == 0)
        return 1000;
    if (pattern.data[pattern.length - 1] != '*')
        return 0;
    const size_t prefix = pattern.length - 2;
    if (length < prefix || memcmp(pattern.data, path, prefix) != 0 || (length > prefix && path[prefix] != '/'))
        return 0;
    return 1 + prefix;
}

static const char *model_pattern(const struct ward_route *routes, const char *path)
{
    size_t best = 0;
    const char *found = NULL;
    for (size_t i = 0; i < ROWS; i++) {
        const size_t rank = model_rank(routes[i].pattern, path);
        if (rank <= best)
            continue;
        best = rank;
        found = routes[i].pattern.data;
    }
    return found;
}

/* Patterns come from one list, so that the same text is at the same place. */
static void check_against_model(const struct ward_route *routes, const char *raw, const char *decoded)
{
    const uint16_t method = (uint16_t)(1u << random_below(3));
    const char *const pattern = model_pattern(routes, raw);
    const struct ward_status status = find_in(routes, ROWS, raw, method);
    uint16_t allowed = 0;
    size_t row = WARD_NO_ROUTE;
    for (size_t i = 0; i < ROWS; i++) {
        if (routes[i].pattern.data != pattern)
            continue;
        allowed = (uint16_t)(allowed | routes[i].methods);
        row = (routes[i].methods & method) != 0 ? i : row;
    }
    if (pattern != model_pattern(routes, decoded)) {
        CHECK_STATUS(status, WARD_PATH_INVALID);
    } else if (pattern == NULL) {
        CHECK_STATUS(status, WARD_ROUTE_NOT_FOUND);
    } else {
        CHECK_STATUS(status, row != WARD_NO_ROUTE ? WARD_OK : WARD_METHOD_NOT_ALLOWED);
        CHECK_NUMBER(match.row, row);
        CHECK_NUMBER(match.allowed, allowed);
    }
}

TEST(random_tables_in_any_order_agree_with_a_model)
{
    struct ward_route routes[ROWS];
    struct ward_route turned[ROWS];
    char raw[64];
    char decoded[64];
    size_t wrong;
    for (unsigned table_number = 0; table_number < 200; table_number++) {
        make_table(routes);
        CHECK_STATUS(ward_routes_check(routes, ROWS, &wrong), WARD_OK);
        const size_t turn = random_below(ROWS);
        for (size_t i = 0; i < ROWS; i++)
            turned[i] = routes[(turn + ROWS - i) % ROWS];
        for (unsigned i = 0; i < 40; i++) {
            make_path(raw, decoded);
            check_against_model(routes, raw, decoded);
            check_against_model(turned, raw, decoded);
        }
    }
}

SUITE(routes, CASE(good_rows_pass), CASE(a_row_without_a_method_or_with_an_unknown_bit_is_named),
      CASE(a_row_with_no_pattern_is_named), CASE(a_row_without_scopes_needs_exactly_one_mark_that_says_why),
      CASE(a_row_with_a_broken_expression_is_named), CASE(a_row_that_repeats_pattern_and_method_is_named),
      CASE(the_first_wrong_row_is_named), CASE(the_most_specific_pattern_wins),
      CASE(a_shorter_pattern_is_never_asked_for_the_method), CASE(marks_are_no_methods),
      CASE(what_no_pattern_matches_has_no_route), CASE(a_path_that_is_not_plain_is_refused_before_it_is_looked_for),
      CASE(an_escape_never_leads_past_a_route), CASE(where_routes_are_hidden_an_escape_that_hides_one_is_no_route),
      CASE(an_exact_pattern_of_any_length_beats_an_open_one), CASE(random_tables_in_any_order_agree_with_a_model));
