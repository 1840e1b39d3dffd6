/* SPDX-License-Identifier: Apache-2.0 */
/* The rules as a table: what ward found, and of what it did not come to what a person would read. */
#include <stdlib.h>
#include <string.h>

#include "examination.h"

enum { MOST_ROWS = 48 };

/* One row with its cells as text. */
struct row {
    const struct rule *rule;
    size_t number;
    enum verdict verdict;
    char *has;
    char *wants;
};

struct table {
    const struct examination *examination;
    struct row row[MOST_ROWS];
    size_t count;
    bool stopped; /* a row before was what ward refused for */
};

/* Whether the header alone, with nothing after it, comes to the same: then the result is not about what follows it. */
static bool is_of_header(const struct examination *examination)
{
    static const char rest[] = ".e30.";
    static struct ward_workspace work;
    static char token[WARD_MAX_TOKEN];
    struct ward_claims claims;
    const struct ward_text header = examination->view.part[HEADER].text;
    if (header.length + sizeof rest > sizeof token)
        return false;
    memcpy(token, header.data, header.length);
    memcpy(token + header.length, rest, sizeof rest);
    const struct ward_status status = ward_verify(examination->expect, examination->keys, examination->now, token,
                                                  header.length + sizeof rest - 1, &work, &claims);
    return status.code == examination->status.code;
}

enum token_part_name part_of_status(const struct examination *examination)
{
    const uint32_t code = examination->status.code;
    const bool form = code == WARD_TOKEN_NOT_BASE64URL ||
                      (code >= WARD_JSON_MALFORMED && code <= WARD_JSON_BYTE_ORDER_MARK);
    if (!form || examination->view.segments != PARTS)
        return PARTS;
    if (is_of_header(examination))
        return HEADER;
    return code == WARD_TOKEN_NOT_BASE64URL && !examination->view.part[SIGNATURE].decoded ? SIGNATURE : CLAIMS;
}

enum verdict signature_verdict(const struct examination *examination)
{
    const uint32_t code = examination->status.code;
    if (ward_ok(examination->status) || code >= WARD_ISSUER_MISSING || part_of_status(examination) == CLAIMS)
        return KEPT;
    return code == WARD_SIGNATURE_LENGTH || code == WARD_SIGNATURE_INVALID ? BROKEN : NOT_READ;
}

static bool is_broken(const struct examination *examination, const struct rule *rule)
{
    static const char *const parts[] = { "header", "claims", "signature" };
    const enum token_part_name part = part_of_status(examination);
    if (part != PARTS)
        return strcmp(rule->name, parts[part]) == 0;
    return examination->status.code >= rule->first && examination->status.code <= rule->last;
}

static bool can_be_read(const struct examination *examination, const struct rule *rule)
{
    if (rule->seems == NULL || examination->view.segments != PARTS)
        return false;
    return rule->part == PARTS || ward_ok(examination->view.part[rule->part].status);
}

static enum verdict judge(struct table *table, const struct rule *rule, size_t number, size_t rows)
{
    const struct examination *const examination = table->examination;
    const bool readable = can_be_read(examination, rule);
    const bool seems = readable && rule->seems(examination, number);
    if (table->stopped)
        return !readable ? NOT_READ : seems ? SEEMS_KEPT : SEEMS_BROKEN;
    /* Of several rows the first that does not hold is the one; if none looks so, the last. */
    table->stopped = is_broken(examination, rule) && (!seems || number + 1 == rows);
    return table->stopped ? BROKEN : KEPT;
}

static char *cell(void (*print)(FILE *file, const struct examination *examination, size_t row),
                  const struct table *table, size_t number)
{
    char *text = NULL;
    size_t size;
    FILE *const file = open_memstream(&text, &size);
    if (file == NULL)
        return NULL;
    print(file, table->examination, number);
    if (fclose(file) != 0)
        return NULL;
    return text;
}

static void add_rules(struct table *table, const struct rule *rules)
{
    for (const struct rule *rule = rules; rule->name != NULL; rule++) {
        const size_t rows = rule->rows != NULL ? rule->rows(table->examination) : 1;
        for (size_t number = 0; number < rows && table->count < MOST_ROWS; number++) {
            struct row *const row = &table->row[table->count++];
            row->rule = rule;
            row->number = number;
            row->verdict = judge(table, rule, number, rows);
            row->has = cell(rule->has, table, number);
            row->wants = cell(rule->wants, table, number);
        }
    }
}

static void make_table(struct table *table, const struct examination *examination)
{
    memset(table, 0, sizeof *table);
    table->examination = examination;
    add_rules(table, rules_of_form);
    add_rules(table, rules_of_claims);
    add_rules(table, rules_of_times);
    add_rules(table, rules_of_caller);
}

static void free_table(struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->row[i].has);
        free(table->row[i].wants);
    }
}

/* Columns that a text takes: its characters, not its bytes. */
static size_t width_of(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text++)
        width += ((uint8_t)*text & 0xc0u) != 0x80u;
    return width;
}

static void print_padded(FILE *file, const char *text, size_t width)
{
    fputs(text, file);
    for (size_t i = width_of(text); i < width; i++)
        fputc(' ', file);
}

static size_t widest(const struct table *table)
{
    enum { LEAST = 20, MOST = 64 };
    size_t widest = LEAST;
    for (size_t i = 0; i < table->count; i++) {
        const size_t width = table->row[i].has != NULL ? width_of(table->row[i].has) : 0;
        if (width > widest && width <= MOST)
            widest = width;
    }
    return widest;
}

static const char *word_of(enum verdict verdict)
{
    static const char *const words[] = { "yes", "NO", "-", "(yes)", "(no)", "?" };
    return words[verdict];
}

static void print_row(FILE *file, const char *name, const char *verdict, const char *has, size_t width)
{
    fputs("  ", file);
    print_padded(file, name, 14);
    print_padded(file, verdict, 7);
    print_padded(file, has != NULL ? has : "?", width);
    fputs("  ", file);
}

static bool is_side(const struct row *row)
{
    static const char *const sides[] = { "iss", "aud", "exp", "nbf", "iat" };
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++)
        if (strcmp(row->rule->name, sides[i]) == 0)
            return true;
    return row->verdict == BROKEN;
}

static void print_table(FILE *file, const struct table *table, bool all)
{
    const size_t width = widest(table);
    print_row(file, "rule", "holds", "the token has", width);
    fputs("what is expected\n", file);
    for (size_t i = 0; i < table->count; i++) {
        const struct row *const row = &table->row[i];
        if (!all && !is_side(row))
            continue;
        print_row(file, row->rule->name, word_of(row->verdict), row->has, width);
        fprintf(file, "%s\n", row->wants != NULL ? row->wants : "?");
    }
    if (table->stopped && table->row[table->count - 1].verdict != BROKEN)
        fputs("  In brackets or ?: ward stopped before it. This is read from the token as it stands, checked by "
              "nobody.\n",
              file);
}

void print_rules(FILE *file, const struct examination *examination)
{
    struct table table;
    make_table(&table, examination);
    print_table(file, &table, true);
    free_table(&table);
}

/* Nothing to show of a token whose claims cannot be read. */
void print_sides(FILE *file, const struct examination *examination)
{
    struct table table;
    if (!ward_ok(examination->view.part[CLAIMS].status))
        return;
    make_table(&table, examination);
    print_table(file, &table, false);
    free_table(&table);
}
