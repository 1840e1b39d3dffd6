/* SPDX-License-Identifier: Apache-2.0 */
/* What a file of routes is described as: an OpenAPI document, and the metadata of RFC 9728. */
#ifndef WARD_DESCRIPTION_H
#define WARD_DESCRIPTION_H

#include "json_writer.h"
#include "route_file.h"

/** Most issuers and servers that are named. */
enum { MOST_ISSUERS = 4, LONGEST_URL = 255 };

/** What is described, and what the file does not say. */
struct description {
    const char *path; /**< of the file, for messages */
    const struct route_file *file;
    struct ward_text issuers[MOST_ISSUERS];
    size_t issuer_count;
    struct ward_text servers[MOST_VALUES];
    size_t server_count;
    struct ward_text title;    /**< empty: none was given */
    struct ward_text version;  /**< of the API */
    struct ward_text license;  /**< an SPDX identifier; empty: none was given */
    struct ward_text resource; /**< RFC 9728's name of the API */
};

/* ---- URLs (urls.c). */

/** An https URL of at most LONGEST_URL printable characters with a host, without fragment, blank, quote or backslash. */
bool url_is_https(struct ward_text url);

/** Such a URL without a query: an issuer (RFC 8414 section 2). */
bool url_is_issuer(struct ward_text url);

/** An http or https URL without query, brace and slash at its end: what paths are appended to. */
bool url_is_server(struct ward_text url);

/** Where the path of an http or https URL begins; its length where it has none. */
size_t url_path(struct ward_text url);

/** The URL of a resource's metadata (RFC 9728 section 3.1), in `out`; empty where it is longer than LONGEST_URL. */
struct ward_text url_of_metadata(struct ward_text resource, char out[LONGEST_URL + 1]);

/* ---- Scope expressions (scopes.c). */

/**
 * The next scope of an expression.
 *
 * @param at   its place: 0 before the first
 * @param bar  written: whether a bar stands before it, so that it begins another alternative
 *
 * @return the scope; empty: that was the last
 */
struct ward_text next_scope(struct ward_text expression, size_t *at, bool *bar);

/* ---- Documents. */

/** The answers that a route can have, those of the gate and the endpoint's own: bits by the order of answers.c. */
uint32_t answers_of(const struct ward_route *route);

/** Writes a reference to a component, such as "responses" and "Granted". */
void write_reference(struct json_writer *writer, const char *name, const char *folder, const char *target);

/** Writes the responses of an operation, references to the components. */
void write_responses(struct json_writer *writer, uint32_t answers);

/** Writes the components that these answers need: schemas, headers, responses. */
void write_answers(struct json_writer *writer, uint32_t answers, const struct route_file *file);

/** Prints the OpenAPI document; EXIT_ACCEPTED, or EXIT_INPUT with a message. */
int print_openapi(const struct description *description);

/** Prints the metadata as JSON, or as C where `name` is not NULL; EXIT_ACCEPTED, or EXIT_INPUT with a message. */
int print_metadata(const struct description *description, const char *name);

#endif
