/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <time.h>

#include "check.h"
#include "token_view.h"

static const struct option options[] = {
    { "--routes", "FILE", 1, "the routes: see ward routes --help (required)" },
    { "--jwks", "FILE", 1, "the issuer's key set (required)" },
    EXPECT_OPTIONS,
    { "--method", "METHOD", 1, "of the request; default GET" },
    { "--path", "TARGET", 1, "of the request: path and query, or a URL (required without --requests)" },
    { "--authorization", "VALUE", 1, "its Authorization header; - reads it from standard input" },
    { "--authorization-count", "NUMBER", 1, "how many Authorization headers it has; default 1" },
    { "--cleartext", NULL, 1, "it came over a channel that is not protected" },
    { "--peer", "ADDRESS", 1, "where it came from: an IPv4 address or 32 hexadecimal digits" },
    { "--origin", "ORIGIN", 1, "its Origin header" },
    { "--requested-method", "METHOD", 1, "its Access-Control-Request-Method header" },
    { "--now", "SECONDS", 1, "the time to check at, since 1970; default: this machine's clock" },
    { "--scopes-from", "CLAIM", 1, "scope, permissions or both; default scope" },
    { "--allow-origin", "ORIGIN", 8, "an origin whose pages may call (CORS)" },
    { "--resource-metadata", "URL", 1, "where this API's metadata is (RFC 9728): each challenge names it" },
    { "--hide-routes", NULL, 1, "answer 401 instead of 404 and 405" },
    { "--signature-rate", "RATE", 1, "signature checks of all strangers, as COUNT/SECONDS/BURST; default 1/1/8" },
    { "--signature-rate-per-peer", "RATE", 1, "those of one stranger; default an eighth, a quarter of the burst" },
    { "--signature-reserve", "RATE", 1, "those of a peer that a token was granted to" },
    { "--requests", "FILE", 1, "a list of requests for one gate, a line of answer each" },
    { "--audit", "FILE", 1, "with --requests: write the audit there, for ward audit" },
    { NULL, NULL, 0, NULL }
};
WARD_STATIC_ASSERT(sizeof options / sizeof options[0] <= MOST_OPTIONS, "arguments hold every option");

static bool read_scopes_from(const struct command *command, const struct arguments *arguments, uint8_t *from)
{
    static const char *const names[] = { "scope", "permissions", "both" };
    const char *const value = option_value(command, arguments, "--scopes-from");
    *from = WARD_FROM_SCOPE;
    for (uint8_t i = 0; value != NULL && i < 3; i++)
        if (strcmp(value, names[i]) == 0) {
            *from = i;
            return true;
        }
    if (value == NULL)
        return true;
    wrong_usage(command, "is scope, permissions or both", "--scopes-from");
    return false;
}

/* COUNT/SECONDS/BURST, all zero where the option was not given; the policy's check says whether the rate can be used. */
static bool read_rate(const struct command *command, const struct arguments *arguments, const char *name,
                      struct ward_rate *rate)
{
    const char *const value = option_value(command, arguments, name);
    uint16_t *const parts[3] = { &rate->count, &rate->seconds, &rate->burst };
    const char *at = value;
    for (size_t i = 0; value != NULL && i < 3; i++) {
        char part[8] = "";
        uint64_t number;
        const size_t length = strcspn(at, "/");
        if (length >= sizeof part || (at[length] == '/') != (i < 2) ||
            !read_number(memcpy(part, at, length), UINT16_MAX, &number) || number == 0) {
            wrong_usage(command, "is COUNT/SECONDS/BURST, three whole numbers from 1 to 65535", name);
            return false;
        }
        *parts[i] = (uint16_t)number;
        at += length + 1;
    }
    return true;
}

static bool read_rates(const struct command *command, const struct arguments *arguments, struct ward_policy *policy)
{
    return read_rate(command, arguments, "--signature-rate", &policy->signature_rate) &&
           read_rate(command, arguments, "--signature-rate-per-peer", &policy->signature_rate_per_peer) &&
           read_rate(command, arguments, "--signature-reserve", &policy->signature_reserve);
}

static bool read_policy(const struct command *command, const struct arguments *arguments, struct setting *setting)
{
    static struct ward_text origins[MOST_VALUES];
    const size_t place = option_place(command->options, "--allow-origin");
    if (!read_expect(command, arguments, &setting->expect, &setting->storage) ||
        !read_scopes_from(command, arguments, &setting->policy.scopes_from) ||
        !read_rates(command, arguments, &setting->policy))
        return false;
    for (size_t i = 0; i < arguments->count[place]; i++)
        origins[i] = text_from(arguments->value[place][i]);
    setting->policy.expect = &setting->expect;
    setting->policy.origins.item = origins;
    setting->policy.origins.count = arguments->count[place];
    setting->policy.resource_metadata = option_text(command, arguments, "--resource-metadata");
    setting->policy.hide_routes = option_count(command, arguments, "--hide-routes") > 0;
    const struct ward_status status = ward_policy_check(&setting->policy);
    if (ward_ok(status))
        return true;
    wrong_usage(command, ward_status_sentence(status), ward_status_name(status));
    return false;
}

/* The kid of the request's token, whose key must not be left out of a large set; empty where there is none. */
static struct ward_text wanted_kid(const struct ward_request *request)
{
    static const struct ward_text scheme = WARD_TEXT("Bearer ");
    static struct token_view view;
    static char kid[1024];
    if (request->authorization == NULL || request->authorization_length <= scheme.length ||
        !ward_text_equal_ignoring_case(ward_text_of(request->authorization, scheme.length), scheme))
        return ward_text_of(NULL, 0);
    view_token(&view, request->authorization + scheme.length, request->authorization_length - scheme.length);
    return json_string(view_member(&view, HEADER, text_from("kid")), kid, sizeof kid);
}

static int read_files(const struct command *command, const struct arguments *arguments, struct setting *setting,
                      const struct ward_request *request)
{
    struct ward_jwks_report report = { 0 };
    const struct jwks_wishes wishes = { .wanted = wanted_kid(request) };
    int result = read_routes(option_value(command, arguments, "--routes"), &setting->routes);
    if (result == EXIT_ACCEPTED)
        result = read_jwks(option_value(command, arguments, "--jwks"), &setting->keys, &report, &wishes);
    if (report.left_out > 0)
        fprintf(stderr, "ward: %u keys of the set are left out: raise WARD_MAX_KEYS, which is %d here\n",
                (unsigned)report.left_out, WARD_MAX_KEYS);
    setting->policy.routes = setting->routes.route;
    setting->policy.route_count = setting->routes.count;
    return result;
}

/* A method that ward does not know is a request all the same: no route has it. */
static void read_method(const struct command *command, const struct arguments *arguments, const char *name,
                        uint16_t *method)
{
    if (option_count(command, arguments, name) > 0)
        *method = ward_method_of(option_text(command, arguments, name));
}

static bool read_request(const struct command *command, const struct arguments *arguments, struct ward_request *request)
{
    uint64_t now = (uint64_t)time(NULL);
    uint64_t count = option_count(command, arguments, "--authorization");
    const char *const peer = option_value(command, arguments, "--peer");
    memset(request, 0, sizeof *request);
    request->method = WARD_GET;
    request->target = option_text(command, arguments, "--path");
    request->origin = option_text(command, arguments, "--origin");
    request->protected_channel = option_count(command, arguments, "--cleartext") == 0;
    read_method(command, arguments, "--method", &request->method);
    read_method(command, arguments, "--requested-method", &request->requested_method);
    if (!option_number(command, arguments, "--now", (uint64_t)1 << 53, &now) ||
        !option_number(command, arguments, "--authorization-count", WARD_COUNT_UNKNOWN, &count))
        return false;
    request->authorization_count = (uint8_t)count;
    request->now = ward_time_set(now);
    if (peer == NULL || read_peer(peer, &request->peer))
        return true;
    wrong_usage(command, "needs an IPv4 address or 32 hexadecimal digits", "--peer");
    return false;
}

/* The Authorization header, from the command line or standard input, into memory that the check may change. */
static bool read_authorization(const char *value, struct ward_request *request)
{
    static char authorization[WARD_MAX_TOKEN + 64];
    size_t length = 0;
    if (value == NULL)
        return true;
    if (!read_input(value, authorization, sizeof authorization, &length))
        return false;
    request->authorization = authorization;
    request->authorization_length = length < sizeof authorization ? length : sizeof authorization;
    return true;
}

static void print_list(const char *name, const struct ward_claims *claims)
{
    struct ward_text scope;
    printf("\"%s\":[", name);
    for (size_t i = 0; ward_ok(ward_scope_item(claims, i, &scope)); i++) {
        printf(i > 0 ? ",\"" : "\"");
        print_text(stdout, scope);
        printf("\"");
    }
    printf("]");
}

/* The answer of a firmware that only tells who is calling. */
static void print_grant(const struct ward_decision *decision, const struct ward_policy *policy)
{
    static const char *const kinds[] = { "none", "user", "machine", "anonymous" };
    const struct ward_claims *const claims = &decision->grant.claims;
    char cors[512];
    size_t length;
    printf("HTTP/1.1 200 OK\r\nCache-Control: no-store\r\n");
    if (ward_ok(ward_answer_cors(&decision->answer, cors, sizeof cors, &length)))
        printf("%s", cors);
    printf("Content-Type: application/json\r\n\r\n");
    if (decision->answer.head)
        return;
    printf("{\"route\":%u,\"pattern\":\"", (unsigned)decision->route);
    print_text(stdout, policy->routes[decision->route].pattern);
    printf("\",\"subject\":\"");
    print_text(stdout, claims->subject);
    printf("\",\"kind\":\"%s\",\"client\":\"", kinds[claims->kind]);
    print_text(stdout, claims->client);
    printf("\",");
    print_list("scopes", claims);
    printf(",\"owner\":\"");
    print_hex(stdout, decision->grant.owner, sizeof decision->grant.owner);
    printf("\"}\n");
}

static int check_one(struct setting *setting, const struct ward_request *request)
{
    struct ward_decision decision;
    char answer[4096];
    size_t length;
    const struct ward_status status = ward_gate_check(&setting->gate, request, &setting->work, &decision);
    if (ward_ok(status)) {
        print_grant(&decision, &setting->policy);
        return finish_output();
    }
    if (!ward_ok(ward_answer_http(&decision.answer, answer, sizeof answer, &length))) {
        fprintf(stderr, "ward: the answer is longer than %u bytes: shorten the route's scopes\n",
                (unsigned)sizeof answer);
        return EXIT_INPUT;
    }
    printf("%s%s", answer, decision.answer.head || decision.answer.http == 204 ? "" : "\n");
    fprintf(stderr, "ward: refused: %s: %s\n", ward_status_name(status), ward_status_sentence(status));
    return finish_output() == EXIT_ACCEPTED ? EXIT_REFUSED : EXIT_INPUT;
}

/* Options that say what one request is, and one that is for a list of them. */
static int options_fit(const struct command *command, const struct arguments *arguments)
{
    static const char *const of_one[] = { "--method", "--authorization", "--authorization-count", "--cleartext",
                                          "--peer",   "--origin",        "--requested-method" };
    if (option_count(command, arguments, "--requests") == 0)
        return option_count(command, arguments, "--audit") == 0
                   ? EXIT_ACCEPTED
                   : wrong_usage(command, "only with --requests", "--audit");
    for (size_t i = 0; i < sizeof of_one / sizeof of_one[0]; i++)
        if (option_count(command, arguments, of_one[i]) > 0)
            return wrong_usage(command, "not with --requests, whose lines say it", of_one[i]);
    return EXIT_ACCEPTED;
}

static int usage_of(const struct command *command, const struct arguments *arguments)
{
    if (option_count(command, arguments, "--routes") == 0)
        return wrong_usage(command, "is missing", "--routes");
    if (option_count(command, arguments, "--jwks") == 0)
        return wrong_usage(command, "is missing", "--jwks");
    if (option_count(command, arguments, "--path") + option_count(command, arguments, "--requests") != 1)
        return wrong_usage(command, "either --path or --requests is needed", NULL);
    return options_fit(command, arguments);
}

static int run(const struct command *command, const struct arguments *arguments)
{
    static struct setting setting;
    struct ward_request request;
    const char *const requests = option_value(command, arguments, "--requests");
    int result = usage_of(command, arguments);
    if (result != EXIT_ACCEPTED)
        return result;
    if (!read_policy(command, arguments, &setting) || !read_request(command, arguments, &request))
        return EXIT_USAGE;
    if (requests == NULL && !read_authorization(option_value(command, arguments, "--authorization"), &request))
        return EXIT_INPUT;
    result = read_files(command, arguments, &setting, &request);
    if (result != EXIT_ACCEPTED)
        return result;
    const struct ward_status status = ward_gate_begin(&setting.gate, &setting.policy, &setting.keys, NULL, request.now);
    if (!ward_ok(status)) {
        fprintf(stderr, "ward: %s: %s\n", ward_status_name(status), ward_status_sentence(status));
        return EXIT_INPUT;
    }
    if (requests != NULL)
        return check_requests(&setting, requests, option_value(command, arguments, "--audit"), request.now);
    return check_one(&setting, &request);
}

const struct command command_check = {
    .name = "check",
    .synopsis = "--routes FILE --jwks FILE --issuer URL --audience ID --path TARGET [OPTION]...",
    .summary = "Decides about an HTTP request as a device would, and prints its answer",
    .description =
        "Granted: 200 and who is calling, exit 0. Refused: the answer to send, exit 1, and the reason on stderr.\n\n"
        "A line of --requests FILE is one of\n\n"
        "    TIME METHOD TARGET [bearer=NAME] [peer=ADDRESS] [cleartext] [count=N] [origin=ORIGIN] "
        "[authorization=VALUE]\n"
        "    token NAME TOKEN             names a token for bearer=NAME\n"
        "    TIME deny SUBJECT [UNTIL]    puts a subject on the deny list, under every issuer\n"
        "    TIME undeny SUBJECT          takes it off\n"
        "    TIME key-change              forgets what was cached\n\n"
        "TIME is seconds since 1970, with up to three decimals; authorization= takes the rest of its line. Each "
        "request is\n"
        "answered by a line: TIME METHOD PATH STATUS REASON, and what is worth knowing besides. Exit 0 once every line "
        "is\n"
        "answered, whatever the answers.\n",
    .options = options,
    .most_operands = 0,
    .run = run,
};
