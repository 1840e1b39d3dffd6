/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "guard.h"

/* In memory that ends where the text ends. */
static struct ward_text guarded(struct ward_text given)
{
    return ward_text_of(guard_copy(given.data, given.length), given.length);
}

static bool equal(struct ward_text a, struct ward_text b)
{
    return ward_text_equal(guarded(a), guarded(b));
}

static bool equal_ignoring_case(struct ward_text a, struct ward_text b)
{
    return ward_text_equal_ignoring_case(guarded(a), guarded(b));
}

static const struct ward_texts two = WARD_TEXTS("one", "two");
static const struct ward_texts eight = WARD_TEXTS("1", "2", "3", "4", "5", "6", "7", "eight");

TEST(compares_length_and_bytes)
{
    CHECK(equal(text("abc"), text("abc")));
    CHECK(!equal(text("abc"), text("ab")));
    CHECK(!equal(text("ab"), text("abc")));
    CHECK(!equal(text("abc"), text("abd")));
    CHECK(!equal(text("abc"), text("ABC")));
    CHECK(equal(ward_text_of("a\0b", 3), ward_text_of("a\0b", 3)));
    CHECK(!equal(ward_text_of("a\0b", 3), ward_text_of("a\0c", 3)));
}

TEST(empty_texts_are_equal_wherever_they_point)
{
    CHECK(ward_text_equal(ward_text_of(NULL, 0), text("")));
    CHECK(!ward_text_equal(ward_text_of(NULL, 0), text("a")));
}

TEST(ignores_case_of_ascii_letters_only)
{
    CHECK(equal_ignoring_case(text("AT+JWT"), text("at+jwt")));
    CHECK(equal_ignoring_case(text("azAZ"), text("AZaz")));
    CHECK(!equal_ignoring_case(text("at+jwt"), text("at+jwx")));
    CHECK(!equal_ignoring_case(text("jwt"), text("jw")));
    CHECK(!equal_ignoring_case(text("@"), text("`")));
    CHECK(!equal_ignoring_case(text("["), text("{")));
}

TEST(finds_a_text_among_others)
{
    CHECK(ward_text_among(guarded(text("one")), two));
    CHECK(ward_text_among(guarded(text("two")), two));
    CHECK(!ward_text_among(guarded(text("on")), two));
    CHECK(!ward_text_among(guarded(text("onetwo")), two));
    CHECK(!ward_text_among(text("one"), (struct ward_texts){ NULL, 0 }));
}

TEST(counts_the_texts_of_a_literal_list)
{
    CHECK_NUMBER(two.count, 2);
    CHECK_NUMBER(eight.count, 8);
    CHECK_TEXT(eight.item[0], "1");
    CHECK_TEXT(eight.item[7], "eight");
    const struct ward_texts counts[] = { WARD_TEXTS("1"),
                                         WARD_TEXTS("1", "2", "3"),
                                         WARD_TEXTS("1", "2", "3", "4"),
                                         WARD_TEXTS("1", "2", "3", "4", "5"),
                                         WARD_TEXTS("1", "2", "3", "4", "5", "6"),
                                         WARD_TEXTS("1", "2", "3", "4", "5", "6", "7") };
    CHECK_NUMBER(counts[0].count, 1);
    CHECK_NUMBER(counts[1].count, 3);
    CHECK_NUMBER(counts[2].count, 4);
    CHECK_NUMBER(counts[3].count, 5);
    CHECK_NUMBER(counts[4].count, 6);
    CHECK_NUMBER(counts[5].count, 7);
}

SUITE(text, CASE(compares_length_and_bytes), CASE(empty_texts_are_equal_wherever_they_point),
      CASE(ignores_case_of_ascii_letters_only), CASE(finds_a_text_among_others),
      CASE(counts_the_texts_of_a_literal_list));
