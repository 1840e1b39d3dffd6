/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "tool.h"

static int cannot_read(const char *path)
{
    fprintf(stderr, "ward: cannot read %s: %s\n", path, strerror(errno));
    return EXIT_INPUT;
}

FILE *open_input(const char *path)
{
    FILE *const file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL)
        cannot_read(path);
    return file;
}

int close_input(FILE *file, const char *path)
{
    const int result = ferror(file) != 0 ? cannot_read(path) : EXIT_ACCEPTED;
    if (file != stdin)
        fclose(file);
    return result;
}

static size_t count_rest(FILE *file)
{
    char piece[4096];
    size_t rest = 0;
    for (size_t length = fread(piece, 1, sizeof piece, file); length > 0; length = fread(piece, 1, sizeof piece, file))
        rest += length;
    return rest;
}

static bool read_standard_input(char *buffer, size_t size, size_t *length)
{
    *length = fread(buffer, 1, size, stdin);
    const bool fits = *length < size;
    if (!fits)
        *length += count_rest(stdin);
    if (close_input(stdin, "standard input") != EXIT_ACCEPTED)
        return false;
    if (fits && *length > 0 && buffer[*length - 1] == '\n')
        (*length)--;
    return true;
}

bool read_input(const char *operand, char *buffer, size_t size, size_t *length)
{
    if (operand != NULL && strcmp(operand, "-") != 0) {
        *length = strlen(operand);
        memcpy(buffer, operand, *length < size ? *length : size);
        return true;
    }
    return read_standard_input(buffer, size, length);
}
