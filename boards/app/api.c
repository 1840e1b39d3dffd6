/* SPDX-License-Identifier: Apache-2.0 */
#include "api.h"

#include "projects.h"

static const char *const kinds[] = { "none", "user", "machine", "anonymous" };

/* What each pattern of theholefoundation.routes is called. */
static const struct {
    struct ward_text pattern;
    const char *name;
} categories[] = { { WARD_TEXT("/api/vector-search/*"), "Vector Search" },
                   { WARD_TEXT("/api/transparency/*"), "Transparency" },
                   { WARD_TEXT("/api/foia/*"), "FOIA Dashboard" },
                   { WARD_TEXT("/api/chat/*"), "Chat" },
                   { WARD_TEXT("/api/latex/*"), "LaTeX Compilation" },
                   { WARD_TEXT("/api/database/*"), "Neon Database" },
                   { WARD_TEXT("/api/database/admin/*"), "Neon Database, admin" },
                   { WARD_TEXT("/api/workflows/*"), "Integration Workflows" },
                   { WARD_TEXT("/api/storage/*"), "S3 Storage" },
                   { WARD_TEXT("/api/vectors/*"), "Vector Store" },
                   { WARD_TEXT("/api/vectors/admin/*"), "Vector Store, admin" },
                   { WARD_TEXT("/api/projects/*"), "Project API" },
                   { WARD_TEXT("/health"), "health" },
                   { WARD_TEXT("/.well-known/oauth-protected-resource"), "metadata" } };

static const struct ward_text projects_pattern = WARD_TEXT("/api/projects/*");
static const struct ward_text metadata_pattern = WARD_TEXT("/.well-known/oauth-protected-resource");

static const char *category_of(struct ward_text pattern)
{
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++)
        if (ward_text_equal(categories[i].pattern, pattern))
            return categories[i].name;
    return "unnamed";
}

static void put_scopes(struct api_response *response, const struct ward_claims *claims)
{
    struct ward_text scope;
    size_t at = 0;
    for (size_t i = 0; ward_ok(ward_scope_next(claims, &at, &scope)); i++) {
        api_put(response, i > 0 ? ",\"" : "\"");
        api_put_text(response, scope);
        api_put(response, "\"");
    }
}

/* An endpoint of the demo only says who is calling, and with which scopes while they can be looked up. */
static void tell(const char *category, const struct ward_claims *claims, bool scopes, struct api_response *response)
{
    api_put(response, "{\"category\":\"");
    api_put(response, category);
    api_put(response, "\",\"subject\":\"");
    api_put_text(response, claims->subject);
    api_put(response, "\",\"kind\":\"");
    api_put(response, kinds[claims->kind]);
    api_put(response, "\",\"client\":\"");
    api_put_text(response, claims->client);
    api_put(response, "\"");
    if (scopes) {
        api_put(response, ",\"scopes\":[");
        put_scopes(response, claims);
        api_put(response, "]");
    }
    api_put(response, "}");
}

void api_serve(const struct ward_policy *policy, const struct ward_decision *decision,
               const struct api_request *request, struct api_response *response)
{
    const struct ward_route *const route = &policy->routes[decision->route];
    response->http = 200;
    if (ward_text_equal(route->pattern, projects_pattern))
        projects_serve(&decision->grant, request, response);
    else if (ward_text_equal(route->pattern, metadata_pattern))
        api_put_json(response, app_metadata);
    else if ((route->methods & WARD_PUBLIC) != 0)
        api_put(response, "{\"status\":\"ok\"}");
    else
        tell(category_of(route->pattern), &decision->grant.claims, !request->has_body, response);
}
