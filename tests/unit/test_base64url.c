/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "encoding/base64url.h"
#include "guard.h"

/* From memory that ends where the input ends. */
static bool decode(const char *in, size_t length, uint8_t *out)
{
    return ward_base64url_decode(guard_copy(in, length), length, out);
}

static void check_decodes(const char *in, const char *expected)
{
    char out[64];
    const size_t length = ward_base64url_decoded_length(strlen(in));
    CHECK(decode(in, strlen(in), (uint8_t *)out));
    CHECK_TEXT(ward_text_of(out, length), expected);
}

static bool decodes(const char *in)
{
    uint8_t out[64];
    return decode(in, strlen(in), out);
}

TEST(decodes_the_examples_of_rfc_4648)
{
    check_decodes("", "");
    check_decodes("Zg", "f");
    check_decodes("Zm8", "fo");
    check_decodes("Zm9v", "foo");
    check_decodes("Zm9vYg", "foob");
    check_decodes("Zm9vYmE", "fooba");
    check_decodes("Zm9vYmFy", "foobar");
}

TEST(decodes_the_whole_alphabet)
{
    static const uint8_t expected[] = { 0x00, 0x10, 0x83, 0x10, 0x51, 0x87, 0x20, 0x92, 0x8b, 0x30, 0xd3, 0x8f,
                                        0x41, 0x14, 0x93, 0x51, 0x55, 0x97, 0x61, 0x96, 0x9b, 0x71, 0xd7, 0x9f,
                                        0x82, 0x18, 0xa3, 0x92, 0x59, 0xa7, 0xa2, 0x9a, 0xab, 0xb2, 0xdb, 0xaf,
                                        0xc3, 0x1c, 0xb3, 0xd3, 0x5d, 0xb7, 0xe3, 0x9e, 0xbb, 0xf3, 0xdf, 0xbf };
    uint8_t out[48];
    CHECK(decode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 64, out));
    CHECK(memcmp(out, expected, sizeof expected) == 0);
}

TEST(refuses_every_other_character)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int c = 0; c < 256; c++) {
        const bool known = c != 0 && strchr(alphabet, c) != NULL;
        /* Four are decoded at a time, and one by one what is left: the last of them may not set its unused bits. */
        for (size_t place = 0; place < 6; place++) {
            char in[7] = { 'A', 'A', 'A', 'A', 'A', 'A', 'A' };
            uint8_t out[5];
            in[place] = (char)c;
            CHECK(decode(in, sizeof in, out) == known);
        }
    }
}

TEST(refuses_padding_and_space)
{
    CHECK(!decodes("Zg=="));
    CHECK(!decodes("Zm8="));
    CHECK(!decodes("Zm9v\n"));
    CHECK(!decodes(" Zm9v"));
    CHECK(!decodes("Zm9v Zm9v"));
}

TEST(refuses_a_lone_character)
{
    CHECK(!decodes("A"));
    CHECK(!decodes("Zm9vA"));
}

TEST(refuses_unused_bits_that_are_set)
{
    CHECK(decodes("Zg"));
    CHECK(!decodes("Zh"));
    CHECK(!decodes("Zv"));
    CHECK(decodes("Zm8"));
    CHECK(!decodes("Zm9"));
    CHECK(!decodes("Zm-"));
}

TEST(decodes_in_place)
{
    char text_in[] = "Zm9vYmFy";
    CHECK(ward_base64url_decode(text_in, 8, (uint8_t *)text_in));
    CHECK_TEXT(ward_text_of(text_in, 6), "foobar");
}

TEST(tells_the_decoded_length)
{
    static const size_t expected[] = { 0, 0, 1, 2, 3, 3, 4, 5, 6 };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        CHECK_NUMBER(ward_base64url_decoded_length(i), expected[i]);
    CHECK_NUMBER(ward_base64url_decoded_length(342), 256);
}

/* Each byte at each place of two fours and what is after them. */
TEST(spans_as_far_as_the_alphabet_goes)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t length = 0; length <= 11; length++) {
        CHECK_NUMBER(ward_base64url_span(guard_copy("A-z_09aZB8y", length), length), length);
        for (size_t at = 0; at < length; at++) {
            for (unsigned byte = 0; byte < 256; byte++) {
                char *const in = guard_copy("A-z_09aZB8y", length);
                in[at] = (char)byte;
                const bool inside = byte != 0 && strchr(alphabet, (int)byte) != NULL;
                CHECK_NUMBER(ward_base64url_span(in, length), inside ? length : at);
            }
        }
    }
}

TEST(equal_is_the_one_text_of_these_bytes)
{
    static const uint8_t bytes[] = { 0x00, 0xff, 0x10, 0x83, 0x3e, 0xa0 };
    static const char *const texts[] = { "", "AA", "AP8", "AP8Q", "AP8Qgw", "AP8Qgz4", "AP8Qgz6g" };
    for (size_t size = 0; size <= sizeof bytes; size++) {
        const size_t length = strlen(texts[size]);
        CHECK(ward_base64url_equal(texts[size], length, (const uint8_t *)guard_copy(bytes, size)));
        for (size_t at = 0; at < length; at++) {
            for (unsigned byte = 0; byte < 256; byte++) {
                char *const other = guard_copy(texts[size], length);
                other[at] = (char)byte;
                CHECK(ward_base64url_equal(other, length, bytes) == ((char)byte == texts[size][at]));
            }
        }
    }
    CHECK(!ward_base64url_equal("A", 1, bytes));
    CHECK(!ward_base64url_equal("AP8QA", 5, bytes));
}

SUITE(base64url, CASE(equal_is_the_one_text_of_these_bytes), CASE(spans_as_far_as_the_alphabet_goes),
      CASE(decodes_the_examples_of_rfc_4648), CASE(decodes_the_whole_alphabet), CASE(refuses_every_other_character),
      CASE(refuses_padding_and_space), CASE(refuses_a_lone_character), CASE(refuses_unused_bits_that_are_set),
      CASE(decodes_in_place), CASE(tells_the_decoded_length));
