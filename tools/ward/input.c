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

bool read_input(const char *operand, char *buffer, size_t size, size_t *length)
{
    if (operand != NULL && strcmp(operand, "-") != 0) {
        *length = strlen(operand);
        memcpy(buffer, operand, *length < size ? *length : size);
        return true;
    }
    *length = fread(buffer, 1, size, stdin);
    if (close_input(stdin, "standard input") != EXIT_ACCEPTED)
        return false;
    if (*length > 0 && buffer[*length - 1] == '\n')
        (*length)--;
    return true;
}
