/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "description.h"

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

/* ---- What is described. */

/* Reads the values of an option, each of which must be such a URL. */
static bool read_urls(const struct command *command, const struct arguments *arguments, const char *name,
                      bool (*is_right)(struct ward_text), const char *rule, struct ward_text *urls, size_t *count)
{
    const size_t place = option_place(command->options, name);
    for (*count = 0; *count < arguments->count[place]; (*count)++) {
        urls[*count] = text_from(arguments->value[place][*count]);
        if (is_right(urls[*count]))
            continue;
        wrong_usage(command, rule, name);
        return false;
    }
    return true;
}

static bool read_words(const struct command *command, const struct arguments *arguments, const char *name,
                       const char *otherwise, struct ward_text *words)
{
    const char *const value = option_value(command, arguments, name);
    *words = text_from(value != NULL ? value : otherwise);
    if (value == NULL || *value != '\0')
        return true;
    wrong_usage(command, "is empty: leave it out", name);
    return false;
}

static bool read_issuers(const struct command *command, const struct arguments *arguments, struct description *about)
{
    if (option_count(command, arguments, "--issuer") == 0) {
        wrong_usage(command, "is missing: whose tokens the routes take", "--issuer");
        return false;
    }
    return read_urls(command, arguments, "--issuer", url_is_issuer,
                     "is an https URL without query and fragment, such as https://tenant.example/, as iss has it",
                     about->issuers, &about->issuer_count);
}

static bool read_openapi(const struct command *command, const struct arguments *arguments, struct description *about)
{
    if (!read_issuers(command, arguments, about) ||
        !read_urls(
            command, arguments, "--server", url_is_server,
            "is an http or https URL without query, fragment, brace and final slash, such as https://api.example",
            about->servers, &about->server_count))
        return false;
    if (about->server_count == 0)
        about->servers[about->server_count++] = text_from("/");
    return read_words(command, arguments, "--title", "API", &about->title) &&
           read_words(command, arguments, "--api-version", "1", &about->version) &&
           read_words(command, arguments, "--license", "", &about->license);
}

static bool read_metadata(const struct command *command, const struct arguments *arguments, struct description *about)
{
    size_t count;
    if (option_count(command, arguments, "--resource") == 0) {
        wrong_usage(command, "is missing: the URL by which clients know this API", "--resource");
        return false;
    }
    return read_issuers(command, arguments, about) && read_words(command, arguments, "--title", "", &about->title) &&
           read_urls(command, arguments, "--resource", url_is_https,
                     "is an https URL without fragment, such as https://api.example (RFC 9728)", &about->resource,
                     &count);
}

/* ---- The command. */

enum form { TABLE, C_TABLE, OPENAPI, METADATA };

static enum form form_of(const struct command *command, const struct arguments *arguments)
{
    if (option_count(command, arguments, "--openapi") > 0)
        return OPENAPI;
    if (option_count(command, arguments, "--metadata") > 0)
        return METADATA;
    return option_count(command, arguments, "--c") > 0 ? C_TABLE : TABLE;
}

/* An option that means nothing in this form; EXIT_ACCEPTED where there is none. */
static int misplaced(const struct command *command, const struct arguments *arguments, enum form form)
{
    static const struct {
        const char *name;
        uint8_t forms;
        const char *rule;
    } places[] = {
        { "--c", 1u << C_TABLE | 1u << METADATA, "excludes --openapi" },
        { "--metadata", 1u << METADATA, "excludes --openapi" },
        { "--issuer", 1u << OPENAPI | 1u << METADATA, "needs --openapi or --metadata" },
        { "--title", 1u << OPENAPI | 1u << METADATA, "needs --openapi or --metadata" },
        { "--server", 1u << OPENAPI, "needs --openapi" },
        { "--api-version", 1u << OPENAPI, "needs --openapi" },
        { "--license", 1u << OPENAPI, "needs --openapi" },
        { "--resource", 1u << METADATA, "needs --metadata" },
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (option_count(command, arguments, places[i].name) > 0 && (places[i].forms & 1u << form) == 0)
            return wrong_usage(command, places[i].rule, places[i].name);
    return EXIT_ACCEPTED;
}

static int print_form(const struct description *about, enum form form, const char *name)
{
    switch (form) {
    case OPENAPI: return print_openapi(about);
    case METADATA: return print_metadata(about, name);
    case C_TABLE: print_c(about->file, name); break;
    default: print_table(about->file); break;
    }
    return finish_output();
}

static int run(const struct command *command, const struct arguments *arguments)
{
    static struct route_file file;
    static struct description about;
    const char *const name = option_value(command, arguments, "--c");
    const enum form form = form_of(command, arguments);
    if (arguments->operands == 0)
        return wrong_usage(command, "FILE is missing", NULL);
    if (name != NULL && !is_identifier(name))
        return wrong_usage(command, "needs the name of a C variable", "--c");
    int result = misplaced(command, arguments, form);
    if (result != EXIT_ACCEPTED)
        return result;
    if ((form == OPENAPI && !read_openapi(command, arguments, &about)) ||
        (form == METADATA && !read_metadata(command, arguments, &about)))
        return EXIT_USAGE;
    about.path = arguments->operand[0];
    about.file = &file;
    result = read_routes(about.path, &file);
    return result == EXIT_ACCEPTED ? print_form(&about, form, name) : result;
}

static const struct option options[] = {
    { "--c", "NAME", 1, "write a C file that defines `const struct ward_route NAME[]` and `const size_t NAME_count`" },
    { "--openapi", NULL, 1, "write an OpenAPI 3.1 description as JSON" },
    { "--metadata", NULL, 1, "write RFC 9728 metadata as JSON; with --c as `const struct ward_text NAME`, `NAME_url`" },
    { "--issuer", "URL", 4, "for both: an issuer whose tokens are good, as iss has it (required, up to 4)" },
    { "--title", "TEXT", 1, "for both: what the API is called; for --openapi by default API" },
    { "--server", "URL", 16, "for --openapi: where the device is reached (up to 16); default /" },
    { "--api-version", "TEXT", 1, "for --openapi: the version of the API; default 1" },
    { "--license", "ID", 1, "for --openapi: the SPDX identifier of the API's licence, such as Apache-2.0" },
    { "--resource", "URL", 1, "for --metadata: the URL by which clients know the API (required)" },
    { NULL, NULL, 0, NULL }
};

const struct command command_routes = {
    .name = "routes",
    .synopsis = "FILE [--c NAME | --openapi --issuer URL | --metadata --resource URL --issuer URL]",
    .summary = "Checks a file of routes, or makes it a C table, an API description or metadata",
    .description =
        "A line of FILE is METHODS PATTERN SCOPES, such as\n\n"
        "    GET,HEAD  /api/foia/*  read:foia\n"
        "    GET       /health      WARD_PUBLIC\n\n"
        "SCOPES is a scope expression ('a b' both, 'a|b' either), or WARD_PUBLIC (no token), or WARD_AUTHENTICATED\n"
        "(any verified subject); WARD_ALLOW_CLEARTEXT before either lets requests in that come over no TLS. Lines\n"
        "that begin with # are comments. The most specific pattern wins, whatever the order of the lines.\n\n"
        "--openapi describes each method of each pattern as an operation: the scopes that it demands, and every "
        "answer\n"
        "that the gate gives. A star is two paths, one without it and one whose parameter {path} is the rest.\n"
        "--metadata is what a client reads to learn which issuer to ask for which scopes. NAME_url goes into\n"
        "`resource_metadata` of the policy; at the path of that URL a route that is WARD_PUBLIC serves the document.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
