/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

static const struct ward_text long_text[17] = { WARD_TEXT("1"),  WARD_TEXT("2"),  WARD_TEXT("3"),  WARD_TEXT("4"),
                                                WARD_TEXT("5"),  WARD_TEXT("6"),  WARD_TEXT("7"),  WARD_TEXT("8"),
                                                WARD_TEXT("9"),  WARD_TEXT("10"), WARD_TEXT("11"), WARD_TEXT("12"),
                                                WARD_TEXT("13"), WARD_TEXT("14"), WARD_TEXT("15"), WARD_TEXT("16"),
                                                WARD_TEXT("17") };
static char bytes[300];
static const struct ward_claim_rule rule = { WARD_TEXT("token_use"), WARD_TEXT("access") };

static struct ward_expect good(void)
{
    const struct ward_expect expect = { .issuers = { long_text, 1 }, .audiences = { long_text, 1 } };
    return expect;
}

static struct ward_texts one_of(struct ward_text *item, size_t length)
{
    *item = ward_text_of(bytes, length);
    return (struct ward_texts){ item, 1 };
}

TEST(accepts_what_an_auth0_api_needs)
{
    const struct ward_expect expect = good();
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
}

TEST(issuers_are_1_to_4_of_1_to_255_bytes)
{
    struct ward_text item;
    struct ward_expect expect = good();
    expect.issuers.count = 0;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_ISSUERS);
    expect.issuers.count = 4;
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.issuers.count = 5;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_ISSUERS);
    expect.issuers = (struct ward_texts){ NULL, 1 };
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_ISSUERS);
    expect.issuers = one_of(&item, 0);
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_ISSUERS);
    expect.issuers = one_of(&item, 255);
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.issuers = one_of(&item, 256);
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_ISSUERS);
}

TEST(an_authority_has_at_most_255_bytes)
{
    struct ward_expect expect = good();
    expect.authority = ward_text_of(bytes, 255);
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.authority = ward_text_of(bytes, 256);
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_AUTHORITY);
}

TEST(audiences_are_1_to_4_of_1_to_255_bytes)
{
    struct ward_text item;
    struct ward_expect expect = good();
    expect.audiences.count = 0;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_AUDIENCES);
    expect.audiences.count = 4;
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.audiences.count = 5;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_AUDIENCES);
    expect.audiences = one_of(&item, 0);
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_AUDIENCES);
    expect.audiences = one_of(&item, 256);
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_AUDIENCES);
}

TEST(an_absent_audience_needs_clients_or_claims_in_its_place)
{
    struct ward_expect expect = good();
    expect.audience_absent = true;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_AUDIENCE_ABSENT);
    expect.audiences.count = 0;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_AUDIENCE_ABSENT);
    expect.clients = (struct ward_texts){ long_text, 1 };
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.clients.count = 0;
    expect.claims = &rule;
    expect.claim_count = 1;
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.clients.count = 1;
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.audiences.count = 1;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_AUDIENCE_ABSENT);
}

TEST(clients_are_at_most_16)
{
    struct ward_text item;
    struct ward_expect expect = good();
    expect.clients = (struct ward_texts){ long_text, 16 };
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.clients.count = 17;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_CLIENTS);
    expect.clients = one_of(&item, 0);
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_CLIENTS);
    expect.clients = (struct ward_texts){ NULL, 1 };
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_CLIENTS);
}

TEST(claims_are_at_most_8_with_name_and_value)
{
    struct ward_claim_rule rules[9];
    struct ward_expect expect = good();
    for (size_t i = 0; i < 9; i++)
        rules[i] = rule;
    expect.claims = rules;
    expect.claim_count = 8;
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.claim_count = 9;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_CLAIMS);
    expect.claim_count = 1;
    rules[0].name.length = 0;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_CLAIMS);
    rules[0] = rule;
    expect.claim_count = 2;
    rules[1].name.length = 0;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_CLAIMS);
    rules[1] = rule;
    rules[1].value.length = 0;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_CLAIMS);
    expect.claims = NULL;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_CLAIMS);
    expect.claim_count = 1;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_CLAIMS);
}

TEST(leeway_is_at_most_300_seconds)
{
    struct ward_expect expect = good();
    expect.leeway = 300;
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.leeway = 301;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_LEEWAY);
    expect.leeway = UINT32_MAX - 1;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_LEEWAY);
    expect.leeway = WARD_NO_LEEWAY;
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
}

TEST(lifetime_and_age_are_at_most_ten_years)
{
    const uint32_t ten_years = 10u * 366u * 86400u;
    struct ward_expect expect = good();
    expect.max_lifetime = ten_years;
    expect.max_age = ten_years;
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.max_lifetime = ten_years + 1;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_MAX_LIFETIME);
    expect.max_lifetime = 0;
    expect.max_age = ten_years + 1;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_MAX_AGE);
}

TEST(names_are_at_most_64_bytes)
{
    struct ward_expect expect = good();
    expect.type = ward_text_of(bytes, 64);
    expect.scope_claim = ward_text_of(bytes, 64);
    CHECK_STATUS(ward_expect_check(&expect), WARD_OK);
    expect.type.length = 65;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_TYPE);
    expect.type.length = 0;
    expect.scope_claim.length = 65;
    CHECK_STATUS(ward_expect_check(&expect), WARD_EXPECT_SCOPE_CLAIM);
}

SUITE(expect, CASE(accepts_what_an_auth0_api_needs), CASE(issuers_are_1_to_4_of_1_to_255_bytes),
      CASE(an_authority_has_at_most_255_bytes), CASE(audiences_are_1_to_4_of_1_to_255_bytes),
      CASE(an_absent_audience_needs_clients_or_claims_in_its_place), CASE(clients_are_at_most_16),
      CASE(claims_are_at_most_8_with_name_and_value), CASE(leeway_is_at_most_300_seconds),
      CASE(lifetime_and_age_are_at_most_ten_years), CASE(names_are_at_most_64_bytes));
