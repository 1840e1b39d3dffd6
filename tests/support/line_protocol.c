/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L

#include "line_protocol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "platform.h"

struct ward_workspace work;

static void give_up(const char *reason)
{
    fprintf(stderr, "questions: %s\n", reason);
    exit(2);
}

struct bytes bytes_of(size_t length)
{
    struct bytes bytes = { malloc(length), length };
    if (bytes.data == NULL && length > 0)
        give_up("no memory");
    return bytes;
}

static unsigned digit(char c)
{
    const char *const digits = "0123456789abcdef";
    const char *const at = c != '\0' ? strchr(digits, c) : NULL;
    if (at == NULL)
        give_up("an argument is not hexadecimal");
    return (unsigned)(at - digits);
}

struct bytes argument(const char **line)
{
    const size_t digits = strcspn(*line, " ");
    struct bytes bytes = bytes_of(digits / 2);
    for (size_t i = 0; i < bytes.length; i++)
        bytes.data[i] = (char)(digit((*line)[2 * i]) << 4 | digit((*line)[2 * i + 1]));
    *line += digits;
    if (**line == ' ')
        ++*line;
    return bytes;
}

void print_hex(const char *data, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        putchar(digits[(unsigned char)data[i] >> 4]);
        putchar(digits[(unsigned char)data[i] & 15]);
    }
}

void print_status(struct ward_status status)
{
    fputs(ward_status_name(status), stdout);
}

static void answer(const char *line, const struct command *commands, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t length = strlen(commands[i].name);
        if (strncmp(line, commands[i].name, length) != 0 || line[length] != ' ')
            continue;
        memset(&work, 0xa5, sizeof work);
        commands[i].answer(line + length + 1);
        return;
    }
    give_up("there is no such command");
}

void answer_questions(const struct command *commands, size_t count)
{
    char *line = NULL;
    size_t size = 0;
    platform_begin();
    for (ssize_t length = getline(&line, &size, stdin); length > 0; length = getline(&line, &size, stdin)) {
        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        answer(line, commands, count);
        putchar('\n');
        fflush(stdout);
    }
    free(line);
}
