/* SPDX-License-Identifier: Apache-2.0 */
#include "access/scope.h"
#include "gate.h"
#include "guard.h"
#include "token.h"

/* In memory that ends where the expression ends. */
static struct ward_text guarded(const char *expression)
{
    return ward_text_of(guard_copy(expression, strlen(expression)), strlen(expression));
}

static struct test_token token;
static struct ward_claims claims;

static void begin(const char *scope)
{
    char payload[1024] = "{" CLAIMS_BUT_SCOPE;
    size_t length = strlen(payload);
    memcpy(payload + length, scope, strlen(scope));
    length += strlen(scope);
    memcpy(payload + length, "}", 2);
    token_make(&token, KEY_A, USUAL_HEADER, payload);
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_OK);
}

#define CHECK_SCOPE(expression, code) CHECK_STATUS(ward_scope_check(&claims, guarded(expression)), code)

TEST(one_scope_is_a_whole_word)
{
    begin(",\"scope\":\"read:foia write:foia\"");
    CHECK_SCOPE("read:foia", WARD_OK);
    CHECK_SCOPE("write:foia", WARD_OK);
    CHECK_SCOPE("read:foi", WARD_SCOPE_INSUFFICIENT);
    CHECK_SCOPE("ead:foia", WARD_SCOPE_INSUFFICIENT);
    CHECK_SCOPE("read:foiax", WARD_SCOPE_INSUFFICIENT);
    CHECK_SCOPE("READ:FOIA", WARD_SCOPE_INSUFFICIENT);
    CHECK_SCOPE("foia", WARD_SCOPE_INSUFFICIENT);
}

#define CHECK_FROM(from, expression, code) CHECK_STATUS(ward_scope_check_from(&claims, from, guarded(expression)), code)

TEST(permissions_are_looked_at_where_they_are_asked_for_only_and_a_broken_expression_first)
{
    begin(",\"scope\":\"a\",\"permissions\":7");
    CHECK_FROM(WARD_FROM_SCOPE, "a", WARD_OK);
    CHECK_FROM(WARD_FROM_PERMISSIONS, "a", WARD_PERMISSIONS_INVALID);
    CHECK_FROM(WARD_FROM_BOTH, "a", WARD_PERMISSIONS_INVALID);
    begin(",\"scope\":\"a\",\"permissions\":[\"a\"]");
    CHECK_FROM(WARD_FROM_PERMISSIONS, "a||b", WARD_SCOPE_EXPRESSION);
    CHECK_FROM(WARD_FROM_BOTH, "a||b", WARD_SCOPE_EXPRESSION);
}

TEST(a_list_needs_all)
{
    begin(",\"scope\":\"a b\"");
    CHECK_SCOPE("a b", WARD_OK);
    CHECK_SCOPE("b a", WARD_OK);
    CHECK_SCOPE("a a", WARD_OK);
    CHECK_SCOPE("a c", WARD_SCOPE_INSUFFICIENT);
    CHECK_SCOPE("c a", WARD_SCOPE_INSUFFICIENT);
}

TEST(alternatives_need_one)
{
    begin(",\"scope\":\"a b\"");
    CHECK_SCOPE("a|c", WARD_OK);
    CHECK_SCOPE("c|a", WARD_OK);
    CHECK_SCOPE("c|d", WARD_SCOPE_INSUFFICIENT);
    CHECK_SCOPE("c d|a b", WARD_OK);
    CHECK_SCOPE("a c|b c", WARD_SCOPE_INSUFFICIENT);
    CHECK_SCOPE("a c|b", WARD_OK);
}

TEST(scopes_may_be_an_array)
{
    begin(",\"scope\":[\"read:a\",\"write:a b\"]");
    CHECK_SCOPE("read:a", WARD_OK);
    CHECK_SCOPE("write:a", WARD_SCOPE_INSUFFICIENT);
    CHECK_SCOPE("b", WARD_SCOPE_INSUFFICIENT);
}

TEST(a_token_without_scopes_satisfies_nothing)
{
    begin("");
    CHECK_SCOPE("a", WARD_SCOPE_INSUFFICIENT);
    begin(",\"scope\":\"\"");
    CHECK_SCOPE("a", WARD_SCOPE_INSUFFICIENT);
    begin(",\"scope\":[]");
    CHECK_SCOPE("a", WARD_SCOPE_INSUFFICIENT);
    begin(",\"scope\":[\"\"]");
    CHECK_SCOPE("a", WARD_SCOPE_INSUFFICIENT);
    memset(&claims, 0, sizeof claims);
    CHECK_SCOPE("a", WARD_SCOPE_INSUFFICIENT);
}

TEST(lists_the_scopes)
{
    struct ward_text scope;
    begin(",\"scope\":\"  a  b \"");
    CHECK_STATUS(ward_scope_item(&claims, 0, &scope), WARD_OK);
    CHECK_TEXT(scope, "a");
    CHECK_STATUS(ward_scope_item(&claims, 1, &scope), WARD_OK);
    CHECK_TEXT(scope, "b");
    CHECK_STATUS(ward_scope_item(&claims, 2, &scope), WARD_CLAIM_MISSING);
    CHECK_NUMBER(scope.length, 0);
    CHECK_STATUS(ward_scope_item(&claims, 50, &scope), WARD_CLAIM_MISSING);
    begin(",\"scope\":[\"x\",\"y\"]");
    CHECK_STATUS(ward_scope_item(&claims, 1, &scope), WARD_OK);
    CHECK_TEXT(scope, "y");
    CHECK_STATUS(ward_scope_item(&claims, 2, &scope), WARD_CLAIM_MISSING);
    begin("");
    CHECK_STATUS(ward_scope_item(&claims, 0, &scope), WARD_CLAIM_MISSING);
}

TEST(gives_the_scopes_one_after_the_other)
{
    struct ward_text scope;
    size_t at = 0;
    begin(",\"scope\":\"  a  bc \"");
    CHECK_STATUS(ward_scope_next(&claims, &at, &scope), WARD_OK);
    CHECK_TEXT(scope, "a");
    CHECK_STATUS(ward_scope_next(&claims, &at, &scope), WARD_OK);
    CHECK_TEXT(scope, "bc");
    for (int i = 0; i < 3; i++) {
        CHECK_STATUS(ward_scope_next(&claims, &at, &scope), WARD_CLAIM_MISSING);
        CHECK_NUMBER(scope.length, 0);
    }
    begin(",\"scope\":[\"x\",\"\",\"y z\"],\"more\":\"w\"");
    at = 0;
    static const char *const items[] = { "x", "", "y z" };
    for (size_t i = 0; i < 3; i++) {
        CHECK_STATUS(ward_scope_next(&claims, &at, &scope), WARD_OK);
        CHECK_TEXT(scope, items[i]);
        CHECK_STATUS(ward_scope_item(&claims, i, &scope), WARD_OK);
        CHECK_TEXT(scope, items[i]);
    }
    CHECK_STATUS(ward_scope_next(&claims, &at, &scope), WARD_CLAIM_MISSING);
    CHECK_STATUS(ward_scope_next(&claims, &at, &scope), WARD_CLAIM_MISSING);
    begin("");
    at = 0;
    CHECK_STATUS(ward_scope_next(&claims, &at, &scope), WARD_CLAIM_MISSING);
    CHECK_NUMBER(at, 0);
}

/* ---- Many scopes. */

/* Scopes a00, a01, … with a sign between them. */
static size_t write_scopes(char *out, size_t count, const char *signs)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            out[length++] = signs[i % strlen(signs)];
        out[length++] = 'a';
        out[length++] = (char)('0' + i / 10);
        out[length++] = (char)('0' + i % 10);
    }
    out[length] = '\0';
    return length;
}

TEST(an_expression_has_at_most_32_scopes)
{
    static const char *const signs[] = { " ", "|", " |" };
    char expression[200];
    for (size_t i = 0; i < 3; i++) {
        write_scopes(expression, 32, signs[i]);
        CHECK_STATUS(ward_scope_expression_check(guarded(expression)), WARD_OK);
        write_scopes(expression, 33, signs[i]);
        CHECK_STATUS(ward_scope_expression_check(guarded(expression)), WARD_SCOPE_EXPRESSION_LONG);
    }
    begin(",\"scope\":\"a00\"");
    CHECK_SCOPE(expression, WARD_SCOPE_EXPRESSION_LONG);
    write_scopes(expression, 33, " ");
    strcat(expression, " ");
    CHECK_STATUS(ward_scope_expression_check(guarded(expression)), WARD_SCOPE_EXPRESSION);
}

TEST(an_expression_has_at_most_4096_bytes)
{
    static char expression[WARD_MAX_SCOPE_EXPRESSION + 2];
    memset(expression, 'x', sizeof expression);
    expression[WARD_MAX_SCOPE_EXPRESSION] = '\0';
    CHECK_STATUS(ward_scope_expression_check(guarded(expression)), WARD_OK);
    expression[WARD_MAX_SCOPE_EXPRESSION] = 'x';
    expression[WARD_MAX_SCOPE_EXPRESSION + 1] = '\0';
    CHECK_STATUS(ward_scope_expression_check(guarded(expression)), WARD_SCOPE_EXPRESSION_LONG);
}

TEST(each_of_32_scopes_counts)
{
    char expression[200];
    char scope[300] = ",\"scope\":\"";
    write_scopes(expression, 32, " ");
    write_scopes(scope + strlen(scope), 32, " ");
    strcat(scope, "\"");
    begin(scope);
    CHECK_SCOPE(expression, WARD_OK);
    for (size_t i = 0; i < 32; i++) {
        /* One that the token lacks, and one that it has alone. */
        expression[4 * i] = 'b';
        CHECK_SCOPE(expression, WARD_SCOPE_INSUFFICIENT);
        expression[4 * i] = 'a';
    }
    write_scopes(expression, 32, "|");
    for (size_t i = 0; i < 32; i++) {
        char one[] = ",\"scope\":\"aNN\"";
        one[11] = (char)('0' + i / 10);
        one[12] = (char)('0' + i % 10);
        begin(one);
        CHECK_SCOPE(expression, WARD_OK);
        expression[4 * i] = 'b';
        CHECK_SCOPE(expression, WARD_SCOPE_INSUFFICIENT);
        expression[4 * i] = 'a';
    }
}

/* What satisfies means, said as simply as it can be. */
static bool has_word(const char *words, const char *word, size_t length)
{
    for (const char *at = words; *at != '\0'; at++)
        if ((at == words || at[-1] == ' ') && strncmp(at, word, length) == 0 &&
            (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static bool satisfied(const char *words, const char *expression)
{
    bool all = true;
    for (const char *at = expression;;) {
        const size_t length = strcspn(at, " |");
        all = has_word(words, at, length) && all;
        at += length;
        if (all && *at != ' ')
            return true;
        if (*at == '\0')
            return false;
        all = all || *at == '|';
        at++;
    }
}

/* Words of one or two of three letters, so that most are nearly the same. */
static size_t random_words(uint32_t *state, char *out, size_t count, const char *signs)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            out[length++] = signs[random_below(state, (uint32_t)strlen(signs))];
        for (uint32_t left = 1 + random_below(state, 2); left > 0; left--)
            out[length++] = (char)('a' + random_below(state, 3));
    }
    out[length] = '\0';
    return length;
}

TEST(agrees_with_a_simple_reading_whatever_is_asked)
{
    uint32_t state = 20260105;
    unsigned satisfying = 0;
    for (unsigned i = 0; i < 400; i++) {
        char words[64];
        char scope[100] = ",\"scope\":\"";
        random_words(&state, words, 1 + i % 12, " ");
        strcat(strcat(scope, words), "\"");
        begin(scope);
        for (unsigned j = 0; j < 20; j++) {
            char expression[120];
            random_words(&state, expression, 1 + random_below(&state, 32), "  |");
            const bool good = satisfied(words, expression);
            satisfying += good ? 1u : 0u;
            CHECK_SCOPE(expression, good ? WARD_OK : WARD_SCOPE_INSUFFICIENT);
        }
    }
    CHECK(satisfying > 1000 && satisfying < 7000);
}

TEST(permissions_are_texts_without_nul)
{
    static const char *const wrong[] = { "[\"a\",1]", "[[\"a\"]]", "[\"a\",\"b\\u0000\"]", "[\"\\u0000\"]", "[null]",
                                         "\"a\"",     "{}" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char members[100] = ",\"scope\":\"a\",\"permissions\":";
        strcat(members, wrong[i]);
        begin(members);
        CHECK_FROM(WARD_FROM_PERMISSIONS, "a", WARD_PERMISSIONS_INVALID);
        CHECK_FROM(WARD_FROM_BOTH, "a", WARD_PERMISSIONS_INVALID);
    }
    begin(",\"scope\":[\"a\",\"b\",\"d\"],\"permissions\":[\"c\",\"b\",\"\",\"a\"]");
    CHECK_FROM(WARD_FROM_BOTH, "a b", WARD_OK);
    CHECK_FROM(WARD_FROM_BOTH, "b c|d", WARD_SCOPE_INSUFFICIENT);
    CHECK_FROM(WARD_FROM_PERMISSIONS, "b c", WARD_OK);
    CHECK_FROM(WARD_FROM_SCOPE, "a d", WARD_OK);
    begin(",\"scope\":\"a\"");
    CHECK_FROM(WARD_FROM_BOTH, "a", WARD_SCOPE_INSUFFICIENT);
    memset(&claims, 0, sizeof claims);
    CHECK_FROM(WARD_FROM_PERMISSIONS, "a", WARD_SCOPE_INSUFFICIENT);
}

TEST(a_scope_claim_that_nobody_checked_permits_nothing)
{
    struct ward_claim permissions;
    begin(",\"permissions\":[\"a\",1]");
    CHECK_STATUS(ward_claim_find(&claims, text("permissions"), &permissions), WARD_OK);
    claims.scope = permissions.index;
    CHECK_SCOPE("a", WARD_SCOPE_INSUFFICIENT);
}

TEST(other_space_does_not_part_scopes)
{
    begin(",\"scope\":\"a\\tb\\nc\"");
    CHECK_SCOPE("a", WARD_SCOPE_INSUFFICIENT);
    CHECK_SCOPE("b", WARD_SCOPE_INSUFFICIENT);
}

TEST(an_expression_keeps_to_its_grammar)
{
    static const char *const good[] = { "a", "read:a", "a b", "a|b", "a b|c d|e", "!#[]~" };
    static const char *const bad[] = { "",     " ",    "|",        "a ",   " a",   "a  b", "a|",
                                       "|a",   "a||b", "a |b",     "a| b", "a\tb", "a\nb", "a\"b",
                                       "a\\b", "\x7f", "\xc3\xa4", "a |",  "a\x1f" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK_STATUS(ward_scope_expression_check(guarded(good[i])), WARD_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_STATUS(ward_scope_expression_check(guarded(bad[i])), WARD_SCOPE_EXPRESSION);
}

TEST(nothing_satisfies_a_broken_expression)
{
    begin(",\"scope\":\"a b\"");
    CHECK_SCOPE("", WARD_SCOPE_EXPRESSION);
    CHECK_SCOPE("a|", WARD_SCOPE_EXPRESSION);
    CHECK_SCOPE("a||b", WARD_SCOPE_EXPRESSION);
}

SUITE(scope, CASE(one_scope_is_a_whole_word),
      CASE(permissions_are_looked_at_where_they_are_asked_for_only_and_a_broken_expression_first),
      CASE(a_list_needs_all), CASE(alternatives_need_one), CASE(scopes_may_be_an_array),
      CASE(a_token_without_scopes_satisfies_nothing), CASE(lists_the_scopes),
      CASE(gives_the_scopes_one_after_the_other), CASE(an_expression_has_at_most_32_scopes),
      CASE(an_expression_has_at_most_4096_bytes), CASE(each_of_32_scopes_counts),
      CASE(agrees_with_a_simple_reading_whatever_is_asked), CASE(permissions_are_texts_without_nul),
      CASE(a_scope_claim_that_nobody_checked_permits_nothing), CASE(other_space_does_not_part_scopes),
      CASE(an_expression_keeps_to_its_grammar), CASE(nothing_satisfies_a_broken_expression));
