/* SPDX-License-Identifier: Apache-2.0 */
/* A compact token, whose signature no build of the history looks at. */
#ifndef HISTORY_TOKEN_H
#define HISTORY_TOKEN_H

#include <stddef.h>
#include <stdint.h>

enum { LONGEST_TOKEN = 1024 };

struct wish {
    char kid;
    const char *issuer;
    const char *subject;
    uint64_t issued;
    uint64_t expires;
};

/** Writes it, and returns its length. */
size_t token_write(const struct wish *wish, char token[LONGEST_TOKEN]);

#endif
