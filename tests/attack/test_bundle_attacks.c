/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks through a bundle: see bundle.def; and every header that no token may have (header.def) over a bundle. Each changes nothing. */
#include "bundle_fixture.h"

#if WARD_MAX_BUNDLE > 0

#define TEXT_16 "0123456789abcdef"
#define TEXT_128 TEXT_16 TEXT_16 TEXT_16 TEXT_16 TEXT_16 TEXT_16 TEXT_16 TEXT_16

static void attack_begin(void)
{
    bundle_begin();
    words.seq = 5;
    words.deny = "[{\"sub\":\"auth0|denied\",\"issued_until\":\"always\"}]";
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_usual();
    words.seq = 6;
}

#define ATTACK(name, change, result)                                                                                   \
    TEST(refuses_##name)                                                                                               \
    {                                                                                                                  \
        attack_begin();                                                                                                \
        change;                                                                                                        \
        bundle_refuse(result);                                                                                         \
        CHECK_STATUS(bundle_ask("auth0|denied"), WARD_SUBJECT_DENIED);                                                 \
    }
#include "bundle.def"
#undef ATTACK

TEST(refuses_each_header_that_no_token_may_have)
{
#define ATTACK(name, header, result) header,
    static const char *const headers[] = {
#include "header.def"
    };
#undef ATTACK
    attack_begin();
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        words.header = headers[i];
        CHECK(!ward_ok(bundle_take()));
        CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 5);
    }
    words.header = BUNDLE_HEADER("c");
    CHECK_STATUS(bundle_take(), WARD_OK);
}

#define ATTACK(name, change, result) CASE(refuses_##name),
static const struct test_case cases[] = {
#include "bundle.def"
    CASE(refuses_each_header_that_no_token_may_have)
};

#else

TEST(without_bundles_each_is_refused)
{
    static char bundle[] = "e30.e30.AA";
    ring_usual();
    ring_begin();
    CHECK_STATUS(ward_keyring_bundle(&ring, bundle, sizeof bundle - 1, ring_time, ring_uptime, &test_work),
                 WARD_BUNDLE_NOT_CONFIGURED);
}

static const struct test_case cases[] = { CASE(without_bundles_each_is_refused) };

#endif

extern const struct test_suite bundle_attacks_suite;
const struct test_suite bundle_attacks_suite = { "bundle_attacks", cases, sizeof cases / sizeof cases[0] };
