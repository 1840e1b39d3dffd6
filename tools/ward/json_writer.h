/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as it is written: commas, quotes and indentation. */
#ifndef WARD_JSON_WRITER_H
#define WARD_JSON_WRITER_H

#include "tool.h"

enum { MOST_LEVELS = 16 };

/** What is being written. A name belongs to a member of an object; in an array it is NULL. */
struct json_writer {
    FILE *file;
    bool indented;
    bool begun[MOST_LEVELS]; /**< something stands in the level already */
    char end[MOST_LEVELS];   /**< the bracket that ends it */
    unsigned depth;
};

/** Starts a value; indented: each member on a line of its own. */
void json_begin(struct json_writer *writer, FILE *file, bool indented);

/** Opens and closes an object or an array; the document itself is opened with no name. Closing the last ends the line. */
void json_object(struct json_writer *writer, const char *name);
void json_array(struct json_writer *writer, const char *name);
void json_close(struct json_writer *writer);

/** Writes a string, escaped. */
void json_text(struct json_writer *writer, const char *name, struct ward_text text);
void json_words(struct json_writer *writer, const char *name, const char *words);

/** Writes `true`. */
void json_true(struct json_writer *writer, const char *name);

/** Writes what is JSON already. */
void json_raw(struct json_writer *writer, const char *name, struct ward_text json);

#endif
