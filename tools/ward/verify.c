#include <time.h>

#include "device.h"

static const struct option options[] = {
    { "--jwks", "FILE", 1, "the issuer's key set; this or --url is required" },
    { "--url", "URL", 1, "its jwks_uri: fetched when needed, as a device would" },
    DEVICE_OPTIONS,
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

/* What is verified: keys of a file, or of a device, which may fetch them. */
struct setting {
    const struct command *command;
    const struct arguments *arguments;
    struct ward_expect expect;
    struct ward_time now;
    struct ward_text scope;
    struct ward_jwks file;
    struct device device;
};

static bool is_fetched(const struct setting *setting)
{
    return option_count(setting->command, setting->arguments, "--url") > 0;
}

static int read_keys(struct setting *setting)
{
    struct ward_jwks_report report;
    if (!is_fetched(setting))
        return read_jwks(option_value(setting->command, setting->arguments, "--jwks"), &setting->file, &report, NULL);
    return begin_device(&setting->device, setting->command, setting->arguments);
}

/* Keys that were fetched long ago still serve while there are no newer ones, as on a device; and as there a kid that they do not
 * have is not refused while newer ones cannot be had.
 */
static struct ward_status verify_with_device(struct setting *setting, char *token, size_t length, struct ward_workspace *work,
                                             struct ward_claims *claims)
{
    struct device *const device = &setting->device;
    const struct ward_jwks *const keys = ward_keyring_keys(&device->keyring);
    struct ward_status status = ward_status_of(WARD_KEY_UNKNOWN);
    if (device_is_fresh(device))
        status = ward_verify(&setting->expect, keys, setting->now, token, length, work, claims);
    if (status.code != WARD_KEY_UNKNOWN)
        return status;
    const bool fetched = fetch_keys(device);
    if (fetched)
        (void)store_keys(device);
    status = ward_keyring_ready(&device->keyring, ward_service_time(&device->service));
    if (ward_ok(status))
        status = ward_verify(&setting->expect, ward_keyring_keys(&device->keyring), setting->now, token, length, work, claims);
    return status.code == WARD_KEY_UNKNOWN && !fetched ? ward_status_of(WARD_KEY_AWAITED) : status;
}

static int tell(struct ward_status status, const struct ward_claims *claims)
{
    /* Not the token's fault. */
    if (status.code == WARD_KEYS_ABSENT || status.code == WARD_KEYS_STALE || status.code == WARD_KEY_AWAITED) {
        fprintf(stderr, "ward: cannot verify: %s: %s\n", ward_status_name(status), ward_status_sentence(status));
        return EXIT_INPUT;
    }
    if (!ward_ok(status))
        return refused(status);
    print_claims(claims);
    return finish_output();
}

static int verify(struct setting *setting)
{
    static struct ward_workspace work;
    static char token[WARD_MAX_TOKEN + 2];
    struct ward_claims claims;
    size_t length = 0;
    if (!read_input(setting->arguments->operand[0], token, sizeof token, &length))
        return EXIT_INPUT;
    struct ward_status status =
        is_fetched(setting) ? verify_with_device(setting, token, length, &work, &claims)
                            : ward_verify(&setting->expect, &setting->file, setting->now, token, length, &work, &claims);
    if (ward_ok(status) && setting->scope.length > 0)
        status = ward_scope_check(&claims, setting->scope);
    return tell(status, &claims);
}

/* The options of a fetch mean nothing without one. */
static int check_source(const struct command *command, const struct arguments *arguments)
{
    static const char *const fetching[] = { "--ca", "--store", "--timeout" };
    const size_t files = option_count(command, arguments, "--jwks");
    const size_t urls = option_count(command, arguments, "--url");
    if (files + urls == 0)
        return wrong_usage(command, "is missing, or --url", "--jwks");
    if (files + urls > 1)
        return wrong_usage(command, "excludes --url: the keys come from one place", "--jwks");
    for (size_t i = 0; urls == 0 && i < sizeof fetching / sizeof fetching[0]; i++)
        if (option_count(command, arguments, fetching[i]) > 0)
            return wrong_usage(command, "needs --url", fetching[i]);
    return EXIT_ACCEPTED;
}

static int read_setting(struct setting *setting, struct expect_storage *storage)
{
    const struct command *const command = setting->command;
    const struct arguments *const arguments = setting->arguments;
    uint64_t now = (uint64_t)time(NULL);
    setting->scope = option_text(command, arguments, "--scope");
    const int source = check_source(command, arguments);
    if (source != EXIT_ACCEPTED)
        return source;
    if (!read_expect(command, arguments, &setting->expect, storage) ||
        !option_number(command, arguments, "--now", (uint64_t)1 << 53, &now))
        return EXIT_USAGE;
    if (option_count(command, arguments, "--scope") > 0 && !ward_ok(ward_scope_expression_check(setting->scope)))
        return wrong_usage(command, ward_status_sentence(ward_status_of(WARD_SCOPE_EXPRESSION)), "--scope");
    setting->now = ward_time_set(now);
    return EXIT_ACCEPTED;
}

static int run(const struct command *command, const struct arguments *arguments)
{
    static struct setting setting;
    struct expect_storage storage;
    setting.command = command;
    setting.arguments = arguments;
    int result = read_setting(&setting, &storage);
    if (result == EXIT_ACCEPTED)
        result = read_keys(&setting);
    if (result != EXIT_ACCEPTED)
        return result;
    result = verify(&setting);
    if (is_fetched(&setting))
        end_device(&setting.device);
    return result;
}

const struct command command_verify = {
    .name = "verify",
    .synopsis = "--jwks FILE | --url URL --issuer URL --audience ID [OPTION]... [TOKEN | -]",
    .summary = "Verifies an access token as a device would",
    .description = "Without TOKEN, or with -, the token is read from standard input, so that it need not stand in a process list;\n"
                   "one newline at its end is forgiven. Accepted: the claims as one JSON object on stdout, exit 0. Refused:\n"
                   "`ward: refused: NAME: sentence` on stderr, exit 1.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
