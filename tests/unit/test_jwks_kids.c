/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that share a `kid`: the same one is merged, different ones are all out, and the rest of the set serves. */
#include "token.h"

static struct ward_jwks set;
static struct ward_jwks_report report;
static char json[32768];
static size_t length;

static void put(const char *string)
{
    memcpy(json + length, string, strlen(string));
    length += strlen(string);
}

static enum test_key key_of(char letter)
{
    switch (letter) {
    case 'A': return KEY_A;
    case 'B': return KEY_B;
    case 'C': return KEY_C;
    default: return KEY_M;
    }
}

/* Keys as pairs of a key's letter and a kid of one character: "A1 B1" is KEY_A and KEY_B as "1"; "A-" has none. */
static void put_keys(const char *keys)
{
    length = 0;
    put("{\"keys\":[");
    for (; *keys != '\0'; keys += keys[2] == ' ' ? 3 : 2) {
        char members[] = "\"kid\":\"?\",";
        members[7] = keys[1];
        put(length > strlen("{\"keys\":[") ? "," : "");
        length += jwk_write(json + length, key_of(keys[0]), keys[1] == '-' ? "" : members);
    }
    put("]}");
}

static struct ward_status read_keys(const char *keys)
{
    put_keys(keys);
    return jwks_read(json, length, &set, &report);
}

/* Every key that was seen is in one count. */
static void check_counts(unsigned count, unsigned merged, unsigned conflicting, unsigned left_out)
{
    CHECK_NUMBER(set.count, count);
    CHECK_NUMBER(report.merged, merged);
    CHECK_NUMBER(report.conflicting, conflicting);
    CHECK_NUMBER(report.left_out, left_out);
    CHECK_NUMBER(report.seen, count + merged + conflicting + left_out);
    for (size_t i = count; i < WARD_MAX_KEYS; i++)
        CHECK_ZERO(set.key[i]);
}

static bool holds(const char *kid)
{
    return ward_jwks_find(&set, text(kid)) != NULL;
}

TEST(merges_the_same_key)
{
    CHECK_STATUS(read_keys("A1 A1 B2 A1"), WARD_OK);
    check_counts(2, 2, 0, 0);
}

TEST(takes_out_both_of_two_and_serves_the_rest)
{
    static const char *const sets[] = { "A1 B1 C2", "A1 C2 B1", "C2 A1 B1" };
    for (size_t i = 0; i < 3; i++) {
        CHECK_STATUS(read_keys(sets[i]), WARD_OK);
        check_counts(1, 0, 2, 0);
        CHECK(holds("2") && !holds("1"));
        CHECK(ward_jwks_find(&set, text("2")) == &set.key[0]);
    }
}

TEST(takes_out_a_third_and_later_one_whichever_it_is)
{
    static const char *const sets[] = { "A1 B1 C1 C2", "A1 B1 A1 C2", "A1 B1 B1 C2",
                                        "A1 B1 C2 A1", "C2 A1 B1 B1", "A1 C2 B1 C1" };
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        CHECK_STATUS(read_keys(sets[i]), WARD_OK);
        check_counts(1, 0, 3, 0);
        CHECK(holds("2") && !holds("1"));
    }
    CHECK_STATUS(read_keys("A1 A1 B1 A1 B1 C1 C2"), WARD_OK);
    check_counts(1, 1, 5, 0);
    CHECK(holds("2") && !holds("1"));
}

TEST(takes_out_each_kid_that_is_in_conflict)
{
    CHECK_STATUS(read_keys("A1 A2 B1 B2 A3"), WARD_OK);
    check_counts(1, 0, 4, 0);
    CHECK(holds("3"));
}

TEST(keys_of_different_length_differ)
{
    CHECK_STATUS(read_keys("A1 M1 B2"), WARD_OK);
    /* A board does not take the longer one, and what is not usable is not in conflict. */
    const bool taken = test_public_keys[KEY_M].bits <= WARD_MAX_RSA_BITS;
    CHECK(holds("2") && holds("1") != taken);
    CHECK_NUMBER(report.conflicting, taken ? 2 : 0);
}

TEST(refuses_a_set_of_nothing_but_conflicts)
{
    CHECK_STATUS(read_keys("A1 B1"), WARD_JWKS_KID_CONFLICT);
    CHECK_ZERO(set);
    CHECK_STATUS(read_keys("A1 B1 C1 A2 B2"), WARD_JWKS_KID_CONFLICT);
    CHECK_ZERO(set);
    CHECK_NUMBER(report.conflicting, 5);
}

TEST(keys_without_kid_are_never_in_conflict)
{
    CHECK_STATUS(read_keys("A- B-"), WARD_OK);
    check_counts(2, 0, 0, 0);
}

/* Appends keys of KEY_C under `count` kids of two characters each. */
static void put_others(size_t count)
{
    length -= 2;
    for (size_t i = 0; i < count; i++) {
        char members[] = "\"kid\":\"x?\",";
        members[8] = (char)('!' + 2 + i);
        put(",");
        length += jwk_write(json + length, KEY_C, members);
    }
    put("]}");
}

/* What comes after all slots are taken, after a conflict. */
static void put_last(enum test_key key, const char *members)
{
    length -= 2;
    put(",");
    length += jwk_write(json + length, key, members);
    put("]}");
}

TEST(a_conflict_keeps_its_slot_until_the_set_ends)
{
    put_keys("A1 B1");
    put_others(WARD_MAX_KEYS);
    CHECK_STATUS(jwks_read(json, length, &set, &report), WARD_MAX_KEYS > 1 ? WARD_OK : WARD_JWKS_KID_CONFLICT);
    check_counts(WARD_MAX_KEYS - 1, 0, 2, 1);
    CHECK(!holds("1"));
    put_last(KEY_A, "\"kid\":\"1\",");
    CHECK_STATUS(jwks_read(json, length, &set, &report), WARD_OK);
    check_counts(WARD_MAX_KEYS - 1, 0, 3, 1);
    CHECK(!holds("1"));
}

/* The first of two is left out for want of a slot; the second is then not the only one. */
TEST(a_kid_that_was_left_out_does_not_come_back)
{
    put_keys("A2");
    put_others(WARD_MAX_KEYS - 1);
    put_last(KEY_A, "\"kid\":\"1\",");
    put_last(KEY_B, "\"kid\":\"1\",");
    CHECK_STATUS(jwks_read(json, length, &set, &report), WARD_OK);
    check_counts(WARD_MAX_KEYS, 0, 0, 2);
    CHECK(!holds("1"));
    /* A conflict among the others makes no room for it either. */
    put_last(KEY_B, "\"kid\":\"2\",");
    put_last(KEY_B, "\"kid\":\"1\",");
    CHECK_STATUS(jwks_read(json, length, &set, &report), WARD_OK);
    check_counts(WARD_MAX_KEYS - 1, 0, 2, 3);
    CHECK(!holds("1") && !holds("2"));
}

static struct ward_status read_wanted(const char *wanted)
{
    static struct ward_jwks_reader reader;
    ward_jwks_begin(&reader, &set, NULL, text(wanted));
    CHECK_STATUS(ward_jwks_feed(&reader, json, length, &test_work), WARD_OK);
    const struct ward_status status = ward_jwks_end(&reader);
    report = reader.report;
    return status;
}

TEST(the_wanted_key_takes_the_slot_of_a_conflict_which_stays_out)
{
    put_keys("C2");
    put_others(WARD_MAX_KEYS - 2);
    put_last(KEY_A, "\"kid\":\"1\",");
    put_last(KEY_B, "\"kid\":\"1\",");
    put_last(KEY_A, "\"kid\":\"w\",");
    CHECK_STATUS(read_wanted("w"), WARD_OK);
    check_counts(WARD_MAX_KEYS, 0, 2, 0);
    CHECK(holds("w") && !holds("1"));
    put_last(KEY_C, "\"kid\":\"1\",");
    CHECK_STATUS(read_wanted("w"), WARD_OK);
    check_counts(WARD_MAX_KEYS, 0, 2, 1);
    CHECK(holds("w") && !holds("1"));
}

TEST(the_wanted_key_can_be_in_conflict_too)
{
    put_keys("C2");
    put_others(WARD_MAX_KEYS - 1);
    put_last(KEY_A, "\"kid\":\"w\",");
    put_last(KEY_B, "\"kid\":\"w\",");
    put_last(KEY_A, "\"kid\":\"w\",");
    CHECK_STATUS(read_wanted("w"), WARD_OK);
    check_counts(WARD_MAX_KEYS - 1, 0, 3, 1);
    CHECK(!holds("w"));
}

SUITE(jwks_kids, CASE(merges_the_same_key), CASE(takes_out_both_of_two_and_serves_the_rest),
      CASE(takes_out_a_third_and_later_one_whichever_it_is), CASE(takes_out_each_kid_that_is_in_conflict),
      CASE(keys_of_different_length_differ), CASE(refuses_a_set_of_nothing_but_conflicts),
      CASE(keys_without_kid_are_never_in_conflict), CASE(a_conflict_keeps_its_slot_until_the_set_ends),
      CASE(a_kid_that_was_left_out_does_not_come_back),
      CASE(the_wanted_key_takes_the_slot_of_a_conflict_which_stays_out), CASE(the_wanted_key_can_be_in_conflict_too));
