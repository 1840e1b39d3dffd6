#include <time.h>

#include "tool.h"

static const struct option options[] = {
    { "--jwks", "FILE", 1, "the issuer's key set (required)" },
    { "--now", "SECONDS", 1, "the time to check at, since 1970; default: this machine's clock" },
    { "--scope", "EXPRESSION", 1, "scopes that are needed: 'a b' both, 'a|b' either" },
    EXPECT_OPTIONS,
    { NULL, NULL, 0, NULL }
};

static int refused(struct ward_status status)
{
    fprintf(stderr, "ward: refused: %s: %s\n", ward_status_name(status), ward_status_sentence(status));
    return EXIT_REFUSED;
}

static int verify(const struct ward_expect *expect, const struct ward_jwks *keys, struct ward_time now,
                  const char *operand, struct ward_text scope)
{
    static struct ward_workspace work;
    static char token[WARD_MAX_TOKEN + 2];
    struct ward_claims claims;
    size_t length = 0;
    if (!read_input(operand, token, sizeof token, &length))
        return EXIT_INPUT;
    struct ward_status status = ward_verify(expect, keys, now, token, length, &work, &claims);
    if (ward_ok(status) && scope.length > 0)
        status = ward_scope_check(&claims, scope);
    if (!ward_ok(status))
        return refused(status);
    print_claims(&claims);
    return finish_output();
}

static int run(const struct command *command, const struct arguments *arguments)
{
    static struct ward_jwks keys;
    struct ward_jwks_report report;
    struct ward_expect expect;
    struct expect_storage storage;
    uint64_t now = (uint64_t)time(NULL);
    const struct ward_text scope = option_text(command, arguments, "--scope");
    if (option_count(command, arguments, "--jwks") == 0)
        return wrong_usage(command, "is missing", "--jwks");
    if (!read_expect(command, arguments, &expect, &storage) ||
        !option_number(command, arguments, "--now", (uint64_t)1 << 53, &now))
        return EXIT_USAGE;
    if (option_count(command, arguments, "--scope") > 0 && !ward_ok(ward_scope_expression_check(scope)))
        return wrong_usage(command, ward_status_sentence(ward_status_of(WARD_SCOPE_EXPRESSION)), "--scope");
    const int result = read_jwks(option_value(command, arguments, "--jwks"), &keys, &report, NULL);
    if (result != EXIT_ACCEPTED)
        return result;
    return verify(&expect, &keys, ward_time_set(now), arguments->operand[0], scope);
}

const struct command command_verify = {
    .name = "verify",
    .synopsis = "--jwks FILE --issuer URL --audience ID [OPTION]... [TOKEN | -]",
    .summary = "Verifies an access token as a device would",
    .description = "Without TOKEN, or with -, the token is read from standard input, so that it need not stand in a process list;\n"
                   "one newline at its end is forgiven. Accepted: the claims as one JSON object on stdout, exit 0. Refused:\n"
                   "`ward: refused: NAME: sentence` on stderr, exit 1.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
