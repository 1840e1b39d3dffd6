#include "access/scope.h"

#include <string.h>

#include "encoding/json.h"

/* scope-token of RFC 6749 section 3.3, and the two signs of an expression. */
static bool is_expression_character(char c)
{
    return c >= 0x20 && c <= 0x7e && c != '"' && c != '\\';
}

static bool is_separator(char c)
{
    return c == ' ' || c == '|';
}

struct ward_status ward_scope_expression_check(struct ward_text expression)
{
    bool in_scope = false;
    for (size_t i = 0; i < expression.length; i++) {
        const char c = expression.data[i];
        if (!is_expression_character(c) || (is_separator(c) && !in_scope))
            return ward_status_of(WARD_SCOPE_EXPRESSION);
        in_scope = !is_separator(c);
    }
    return ward_status_of(in_scope ? WARD_OK : WARD_SCOPE_EXPRESSION);
}

/* The bytes of text from *at up to the separator; *at moves behind it. */
static struct ward_text next_word(struct ward_text text, size_t *at, char separator)
{
    const size_t begin = *at;
    size_t end = begin;
    while (end < text.length && text.data[end] != separator)
        end++;
    *at = end + 1;
    return ward_text_of(text.data + begin, end - begin);
}

static struct ward_json json_of(const struct ward_claims *claims)
{
    const struct ward_json json = { claims->json, claims->values, claims->count };
    return json;
}

/* The words of a string, or none of them empty, one after the other. */
static struct ward_status word_of(struct ward_text words, size_t number, struct ward_text *scope)
{
    size_t at = 0;
    while (at < words.length) {
        const struct ward_text word = next_word(words, &at, ' ');
        if (word.length == 0)
            continue;
        if (number == 0) {
            *scope = word;
            return ward_status_of(WARD_OK);
        }
        number--;
    }
    return ward_status_of(WARD_CLAIM_MISSING);
}

struct ward_status ward_scope_item(const struct ward_claims *claims, size_t number, struct ward_text *scope)
{
    const struct ward_json json = json_of(claims);
    *scope = ward_text_of(NULL, 0);
    if (claims->scope == 0)
        return ward_status_of(WARD_CLAIM_MISSING);
    if (ward_json_type(&json, claims->scope) != WARD_CLAIM_ARRAY)
        return word_of(ward_json_text(&json, claims->scope), number, scope);
    if (number >= ward_json_size(&json, claims->scope))
        return ward_status_of(WARD_CLAIM_MISSING);
    size_t item = claims->scope + 1u;
    for (size_t i = 0; i < number; i++)
        item = ward_json_after(&json, item);
    *scope = ward_json_text(&json, item);
    return ward_status_of(WARD_OK);
}

/* Where the scopes are looked for. */
struct source {
    const struct ward_claims *claims;
    struct ward_claim permissions;
    uint8_t from;
};

static bool in_scope_claim(const struct ward_claims *claims, struct ward_text wanted)
{
    struct ward_text scope;
    for (size_t i = 0; ward_ok(ward_scope_item(claims, i, &scope)); i++)
        if (ward_text_equal(scope, wanted))
            return true;
    return false;
}

static bool has_scope(const struct source *source, struct ward_text wanted)
{
    if (source->from != WARD_FROM_PERMISSIONS && !in_scope_claim(source->claims, wanted))
        return false;
    return source->from == WARD_FROM_SCOPE || ward_ok(ward_claim_has(&source->permissions, wanted));
}

static bool has_all(const struct source *source, struct ward_text scopes)
{
    size_t at = 0;
    while (at < scopes.length)
        if (!has_scope(source, next_word(scopes, &at, ' ')))
            return false;
    return true;
}

/* `permissions` where the policy asks for them: absent they permit nothing, of another type they refuse. */
static struct ward_status read_permissions(struct source *source)
{
    static const struct ward_text name = WARD_TEXT("permissions");
    struct ward_status status = ward_claim_find(source->claims, name, &source->permissions);
    if (!ward_ok(status))
        return ward_status_of(WARD_OK);
    status = ward_claim_has(&source->permissions, ward_text_of(NULL, 0));
    const bool right = source->permissions.type == WARD_CLAIM_ARRAY && status.code != WARD_CLAIM_INVALID;
    return ward_status_of(right ? WARD_OK : WARD_PERMISSIONS_INVALID);
}

struct ward_status ward_scope_check_from(const struct ward_claims *claims, uint8_t from, struct ward_text expression)
{
    struct source source = { .claims = claims, .from = from };
    struct ward_status status = ward_scope_expression_check(expression);
    size_t at = 0;
    if (ward_ok(status) && from != WARD_FROM_SCOPE)
        status = read_permissions(&source);
    if (!ward_ok(status))
        return status;
    while (at < expression.length)
        if (has_all(&source, next_word(expression, &at, '|')))
            return ward_status_of(WARD_OK);
    return ward_status_of(WARD_SCOPE_INSUFFICIENT);
}

struct ward_status ward_scope_check(const struct ward_claims *claims, struct ward_text expression)
{
    return ward_scope_check_from(claims, WARD_FROM_SCOPE, expression);
}

struct ward_text ward_scope_first(struct ward_text expression)
{
    size_t at = 0;
    return next_word(expression, &at, '|');
}
