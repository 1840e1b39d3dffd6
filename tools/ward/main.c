/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tool.h"

static const struct command *const commands[] = { &command_verify, &command_explain, &command_check,
                                                  &command_keys,   &command_jwks,    &command_provision,
                                                  &command_bundle, &command_routes,  &command_audit };
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *file)
{
    fprintf(file, "usage: ward COMMAND ...\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(file, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(file, "\n`ward COMMAND --help` tells its options, `ward --version` which one this is. Exit codes: 0 "
                  "accepted, 1 refused, 2 wrong usage,\n"
                  "3 a file cannot be read or used.\n");
}

static const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0) {
        print_usage(stdout);
        return finish_output();
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("ward %s\n", WARD_VERSION);
        return finish_output();
    }
    const struct command *const command = command_named(argv[1]);
    if (command == NULL) {
        fprintf(stderr, "ward: there is no command '");
        print_typed(stderr, argv[1]);
        fprintf(stderr, "': see ward --help\n");
        return EXIT_USAGE;
    }
    if (asks_for_help(argc, argv)) {
        command_help(command);
        return finish_output();
    }
    if (!arguments_read(&arguments, command, argc - 2, argv + 2))
        return EXIT_USAGE;
    return command->run(command, &arguments);
}
