/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls, and what the token must say of it. */
#include <string.h>

#include "examination.h"

enum { LONGEST = 1024 };

static bool is_name(struct ward_text value)
{
    char own[LONGEST];
    const struct ward_text name = json_string(value, own, sizeof own);
    return json_is_string(value) && name.length > 0 && name.length <= 255 &&
           memchr(name.data, '\0', name.length) == NULL;
}

static void has_sub(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_value(file, claim_named(examination, "sub"));
}

static void wants_sub(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    fputs(examination->expect->subject_optional ? "1 to 255 bytes, or none (subject_optional)" : "1 to 255 bytes",
          file);
}

static bool seems_sub(const struct examination *examination, size_t row)
{
    (void)row;
    const struct ward_text sub = claim_named(examination, "sub");
    return sub.length > 0 ? is_name(sub) : examination->expect->subject_optional;
}

static void has_client(FILE *file, const struct examination *examination, size_t row)
{
    const struct ward_text client_id = claim_named(examination, "client_id");
    const struct ward_text azp = claim_named(examination, "azp");
    (void)row;
    if (client_id.length == 0 && azp.length == 0)
        fputs("(none)", file);
    if (client_id.length > 0) {
        fputs("client_id ", file);
        print_value(file, client_id);
    }
    if (azp.length > 0) {
        fputs(client_id.length > 0 ? ", azp " : "azp ", file);
        print_value(file, azp);
    }
}

static void wants_client(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    if (examination->expect->clients.count == 0)
        fputs("anyone", file);
    else
        print_texts(file, examination->expect->clients);
}

static bool seems_client(const struct examination *examination, size_t row)
{
    const struct ward_texts clients = examination->expect->clients;
    const struct ward_text named[] = { claim_named(examination, "client_id"), claim_named(examination, "azp") };
    (void)row;
    for (size_t i = 0; i < 2; i++)
        if (named[i].length > 0 && (!is_name(named[i]) || (clients.count > 0 && !is_among(named[i], clients))))
            return false;
    return clients.count == 0 || named[0].length + named[1].length > 0;
}

static void has_rule(FILE *file, const struct examination *examination, size_t row)
{
    const struct ward_claim_rule *const rule = &examination->expect->claims[row];
    print_text(file, rule->name);
    fputc(' ', file);
    print_value(file, view_member(&examination->view, CLAIMS, rule->name));
}

static void wants_rule(FILE *file, const struct examination *examination, size_t row)
{
    print_quoted(file, examination->expect->claims[row].value);
}

static bool seems_rule(const struct examination *examination, size_t row)
{
    char own[LONGEST];
    const struct ward_claim_rule *const rule = &examination->expect->claims[row];
    const struct ward_text value = view_member(&examination->view, CLAIMS, rule->name);
    return json_is_string(value) && ward_text_equal(json_string(value, own, sizeof own), rule->value);
}

static size_t rows_rule(const struct examination *examination)
{
    return examination->expect->claim_count;
}

static void has_cnf(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_value(file, claim_named(examination, "cnf"));
}

static void wants_cnf(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fputs("none: a bearer shows no key", file);
}

static bool seems_cnf(const struct examination *examination, size_t row)
{
    (void)row;
    return claim_named(examination, "cnf").length == 0;
}

static struct ward_text scope_name(const struct examination *examination)
{
    const struct ward_text own = examination->expect->scope_claim;
    return own.length > 0 ? own : text_from("scope");
}

static void has_scope(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_text(file, scope_name(examination));
    fputc(' ', file);
    print_value(file, view_member(&examination->view, CLAIMS, scope_name(examination)));
}

static void wants_scope(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fputs("words, or an array of words", file);
}

static bool seems_scope(const struct examination *examination, size_t row)
{
    (void)row;
    const struct ward_text scope = view_member(&examination->view, CLAIMS, scope_name(examination));
    return scope.length == 0 || json_is_string(scope) || scope.data[0] == '[';
}

static void wants_scopes(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_quoted(file, examination->scope);
}

static size_t rows_scopes(const struct examination *examination)
{
    return examination->scope.length > 0;
}

/* Cuts the next word off a text, up to one of the separators. */
static struct ward_text cut_word(struct ward_text *rest, char separator)
{
    const char *const end = rest->length > 0 ? memchr(rest->data, separator, rest->length) : NULL;
    const size_t length = end != NULL ? (size_t)(end - rest->data) : rest->length;
    const struct ward_text word = ward_text_of(rest->data, length);
    const size_t cut = end != NULL ? length + 1 : length;
    *rest = ward_text_of(rest->data + cut, rest->length - cut);
    return word;
}

static bool has_word(struct ward_text scope, struct ward_text word)
{
    char own[WARD_MAX_TOKEN];
    struct ward_text words = json_string(scope, own, sizeof own);
    struct ward_text item = json_item(scope, 0);
    while (words.length > 0)
        if (ward_text_equal(cut_word(&words, ' '), word))
            return true;
    for (size_t i = 1; item.length > 0; item = json_item(scope, i++))
        if (ward_text_equal(json_string(item, own, sizeof own), word))
            return true;
    return false;
}

static bool seems_scopes(const struct examination *examination, size_t row)
{
    const struct ward_text scope = view_member(&examination->view, CLAIMS, scope_name(examination));
    struct ward_text expression = examination->scope;
    (void)row;
    while (expression.length > 0) {
        struct ward_text words = cut_word(&expression, '|');
        bool all = true;
        while (words.length > 0)
            all = has_word(scope, cut_word(&words, ' ')) && all;
        if (all)
            return true;
    }
    return false;
}

const struct rule rules_of_caller[] = {
    { "sub", CLAIMS, WARD_SUBJECT_MISSING, WARD_SUBJECT_INVALID, has_sub, wants_sub, seems_sub, NULL },
    { "client", CLAIMS, WARD_CLIENT_MISSING, WARD_CLIENT_REFUSED, has_client, wants_client, seems_client, NULL },
    { "claim", CLAIMS, WARD_CLAIM_MISSING, WARD_CLAIM_REFUSED, has_rule, wants_rule, seems_rule, rows_rule },
    { "cnf", CLAIMS, WARD_SENDER_CONSTRAINED, WARD_SENDER_CONSTRAINED, has_cnf, wants_cnf, seems_cnf, NULL },
    { "scope claim", CLAIMS, WARD_SCOPE_INVALID, WARD_SCOPE_INVALID, has_scope, wants_scope, seems_scope, NULL },
    { "scopes", CLAIMS, WARD_SCOPE_INSUFFICIENT, WARD_SCOPE_INSUFFICIENT, has_scope, wants_scopes, seems_scopes,
      rows_scopes },
    { NULL, PARTS, 0, 0, NULL, NULL, NULL, NULL }
};
