/* SPDX-License-Identifier: Apache-2.0 */
#include "verification.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static bool is_standard_input(const char *name)
{
    return name == NULL || strcmp(name, "-") == 0;
}

static bool has_option(const struct command *command, const char *name)
{
    return command->options[option_place(command->options, name)].name != NULL;
}

/* The options of a fetch mean nothing without one. */
static int check_fetch(const struct command *command, const struct arguments *arguments)
{
    static const char *const fetching[] = { "--ca", "--store", "--timeout" };
    for (size_t i = 0; i < sizeof fetching / sizeof fetching[0]; i++)
        if (option_count(command, arguments, fetching[i]) > 0)
            return wrong_usage(command, "needs --url", fetching[i]);
    return EXIT_ACCEPTED;
}

static int check_file(const struct command *command, const struct arguments *arguments)
{
    if (is_standard_input(option_value(command, arguments, "--jwks")) && is_standard_input(arguments->operand[0]))
        return wrong_usage(command, "is standard input, and so is the token: give one otherwise", "--jwks");
    return check_fetch(command, arguments);
}

/* Where the keys come from. */
static int check_source(const struct command *command, const struct arguments *arguments)
{
    const size_t files = option_count(command, arguments, "--jwks");
    const size_t urls = option_count(command, arguments, "--url");
    if (files + urls == 0)
        return wrong_usage(command, has_option(command, "--url") ? "is missing, or --url" : "is missing", "--jwks");
    if (files + urls > 1)
        return wrong_usage(command, "excludes --url: the keys come from one place", "--jwks");
    return files > 0 ? check_file(command, arguments) : EXIT_ACCEPTED;
}

static int wrong_scope(const struct command *command)
{
    return wrong_usage(command, ward_status_sentence(ward_status_of(WARD_SCOPE_EXPRESSION)), "--scope");
}

static int read_setting(struct verification *verification)
{
    const struct command *const command = verification->command;
    const struct arguments *const arguments = verification->arguments;
    struct examination *const examination = &verification->examination;
    uint64_t now = (uint64_t)time(NULL);
    examination->scope = option_text(command, arguments, "--scope");
    const int source = check_source(command, arguments);
    if (source != EXIT_ACCEPTED)
        return source;
    if (!read_expect(command, arguments, &verification->expect, &verification->storage) ||
        !option_number(command, arguments, "--now", (uint64_t)1 << 53, &now))
        return EXIT_USAGE;
    if (option_count(command, arguments, "--scope") > 0 && !ward_ok(ward_scope_expression_check(examination->scope)))
        return wrong_scope(command);
    examination->now = ward_time_set(now);
    examination->expect = &verification->expect;
    examination->wanted = &verification->wanted;
    return EXIT_ACCEPTED;
}

static int read_token(struct verification *verification)
{
    struct token_view *const view = &verification->examination.view;
    if (!read_input(verification->arguments->operand[0], verification->token, sizeof verification->token,
                    &verification->length))
        return EXIT_INPUT;
    view_token(view, verification->token, verification->length);
    verification->wanted.kid = json_string(view_member(view, HEADER, text_from("kid")), verification->kid,
                                           sizeof verification->kid);
    return EXIT_ACCEPTED;
}

static int read_keys(struct verification *verification)
{
    struct ward_jwks_report report;
    const struct jwks_wishes wishes = { verification->wanted.kid, note_wanted_key, &verification->wanted };
    verification->fetches = option_count(verification->command, verification->arguments, "--url") > 0;
    if (verification->fetches)
        return begin_device(&verification->device, verification->command, verification->arguments);
    return read_jwks(option_value(verification->command, verification->arguments, "--jwks"), &verification->file,
                     &report, &wishes);
}

int begin_verification(struct verification *verification, const struct command *command,
                       const struct arguments *arguments)
{
    verification->command = command;
    verification->arguments = arguments;
    int result = read_setting(verification);
    if (result == EXIT_ACCEPTED)
        result = read_token(verification);
    if (result == EXIT_ACCEPTED)
        result = read_keys(verification);
    return result;
}

static struct ward_status verify(struct verification *verification, const struct ward_jwks *keys)
{
    struct examination *const examination = &verification->examination;
    examination->keys = keys;
    return ward_verify(&verification->expect, keys, examination->now, verification->token, verification->length,
                       &verification->work, &verification->claims);
}

/* Keys that were fetched long ago still serve while there are no newer ones, as on a device; and as there a kid that
 * they do not have is not refused while newer ones cannot be had. */
static struct ward_status verify_with_device(struct verification *verification)
{
    struct device *const device = &verification->device;
    struct ward_status status = ward_status_of(WARD_KEY_UNKNOWN);
    if (device_is_fresh(device))
        status = verify(verification, ward_keyring_keys(&device->keyring));
    if (status.code != WARD_KEY_UNKNOWN)
        return status;
    const bool fetched = fetch_wanted_keys(device, &verification->wanted);
    if (fetched)
        (void)(device_may_store(device) && store_keys(device));
    status = ward_keyring_ready(&device->keyring, ward_service_time(&device->service));
    if (ward_ok(status))
        status = verify(verification, ward_keyring_keys(&device->keyring));
    return status.code == WARD_KEY_UNKNOWN && !fetched ? ward_status_of(WARD_KEY_REFRESH_PENDING) : status;
}

void check_token(struct verification *verification)
{
    struct examination *const examination = &verification->examination;
    struct ward_status status = verification->fetches ? verify_with_device(verification)
                                                      : verify(verification, &verification->file);
    if (ward_ok(status) && examination->scope.length > 0)
        status = ward_scope_check(&verification->claims, examination->scope);
    examination->status = status;
}

static bool ends_with(const char *text, const char *end)
{
    return strlen(text) > strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

static bool looks_like_a_path(const char *operand)
{
    return strchr(operand, '/') != NULL || ends_with(operand, ".txt") || ends_with(operand, ".jwt") ||
           ends_with(operand, ".token") || ends_with(operand, ".json");
}

/* What is not the name of a file that is there may be a secret: it is not repeated. */
void print_file_hint(FILE *file, const struct verification *verification)
{
    const char *const operand = verification->arguments->operand[0];
    const uint32_t code = verification->examination.status.code;
    if (is_standard_input(operand) || (code != WARD_TOKEN_OPAQUE && code != WARD_TOKEN_MALFORMED))
        return;
    if (access(operand, F_OK) == 0) {
        fputs("  ", file);
        print_text(file, text_from(operand));
        fprintf(file, " is a file: ward %s ... - < ", verification->command->name);
        print_text(file, text_from(operand));
        fputs(" reads it\n", file);
    } else if (looks_like_a_path(operand)) {
        fprintf(file, "  is it the name of a file? There is none of this name here: ward %s ... - < FILE reads one\n",
                verification->command->name);
    }
}

int exit_code_of(struct ward_status status)
{
    switch (status.code) {
    case WARD_OK: return EXIT_ACCEPTED;
    /* Not the token's fault. */
    case WARD_KEYS_ABSENT:
    case WARD_KEYS_STALE:
    case WARD_KEY_REFRESH_PENDING: return EXIT_INPUT;
    default: return EXIT_REFUSED;
    }
}

void end_verification(struct verification *verification)
{
    if (verification->fetches)
        end_device(&verification->device);
}
