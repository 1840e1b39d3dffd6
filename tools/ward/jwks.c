#include "tool.h"

/* Byte by byte, so that each key can be looked at when its object ends. */
static struct ward_status feed(struct ward_jwks_reader *reader, const char *data, size_t length,
                               struct ward_workspace *work, key_seen *seen)
{
    struct ward_status status = ward_status_of(WARD_OK);
    for (size_t i = 0; i < length && ward_ok(status); i++) {
        const uint16_t before = reader->report.seen;
        status = ward_jwks_feed(reader, data + i, 1, work);
        if (seen != NULL && reader->report.seen != before)
            seen(&reader->jwk);
    }
    return status;
}

static struct ward_status read_stream(FILE *file, struct ward_jwks *set, struct ward_jwks_report *report, key_seen *seen)
{
    static struct ward_workspace work;
    static struct ward_jwks_reader reader;
    char piece[4096];
    size_t length;
    struct ward_status status = ward_status_of(WARD_OK);
    ward_jwks_begin(&reader, set, NULL, ward_text_of(NULL, 0));
    while (ward_ok(status) && (length = fread(piece, 1, sizeof piece, file)) > 0)
        status = feed(&reader, piece, length, &work, seen);
    if (ward_ok(status))
        status = ward_jwks_end(&reader);
    *report = reader.report;
    return status;
}

int read_jwks(const char *path, struct ward_jwks *set, struct ward_jwks_report *report, key_seen *seen)
{
    FILE *const file = open_input(path);
    if (file == NULL)
        return EXIT_INPUT;
    const struct ward_status status = read_stream(file, set, report, seen);
    if (close_input(file, path) != EXIT_ACCEPTED)
        return EXIT_INPUT;
    if (ward_ok(status))
        return EXIT_ACCEPTED;
    fprintf(stderr, "ward: %s: %s: %s\n", path, ward_status_name(status), ward_status_sentence(status));
    return EXIT_INPUT;
}

static void print_key(const struct ward_jwk_reader *jwk)
{
    char kid[WARD_MAX_KID * 6 + 1] = "(none)";
    if (jwk->key.kid_length > 0)
        ward_text_escape(ward_text_of(jwk->key.kid, jwk->key.kid_length), kid, sizeof kid);
    printf("%-24s ", kid);
    if (jwk->key.bits > 0)
        printf("%5u  ", (unsigned)jwk->key.bits);
    else
        printf("    -  ");
    if (ward_ok(jwk->refusal))
        printf("usable\n");
    else
        printf("%s: %s\n", ward_status_name(jwk->refusal), ward_status_sentence(jwk->refusal));
}

static int run(const struct command *command, const struct arguments *arguments)
{
    static struct ward_jwks set;
    struct ward_jwks_report report;
    if (arguments->operands == 0)
        return wrong_usage(command, "FILE is missing", NULL);
    printf("%-24s %5s  %s\n", "kid", "bits", "verifies RS256");
    const int result = read_jwks(arguments->operand[0], &set, &report, print_key);
    if (result == EXIT_ACCEPTED) {
        printf("%u of %u usable", (unsigned)(report.seen - report.skipped), (unsigned)report.seen);
        if (report.merged > 0)
            printf(", %u of them twice", (unsigned)report.merged);
        if (report.left_out > 0)
            printf(", %u left out: raise WARD_MAX_KEYS", (unsigned)report.left_out);
        printf("\n");
        if (set.count == 1)
            printf("Only one key: a device that is never online fails at the issuer's next rotation.\n");
    }
    const int output = finish_output();
    return result != EXIT_ACCEPTED ? result : output;
}

static const struct option options[] = { { NULL, NULL, 0, NULL } };

const struct command command_jwks = {
    .name = "jwks",
    .synopsis = "FILE",
    .summary = "Lists the keys of a JSON Web Key Set: kid, bits, usable or why not",
    .description = "FILE is what the issuer publishes at its jwks_uri; - is standard input.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
