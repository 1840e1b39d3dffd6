/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tool.h"

void command_help(const struct command *command)
{
    printf("usage: ward %s %s\n\n%s.\n", command->name, command->synopsis, command->summary);
    if (command->options[0].name != NULL)
        printf("\n");
    for (const struct option *option = command->options; option->name != NULL; option++) {
        const char *const value = option->value != NULL ? option->value : "";
        const int width = printf("  %s%s%s", option->name, *value != '\0' ? " " : "", value);
        printf("%*s %s\n", width < 28 ? 28 - width : 0, "", option->help);
    }
    printf("\n%s", command->description);
}

void print_typed(FILE *file, const char *typed)
{
    const size_t length = strspn(typed, "abcdefghijklmnopqrstuvwxyz-");
    fprintf(file, "%.*s%s", (int)length, typed, typed[length] != '\0' ? "…" : "");
}

int wrong_usage(const struct command *command, const char *what, const char *detail)
{
    fprintf(stderr, "ward: %s: ", command->name);
    if (detail != NULL)
        fprintf(stderr, "%s: ", detail);
    fprintf(stderr, "%s: see ward %s --help\n", what, command->name);
    return EXIT_USAGE;
}

size_t option_place(const struct option *options, const char *name)
{
    size_t place = 0;
    while (options[place].name != NULL && strcmp(options[place].name, name) != 0)
        place++;
    return place;
}

const char *option_value(const struct command *command, const struct arguments *arguments, const char *name)
{
    return arguments->value[option_place(command->options, name)][0];
}

size_t option_count(const struct command *command, const struct arguments *arguments, const char *name)
{
    return arguments->count[option_place(command->options, name)];
}

/* The option that an argument names, and the value after its "=" if there is one. */
static const struct option *named_option(const struct command *command, const char *argument, const char **value)
{
    const char *const sign = strchr(argument, '=');
    const size_t length = sign != NULL ? (size_t)(sign - argument) : strlen(argument);
    *value = sign != NULL ? sign + 1 : NULL;
    for (const struct option *option = command->options; option->name != NULL; option++)
        if (strlen(option->name) == length && strncmp(option->name, argument, length) == 0)
            return option;
    return NULL;
}

/* Says what is wrong with an option; false. */
static bool refuse(const struct command *command, const char *what, const char *option)
{
    wrong_usage(command, what, option);
    return false;
}

/* Takes the option at argv[*at], and its value, which may be the next argument. */
static bool take_option(struct arguments *arguments, const struct command *command, int argc, char **argv, int *at)
{
    const char *value;
    const struct option *const option = named_option(command, argv[*at], &value);
    if (option == NULL) {
        fprintf(stderr, "ward: %s: ", command->name);
        print_typed(stderr, argv[*at]);
        fprintf(stderr, ": no such option: see ward %s --help\n", command->name);
        return false;
    }
    const size_t place = (size_t)(option - command->options);
    if (arguments->count[place] == option->most)
        return refuse(command, option->most == 1 ? "given twice" : "given too often", option->name);
    if (option->value == NULL && value != NULL)
        return refuse(command, "takes no value", option->name);
    if (option->value != NULL && value == NULL) {
        if (*at + 1 == argc)
            return refuse(command, "its value is missing", option->name);
        value = argv[++*at];
    }
    arguments->value[place][arguments->count[place]++] = value;
    return true;
}

bool arguments_read(struct arguments *arguments, const struct command *command, int argc, char **argv)
{
    bool options = true;
    memset(arguments, 0, sizeof *arguments);
    for (int i = 0; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
            if (!take_option(arguments, command, argc, argv, &i))
                return false;
        } else if (arguments->operands == command->most_operands) {
            wrong_usage(command, "one argument too many", NULL);
            return false;
        } else {
            arguments->operand[arguments->operands++] = argv[i];
        }
    }
    return true;
}

bool read_number(const char *text, uint64_t most, uint64_t *number)
{
    uint64_t value = 0;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || value > most / 10u)
            return false;
        value = value * 10u + (uint64_t)(*text - '0');
    }
    *number = value;
    return value <= most;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_identifier(const char *name)
{
    if (!is_letter(*name))
        return false;
    for (; *name != '\0'; name++)
        if (!is_letter(*name) && (*name < '0' || *name > '9'))
            return false;
    return true;
}
