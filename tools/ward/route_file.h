/* SPDX-License-Identifier: Apache-2.0 */
/* Route files: METHODS PATTERN SCOPES a line. */
#ifndef WARD_ROUTE_FILE_H
#define WARD_ROUTE_FILE_H

#include "tool.h"

enum { MOST_ROUTES = 256, MOST_ROUTE_BYTES = 65536 };

/** A table read from a file, with the text that it refers to. */
struct route_file {
    struct ward_route route[MOST_ROUTES];
    unsigned line[MOST_ROUTES];
    size_t count;
    char text[MOST_ROUTE_BYTES];
    size_t length;
};

/** Reads and checks a route file, "-" for standard input; says which line breaks which rule. EXIT_ACCEPTED or EXIT_INPUT. */
int read_routes(const char *path, struct route_file *file);

#endif
