/* SPDX-License-Identifier: Apache-2.0 */
#include "access/scope.h"

#include <string.h>

#include "encoding/json.h"

WARD_STATIC_ASSERT(WARD_MAX_SCOPES == 32, "one bit of a set a scope");

/* Lists of an expression's scopes by a number of five bits that is made from their letters. */
enum { LISTS = 32 };

/* ---- Expressions. */

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
    size_t scopes = 0;
    for (size_t i = 0; i < expression.length; i++) {
        const char c = expression.data[i];
        if (!is_expression_character(c) || (is_separator(c) && !in_scope))
            return ward_status_of(WARD_SCOPE_EXPRESSION);
        scopes += !in_scope ? 1u : 0u;
        in_scope = !is_separator(c);
    }
    if (!in_scope)
        return ward_status_of(WARD_SCOPE_EXPRESSION);
    const bool fits = scopes <= WARD_MAX_SCOPES && expression.length <= WARD_MAX_SCOPE_EXPRESSION;
    return ward_status_of(fits ? WARD_OK : WARD_SCOPE_EXPRESSION_LONG);
}

struct ward_text ward_scope_first(struct ward_text expression)
{
    size_t end = 0;
    while (end < expression.length && expression.data[end] != '|')
        end++;
    return ward_text_of(expression.data, end);
}

/* ---- The scopes of a token, one after the other. */

static struct ward_json json_of(const struct ward_claims *claims)
{
    const struct ward_json json = { claims->json, claims->values, claims->count };
    return json;
}

/* Of a string: the next of its words, none of which is empty. `at` counts bytes. */
static struct ward_status next_word(struct ward_text words, size_t *at, struct ward_text *scope)
{
    size_t begin = *at;
    while (begin < words.length && words.data[begin] == ' ')
        begin++;
    size_t end = begin;
    while (end < words.length && words.data[end] != ' ')
        end++;
    *at = end;
    if (end == begin)
        return ward_status_of(WARD_CLAIM_MISSING);
    *scope = ward_text_of(words.data + begin, end - begin);
    return ward_status_of(WARD_OK);
}

/* Of an array, whose items are all strings: the next of them. `at` counts items, each of which is one value. */
static struct ward_status next_item(const struct ward_json *json, size_t array, size_t *at, struct ward_text *scope)
{
    if (*at >= ward_json_size(json, array))
        return ward_status_of(WARD_CLAIM_MISSING);
    *at += 1;
    *scope = ward_json_text(json, array + *at);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_scope_next(const struct ward_claims *claims, size_t *at, struct ward_text *scope)
{
    const struct ward_json json = json_of(claims);
    *scope = ward_text_of(NULL, 0);
    if (claims->scope == 0)
        return ward_status_of(WARD_CLAIM_MISSING);
    if (ward_json_type(&json, claims->scope) == WARD_JSON_ARRAY)
        return next_item(&json, claims->scope, at, scope);
    return next_word(ward_json_text(&json, claims->scope), at, scope);
}

struct ward_status ward_scope_item(const struct ward_claims *claims, size_t number, struct ward_text *scope)
{
    size_t at = 0;
    struct ward_status status = ward_scope_next(claims, &at, scope);
    for (size_t i = 0; i < number && ward_ok(status); i++)
        status = ward_scope_next(claims, &at, scope);
    return status;
}

/* ---- Which of an expression's scopes a token has. */

/*
 * An expression's scopes, numbered in their order, each in the list that its letters choose: a word of the token is compared
 * with those of one list only, so that a token costs one pass over its words, however many scopes the expression has.
 */
struct wanted {
    struct ward_text expression;
    uint16_t begin[WARD_MAX_SCOPES];
    uint16_t length[WARD_MAX_SCOPES];
    uint8_t next[WARD_MAX_SCOPES]; /* the one before it in its list, counted from 1; 0: none */
    uint8_t newest[LISTS];         /* likewise: the first of a list */
};

static size_t list_of(uint32_t letters)
{
    /* Knuth's multiplicative hashing: the five highest bits depend on all letters. */
    return (letters * 2654435769u) >> 27;
}

static uint32_t add_letter(uint32_t letters, char letter)
{
    return letters * 33u + (uint8_t)letter;
}

static void list_scopes(struct wanted *wanted, struct ward_text expression)
{
    uint8_t count = 0;
    size_t end = 0;
    memset(wanted, 0, sizeof *wanted);
    wanted->expression = expression;
    for (size_t begin = 0; begin < expression.length; begin = end + 1) {
        uint32_t letters = 0;
        for (end = begin; end < expression.length && !is_separator(expression.data[end]); end++)
            letters = add_letter(letters, expression.data[end]);
        uint8_t *const newest = &wanted->newest[list_of(letters)];
        wanted->begin[count] = (uint16_t)begin;
        wanted->length[count] = (uint16_t)(end - begin);
        wanted->next[count] = *newest;
        count++;
        *newest = count;
    }
}

static bool is_scope(const struct wanted *wanted, size_t number, struct ward_text scope)
{
    return scope.length == wanted->length[number] &&
           memcmp(wanted->expression.data + wanted->begin[number], scope.data, scope.length) == 0;
}

/* Adds those of the wanted scopes that this one is, one bit each. */
static uint32_t add_found(const struct wanted *wanted, size_t list, struct ward_text scope, uint32_t found)
{
    for (size_t number = wanted->newest[list]; number > 0; number = wanted->next[number - 1]) {
        const uint32_t bit = 1u << (uint32_t)(number - 1);
        if ((found & bit) == 0 && is_scope(wanted, number - 1, scope))
            found |= bit;
    }
    return found;
}

/* Adds what the items of an array are; false where one is not text, or holds NUL. */
static bool find_items(const struct wanted *wanted, const struct ward_json *json, size_t array, uint32_t *found)
{
    const size_t end = ward_json_after(json, array);
    for (size_t item = array + 1; item < end; item = ward_json_after(json, item)) {
        const struct ward_text scope = ward_json_text(json, item);
        uint32_t letters = 0;
        bool text = ward_json_type(json, item) == WARD_JSON_TEXT;
        for (size_t i = 0; i < scope.length; i++) {
            text = text && scope.data[i] != '\0';
            letters = add_letter(letters, scope.data[i]);
        }
        if (!text)
            return false;
        *found = add_found(wanted, list_of(letters), scope, *found);
    }
    return true;
}

/* The words of a string: a known token may hold thousands, so their letters are read once. */
static uint32_t find_words(const struct wanted *wanted, struct ward_text words)
{
    const char *const end = words.data + words.length;
    const char *begin = words.data;
    uint32_t found = 0;
    while (begin < end) {
        const char *at = begin;
        uint32_t letters = 0;
        while (at < end && *at != ' ')
            letters = add_letter(letters, *at++);
        const size_t list = list_of(letters);
        if (wanted->newest[list] > 0)
            found = add_found(wanted, list, ward_text_of(begin, (size_t)(at - begin)), found);
        begin = at + 1;
    }
    return found;
}

/* The claims were checked: an array has strings only. */
static uint32_t find_in_scope_claim(const struct wanted *wanted, const struct ward_claims *claims)
{
    const struct ward_json json = json_of(claims);
    uint32_t found = 0;
    if (claims->scope == 0)
        return 0;
    if (ward_json_type(&json, claims->scope) == WARD_JSON_TEXT)
        return find_words(wanted, ward_json_text(&json, claims->scope));
    return find_items(wanted, &json, claims->scope, &found) ? found : 0;
}

/* `permissions` where the policy asks for them: absent they permit nothing, of another type they refuse. */
static struct ward_status find_in_permissions(const struct wanted *wanted, const struct ward_claims *claims,
                                              uint32_t *found)
{
    static const struct ward_text name = WARD_TEXT("permissions");
    const struct ward_json json = json_of(claims);
    const size_t permissions = claims->count > 0 ? ward_json_member(&json, 0, name) : 0;
    *found = 0;
    if (permissions == 0)
        return ward_status_of(WARD_OK);
    const bool right = ward_json_type(&json, permissions) == WARD_JSON_ARRAY &&
                       find_items(wanted, &json, permissions, found);
    return ward_status_of(right ? WARD_OK : WARD_PERMISSIONS_INVALID);
}

/* Whether one of the alternatives has all of its scopes among those that were found. */
static bool satisfies(struct ward_text expression, uint32_t found)
{
    bool all = true;
    for (size_t i = 0; i <= expression.length; i++) {
        char c = '|';
        if (i < expression.length)
            c = expression.data[i];
        if (!is_separator(c))
            continue;
        all = all && (found & 1u) != 0u;
        found >>= 1;
        if (c == '|' && all)
            return true;
        all = all || c == '|';
    }
    return false;
}

struct ward_status ward_scope_check_from(const struct ward_claims *claims, uint8_t from, struct ward_text expression)
{
    struct wanted wanted;
    uint32_t permitted = UINT32_MAX;
    struct ward_status status = ward_scope_expression_check(expression);
    if (!ward_ok(status))
        return status;
    list_scopes(&wanted, expression);
    if (from != WARD_FROM_SCOPE)
        status = find_in_permissions(&wanted, claims, &permitted);
    if (!ward_ok(status))
        return status;
    const uint32_t scopes = from != WARD_FROM_PERMISSIONS ? find_in_scope_claim(&wanted, claims) : UINT32_MAX;
    return ward_status_of(satisfies(expression, scopes & permitted) ? WARD_OK : WARD_SCOPE_INSUFFICIENT);
}

struct ward_status ward_scope_check(const struct ward_claims *claims, struct ward_text expression)
{
    return ward_scope_check_from(claims, WARD_FROM_SCOPE, expression);
}
