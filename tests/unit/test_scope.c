#include "access/scope.h"
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
    begin(",\"scope\":[\"x\",\"y\"]");
    CHECK_STATUS(ward_scope_item(&claims, 1, &scope), WARD_OK);
    CHECK_TEXT(scope, "y");
    CHECK_STATUS(ward_scope_item(&claims, 2, &scope), WARD_CLAIM_MISSING);
    begin("");
    CHECK_STATUS(ward_scope_item(&claims, 0, &scope), WARD_CLAIM_MISSING);
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
    static const char *const bad[] = { "", " ", "|", "a ", " a", "a  b", "a|", "|a", "a||b", "a |b", "a| b",
                                       "a\tb", "a\nb", "a\"b", "a\\b", "\x7f", "\xc3\xa4", "a |", "a\x1f" };
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

SUITE(scope, CASE(one_scope_is_a_whole_word), CASE(permissions_are_looked_at_where_they_are_asked_for_only_and_a_broken_expression_first),
      CASE(a_list_needs_all), CASE(alternatives_need_one),
      CASE(scopes_may_be_an_array), CASE(a_token_without_scopes_satisfies_nothing), CASE(lists_the_scopes),
      CASE(other_space_does_not_part_scopes), CASE(an_expression_keeps_to_its_grammar),
      CASE(nothing_satisfies_a_broken_expression));
