/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "crypto/wipe.h"

TEST(sets_every_byte_to_zero_and_no_other)
{
    uint8_t memory[9];
    memset(memory, 0xa5, sizeof memory);
    ward_wipe(memory + 1, 7);
    CHECK_NUMBER(memory[0], 0xa5);
    CHECK_NUMBER(memory[8], 0xa5);
    for (size_t i = 1; i < 8; i++)
        CHECK_NUMBER(memory[i], 0);
}

TEST(wipes_nothing_when_there_is_nothing)
{
    uint8_t memory = 0xa5;
    ward_wipe(&memory, 0);
    CHECK_NUMBER(memory, 0xa5);
}

SUITE(wipe, CASE(sets_every_byte_to_zero_and_no_other), CASE(wipes_nothing_when_there_is_nothing));
