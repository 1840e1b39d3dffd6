/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "encoding/number.h"

TEST(numbers_have_their_most_significant_byte_first)
{
    uint8_t bytes[8];
    CHECK(ward_number_put(bytes, 0x0102030405060708u, 8) == bytes + 8);
    for (uint8_t i = 0; i < 8; i++)
        CHECK_NUMBER(bytes[i], i + 1u);
    CHECK_NUMBER(ward_number_get(bytes, 8), 0x0102030405060708u);
    CHECK_NUMBER(ward_number_get(bytes, 3), 0x010203u);
    CHECK_NUMBER(ward_number_get(bytes, 1), 1);
}

TEST(a_number_is_cut_to_its_bytes)
{
    uint8_t bytes[3] = { 9, 9, 9 };
    CHECK(ward_number_put(bytes, 0xabcdef, 2) == bytes + 2);
    CHECK_NUMBER(bytes[0], 0xcd);
    CHECK_NUMBER(bytes[1], 0xef);
    CHECK_NUMBER(bytes[2], 9);
}

SUITE(number, CASE(numbers_have_their_most_significant_byte_first), CASE(a_number_is_cut_to_its_bytes));
