/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tool.h"

struct ward_text text_from(const char *string)
{
    return ward_text_of(string, strlen(string));
}

void print_text(FILE *file, struct ward_text text)
{
    /* Piece by piece, so that no length is too much; a piece ends before a byte that continues a character. */
    enum { PIECE = 64 };
    char escaped[PIECE * 6 + 1];
    size_t at = 0;
    while (at < text.length) {
        size_t length = text.length - at < PIECE ? text.length - at : PIECE;
        while (length > PIECE - 4 && at + length < text.length && ((uint8_t)text.data[at + length] & 0xc0u) == 0x80u)
            length--;
        ward_text_escape(ward_text_of(text.data + at, length), escaped, sizeof escaped);
        fputs(escaped, file);
        at += length;
    }
}

/* An octal escape has at most three digits, so that it cannot swallow what follows. */
void print_c_string(struct ward_text text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/:.* {}[],|+=!@";
    for (size_t i = 0; i < text.length; i++) {
        const char c = text.data[i];
        if (c != '\0' && strchr(plain, c) != NULL)
            putchar(c);
        else if (c == '"')
            printf("\\\"");
        else
            printf("\\%03o", (unsigned)(uint8_t)c);
    }
}

int finish_output(void)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return EXIT_ACCEPTED;
    fprintf(stderr, "ward: the output could not be written\n");
    return EXIT_INPUT;
}

void print_hex(FILE *file, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(file, "%02x", bytes[i]);
}

/* One level of what is being printed. */
struct level {
    struct ward_claim container;
    size_t at;   /* of ward_claim_next() */
    size_t left; /* items that are still to come */
};

static void print_scalar(const struct ward_claim *claim)
{
    struct ward_text literal;
    if (!ward_ok(ward_claim_literal(claim, &literal)))
        return;
    if (claim->type != WARD_CLAIM_TEXT) {
        printf("%.*s", (int)literal.length, literal.data);
        return;
    }
    putchar('"');
    print_text(stdout, literal);
    putchar('"');
}

static char bracket(const struct ward_claim *container, bool begin)
{
    if (container->type == WARD_CLAIM_OBJECT)
        return begin ? '{' : '}';
    return begin ? '[' : ']';
}

/* Prints the next item of the level; true if it is a container, which is then the next level. */
static bool print_next(struct level *level, struct ward_claim *item)
{
    struct ward_text name;
    const bool first = level->at == 0;
    if (!ward_ok(ward_claim_next(&level->container, &level->at, &name, item)))
        return false;
    level->left--;
    if (!first)
        printf(", ");
    if (level->container.type == WARD_CLAIM_OBJECT) {
        putchar('"');
        print_text(stdout, name);
        printf("\": ");
    }
    if (item->type == WARD_CLAIM_OBJECT || item->type == WARD_CLAIM_ARRAY) {
        putchar(bracket(item, true));
        return true;
    }
    print_scalar(item);
    return false;
}

void print_claims(const struct ward_claims *claims)
{
    struct level levels[WARD_MAX_JSON_DEPTH + 1];
    size_t depth = 1;
    levels[0].container = ward_claim_all(claims);
    levels[0].at = 0;
    levels[0].left = levels[0].container.size;
    putchar('{');
    while (depth > 0) {
        struct level *const level = &levels[depth - 1];
        struct ward_claim item;
        if (level->left == 0) {
            putchar(bracket(&level->container, false));
            depth--;
        } else if (print_next(level, &item)) {
            levels[depth].container = item;
            levels[depth].at = 0;
            levels[depth].left = item.size;
            depth++;
        }
    }
    putchar('\n');
}
