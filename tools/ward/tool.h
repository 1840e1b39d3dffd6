/* SPDX-License-Identifier: Apache-2.0 */
/* ward's command line: what its commands share. */
#ifndef WARD_TOOL_H
#define WARD_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ward/ward.h"

/** Exit codes; the same for every command. */
enum exit_code {
    EXIT_ACCEPTED = 0, /**< accepted, granted, usable */
    EXIT_REFUSED = 1,  /**< refused */
    EXIT_USAGE = 2,    /**< the command line is wrong */
    EXIT_INPUT = 3     /**< a file cannot be read or used, or the output cannot be written */
};

/** Most options that a command has, and most times that one may be given. */
enum { MOST_OPTIONS = 40, MOST_VALUES = 16 };

/** One option of a command; --help is made from this. A table ends with a zeroed one. */
struct option {
    const char *name;  /**< with its dashes */
    const char *value; /**< what its value is called in the help; NULL: it takes none */
    size_t most;       /**< how often it may be given */
    const char *help;  /**< one line */
};

/** The options that were given, in the order of the command's table, and what is left. */
struct arguments {
    const char *value[MOST_OPTIONS][MOST_VALUES];
    size_t count[MOST_OPTIONS];
    const char *operand[2];
    size_t operands;
};

/** A command. */
struct command {
    const char *name;
    const char *synopsis;    /**< what follows the name in the usage line */
    const char *summary;     /**< one line */
    const char *description; /**< what --help says besides; lines end in a newline */
    const struct option *options;
    size_t most_operands;
    int (*run)(const struct command *command, const struct arguments *arguments);
};

extern const struct command command_verify;
extern const struct command command_explain;
extern const struct command command_keys;
extern const struct command command_jwks;
extern const struct command command_provision;
extern const struct command command_bundle;
extern const struct command command_check;
extern const struct command command_routes;
extern const struct command command_audit;

/** Reads argv after the command's name; false if a message about wrong usage was printed. */
bool arguments_read(struct arguments *arguments, const struct command *command, int argc, char **argv);

/** Prints what --help prints. */
void command_help(const struct command *command);

/** Repeats what was typed as far as it can be the name of an option or a command, and nothing that could be of a token. */
void print_typed(FILE *file, const char *typed);

/** Says what is wrong with the usage, and how to get help; detail, as print_typed() shows it, may be NULL. EXIT_USAGE. */
int wrong_usage(const struct command *command, const char *what, const char *detail);

/** Place of an option in its table; the option exists. */
size_t option_place(const struct option *options, const char *name);

/** The option's value, or NULL. */
const char *option_value(const struct command *command, const struct arguments *arguments, const char *name);

/** How often the option was given. */
size_t option_count(const struct command *command, const struct arguments *arguments, const char *name);

/** Reads a decimal number of 0 to most; false if text is none. */
bool read_number(const char *text, uint64_t most, uint64_t *number);

/** A text from a C string. */
struct ward_text text_from(const char *string);

/** Prints text with its control characters, bidirectional marks and quotes escaped. */
void print_text(FILE *file, struct ward_text text);

/** Prints bytes in hexadecimal. */
void print_hex(FILE *file, const uint8_t *bytes, size_t count);

/** Reads exactly `count` bytes from hexadecimal in small letters. */
bool read_hex(const char *text, size_t length, uint8_t *bytes, size_t count);

/** Whether a name can be that of a C variable. */
bool is_identifier(const char *name);

/** Prints text that is inside a C string literal: what could end it, or begin a trigraph, as an octal escape. */
void print_c_string(struct ward_text text);

/** Opens a file to read, "-" for standard input; says why if it cannot and returns NULL. */
FILE *open_input(const char *path);

/** Closes what open_input() gave; EXIT_ACCEPTED, or EXIT_INPUT with a message if not all of it could be read. */
int close_input(FILE *file, const char *path);

/**
 * Reads what an operand says, or for "-" and NULL standard input, where one newline at the end is forgiven. Of what
 * does not fit the start is kept and the whole length is told.
 */
bool read_input(const char *operand, char *buffer, size_t size, size_t *length);

/** Flushes stdout; EXIT_ACCEPTED, or EXIT_INPUT with a message if what was printed could not be written. */
int finish_output(void);

/** Options that say what every token must show; they stand in the tables of verify, explain and check. */
#define EXPECT_OPTIONS                                                                                                 \
    { "--issuer", "URL", 4, "an accepted iss, compared whole (required, up to 4)" },                                   \
        { "--audience", "ID", 4, "an accepted aud (required, up to 4)" },                                              \
        { "--leeway", "SECONDS", 1, "how far clocks may differ, 0 to 300; default 60" },                               \
        { "--scope-claim", "NAME", 1, "the claim that holds the scopes; default scope" },                              \
        { "--client", "ID", 16, "a client that may call (up to 16); default: any" },                                   \
        { "--claim", "NAME=VALUE", 8, "a claim that must have this value (up to 8)" },                                 \
        { "--type", "TYPE", 1, "the typ that is demanded, such as at+jwt" },                                           \
        { "--max-lifetime", "SECONDS", 1, "longest time from iat to exp" },                                            \
        { "--max-age", "SECONDS", 1, "longest time since iat" },                                                       \
        { "--authority", "NAME", 1, "one name for all issuers: a subject is the same under each" },                    \
        { "--audience-absent", NULL, 1, "aud is not looked at; needs --client or --claim" },                           \
        { "--subject-optional", NULL, 1, "a token without sub passes" },                                               \
        { "--kid-optional", NULL, 1, "a token without kid passes where the set has one key" },                         \
        { "--issued-ahead", NULL, 1, "a token passes whose iat is later than now" }

/** What expectations refer to. */
struct expect_storage {
    struct ward_text issuers[MOST_VALUES];
    struct ward_text audiences[MOST_VALUES];
    struct ward_text clients[MOST_VALUES];
    struct ward_claim_rule claims[MOST_VALUES];
};

/** Reads the options of EXPECT_OPTIONS; says what is wrong and returns false if they cannot be used. */
bool read_expect(const struct command *command, const struct arguments *arguments, struct ward_expect *expect,
                 struct expect_storage *storage);

/** An option's value as text; empty where it was not given. */
struct ward_text option_text(const struct command *command, const struct arguments *arguments, const char *name);

/** Reads an option that is a number; keeps the default where it was not given. */
bool option_number(const struct command *command, const struct arguments *arguments, const char *name, uint64_t most,
                   uint64_t *result);

/** What a key set has under the kid of a token. */
struct wanted_key {
    struct ward_text kid;       /**< empty: the token names none */
    unsigned seen;              /**< keys of this kid */
    unsigned usable;            /**< of those; more than one: the same key again, or others */
    struct ward_status refusal; /**< why one that is not usable is not */
};

/** Called for each key of a set that is being read, usable or not. */
typedef void key_seen(void *context, const struct ward_jwk_reader *key);

/** A key_seen that prints a key as a line: kid, bits, usable or why not. */
void list_key(void *context, const struct ward_jwk_reader *key);

/** A key_seen whose context is a struct wanted_key. */
void note_wanted_key(void *context, const struct ward_jwk_reader *key);

/** How a key set is read. Zeroed: without any wish. */
struct jwks_wishes {
    struct ward_text wanted; /**< the kid that must not be left out */
    key_seen *seen;          /**< may be NULL */
    void *context;
};

/**
 * Reads a key set from a file, "-" for standard input; says what is wrong with it, and at which byte.
 *
 * @param wishes  may be NULL
 * @return EXIT_ACCEPTED or EXIT_INPUT
 */
int read_jwks(const char *path, struct ward_jwks *set, struct ward_jwks_report *report,
              const struct jwks_wishes *wishes);

/** Prints the claims as one JSON object on one line. */
void print_claims(const struct ward_claims *claims);

#endif
