/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks through the payload: see payload.def. */
#include "token.h"

#define TEXT_15 "0123456789abcde"
#define TEXT_240 TEXT_60 TEXT_60 TEXT_60 TEXT_60
#define TEXT_60 TEXT_15 TEXT_15 TEXT_15 TEXT_15
#define TEXT_255 TEXT_240 TEXT_15

#define ATTACK(name, payload, result)                                                                                  \
    TEST(refuses_##name)                                                                                               \
    {                                                                                                                  \
        CHECK_STATUS(verify_made(USUAL_HEADER, payload), result);                                                      \
    }
#include "payload.def"
#undef ATTACK

#define ATTACK(name, payload, result) CASE(refuses_##name),
static const struct test_case cases[] = {
#include "payload.def"
};
extern const struct test_suite payload_attacks_suite;
const struct test_suite payload_attacks_suite = { "payload_attacks", cases, sizeof cases / sizeof cases[0] };
