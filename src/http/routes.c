/* SPDX-License-Identifier: Apache-2.0 */
#include "http/routes.h"

#include <string.h>

#include "http/path.h"

/* Bits that a row's methods may have. */
enum { MARKS = WARD_PUBLIC | WARD_AUTHENTICATED | WARD_ALLOW_CLEARTEXT };

/* ---- Whether a table can be used. */

static bool pattern_is_valid(struct ward_text pattern)
{
    const size_t end = ward_pattern_is_open(pattern) ? pattern.length - 1 : pattern.length;
    for (size_t i = 0; i < end; i++)
        if (pattern.data[i] == '*' || pattern.data[i] == '%')
            return false;
    return ward_path_is_plain(pattern);
}

static struct ward_status check_scopes(const struct ward_route *route)
{
    const uint16_t open = route->methods & (WARD_PUBLIC | WARD_AUTHENTICATED);
    if (route->scopes.length > 0)
        return open != 0 ? ward_status_of(WARD_ROUTE_SCOPES) : ward_scope_expression_check(route->scopes);
    return ward_status_of(open == WARD_PUBLIC || open == WARD_AUTHENTICATED ? WARD_OK : WARD_ROUTE_SCOPES);
}

static struct ward_status check_row(const struct ward_route *routes, size_t row)
{
    const struct ward_route *const route = &routes[row];
    const uint32_t methods = route->methods & WARD_ALL_METHODS;
    if (methods == 0u || (route->methods & ~(uint32_t)(WARD_ALL_METHODS | MARKS)) != 0u)
        return ward_status_of(WARD_ROUTE_METHODS);
    if (!pattern_is_valid(route->pattern))
        return ward_status_of(WARD_ROUTE_PATTERN);
    for (size_t i = 0; i < row; i++)
        if ((routes[i].methods & methods) != 0u && ward_text_equal(routes[i].pattern, route->pattern))
            return ward_status_of(WARD_ROUTE_DUPLICATE);
    return check_scopes(route);
}

struct ward_status ward_routes_check(const struct ward_route *routes, size_t count, size_t *row)
{
    for (*row = 0; *row < count; (*row)++) {
        const struct ward_status status = check_row(routes, *row);
        if (!ward_ok(status))
            return status;
    }
    return ward_status_of(WARD_OK);
}

/* ---- Where a request leads. */

/* Of two patterns that match the same path: an exact one is more specific than an open one, a longer one than a shorter. */
static bool is_more_specific(struct ward_text one, struct ward_text other)
{
    const bool open = ward_pattern_is_open(one);
    if (open != ward_pattern_is_open(other))
        return !open;
    return one.length > other.length;
}

/* The first row with the most specific pattern that matches, or WARD_NO_ROUTE. */
static size_t best_pattern(const struct ward_policy *policy, struct ward_text path, bool decoded)
{
    size_t best = WARD_NO_ROUTE;
    for (size_t i = 0; i < policy->route_count; i++) {
        const struct ward_text pattern = policy->routes[i].pattern;
        if (ward_path_matches(pattern, path, decoded) &&
            (best == WARD_NO_ROUTE || is_more_specific(pattern, policy->routes[best].pattern)))
            best = i;
    }
    return best;
}

static bool has_escape(struct ward_text path)
{
    return memchr(path.data, '%', path.length) != NULL;
}

static struct ward_status find_method(const struct ward_policy *policy, struct ward_text pattern, uint16_t method,
                                      struct ward_match *match)
{
    for (size_t i = 0; i < policy->route_count; i++) {
        if (!ward_text_equal(policy->routes[i].pattern, pattern))
            continue;
        match->allowed = (uint16_t)(match->allowed | (policy->routes[i].methods & WARD_ALL_METHODS));
        if (match->row == WARD_NO_ROUTE && (policy->routes[i].methods & method & WARD_ALL_METHODS) != 0)
            match->row = i;
    }
    return ward_status_of(match->row != WARD_NO_ROUTE ? WARD_OK : WARD_METHOD_NOT_ALLOWED);
}

struct ward_status ward_routes_find(const struct ward_policy *policy, struct ward_text path, uint16_t method,
                                    struct ward_match *match)
{
    match->row = WARD_NO_ROUTE;
    match->allowed = 0;
    if (!ward_path_is_plain(path))
        return ward_status_of(WARD_PATH_INVALID);
    const size_t best = best_pattern(policy, path, false);
    /* An escape must not lead past a route: decoded the path has to mean the same pattern. That answer tells of the table. */
    if (has_escape(path) && best != best_pattern(policy, path, true))
        return ward_status_of(policy->hide_routes ? WARD_ROUTE_NOT_FOUND : WARD_PATH_INVALID);
    if (best == WARD_NO_ROUTE)
        return ward_status_of(WARD_ROUTE_NOT_FOUND);
    return find_method(policy, policy->routes[best].pattern, method, match);
}
