/* SPDX-License-Identifier: Apache-2.0 */
/* A check of one token: what verify and explain share. */
#ifndef WARD_TOOL_VERIFICATION_H
#define WARD_TOOL_VERIFICATION_H

#include "device.h"
#include "examination.h"

/** Options of both. */
#define VERIFICATION_OPTIONS                                                                                           \
    { "--now", "SECONDS", 1, "the time to check at, since 1970; default: this machine's clock" },                      \
        { "--scope", "EXPRESSION", 1, "scopes that are needed: 'a b' both, 'a|b' either" }

/** Everything of one check. The command's. */
struct verification {
    const struct command *command;
    const struct arguments *arguments;
    struct ward_expect expect;
    struct expect_storage storage;
    struct wanted_key wanted;
    char kid[1024];
    struct ward_jwks file;
    struct device device;
    bool fetches; /**< the keys are the device's, not the file's */
    char token[WARD_MAX_TOKEN + 2];
    size_t length;
    struct ward_workspace work;
    struct ward_claims claims;
    struct examination examination;
};

/** Reads options and the token, then the keys; says what is wrong. EXIT_ACCEPTED, then end_verification() is the last
 * call. */
int begin_verification(struct verification *verification, const struct command *command,
                       const struct arguments *arguments);

/** Checks the token, which is consumed. The result is in examination.status; on WARD_OK the claims are written. */
void check_token(struct verification *verification);

/** Asks whether the argument is the name of a file, where it is not a token and looks like one. */
void print_file_hint(FILE *file, const struct verification *verification);

/** The exit code of a result. */
int exit_code_of(struct ward_status status);

void end_verification(struct verification *verification);

#endif
