/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "route_file.h"

static const char *const mark_names[] = { "WARD_PUBLIC", "WARD_AUTHENTICATED", "WARD_ALLOW_CLEARTEXT" };

/* Methods and marks of a row, in C with " | " between them. */
static void print_methods(uint16_t methods, const char *prefix, const char *separator)
{
    const char *between = "";
    for (uint32_t bit = WARD_GET; bit <= WARD_OPTIONS; bit <<= 1) {
        if ((methods & bit) == 0)
            continue;
        printf("%s%s%s", between, prefix, ward_method_name((uint16_t)bit));
        between = separator;
    }
}

static void print_marks(uint16_t methods, const char *before)
{
    for (size_t i = 0; i < 3; i++)
        if ((methods & (WARD_PUBLIC << i)) != 0)
            printf("%s%s", before, mark_names[i]);
}

static void print_table(const struct route_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct ward_route *const route = &file->route[i];
        printf("%3u  ", (unsigned)i);
        print_methods(route->methods, "", ",");
        printf("  ");
        print_text(stdout, route->pattern);
        print_marks(route->methods, "  ");
        if (route->scopes.length > 0)
            printf("  ");
        print_text(stdout, route->scopes);
        printf("\n");
    }
    printf("%u routes\n", (unsigned)file->count);
}

static void print_literal(struct ward_text text)
{
    printf("WARD_TEXT(\"");
    print_c_string(text);
    printf("\")");
}

static void print_c(const struct route_file *file, const char *name)
{
    printf("/* Routes, written by `ward routes --c %s`: const, so that they stay in flash. */\n#include "
           "\"ward/http.h\"\n\n"
           "extern const struct ward_route %s[%u];\n\nconst struct ward_route %s[%u] = {\n",
           name, name, (unsigned)file->count, name, (unsigned)file->count);
    for (size_t i = 0; i < file->count; i++) {
        const struct ward_route *const route = &file->route[i];
        printf("    { ");
        print_methods(route->methods, "WARD_", " | ");
        print_marks(route->methods, " | ");
        printf(", ");
        print_literal(route->pattern);
        printf(", ");
        if (route->scopes.length > 0)
            print_literal(route->scopes);
        else
            printf("WARD_NO_SCOPES");
        printf(" },\n");
    }
    printf("};\n\nextern const size_t %s_count;\n\nconst size_t %s_count = %u;\n", name, name, (unsigned)file->count);
}

static int run(const struct command *command, const struct arguments *arguments)
{
    static struct route_file file;
    const char *const name = option_value(command, arguments, "--c");
    if (arguments->operands == 0)
        return wrong_usage(command, "FILE is missing", NULL);
    if (name != NULL && !is_identifier(name))
        return wrong_usage(command, "needs the name of a C variable", "--c");
    const int result = read_routes(arguments->operand[0], &file);
    if (result != EXIT_ACCEPTED)
        return result;
    if (name != NULL)
        print_c(&file, name);
    else
        print_table(&file);
    return finish_output();
}

static const struct option options[] = {
    { "--c", "NAME", 1, "write a C file that defines `const struct ward_route NAME[]` and `const size_t NAME_count`" },
    { NULL, NULL, 0, NULL }
};

const struct command command_routes = {
    .name = "routes",
    .synopsis = "FILE [--c NAME]",
    .summary = "Checks a file of routes, or makes it a C table to compile in",
    .description =
        "A line of FILE is METHODS PATTERN SCOPES, such as\n\n"
        "    GET,HEAD  /api/foia/*  read:foia\n"
        "    GET       /health      WARD_PUBLIC\n\n"
        "SCOPES is a scope expression ('a b' both, 'a|b' either), or WARD_PUBLIC (no token), or WARD_AUTHENTICATED\n"
        "(any verified subject); WARD_ALLOW_CLEARTEXT before either lets requests in that come over no TLS. Lines\n"
        "that begin with # are comments. The most specific pattern wins, whatever the order of the lines.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
