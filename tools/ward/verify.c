/* SPDX-License-Identifier: Apache-2.0 */
#include "verification.h"

static const struct option options[] = { { "--jwks", "FILE", 1, "the issuer's key set; this or --url is required" },
                                         { "--url", "URL", 1, "its jwks_uri: fetched when needed, as a device would" },
                                         DEVICE_OPTIONS,
                                         VERIFICATION_OPTIONS,
                                         EXPECT_OPTIONS,
                                         { NULL, NULL, 0, NULL } };
WARD_STATIC_ASSERT(sizeof options / sizeof options[0] <= MOST_OPTIONS, "arguments hold every option");

/* The table is of a token that could be read: said before it, who is behind it. */
static void print_known(const struct examination *examination)
{
    if (!ward_ok(examination->view.part[CLAIMS].status))
        return;
    switch (signature_verdict(examination)) {
    case KEPT: fputs("  the signature holds; the token and what is expected of it:\n", stderr); break;
    case BROKEN:
        fputs("  the signature does not hold, so anybody may have written what the token says:\n", stderr);
        break;
    default:
        fputs("  the signature was not checked, so anybody may have written what the token says:\n", stderr);
        break;
    }
}

static int tell(struct verification *verification)
{
    const struct examination *const examination = &verification->examination;
    const struct ward_status status = examination->status;
    const int code = exit_code_of(status);
    if (code == EXIT_ACCEPTED) {
        print_claims(&verification->claims);
        return finish_output();
    }
    fprintf(stderr, "ward: %s: %s: %s\n", code == EXIT_REFUSED ? "refused" : "cannot verify", ward_status_name(status),
            ward_status_sentence(status));
    if (code == EXIT_REFUSED) {
        print_hints(stderr, examination);
        print_file_hint(stderr, verification);
        print_known(examination);
        print_sides(stderr, examination);
    }
    return code;
}

static int run(const struct command *command, const struct arguments *arguments)
{
    static struct verification verification;
    int result = begin_verification(&verification, command, arguments);
    if (result != EXIT_ACCEPTED)
        return result;
    check_token(&verification);
    result = tell(&verification);
    end_verification(&verification);
    return result;
}

const struct command command_verify = {
    .name = "verify",
    .synopsis = "--jwks FILE | --url URL --issuer URL --audience ID [OPTION]... [TOKEN | -]",
    .summary = "Verifies an access token as a device would",
    .description = "Without TOKEN, or with -, the token is read from standard input, so that it need not stand in a "
                   "process list; one\n"
                   "newline at its end is forgiven. Accepted: the claims as one JSON object on stdout, exit 0. "
                   "Refused: on stderr\n"
                   "`ward: refused: NAME: sentence` and, indented, what the token has and what is expected, exit 1. "
                   "`ward explain`\n"
                   "shows every rule.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
