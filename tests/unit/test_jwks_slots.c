/* SPDX-License-Identifier: Apache-2.0 */
/* A key set with more keys than there are slots. */
#include "token.h"

static struct ward_jwks set;
static struct ward_jwks_report report;
static struct ward_jwks_reader reader;
static char json[32768];
static size_t length;

static void put(const char *string)
{
    memcpy(json + length, string, strlen(string));
    length += strlen(string);
}

static void put_key(enum test_key key, const char *members)
{
    length += jwk_write(json + length, key, members);
}

static struct ward_status read_all(void)
{
    return jwks_read(json, length, &set, &report);
}

/* KEY_A under as many kids as asked for: "0", "1", … */
static void put_many(size_t count)
{
    length = 0;
    put("{\"keys\":[");
    for (size_t i = 0; i < count; i++) {
        char members[] = "\"kid\":\"00\",";
        members[7] = (char)('0' + i / 10);
        members[8] = (char)('0' + i % 10);
        put(i > 0 ? "," : "");
        put_key(KEY_A, members);
    }
    put("]}");
}

static struct ward_text kid(size_t i)
{
    return ward_text_of(set.key[i].kid, set.key[i].kid_length);
}

TEST(keeps_the_first_keys_when_slots_are_short)
{
    put_many(WARD_MAX_KEYS + 3);
    CHECK_STATUS(read_all(), WARD_OK);
    CHECK_NUMBER(set.count, WARD_MAX_KEYS);
    CHECK_NUMBER(report.left_out, 3);
    for (size_t i = 0; i < WARD_MAX_KEYS; i++) {
        const char expected[] = { (char)('0' + i / 10), (char)('0' + i % 10), '\0' };
        CHECK_TEXT(kid(i), expected);
    }
}

/* Reads as many keys as there are slots and three more; in use are the first ones but `without`. */
static void read_many_in_use(size_t without, const char *wanted)
{
    static struct ward_jwks in_use;
    memset(&in_use, 0, sizeof in_use);
    for (size_t i = 0; i < WARD_MAX_KEYS + 3; i++) {
        if (i == without || in_use.count == WARD_MAX_KEYS)
            continue;
        struct ward_key *const key = &in_use.key[in_use.count++];
        key->kid_length = 2;
        key->kid[0] = (char)('0' + i / 10);
        key->kid[1] = (char)('0' + i % 10);
    }
    put_many(WARD_MAX_KEYS + 3);
    ward_jwks_begin(&reader, &set, &in_use, text(wanted));
    CHECK_STATUS(ward_jwks_feed(&reader, json, length, &test_work), WARD_OK);
    CHECK_STATUS(ward_jwks_end(&reader), WARD_OK);
    CHECK_NUMBER(set.count, WARD_MAX_KEYS);
}

TEST(gives_up_any_slot_for_a_key_in_use)
{
    for (size_t without = 0; without < WARD_MAX_KEYS; without++) {
        const char kid_without[] = { (char)('0' + without / 10), (char)('0' + without % 10), '\0' };
        const char kid_next[] = { (char)('0' + WARD_MAX_KEYS / 10), (char)('0' + WARD_MAX_KEYS % 10), '\0' };
        read_many_in_use(without, "");
        CHECK(ward_jwks_find(&set, text(kid_without)) == NULL);
        CHECK(ward_jwks_find(&set, text(kid_next)) != NULL);
    }
}

TEST(gives_up_a_key_in_use_for_the_wanted_one)
{
    const char last[] = { (char)('0' + (WARD_MAX_KEYS + 2) / 10), (char)('0' + (WARD_MAX_KEYS + 2) % 10), '\0' };
    read_many_in_use(WARD_MAX_KEYS + 2, last);
    CHECK(ward_jwks_find(&set, text(last)) != NULL);
}

TEST(prefers_the_wanted_key_then_keys_in_use)
{
    static struct ward_jwks in_use;
    char last[] = "00";
    last[0] = (char)('0' + (WARD_MAX_KEYS + 2) / 10);
    last[1] = (char)('0' + (WARD_MAX_KEYS + 2) % 10);
    in_use.count = 1;
    in_use.key[0].kid_length = 2;
    in_use.key[0].kid[0] = (char)('0' + (WARD_MAX_KEYS + 1) / 10);
    in_use.key[0].kid[1] = (char)('0' + (WARD_MAX_KEYS + 1) % 10);
    put_many(WARD_MAX_KEYS + 3);
    ward_jwks_begin(&reader, &set, &in_use, text(last));
    CHECK_STATUS(ward_jwks_feed(&reader, json, length, &test_work), WARD_OK);
    CHECK_STATUS(ward_jwks_end(&reader), WARD_OK);
    CHECK_NUMBER(set.count, WARD_MAX_KEYS);
    CHECK_NUMBER(reader.report.left_out, 3);
    CHECK(ward_jwks_find(&set, text(last)) != NULL);
    CHECK(ward_jwks_find(&set, ward_text_of(in_use.key[0].kid, 2)) != NULL);
    CHECK(WARD_MAX_KEYS < 3 || ward_jwks_find(&set, text("00")) != NULL);
}

TEST(among_equals_the_one_that_came_last_gives_way_also_after_others_did)
{
    static struct ward_jwks in_use;
    const size_t last = WARD_MAX_KEYS;
    length = 0;
    put("{\"keys\":[");
    put_key(KEY_B, "");
    for (size_t i = 0; i <= last; i++) {
        char members[] = "\"kid\":\"00\",";
        members[7] = (char)('0' + i / 10);
        members[8] = (char)('0' + i % 10);
        put(",");
        put_key(KEY_A, members);
    }
    put("]}");
    in_use.count = 1;
    in_use.key[0].kid_length = 2;
    in_use.key[0].kid[0] = (char)('0' + last / 10);
    in_use.key[0].kid[1] = (char)('0' + last % 10);
    ward_jwks_begin(&reader, &set, &in_use, text(""));
    CHECK_STATUS(ward_jwks_feed(&reader, json, length, &test_work), WARD_OK);
    CHECK_STATUS(ward_jwks_end(&reader), WARD_OK);
    for (size_t i = 0; i + 1 < WARD_MAX_KEYS; i++) {
        const char expected[] = { (char)('0' + i / 10), (char)('0' + i % 10), '\0' };
        CHECK_TEXT(kid(i), expected);
    }
    CHECK_TEXT(kid(WARD_MAX_KEYS - 1), ((const char[]){ in_use.key[0].kid[0], in_use.key[0].kid[1], '\0' }));
}

TEST(a_key_without_kid_gives_way_first)
{
    put_many(WARD_MAX_KEYS);
    length -= 2;
    put(",");
    put_key(KEY_B, "");
    put("]}");
    CHECK_STATUS(read_all(), WARD_OK);
    CHECK_NUMBER(report.left_out, 1);
    for (size_t i = 0; i < set.count; i++)
        CHECK(set.key[i].kid_length > 0);
    length = 0;
    put("{\"keys\":[");
    put_key(KEY_B, "");
    for (size_t i = 0; i < WARD_MAX_KEYS; i++) {
        char members[] = "\"kid\":\"00\",";
        members[7] = (char)('0' + i / 10);
        members[8] = (char)('0' + i % 10);
        put(",");
        put_key(KEY_A, members);
    }
    put("]}");
    CHECK_STATUS(read_all(), WARD_OK);
    for (size_t i = 0; i < set.count; i++)
        CHECK(set.key[i].kid_length > 0);
}

/* The counters of a report have 16 bits. */

SUITE(jwks_slots, CASE(keeps_the_first_keys_when_slots_are_short), CASE(gives_up_any_slot_for_a_key_in_use),
      CASE(gives_up_a_key_in_use_for_the_wanted_one), CASE(prefers_the_wanted_key_then_keys_in_use),
      CASE(among_equals_the_one_that_came_last_gives_way_also_after_others_did),
      CASE(a_key_without_kid_gives_way_first));
