/* SPDX-License-Identifier: Apache-2.0 */
/* A token that was checked, and what a person wants to know of the result. The result itself is ward_verify()'s. */
#ifndef WARD_TOOL_EXAMINATION_H
#define WARD_TOOL_EXAMINATION_H

#include "token_view.h"

/** What was asked, and what came of it. */
struct examination {
    const struct ward_expect *expect;
    const struct ward_jwks *keys;
    const struct wanted_key *wanted; /**< what the key set has under the token's kid */
    struct ward_time now;
    struct ward_text scope; /**< the expression, or empty */
    struct token_view view;
    struct ward_status status;
};

/** How a rule stands. */
enum verdict {
    KEPT,       /**< ward checked it, and it holds */
    BROKEN,     /**< ward refused for it */
    NOT_ASKED,  /**< nothing is demanded, or the token has nothing to check */
    SEEMS_KEPT, /**< ward stopped before it; read here, and so are the next two */
    SEEMS_BROKEN,
    NOT_READ /**< what it is about cannot be read */
};

/** One rule: a row of the table, or several. */
struct rule {
    const char *name;
    enum token_part_name part; /**< whose JSON it reads; PARTS: none's */
    uint32_t first;            /**< statuses by which ward says that it is broken, from the first to the last */
    uint32_t last;
    /** Prints what the token has; of row `row`. */
    void (*has)(FILE *file, const struct examination *examination, size_t row);
    /** Prints what is expected. */
    void (*wants)(FILE *file, const struct examination *examination, size_t row);
    /** Whether it seems to hold, read without ward. Asked only where the part that it reads is JSON. */
    bool (*seems)(const struct examination *examination, size_t row);
    /** How many rows there are. NULL: one. None: nothing is asked, and no row is shown. */
    size_t (*rows)(const struct examination *examination);
};

/** The rules in the order in which ward checks them, in four lists; a zeroed rule ends each. */
extern const struct rule rules_of_form[];
extern const struct rule rules_of_claims[];
extern const struct rule rules_of_times[];
extern const struct rule rules_of_caller[];

/** A claim as it stands in the token; empty where there is none. */
struct ward_text claim_named(const struct examination *examination, const char *name);

/** Whether a value is a string and one of these. */
bool is_among(struct ward_text value, struct ward_texts texts);

/** Prints texts in quotes, with "or" between. */
void print_texts(FILE *file, struct ward_texts texts);

/** Which part of the token a form's status is about; PARTS where the status does not say one. */
enum token_part_name part_of_status(const struct examination *examination);

/** Whether the signature was found good: yes, no, or it did not come to that. */
enum verdict signature_verdict(const struct examination *examination);

/** Prints every rule as a table. */
void print_rules(FILE *file, const struct examination *examination);

/** Prints the rule that was broken, and issuer, audience and times, on both sides, as a table. */
void print_sides(FILE *file, const struct examination *examination);

/** Prints what stands where the form is broken, which limit was too small, and what can be done. */
void print_hints(FILE *file, const struct examination *examination);

/** Prints a value of the token's JSON, escaped and not too much of it; "(none)" where it is empty. */
void print_value(FILE *file, struct ward_text value);

/** Prints text in quotes, escaped and not too much of it. */
void print_quoted(FILE *file, struct ward_text text);

/** Prints a time: seconds since 1970, and the date. */
void print_moment(FILE *file, uint64_t seconds);

#endif
