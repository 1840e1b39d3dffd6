/* SPDX-License-Identifier: Apache-2.0 */
/* Any claim of a verified token, by name. */
#include "token.h"

#define MORE                                                                                                           \
    "\"https://api.example/roles\":[\"admin\",\"editor\"],\"realm_access\":{\"roles\":[\"r1\"],\"deep\":{\"x\":[1]}}," \
    "\"level\":-42,\"big\":9007199254740992,\"huge\":9007199254740993,\"low\":-9007199254740992,\"half\":1.5,"         \
    "\"exponent\":1e2,\"yes\":true,\"no\":false,\"nothing\":null,\"nul\":\"a\\u0000b\",\"empty\":\"\",\"mixed\":[1,"   \
    "\"a\"],"                                                                                                          \
    "\"digits\":\"12\""

static struct test_token token;
static struct ward_claims claims;
static struct ward_claim claim;

static void begin(void)
{
    token_make(&token, KEY_A, USUAL_HEADER, "{" CLAIMS_BUT_SCOPE "," MORE "}");
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_OK);
}

static struct ward_claim *find(const char *name)
{
    CHECK_STATUS(ward_claim_find(&claims, text(name), &claim), WARD_OK);
    return &claim;
}

TEST(finds_a_claim_by_its_exact_name)
{
    begin();
    CHECK_NUMBER(find("https://api.example/roles")->type, WARD_CLAIM_ARRAY);
    CHECK_NUMBER(claim.size, 2);
    CHECK_STATUS(ward_claim_find(&claims, text("roles"), &claim), WARD_CLAIM_MISSING);
    CHECK_ZERO(claim);
    CHECK_STATUS(ward_claim_find(&claims, text("Level"), &claim), WARD_CLAIM_MISSING);
    CHECK_STATUS(ward_claim_find(&claims, text(""), &claim), WARD_CLAIM_MISSING);
    CHECK_STATUS(ward_claim_find(&claims, text("admin"), &claim), WARD_CLAIM_MISSING);
}

TEST(finds_members_of_an_object)
{
    struct ward_claim member;
    begin();
    CHECK_STATUS(ward_claim_member(find("realm_access"), text("roles"), &member), WARD_OK);
    CHECK_STATUS(ward_claim_has(&member, text("r1")), WARD_OK);
    CHECK_STATUS(ward_claim_member(find("realm_access"), text("x"), &member), WARD_CLAIM_MISSING);
    CHECK_ZERO(member);
    CHECK_STATUS(ward_claim_member(find("level"), text("x"), &member), WARD_CLAIM_INVALID);
    CHECK_STATUS(ward_claim_member(find("realm_access"), text("deep"), &claim), WARD_OK);
    CHECK_STATUS(ward_claim_member(&claim, text("x"), &claim), WARD_OK);
    CHECK_NUMBER(claim.type, WARD_CLAIM_ARRAY);
}

/* All of a container, each item like the one that its number gives. */
static void check_walk(struct ward_claim container, size_t count)
{
    size_t at = 0;
    struct ward_text name;
    struct ward_text same_name;
    struct ward_claim same;
    for (size_t i = 0; i < count; i++) {
        CHECK_STATUS(ward_claim_next(&container, &at, &name, &claim), WARD_OK);
        CHECK_STATUS(ward_claim_item(&container, i, &same_name, &same), WARD_OK);
        CHECK_NUMBER(claim.index, same.index);
        CHECK_NUMBER(claim.type, same.type);
        CHECK(ward_text_equal(name, same_name));
    }
    for (int i = 0; i < 2; i++) {
        CHECK_STATUS(ward_claim_next(&container, &at, &name, &claim), WARD_CLAIM_MISSING);
        CHECK_ZERO(claim);
        CHECK_NUMBER(name.length, 0);
    }
}

TEST(gives_items_and_members_one_after_the_other)
{
    begin();
    const struct ward_claim all = ward_claim_all(&claims);
    check_walk(all, all.size);
    check_walk(find("https://api.example/roles")[0], 2);
    check_walk(find("realm_access")[0], 2);
    size_t at = 0;
    CHECK_STATUS(ward_claim_next(find("level"), &at, NULL, &claim), WARD_CLAIM_INVALID);
    CHECK_NUMBER(at, 0);
}

TEST(gives_items_and_members_in_order)
{
    struct ward_text name;
    struct ward_text value;
    begin();
    CHECK_STATUS(ward_claim_item(find("https://api.example/roles"), 1, &name, &claim), WARD_OK);
    CHECK_NUMBER(name.length, 0);
    CHECK_STATUS(ward_claim_text(&claim, &value), WARD_OK);
    CHECK_TEXT(value, "editor");
    CHECK_STATUS(ward_claim_item(find("https://api.example/roles"), 2, &name, &claim), WARD_CLAIM_MISSING);
    CHECK_ZERO(claim);
    CHECK_STATUS(ward_claim_item(find("realm_access"), 1, &name, &claim), WARD_OK);
    CHECK_TEXT(name, "deep");
    CHECK_NUMBER(claim.type, WARD_CLAIM_OBJECT);
    CHECK_STATUS(ward_claim_item(find("realm_access"), 1, NULL, &claim), WARD_OK);
    CHECK_NUMBER(claim.type, WARD_CLAIM_OBJECT);
    CHECK_STATUS(ward_claim_item(find("level"), 0, NULL, &claim), WARD_CLAIM_INVALID);
    const struct ward_claim all = ward_claim_all(&claims);
    CHECK_STATUS(ward_claim_item(&all, 0, &name, &claim), WARD_OK);
    CHECK_TEXT(name, "iss");
    CHECK_STATUS(ward_claim_item(&all, all.size - 1u, &name, &claim), WARD_OK);
    CHECK_TEXT(name, "digits");
    CHECK_STATUS(ward_claim_item(&all, all.size, NULL, &claim), WARD_CLAIM_MISSING);
    CHECK_STATUS(ward_claim_item(&all, all.size + 7u, NULL, &claim), WARD_CLAIM_MISSING);
}

TEST(gives_text_without_nul_only)
{
    struct ward_text value;
    begin();
    CHECK_STATUS(ward_claim_text(find("digits"), &value), WARD_OK);
    CHECK_TEXT(value, "12");
    CHECK_STATUS(ward_claim_text(find("empty"), &value), WARD_OK);
    CHECK_NUMBER(value.length, 0);
    static const char *const others[] = { "nul", "level", "yes", "nothing", "mixed", "realm_access" };
    for (size_t i = 0; i < 6; i++) {
        value = text("before");
        CHECK_STATUS(ward_claim_text(find(others[i]), &value), WARD_CLAIM_INVALID);
        CHECK_NUMBER(value.length, 0);
        CHECK(value.data == NULL);
    }
}

TEST(gives_integers_that_every_library_agrees_on)
{
    int64_t value;
    begin();
    CHECK_STATUS(ward_claim_integer(find("level"), &value), WARD_OK);
    CHECK(value == -42);
    CHECK_STATUS(ward_claim_integer(find("big"), &value), WARD_OK);
    CHECK(value == 9007199254740992);
    CHECK_STATUS(ward_claim_integer(find("low"), &value), WARD_OK);
    CHECK(value == -9007199254740992);
    static const char *const others[] = { "huge", "half", "exponent", "digits", "yes", "nothing", "mixed" };
    for (size_t i = 0; i < 7; i++) {
        CHECK_STATUS(ward_claim_integer(find(others[i]), &value), WARD_CLAIM_INVALID);
        CHECK(value == 0);
    }
}

TEST(gives_booleans)
{
    bool value;
    begin();
    CHECK_STATUS(ward_claim_boolean(find("yes"), &value), WARD_OK);
    CHECK(value);
    CHECK_STATUS(ward_claim_boolean(find("no"), &value), WARD_OK);
    CHECK(!value);
    static const char *const others[] = { "nothing", "digits", "level", "mixed" };
    for (size_t i = 0; i < 4; i++)
        CHECK_STATUS(ward_claim_boolean(find(others[i]), &value), WARD_CLAIM_INVALID);
}

TEST(gives_scalars_as_they_stand_there)
{
    struct ward_text value;
    begin();
    CHECK_STATUS(ward_claim_literal(find("exponent"), &value), WARD_OK);
    CHECK_TEXT(value, "1e2");
    CHECK_STATUS(ward_claim_literal(find("nothing"), &value), WARD_OK);
    CHECK_TEXT(value, "null");
    CHECK_STATUS(ward_claim_literal(find("nul"), &value), WARD_OK);
    CHECK_NUMBER(value.length, 3);
    value = text("before");
    CHECK_STATUS(ward_claim_literal(find("mixed"), &value), WARD_CLAIM_INVALID);
    CHECK_NUMBER(value.length, 0);
    CHECK(value.data == NULL);
    CHECK_STATUS(ward_claim_literal(find("realm_access"), &value), WARD_CLAIM_INVALID);
}

TEST(looks_for_a_text_among_texts)
{
    begin();
    CHECK_STATUS(ward_claim_has(find("https://api.example/roles"), text("admin")), WARD_OK);
    CHECK_STATUS(ward_claim_has(find("https://api.example/roles"), text("editor")), WARD_OK);
    CHECK_STATUS(ward_claim_has(find("https://api.example/roles"), text("adm")), WARD_CLAIM_MISSING);
    CHECK_STATUS(ward_claim_has(find("https://api.example/roles"), text("realm_access")), WARD_CLAIM_MISSING);
    CHECK_STATUS(ward_claim_has(find("digits"), text("12")), WARD_OK);
    CHECK_STATUS(ward_claim_has(find("digits"), text("1")), WARD_CLAIM_MISSING);
    CHECK_STATUS(ward_claim_has(find("mixed"), text("a")), WARD_CLAIM_INVALID);
    CHECK_STATUS(ward_claim_has(find("level"), text("-42")), WARD_CLAIM_INVALID);
    CHECK_STATUS(ward_claim_has(find("realm_access"), text("roles")), WARD_CLAIM_INVALID);
}

TEST(nothing_is_asked_of_zeroed_claims)
{
    struct ward_text value;
    int64_t integer;
    bool truth;
    memset(&claims, 0, sizeof claims);
    CHECK_STATUS(ward_claim_find(&claims, text("iss"), &claim), WARD_CLAIM_MISSING);
    claim = ward_claim_all(&claims);
    /* By its members: what a compiler leaves in the padding behind them is nobody's. */
    CHECK(claim.claims == NULL);
    CHECK_NUMBER(claim.index, 0);
    CHECK_NUMBER(claim.type, 0);
    CHECK_NUMBER(claim.size, 0);
    CHECK_STATUS(ward_claim_text(&claim, &value), WARD_CLAIM_INVALID);
    CHECK_STATUS(ward_claim_literal(&claim, &value), WARD_CLAIM_INVALID);
    CHECK_STATUS(ward_claim_integer(&claim, &integer), WARD_CLAIM_INVALID);
    CHECK_STATUS(ward_claim_boolean(&claim, &truth), WARD_CLAIM_INVALID);
    CHECK_STATUS(ward_claim_has(&claim, text("x")), WARD_CLAIM_INVALID);
    CHECK_STATUS(ward_claim_item(&claim, 0, NULL, &claim), WARD_CLAIM_INVALID);
    CHECK_STATUS(ward_claim_member(&claim, text("x"), &claim), WARD_CLAIM_INVALID);
}

SUITE(claim, CASE(finds_a_claim_by_its_exact_name), CASE(finds_members_of_an_object),
      CASE(gives_items_and_members_one_after_the_other), CASE(gives_items_and_members_in_order),
      CASE(gives_text_without_nul_only), CASE(gives_integers_that_every_library_agrees_on), CASE(gives_booleans),
      CASE(gives_scalars_as_they_stand_there), CASE(looks_for_a_text_among_texts),
      CASE(nothing_is_asked_of_zeroed_claims));
