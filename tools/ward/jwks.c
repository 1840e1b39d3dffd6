/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

void list_key(void *context, const struct ward_jwk_reader *jwk)
{
    (void)context;
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
    const struct jwks_wishes wishes = { .seen = list_key };
    if (arguments->operands == 0)
        return wrong_usage(command, "FILE is missing", NULL);
    printf("%-24s %5s  %s\n", "kid", "bits", "verifies RS256");
    const int result = read_jwks(arguments->operand[0], &set, &report, &wishes);
    if (result == EXIT_ACCEPTED) {
        printf("%u of %u usable", (unsigned)(report.seen - report.skipped), (unsigned)report.seen);
        if (report.merged > 0)
            printf(", %u of them twice", (unsigned)report.merged);
        if (report.conflicting > 0)
            printf(", %u of them out: different keys have the same kid", (unsigned)report.conflicting);
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
