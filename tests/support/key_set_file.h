/* SPDX-License-Identifier: Apache-2.0 */
/* A key set out of a file, for programs of tests on this machine. */
#ifndef WARD_TEST_KEY_SET_FILE_H
#define WARD_TEST_KEY_SET_FILE_H

#include <stdio.h>

#include "ward/jwks.h"

/** What ward_jwks_end() says of the file; WARD_NOT_PROVIDED: it cannot be read. */
static inline struct ward_status key_set_file(const char *path, struct ward_jwks *set, struct ward_workspace *work)
{
    static struct ward_jwks_reader reader;
    char piece[512];
    size_t length;
    struct ward_status status = ward_status_of(WARD_OK);
    FILE *const file = fopen(path, "rb");
    if (file == NULL)
        return ward_status_of(WARD_NOT_PROVIDED);
    ward_jwks_begin(&reader, set, NULL, ward_text_of(NULL, 0));
    while ((length = fread(piece, 1, sizeof piece, file)) > 0 && ward_ok(status))
        status = ward_jwks_feed(&reader, piece, length, work);
    (void)fclose(file);
    return ward_ok(status) ? ward_jwks_end(&reader) : status;
}

#endif
