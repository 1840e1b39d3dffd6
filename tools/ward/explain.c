/* SPDX-License-Identifier: Apache-2.0 */
#include "verification.h"

static const struct option options[] = { { "--jwks", "FILE", 1, "the issuer's key set (required)" },
                                         VERIFICATION_OPTIONS,
                                         EXPECT_OPTIONS,
                                         { NULL, NULL, 0, NULL } };
WARD_STATIC_ASSERT(sizeof options / sizeof options[0] <= MOST_OPTIONS, "arguments hold every option");

/* Before everything else: nobody shall take what follows for the issuer's word when it is not. */
static void print_warning(const struct examination *examination)
{
    switch (signature_verdict(examination)) {
    case KEPT: return;
    case BROKEN:
        printf("THE SIGNATURE DOES NOT HOLD: anybody may have written this token. Believe nothing of it.\n");
        return;
    default: printf("THE SIGNATURE WAS NOT CHECKED: anybody may have written this token. Believe nothing of it.\n");
    }
}

static int tell(const struct verification *verification)
{
    const struct examination *const examination = &verification->examination;
    const struct ward_status status = examination->status;
    const int code = exit_code_of(status);
    if (ward_ok(status))
        printf("accepted: every rule holds\n");
    else
        printf("%s: %s: %s\n", code == EXIT_REFUSED ? "refused" : "cannot verify", ward_status_name(status),
               ward_status_sentence(status));
    print_warning(examination);
    print_hints(stdout, examination);
    print_file_hint(stdout, verification);
    print_rules(stdout, examination);
    const int output = finish_output();
    return output == EXIT_ACCEPTED ? code : output;
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

const struct command command_explain = {
    .name = "explain",
    .synopsis = "--jwks FILE --issuer URL --audience ID [OPTION]... [TOKEN | -]",
    .summary = "Shows each rule against a token, and which hold",
    .description = "For a person in doubt, offline; a program asks `ward verify`, whose result and exit code these "
                   "are: 0 accepted,\n"
                   "1 refused. `yes` and `NO` are ward's word; `(yes)`, `(no)` and `?` stand for rules that ward did "
                   "not come to, and\n"
                   "are read from a token that nobody has checked. Without TOKEN, or with -, the token is read from "
                   "standard input.\n"
                   "The signature and the whole token are never shown.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
