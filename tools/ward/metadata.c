/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 9728: which issuers an API's tokens come from, and which scopes there are. */
#include <stdlib.h>

#include "description.h"

/* Whether a scope stands in a row before, or in its own row before the place where it ends. */
static bool is_known(const struct route_file *file, size_t row, size_t end, struct ward_text scope)
{
    bool bar;
    for (size_t i = 0; i <= row; i++) {
        size_t at = 0;
        struct ward_text found = next_scope(file->route[i].scopes, &at, &bar);
        while (found.length > 0 && (i < row || at < end)) {
            if (ward_text_equal(found, scope))
                return true;
            found = next_scope(file->route[i].scopes, &at, &bar);
        }
    }
    return false;
}

static void write_scopes_of(struct json_writer *writer, const struct route_file *file, size_t row)
{
    const struct ward_text scopes = file->route[row].scopes;
    size_t at = 0;
    bool bar;
    struct ward_text scope = next_scope(scopes, &at, &bar);
    while (scope.length > 0) {
        if (!is_known(file, row, at, scope))
            json_text(writer, NULL, scope);
        scope = next_scope(scopes, &at, &bar);
    }
}

static void write_scopes(struct json_writer *writer, const struct route_file *file)
{
    json_array(writer, "scopes_supported");
    for (size_t i = 0; i < file->count; i++)
        write_scopes_of(writer, file, i);
    json_close(writer);
}

static void write_metadata(struct json_writer *writer, const struct description *description)
{
    json_object(writer, NULL);
    json_text(writer, "resource", description->resource);
    if (description->title.length > 0)
        json_text(writer, "resource_name", description->title);
    json_array(writer, "authorization_servers");
    for (size_t i = 0; i < description->issuer_count; i++)
        json_text(writer, NULL, description->issuers[i]);
    json_close(writer);
    write_scopes(writer, description->file);
    json_array(writer, "bearer_methods_supported");
    json_words(writer, NULL, "header");
    json_close(writer);
    json_close(writer);
}

/* Whether the routes let anybody read a path: the gate itself is asked. */
static bool is_public(const struct description *description, struct ward_text path)
{
    static struct ward_gate gate;
    static struct ward_workspace work;
    static const struct ward_jwks no_keys;
    const struct ward_expect expect = { .issuers = { description->issuers, description->issuer_count },
                                        .audiences = { &description->resource, 1 } };
    const struct ward_policy policy = { .expect = &expect,
                                        .routes = description->file->route,
                                        .route_count = description->file->count };
    const struct ward_request request = { .method = WARD_GET, .target = path, .protected_channel = true };
    struct ward_decision decision;
    return ward_ok(ward_gate_begin(&gate, &policy, &no_keys, NULL, request.now)) &&
           ward_ok(ward_gate_check(&gate, &request, &work, &decision));
}

static void note_route(const struct description *description, struct ward_text url)
{
    const size_t at = url_path(url);
    const struct ward_text path = ward_text_of(url.data + at, url.length - at);
    if (is_public(description, path))
        return;
    fprintf(stderr, "ward: %s: note: no route lets anybody read the metadata at ", description->path);
    print_text(stderr, path);
    fprintf(stderr, ": where this device serves it, add one that is WARD_PUBLIC\n");
}

static void print_c(const char *name, const char *json, size_t length, struct ward_text url)
{
    printf("/* The metadata of RFC 9728 and its URL, for `resource_metadata` of a policy; written by `ward routes "
           "--metadata --c %s`. */\n#include \"ward/text.h\"\n\n"
           "extern const struct ward_text %s;\nextern const struct ward_text %s_url;\n\n"
           "const struct ward_text %s = WARD_TEXT(\n    \"",
           name, name, name, name);
    print_c_string(ward_text_of(json, length));
    printf("\");\n\nconst struct ward_text %s_url = WARD_TEXT(\"", name);
    print_c_string(url);
    printf("\");\n");
}

static int print_as_c(const struct description *description, const char *name, struct ward_text url)
{
    struct json_writer writer;
    char *json = NULL;
    size_t length = 0;
    FILE *const memory = open_memstream(&json, &length);
    if (memory == NULL) {
        fprintf(stderr, "ward: there is no memory for the metadata\n");
        return EXIT_INPUT;
    }
    json_begin(&writer, memory, false);
    write_metadata(&writer, description);
    const bool written = fclose(memory) == 0;
    if (written)
        print_c(name, json, length, url);
    else
        fprintf(stderr, "ward: there is no memory for the metadata\n");
    free(json);
    return written ? finish_output() : EXIT_INPUT;
}

int print_metadata(const struct description *description, const char *name)
{
    char place[LONGEST_URL + 1];
    struct json_writer writer;
    const struct ward_text url = url_of_metadata(description->resource, place);
    if (url.length == 0) {
        fprintf(stderr, "ward: the URL of the metadata is longer than %d bytes: shorten --resource\n", LONGEST_URL);
        return EXIT_INPUT;
    }
    note_route(description, url);
    if (name != NULL)
        return print_as_c(description, name, url);
    json_begin(&writer, stdout, true);
    write_metadata(&writer, description);
    return finish_output();
}
