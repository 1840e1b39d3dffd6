/* SPDX-License-Identifier: Apache-2.0 */
/* A program that answers questions, a line for a line, so that a script can ask thousands of one process.
 *
 * A question is a command and its arguments, each separated by one space; arguments are hexadecimal and may be empty. An
 * answer begins with the name of a status. Every input lies in a block of exactly its size, so that a sanitizer sees a
 * byte too far.
 */
#ifndef WARD_TEST_QUESTIONS_H
#define WARD_TEST_QUESTIONS_H

#include <stddef.h>

#include "ward/status.h"
#include "ward/workspace.h"

struct bytes {
    char *data;
    size_t length;
};

struct command {
    const char *name;
    void (*answer)(const char *arguments);
};

/** What one question left in it must not help with the next: it is overwritten before each. */
extern struct ward_workspace work;

/** A block of its own; to be freed. */
struct bytes bytes_of(size_t length);

/** The next argument, to be freed; *line moves after it. */
struct bytes argument(const char **line);

void print_hex(const char *data, size_t length);

void print_status(struct ward_status status);

/** Answers standard input's questions until it ends; a question that makes no sense ends the program with 2. */
void answer_questions(const struct command *commands, size_t count);

#endif
