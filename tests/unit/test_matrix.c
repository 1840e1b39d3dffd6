/* SPDX-License-Identifier: Apache-2.0 */
/* The Hole Foundation's API: each scope on each pattern with each method, against the table of the issue as it stands there. */
#include "request.h"

extern const struct ward_route app_routes[];
extern const size_t app_routes_count;

static const char *const scopes[] = {
    "read:transparency", "read:foia",      "write:foia",        "chat:assistant", "compile:documents",
    "read:database",     "admin:database", "execute:workflows", "read:storage",   "write:storage",
    "read:vectors",      "write:vectors",  "admin:vectors",     "read:projects",  "write:projects",
};
static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
enum { SCOPES = sizeof scopes / sizeof scopes[0], METHODS = sizeof methods / sizeof methods[0], DEEPEST = 3 };

#define NO NULL
#define PUBLIC "public"

/* What GET and HEAD need, POST, and PUT, PATCH and DELETE; NO: 405. Two paths under each pattern, and its bare one. */
static const struct {
    const char *path[DEEPEST];
    const char *read;
    const char *post;
    const char *write;
} table[] = {
    { { "/api/vector-search", "/api/vector-search/", "/api/vector-search/x" },
      "read:transparency",
      "read:transparency",
      NO },
    { { "/api/transparency", "/api/transparency/", "/api/transparency/x/y" }, "read:transparency", NO, NO },
    { { "/api/foia", "/api/foia/", "/api/foia/7/text" }, "read:foia", "write:foia", "write:foia" },
    { { "/api/chat", "/api/chat/", "/api/chat/x" }, "chat:assistant", "chat:assistant", NO },
    { { "/api/latex", "/api/latex/", "/api/latex/x" }, NO, "compile:documents", NO },
    { { "/api/database", "/api/database/adminx", "/api/database/x/admin" }, "read:database", NO, NO },
    { { "/api/database/admin", "/api/database/admin/", "/api/database/admin/x" },
      "admin:database",
      "admin:database",
      "admin:database" },
    { { "/api/workflows", "/api/workflows/", "/api/workflows/x" }, NO, "execute:workflows", NO },
    { { "/api/storage", "/api/storage/", "/api/storage/x" }, "read:storage", "write:storage", "write:storage" },
    { { "/api/vectors", "/api/vectors/", "/api/vectors/adminx" }, "read:vectors", "write:vectors", "write:vectors" },
    { { "/api/vectors/admin", "/api/vectors/admin/", "/api/vectors/admin/x/y" },
      "admin:vectors",
      "admin:vectors",
      "admin:vectors" },
    { { "/api/projects", "/api/projects/", "/api/projects/x" }, "read:projects", "write:projects", "write:projects" },
    { { "/health", "/health?x=1", "/health" }, PUBLIC, NO, NO },
    { { "/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource?x",
        "/.well-known/oauth-protected-resource" },
      PUBLIC,
      NO,
      NO },
};
enum { PATTERNS = sizeof table / sizeof table[0] };

static const char *needed(size_t pattern, size_t method)
{
    if (method < 2)
        return table[pattern].read;
    if (method == 2)
        return table[pattern].post;
    return method < 6 ? table[pattern].write : NO;
}

static enum ward_code expected_of(const char *scope, const char *need)
{
    if (need == NO)
        return WARD_METHOD_NOT_ALLOWED;
    return strcmp(need, PUBLIC) == 0 || strcmp(need, scope) == 0 ? WARD_OK : WARD_SCOPE_INSUFFICIENT;
}

static void check_cell(const char *scope, const char *bearer, size_t pattern, size_t method)
{
    const enum ward_code expected = expected_of(scope, needed(pattern, method));
    for (size_t i = 0; i < DEEPEST; i++) {
        const struct ward_status status = request_send(methods[method], table[pattern].path[i], bearer);
        if (status.code != (uint32_t)expected)
            check_failed(__FILE__, __LINE__, table[pattern].path[i], methods[method], scope);
    }
}

TEST(each_scope_opens_its_own_cells_of_the_table_and_no_other)
{
    CHECK_NUMBER(SCOPES, 15);
    CHECK_NUMBER(PATTERNS, 14);
    CHECK_NUMBER(METHODS, 7);
    gate_begin(app_routes, app_routes_count);
    for (size_t scope = 0; scope < SCOPES; scope++) {
        const char *const bearer = bearer_with(scopes[scope]);
        for (size_t pattern = 0; pattern < PATTERNS; pattern++)
            for (size_t method = 0; method < METHODS; method++)
                check_cell(scopes[scope], bearer, pattern, method);
    }
}

TEST(all_other_scopes_together_do_not_open_a_cell)
{
    char others[512];
    gate_begin(app_routes, app_routes_count);
    for (size_t scope = 0; scope < SCOPES; scope++) {
        others[0] = '\0';
        for (size_t i = 0; i < SCOPES; i++)
            if (i != scope)
                strcat(strcat(others, scopes[i]), " ");
        const char *const bearer = bearer_with(others);
        for (size_t pattern = 0; pattern < PATTERNS; pattern++) {
            for (size_t method = 0; method < METHODS; method++) {
                const char *const need = needed(pattern, method);
                const enum ward_code expected = need == NO                         ? WARD_METHOD_NOT_ALLOWED
                                                : strcmp(need, scopes[scope]) == 0 ? WARD_SCOPE_INSUFFICIENT
                                                                                   : WARD_OK;
                CHECK_STATUS(request_send(methods[method], table[pattern].path[2], bearer), expected);
            }
        }
    }
}

TEST(without_a_token_only_health_and_metadata_answer)
{
    gate_begin(app_routes, app_routes_count);
    for (size_t pattern = 0; pattern < PATTERNS; pattern++) {
        for (size_t method = 0; method < METHODS; method++) {
            const char *const need = needed(pattern, method);
            const enum ward_code expected = need == NO                  ? WARD_METHOD_NOT_ALLOWED
                                            : strcmp(need, PUBLIC) == 0 ? WARD_OK
                                                                        : WARD_CREDENTIAL_MISSING;
            CHECK_STATUS(request_send(methods[method], table[pattern].path[0], NULL), expected);
        }
    }
}

TEST(everything_else_is_not_found)
{
    static const char *const paths[] = { "/",
                                         "/api",
                                         "/api/",
                                         "/api/x",
                                         "/api/foiax",
                                         "/api/vector",
                                         "/api/vector-searchx",
                                         "/health/",
                                         "/health/x",
                                         "/API/foia",
                                         "/api/Foia",
                                         "/foia",
                                         "/api/admin",
                                         "/healthz",
                                         "/.well-known",
                                         "/.well-known/oauth-protected-resource/x" };
    gate_begin(app_routes, app_routes_count);
    const char *const bearer = bearer_with("read:foia");
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        for (size_t method = 0; method < METHODS; method++)
            CHECK_STATUS(request_send(methods[method], paths[i], bearer), WARD_ROUTE_NOT_FOUND);
}

SUITE(matrix, CASE(each_scope_opens_its_own_cells_of_the_table_and_no_other),
      CASE(all_other_scopes_together_do_not_open_a_cell), CASE(without_a_token_only_health_and_metadata_answer),
      CASE(everything_else_is_not_found));
