/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(const struct command *command, const struct arguments *arguments);
} actions[] = { { "make", make_bundle },
                { "join", join_bundle },
                { "show", show_bundle },
                { "check", check_bundle },
                { "key", write_operator_key } };

/* Which options mean something to which action, by its first letters. */
static const struct {
    const char *option;
    const char *of;
} meanings[] = { { "--operator", "mc" }, { "--fleet", "mc" },     { "--operator-keys", "c" }, { "--issuer", "mc" },
                 { "--kid", "mk" },      { "--seq", "m" },        { "--iat", "m" },           { "--lifetime", "m" },
                 { "--deny", "m" },      { "--key", "m" },        { "--to-sign", "m" },       { "--signature", "j" },
                 { "--now", "c" },       { "--authority", "mc" }, { "--other-issuer", "mc" }, { NULL, NULL } };

static const char *misplaced(const struct command *command, const struct arguments *arguments)
{
    for (size_t i = 0; meanings[i].option != NULL; i++)
        if (option_count(command, arguments, meanings[i].option) > 0 &&
            strchr(meanings[i].of, arguments->operand[0][0]) == NULL)
            return meanings[i].option;
    return NULL;
}

static int run(const struct command *command, const struct arguments *arguments)
{
    for (size_t i = 0; arguments->operands > 0 && i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(arguments->operand[0], actions[i].name) != 0)
            continue;
        const char *const stray = misplaced(command, arguments);
        if (stray != NULL)
            return wrong_usage(command, "means nothing to this action", stray);
        return arguments->operands < 2 ? wrong_usage(command, "FILE is missing", NULL)
                                       : actions[i].run(command, arguments);
    }
    return wrong_usage(command, "make, join, show, check or key is missing", NULL);
}

static const struct option options[] = {
    OPERATOR_OPTIONS,
    { "--issuer", "URL", 1, "the issuer whose keys these are: sub of the bundle, `issuer` of the device" },
    { "--kid", "KID", 1, "make, key: of the operator's key" },
    { "--seq", "NUMBER", 1, "make: higher with each bundle of this key; default: the seconds of --iat" },
    { "--iat", "SECONDS", 1, "make: since 1970; default: now" },
    { "--lifetime", "SECONDS", 1, "make: from iat to exp; default 604800, a week" },
    { "--deny", "FILE", 1, "make: whom to deny, a JSON array as ward/bundle.h has it" },
    { "--key", "PEM", 1, "make: the operator's private key, which signs the bundle" },
    { "--to-sign", NULL, 1, "make: write what is to be signed instead, for a key that is not in a file" },
    { "--signature", "FILE", 1, "join: the signature over what make --to-sign has written, as bytes" },
    { "--now", "SECONDS", 1, "check: since 1970; default: now" },
    { NULL, NULL, 0, NULL }
};

const struct command command_bundle = {
    .name = "bundle",
    .synopsis = "make JWKS | join TO-SIGN | show BUNDLE | check BUNDLE | key PEM",
    .summary = "Makes, shows and checks signed bundles of an issuer's keys and denials",
    .description =
        "make writes a bundle with the usable keys of JWKS, what the issuer publishes, to stdout. With --key "
        "it is signed by a key in\n"
        "a file. A key in an HSM signs what --to-sign writes, by RSASSA-PKCS1-v1_5 with SHA-256 (RS256), and "
        "join adds that\n"
        "signature. check says what a device would that has taken none so far: exit 1 and the reason where "
        "it refuses. show shows\n"
        "what a bundle says without any check of who says so. key writes the operator's public key as the key set that "
        "--operator-keys\n"
        "and ward provision take. Of every FILE but a key - is standard input.\n",
    .options = options,
    .most_operands = 2,
    .run = run,
};
