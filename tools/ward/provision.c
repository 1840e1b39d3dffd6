/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle.h"
#include "storage_image.h"
#include "tool.h"

static void print_words(const char *member, const uint32_t *words, size_t count)
{
    printf("            .%s = {", member);
    for (size_t i = 0; i < count; i++)
        printf("%s0x%08x,", i % 8 == 0 ? "\n                " : " ", (unsigned)words[i]);
    printf("\n            },\n");
}

static void print_limit(const char *limit, unsigned needed)
{
    printf("#if %s < %u\n#error \"%s: these keys need %u\"\n#endif\n", limit, needed, limit, needed);
}

static void print_limits(const struct ward_jwks *set)
{
    unsigned bits = 0;
    unsigned kid = 0;
    for (size_t i = 0; i < set->count; i++) {
        bits = set->key[i].bits > bits ? set->key[i].bits : bits;
        kid = set->key[i].kid_length > kid ? set->key[i].kid_length : kid;
    }
    print_limit("WARD_MAX_KEYS", set->count);
    print_limit("WARD_MAX_RSA_BITS", bits);
    print_limit("WARD_MAX_KID", kid);
}

static void print_table(const struct ward_jwks *set, const char *name)
{
    printf("/* An issuer's public keys, written by `ward provision --c %s`: const, so that they stay in flash. */\n"
           "#include \"ward/jwks.h\"\n\n",
           name);
    print_limits(set);
    printf("\nextern const struct ward_jwks %s;\n\nconst struct ward_jwks %s = {\n    .count = %u,\n    .key = {\n",
           name, name, (unsigned)set->count);
    for (size_t i = 0; i < set->count; i++) {
        const struct ward_key *const key = &set->key[i];
        printf("        {\n            .bits = %u,\n            .kid_length = %u,\n            .kid = \"",
               (unsigned)key->bits, (unsigned)key->kid_length);
        print_c_string(ward_text_of(key->kid, key->kid_length));
        printf("\",\n");
        print_words("n", key->n, ward_key_words(key));
        print_words("prepared", key->prepared, ward_key_words(key));
        printf("        },\n");
    }
    printf("    },\n};\n");
}

static int print_c(const char *path, const char *name)
{
    static struct ward_jwks set;
    struct ward_jwks_report report;
    const int result = read_jwks(path, &set, &report, NULL);
    if (result != EXIT_ACCEPTED)
        return result;
    if (report.left_out > 0)
        fprintf(stderr, "ward: %u usable keys are left out: this tool holds %u\n", (unsigned)report.left_out,
                (unsigned)WARD_MAX_KEYS);
    if (set.count == 1)
        fprintf(stderr, "ward: only one key: a device that is never online fails at the issuer's next rotation\n");
    print_table(&set, name);
    return finish_output();
}

/* 2024-01-01: no record is older, and the device's own time of build counts for it. */
static const uint64_t earliest_build = 1704067200u;

/* Where a limit is not said the tool knows none: it holds what any build can. */
static bool read_limits(const struct command *command, const struct arguments *arguments, struct device_limits *limits)
{
    limits->keys = limits->rsa_bits = limits->kid = limits->denials = UINT64_MAX;
    return option_number(command, arguments, "--max-denials", 256, &limits->denials) &&
           option_number(command, arguments, "--max-keys", 32, &limits->keys) &&
           option_number(command, arguments, "--max-rsa-bits", 4096, &limits->rsa_bits) &&
           option_number(command, arguments, "--max-kid", 128, &limits->kid);
}

/* A bundle: the device's operator says whose it is, and its URL may be none. */
static int read_operator(const struct command *command, const struct arguments *arguments,
                         struct ward_keyring_config *config)
{
    static struct bundle_device device;
    if (option_count(command, arguments, "--operator-keys") + option_count(command, arguments, "--operator") +
            option_count(command, arguments, "--fleet") + option_count(command, arguments, "--authority") +
            option_count(command, arguments, "--other-issuer") ==
        0)
        return EXIT_ACCEPTED;
    const int result = read_bundle_device(command, arguments, true, &device);
    config->bundles = &device.bundles;
    return result;
}

static int print_record(const struct command *command, const struct arguments *arguments)
{
    uint64_t version = 0;
    struct device_limits limits;
    const char *const slot_paths[] = { option_value(command, arguments, "--first-slot"),
                                       option_value(command, arguments, "--second-slot") };
    struct ward_keyring_config config = { .issuer = option_text(command, arguments, "--issuer"),
                                          .url = option_text(command, arguments, "--url"),
                                          .build_time = earliest_build };
    if (!option_number(command, arguments, "--version", UINT32_MAX, &version) ||
        !read_limits(command, arguments, &limits))
        return EXIT_USAGE;
    if ((slot_paths[0] != NULL) != (slot_paths[1] != NULL))
        return wrong_usage(command, "a device has two slots: both are needed",
                           slot_paths[0] != NULL ? "--second-slot" : "--first-slot");
    config.compiled_version = (uint32_t)version;
    const int result = read_operator(command, arguments, &config);
    if (result != EXIT_ACCEPTED)
        return result;
    const struct ward_status status = ward_keyring_check(&config);
    if (status.code == WARD_KEYRING_ISSUER)
        return wrong_usage(command, "--record needs the device's issuer, 1 to 255 bytes", "--issuer");
    if (status.code == WARD_KEYRING_BUNDLES)
        return wrong_usage(command, ward_status_sentence(status), "--operator-keys");
    if (!ward_ok(status))
        return wrong_usage(command, "--record needs the device's url, https://…", "--url");
    return print_storage_image(arguments->operand[0], &config, &limits, slot_paths);
}

/* What belongs to a record means nothing to a table. */
static const char *misplaced(const struct command *command, const struct arguments *arguments)
{
    static const char *const of_record[] = { "--issuer",       "--url",         "--version",       "--max-keys",
                                             "--max-rsa-bits", "--max-kid",     "--first-slot",    "--second-slot",
                                             "--operator",     "--fleet",       "--operator-keys", "--max-denials",
                                             "--authority",    "--other-issuer" };
    if (option_count(command, arguments, "--record") > 0)
        return option_count(command, arguments, "--c") > 0 ? "--c" : NULL;
    for (size_t i = 0; i < sizeof of_record / sizeof of_record[0]; i++)
        if (option_count(command, arguments, of_record[i]) > 0)
            return of_record[i];
    return NULL;
}

static int run(const struct command *command, const struct arguments *arguments)
{
    const char *const name = option_value(command, arguments, "--c");
    const char *const stray = misplaced(command, arguments);
    const bool record = option_count(command, arguments, "--record") > 0;
    if (arguments->operands == 0)
        return wrong_usage(command, "FILE is missing", NULL);
    if (stray != NULL)
        return wrong_usage(command, record ? "excludes --record" : "needs --record", stray);
    if (record)
        return print_record(command, arguments);
    if (name == NULL)
        return wrong_usage(command, "is missing, or --record", "--c");
    if (!is_identifier(name))
        return wrong_usage(command, "needs the name of a C variable", "--c");
    return print_c(arguments->operand[0], name);
}

static const struct option options[] = {
    { "--c", "NAME", 1, "write a C file that defines `const struct ward_jwks NAME`" },
    { "--record", NULL, 1, "write a storage image instead: keys as a device would have stored them" },
    { "--issuer", "URL", 1, "for --record: `issuer` of the device's keyring" },
    { "--url", "URL", 1, "for --record: `url` of the device's keyring" },
    { "--version", "NUMBER", 1, "for --record: `compiled_version` of the device's keyring; default 0" },
    { "--first-slot", "FILE", 1, "for --record: what slot 0 of a used device holds; only the keys are replaced" },
    { "--second-slot", "FILE", 1, "for --record: likewise slot 1" },
    { "--max-keys", "NUMBER", 1, "for --record: the device's WARD_MAX_KEYS; warns of keys that it leaves out" },
    { "--max-rsa-bits", "NUMBER", 1, "for --record: likewise WARD_MAX_RSA_BITS" },
    { "--max-kid", "NUMBER", 1, "for --record: likewise WARD_MAX_KID" },
    { "--max-denials", "NUMBER", 1,
      "for --record of a bundle: the device's WARD_DENY_SLOTS; refuses one that denies more" },
    OPERATOR_OPTIONS,
    { NULL, NULL, 0, NULL }
};

const struct command command_provision = {
    .name = "provision",
    .synopsis = "FILE --c NAME | --record --issuer URL --url URL",
    .summary = "Writes the keys of a JSON Web Key Set for a device: a C table, or a storage image",
    .description =
        "FILE is what the issuer publishes at its jwks_uri; - is standard input. Both go to stdout and "
        "hold, for each usable key,\n"
        "what a check would otherwise have to compute (R squared). The table is compiled into a firmware. "
        "The image holds\n"
        "nothing but keys that count as fetched now, so a device that is never online wants the table. It "
        "goes into either slot of a\n"
        "new device, or the slot of a used one that holds the older record: the device takes the keys from "
        "it and all else (deny list,\n"
        "clock floor, boots, audit) from the other slot. With --first-slot and --second-slot it is the "
        "device's own record with its keys\n"
        "replaced. No image erases anything; who wants a new device erases both slots.\n"
        "With --operator, --fleet and --operator-keys FILE is a bundle (ward bundle): the image has its "
        "denials, too, and may be for\n"
        "a device without a URL. Of a device whose policy has an authority, or other issuers, tell it: a denied "
        "sub is known under\n"
        "those names.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
