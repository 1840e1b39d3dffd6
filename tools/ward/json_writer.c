/* SPDX-License-Identifier: Apache-2.0 */
#include "json_writer.h"

#include <stdlib.h>

void json_begin(struct json_writer *writer, FILE *file, bool indented)
{
    const struct json_writer empty = { .file = file, .indented = indented };
    *writer = empty;
}

static void put_line(const struct json_writer *writer)
{
    if (writer->indented)
        fprintf(writer->file, "\n%*s", (int)(2 * writer->depth), "");
}

/* What stands before each value: the comma, the line, the name. */
static void put_before(struct json_writer *writer, const char *name)
{
    if (writer->depth > 0) {
        if (writer->begun[writer->depth - 1])
            fputc(',', writer->file);
        writer->begun[writer->depth - 1] = true;
        put_line(writer);
    }
    if (name == NULL)
        return;
    fputc('"', writer->file);
    print_text(writer->file, text_from(name));
    fputs(writer->indented ? "\": " : "\":", writer->file);
}

static void open_level(struct json_writer *writer, const char *name, const char *brackets)
{
    put_before(writer, name);
    if (writer->depth == MOST_LEVELS)
        abort();
    fputc(brackets[0], writer->file);
    writer->begun[writer->depth] = false;
    writer->end[writer->depth++] = brackets[1];
}

void json_object(struct json_writer *writer, const char *name)
{
    open_level(writer, name, "{}");
}

void json_array(struct json_writer *writer, const char *name)
{
    open_level(writer, name, "[]");
}

void json_close(struct json_writer *writer)
{
    writer->depth--;
    if (writer->begun[writer->depth])
        put_line(writer);
    fputc(writer->end[writer->depth], writer->file);
    if (writer->depth == 0 && writer->indented)
        fputc('\n', writer->file);
}

void json_text(struct json_writer *writer, const char *name, struct ward_text text)
{
    put_before(writer, name);
    fputc('"', writer->file);
    print_text(writer->file, text);
    fputc('"', writer->file);
}

void json_words(struct json_writer *writer, const char *name, const char *words)
{
    json_text(writer, name, text_from(words));
}

void json_true(struct json_writer *writer, const char *name)
{
    json_raw(writer, name, text_from("true"));
}

void json_raw(struct json_writer *writer, const char *name, struct ward_text json)
{
    put_before(writer, name);
    fprintf(writer->file, "%.*s", (int)json.length, json.data);
}
