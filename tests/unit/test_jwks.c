/* SPDX-License-Identifier: Apache-2.0 */
/* A key set as a stream. */
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

static void put_usual_set(void)
{
    length = 0;
    put("{\"keys\":[");
    put_key(KEY_A, "\"kid\":\"a\",\"x5c\":[\"MII\"],");
    put(" , ");
    put_key(KEY_B, "\"kid\":\"b\",");
    put("], \"more\": {\"keys\": [1]}}");
}

static struct ward_status read_all(void)
{
    return jwks_read(json, length, &set, &report);
}

#define CHECK_READ(string, code) CHECK_STATUS(jwks_read(string, sizeof(string) - 1, &set, &report), code)

TEST(reads_every_usable_key)
{
    put_usual_set();
    CHECK_STATUS(read_all(), WARD_OK);
    CHECK_NUMBER(set.count, 2);
    CHECK_NUMBER(report.seen, 2);
    CHECK(ward_jwks_find(&set, text("a")) == &set.key[0]);
    CHECK(ward_jwks_find(&set, text("b")) == &set.key[1]);
}

TEST(finds_a_key_by_its_whole_kid)
{
    put_usual_set();
    CHECK_STATUS(read_all(), WARD_OK);
    CHECK(ward_jwks_find(&set, text("")) == NULL);
    CHECK(ward_jwks_find(&set, text("A")) == NULL);
    CHECK(ward_jwks_find(&set, text("ab")) == NULL);
    CHECK(ward_jwks_find(&set, text("c")) == NULL);
    set.count = 1;
    CHECK(ward_jwks_find(&set, text("b")) == NULL);
}

TEST(an_empty_kid_does_not_find_a_key_without_one)
{
    length = 0;
    put("{\"keys\":[");
    put_key(KEY_A, "");
    put("]}");
    CHECK_STATUS(read_all(), WARD_OK);
    CHECK(ward_jwks_find(&set, text("")) == NULL);
}

TEST(gives_the_same_set_for_every_split)
{
    static struct ward_jwks whole;
    put_usual_set();
    CHECK_STATUS(jwks_read(json, length, &whole, NULL), WARD_OK);
    for (size_t cut = 0; cut <= length; cut += 13) {
        ward_jwks_begin(&reader, &set, NULL, text(""));
        CHECK_STATUS(ward_jwks_feed(&reader, json, cut, &test_work), WARD_OK);
        CHECK_STATUS(ward_jwks_feed(&reader, json + cut, length - cut, &test_work), WARD_OK);
        CHECK_STATUS(ward_jwks_end(&reader), WARD_OK);
        CHECK(memcmp(&set, &whole, sizeof set) == 0);
    }
}

TEST(holds_nothing_before_the_end)
{
    put_usual_set();
    ward_jwks_begin(&reader, &set, NULL, text(""));
    CHECK_STATUS(ward_jwks_feed(&reader, json, length, &test_work), WARD_OK);
    CHECK_NUMBER(set.count, 0);
    CHECK_STATUS(ward_jwks_end(&reader), WARD_OK);
    CHECK_NUMBER(set.count, 2);
}

TEST(a_set_that_is_cut_off_is_refused_and_zeroed)
{
    put_usual_set();
    for (size_t cut = 0; cut < length; cut += 7) {
        CHECK_STATUS(jwks_read(json, cut, &set, NULL), WARD_JSON_MALFORMED);
        CHECK_ZERO(set);
    }
}

TEST(refuses_to_go_on_after_the_end)
{
    put_usual_set();
    CHECK_STATUS(read_all(), WARD_OK);
    ward_jwks_begin(&reader, &set, NULL, text(""));
    CHECK_STATUS(ward_jwks_feed(&reader, json, length, &test_work), WARD_OK);
    CHECK_STATUS(ward_jwks_end(&reader), WARD_OK);
    CHECK_STATUS(ward_jwks_feed(&reader, " ", 1, &test_work), WARD_JWKS_MALFORMED);
    CHECK_STATUS(ward_jwks_end(&reader), WARD_JWKS_MALFORMED);
    CHECK_NUMBER(set.count, 2);
}

TEST(keeps_the_first_refusal)
{
    ward_jwks_begin(&reader, &set, NULL, text(""));
    CHECK_STATUS(ward_jwks_feed(&reader, "[", 1, &test_work), WARD_JWKS_MALFORMED);
    CHECK_STATUS(ward_jwks_feed(&reader, "\xff", 1, &test_work), WARD_JWKS_MALFORMED);
    CHECK_STATUS(ward_jwks_feed(&reader, "", 0, &test_work), WARD_JWKS_MALFORMED);
    CHECK_STATUS(ward_jwks_end(&reader), WARD_JWKS_MALFORMED);
}

TEST(refuses_what_is_no_key_set)
{
    CHECK_READ("[]", WARD_JWKS_MALFORMED);
    CHECK_READ("\"keys\"", WARD_JWKS_MALFORMED);
    CHECK_READ("1", WARD_JWKS_MALFORMED);
    CHECK_READ("{}", WARD_JWKS_MALFORMED);
    CHECK_READ("{\"key\":[]}", WARD_JWKS_MALFORMED);
    CHECK_READ("{\"Keys\":[]}", WARD_JWKS_MALFORMED);
    CHECK_READ("{\"a\":{\"keys\":[]}}", WARD_JWKS_MALFORMED);
    CHECK_READ("{\"keys\":{}}", WARD_JWKS_MALFORMED);
    CHECK_READ("{\"keys\":null}", WARD_JWKS_MALFORMED);
    CHECK_READ("{\"keys\":\"[]\"}", WARD_JWKS_MALFORMED);
    CHECK_READ("{\"keys\":[1]}", WARD_JWKS_MALFORMED);
    CHECK_READ("{\"keys\":[\"a\"]}", WARD_JWKS_MALFORMED);
    CHECK_READ("{\"keys\":[[]]}", WARD_JWKS_MALFORMED);
    CHECK_READ("<html></html>", WARD_JSON_MALFORMED);
    CHECK_READ("", WARD_JSON_MALFORMED);
    CHECK_READ("{\"keys\":[]}x", WARD_JSON_MALFORMED);
    CHECK_READ("{\"a\":\"\xff\"}", WARD_JSON_NOT_UTF8);
    CHECK_READ("{\"a\":[[[[[[[[[[[[[[[[", WARD_JSON_TOO_DEEP);
}

TEST(refuses_a_set_without_keys)
{
    CHECK_READ("{\"keys\":[]}", WARD_JWKS_NO_USABLE_KEY);
    CHECK_READ("{\"keys\":[{\"kty\":\"EC\"},{\"kty\":\"oct\"}]}", WARD_JWKS_NO_USABLE_KEY);
    CHECK_NUMBER(report.skipped, 2);
}

TEST(refuses_the_member_keys_twice)
{
    CHECK_READ("{\"keys\":[],\"keys\":[]}", WARD_JWKS_DUPLICATE_MEMBER);
    CHECK_READ("{\"keys\":[],\"\\u006beys\":[]}", WARD_JWKS_DUPLICATE_MEMBER);
    CHECK_READ("{\"keys\":[],\"x\":1,\"x\":2}", WARD_JWKS_NO_USABLE_KEY);
}

TEST(merges_the_same_key_under_the_same_kid)
{
    length = 0;
    put("{\"keys\":[");
    put_key(KEY_A, "\"kid\":\"a\",");
    put(",");
    put_key(KEY_A, "\"kid\":\"a\",\"use\":\"sig\",");
    put("]}");
    CHECK_STATUS(read_all(), WARD_OK);
    CHECK_NUMBER(set.count, 1);
    CHECK_NUMBER(report.merged, 1);
}

TEST(takes_the_same_key_under_two_kids)
{
    length = 0;
    put("{\"keys\":[");
    put_key(KEY_A, "\"kid\":\"a\",");
    put(",");
    put_key(KEY_A, "\"kid\":\"b\",");
    put("]}");
    CHECK_STATUS(read_all(), WARD_OK);
    CHECK_NUMBER(set.count, 2);
}

TEST(skips_unusable_keys_between_usable_ones)
{
    length = 0;
    put("{\"x\":[{\"kid\":\"x\"}],\"keys\":[{\"kty\":\"EC\",\"kid\":\"a\"},");
    put_key(KEY_A, "\"kid\":\"a\",\"use\":\"enc\",");
    put(",");
    put_key(KEY_B, "\"kid\":\"a\",");
    put("]}");
    CHECK_STATUS(read_all(), WARD_OK);
    CHECK_NUMBER(set.count, 1);
    CHECK_NUMBER(report.seen, 3);
    CHECK_NUMBER(report.skipped, 2);
    CHECK_STATUS(report.last_skipped, WARD_JWK_USE_REFUSED);
}

TEST(a_report_stays_at_the_largest_number)
{
    static const char skipped[] = "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},";
    ward_jwks_begin(&reader, &set, NULL, text(""));
    CHECK_STATUS(ward_jwks_feed(&reader, "{\"keys\":[", 9, &test_work), WARD_OK);
    for (unsigned i = 0; i < 65536 / 16; i++)
        CHECK_STATUS(ward_jwks_feed(&reader, skipped, sizeof skipped - 1, &test_work), WARD_OK);
    length = 0;
    put_key(KEY_A, "\"kid\":\"a\",");
    put("]}");
    CHECK_STATUS(ward_jwks_feed(&reader, json, length, &test_work), WARD_OK);
    CHECK_STATUS(ward_jwks_end(&reader), WARD_OK);
    CHECK_NUMBER(reader.report.seen, UINT16_MAX);
    CHECK_NUMBER(reader.report.skipped, UINT16_MAX);
    CHECK_NUMBER(set.count, 1);
}

/* 2^16 bytes and the 256 of a usable key: were their number kept in 16 bits without a stop, the key would be taken. */
TEST(a_modulus_of_2_to_the_16_bytes_more_is_too_long)
{
    static const char begin[] = "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"";
    ward_jwks_begin(&reader, &set, NULL, text(""));
    CHECK_STATUS(ward_jwks_feed(&reader, begin, sizeof begin - 1, &test_work), WARD_OK);
    for (unsigned i = 0; i < (65536 + 254) / 3; i++)
        CHECK_STATUS(ward_jwks_feed(&reader, "____", 4, &test_work), WARD_OK);
    CHECK_STATUS(ward_jwks_feed(&reader, "__8\"}]}", 7, &test_work), WARD_OK);
    CHECK_STATUS(ward_jwks_end(&reader), WARD_JWKS_NO_USABLE_KEY);
    CHECK_STATUS(reader.report.last_skipped, WARD_JWK_MODULUS_TOO_LONG);
    CHECK_ZERO(set);
}

TEST(wipes_its_scratch)
{
    put_usual_set();
    memset(&test_work, 0x5a, sizeof test_work);
    ward_jwks_begin(&reader, &set, NULL, text(""));
    CHECK_STATUS(ward_jwks_feed(&reader, json, length, &test_work), WARD_OK);
    CHECK_ZERO(test_work);
}

SUITE(jwks, CASE(reads_every_usable_key), CASE(finds_a_key_by_its_whole_kid),
      CASE(an_empty_kid_does_not_find_a_key_without_one), CASE(gives_the_same_set_for_every_split),
      CASE(holds_nothing_before_the_end), CASE(a_set_that_is_cut_off_is_refused_and_zeroed),
      CASE(refuses_to_go_on_after_the_end), CASE(keeps_the_first_refusal), CASE(refuses_what_is_no_key_set),
      CASE(refuses_a_set_without_keys), CASE(refuses_the_member_keys_twice),
      CASE(merges_the_same_key_under_the_same_kid), CASE(takes_the_same_key_under_two_kids),
      CASE(skips_unusable_keys_between_usable_ones), CASE(a_report_stays_at_the_largest_number),
      CASE(a_modulus_of_2_to_the_16_bytes_more_is_too_long), CASE(wipes_its_scratch));
