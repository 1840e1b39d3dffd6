/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks through the header: see header.def. */
#include "token.h"

#define TEXT_16 "0123456789abcdef"
#define TEXT_128 TEXT_16 TEXT_16 TEXT_16 TEXT_16 TEXT_16 TEXT_16 TEXT_16 TEXT_16

#define ATTACK(name, header, result)                                                                                   \
    TEST(refuses_##name)                                                                                               \
    {                                                                                                                  \
        CHECK_STATUS(verify_made(header, USUAL_PAYLOAD), result);                                                      \
    }
#include "header.def"
#undef ATTACK

#define ATTACK(name, header, result) CASE(refuses_##name),
static const struct test_case cases[] = {
#include "header.def"
};
extern const struct test_suite header_attacks_suite;
const struct test_suite header_attacks_suite = { "header_attacks", cases, sizeof cases / sizeof cases[0] };
