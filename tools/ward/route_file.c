/* SPDX-License-Identifier: Apache-2.0 */
#include "route_file.h"

#include <string.h>

/* Marks are written in a file as they are in C. */
static const struct {
    const char *name;
    uint16_t mark;
} marks[] = { { "WARD_PUBLIC", WARD_PUBLIC },
              { "WARD_AUTHENTICATED", WARD_AUTHENTICATED },
              { "WARD_ALLOW_CLEARTEXT", WARD_ALLOW_CLEARTEXT } };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next word of a line; *at moves after it and the blanks that follow. */
static struct ward_text next_word(struct ward_text line, size_t *at)
{
    const size_t begin = *at;
    while (*at < line.length && !is_blank(line.data[*at]))
        (*at)++;
    const struct ward_text word = ward_text_of(line.data + begin, *at - begin);
    while (*at < line.length && is_blank(line.data[*at]))
        (*at)++;
    return word;
}

/* GET,HEAD: 0 if one of them is not a method. */
static uint16_t read_methods(struct ward_text word)
{
    uint16_t methods = 0;
    size_t begin = 0;
    for (size_t end = 0; end <= word.length; end++) {
        if (end < word.length && word.data[end] != ',')
            continue;
        const uint16_t method = ward_method_of(ward_text_of(word.data + begin, end - begin));
        if (method == 0)
            return 0;
        methods = (uint16_t)(methods | method);
        begin = end + 1;
    }
    return methods;
}

static uint16_t mark_of(struct ward_text word)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (ward_text_equal(word, text_from(marks[i].name)))
            return marks[i].mark;
    return 0;
}

static struct ward_route read_row(struct ward_text line)
{
    struct ward_route route;
    size_t at = 0;
    route.methods = read_methods(next_word(line, &at));
    route.pattern = next_word(line, &at);
    for (;;) {
        size_t behind = at;
        const uint16_t mark = mark_of(next_word(line, &behind));
        if (mark == 0)
            break;
        route.methods = (uint16_t)(route.methods | mark);
        at = behind;
    }
    route.scopes = ward_text_of(line.data + at, line.length - at);
    return route;
}

static struct ward_text trimmed(struct ward_text line)
{
    while (line.length > 0 && (is_blank(line.data[line.length - 1]) || line.data[line.length - 1] == '\r'))
        line.length--;
    while (line.length > 0 && is_blank(line.data[0])) {
        line.data++;
        line.length--;
    }
    return line;
}

static int complain(const char *path, unsigned line, struct ward_status status)
{
    fprintf(stderr, "ward: %s:%u: %s: %s\n", path, line, ward_status_name(status), ward_status_sentence(status));
    return EXIT_INPUT;
}

static int read_lines(const char *path, struct route_file *file)
{
    unsigned number = 0;
    for (size_t begin = 0; begin < file->length;) {
        const char *const end = memchr(file->text + begin, '\n', file->length - begin);
        const size_t length = end != NULL ? (size_t)(end - file->text) - begin : file->length - begin;
        const struct ward_text line = trimmed(ward_text_of(file->text + begin, length));
        begin += length + 1;
        number++;
        if (line.length == 0 || line.data[0] == '#')
            continue;
        if (file->count == MOST_ROUTES) {
            fprintf(stderr, "ward: %s:%u: more than %d routes\n", path, number, MOST_ROUTES);
            return EXIT_INPUT;
        }
        file->line[file->count] = number;
        file->route[file->count++] = read_row(line);
    }
    return EXIT_ACCEPTED;
}

/* A comma may be part of a scope's name, but mostly somebody meant to list scopes. */
static void note_commas(const char *path, const struct route_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct ward_text scopes = file->route[i].scopes;
        if (scopes.length > 0 && memchr(scopes.data, ',', scopes.length) != NULL)
            fprintf(stderr,
                    "ward: %s:%u: note: the comma is part of a scope's name: separate with a blank (all) or with |\n",
                    path, file->line[i]);
    }
}

static int check_rows(const char *path, const struct route_file *file)
{
    size_t row;
    const struct ward_status status = ward_routes_check(file->route, file->count, &row);
    if (!ward_ok(status))
        return complain(path, file->line[row], status);
    note_commas(path, file);
    if (file->count > 0)
        return EXIT_ACCEPTED;
    fprintf(stderr, "ward: %s: it has no routes\n", path);
    return EXIT_INPUT;
}

int read_routes(const char *path, struct route_file *file)
{
    FILE *const stream = open_input(path);
    memset(file, 0, sizeof *file);
    if (stream == NULL)
        return EXIT_INPUT;
    file->length = fread(file->text, 1, sizeof file->text, stream);
    if (close_input(stream, path) != EXIT_ACCEPTED)
        return EXIT_INPUT;
    if (file->length == sizeof file->text) {
        fprintf(stderr, "ward: %s: longer than %d bytes\n", path, MOST_ROUTE_BYTES - 1);
        return EXIT_INPUT;
    }
    const int result = read_lines(path, file);
    return result == EXIT_ACCEPTED ? check_rows(path, file) : result;
}
