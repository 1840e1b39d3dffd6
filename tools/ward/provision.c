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
    printf("\nextern const struct ward_jwks %s;\n\nconst struct ward_jwks %s = {\n    .count = %u,\n    .key = {\n", name,
           name, (unsigned)set->count);
    for (size_t i = 0; i < set->count; i++) {
        const struct ward_key *const key = &set->key[i];
        printf("        {\n            .bits = %u,\n            .kid_length = %u,\n            .kid = \"",
               (unsigned)key->bits, (unsigned)key->kid_length);
        print_c_string(ward_text_of(key->kid, key->kid_length));
        printf("\",\n");
        print_words("n", key->n, ward_key_words(key));
        print_words("r_squared", key->r_squared, ward_key_words(key));
        printf("        },\n");
    }
    printf("    },\n};\n");
}

static int run(const struct command *command, const struct arguments *arguments)
{
    static struct ward_jwks set;
    struct ward_jwks_report report;
    const char *const name = option_value(command, arguments, "--c");
    if (arguments->operands == 0)
        return wrong_usage(command, "FILE is missing", NULL);
    if (name == NULL)
        return wrong_usage(command, "is missing", "--c");
    if (!is_identifier(name))
        return wrong_usage(command, "needs the name of a C variable", "--c");
    const int result = read_jwks(arguments->operand[0], &set, &report, NULL);
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

static const struct option options[] = {
    { "--c", "NAME", 1, "write a C file that defines `const struct ward_jwks NAME`" },
    { NULL, NULL, 0, NULL }
};

const struct command command_provision = {
    .name = "provision",
    .synopsis = "FILE --c NAME",
    .summary = "Writes the keys of a JSON Web Key Set as a C table to compile into a firmware",
    .description = "FILE is what the issuer publishes at its jwks_uri; - is standard input. The table goes to stdout and holds, for\n"
                   "each usable key, what a check would otherwise have to compute (R squared).\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
