/* SPDX-License-Identifier: Apache-2.0 */
/* Which policies can be used, and which field is named where one cannot. */
#include "gate.h"

static struct ward_policy policy;

static void begin(void)
{
    policy = usual_policy;
}

#define CHECK_POLICY(code) CHECK_STATUS(ward_policy_check(&policy), code)

TEST(a_policy_of_defaults_can_be_used)
{
    begin();
    CHECK_POLICY(WARD_OK);
}

TEST(expectations_are_needed_and_checked)
{
    static const struct ward_expect empty;
    begin();
    policy.expect = NULL;
    CHECK_POLICY(WARD_POLICY_EXPECT);
    policy.expect = &empty;
    CHECK_POLICY(WARD_EXPECT_ISSUERS);
}

TEST(each_rate_is_checked)
{
    static const struct ward_rate wrong[] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 }, { 1, 1, 0 }, { 1001, 1, 1 } };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        begin();
        policy.signature_rate = wrong[i];
        CHECK_POLICY(WARD_POLICY_SIGNATURE_RATE);
        begin();
        policy.signature_rate_per_peer = wrong[i];
        CHECK_POLICY(WARD_POLICY_PEER_RATE);
        begin();
        policy.signature_reserve = wrong[i];
        CHECK_POLICY(WARD_POLICY_SIGNATURE_RESERVE);
        begin();
        policy.subject = wrong[i];
        CHECK_POLICY(WARD_POLICY_SUBJECT_RATE);
    }
    begin();
    policy.signature_rate = policy.signature_rate_per_peer = policy.signature_reserve = policy.subject =
        (struct ward_rate){ 2, 1, 3 };
    CHECK_POLICY(WARD_OK);
}

TEST(scopes_come_from_a_known_claim)
{
    begin();
    for (policy.scopes_from = 0; policy.scopes_from <= WARD_FROM_BOTH; policy.scopes_from++)
        CHECK_POLICY(WARD_OK);
    CHECK_POLICY(WARD_POLICY_SCOPES_FROM);
    policy.scopes_from = 255;
    CHECK_POLICY(WARD_POLICY_SCOPES_FROM);
}

TEST(a_realm_can_stand_between_quotes)
{
    static const char *const right[] = { "", "api", " !#$~", "[]" };
    static const char *const wrong[] = { "a\"", "\\", "a\r\nb", "\x7f", "\x1f", "\xc3\xa4", "\t" };
    begin();
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        policy.realm = text(right[i]);
        CHECK_POLICY(WARD_OK);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        policy.realm = text(wrong[i]);
        CHECK_POLICY(WARD_POLICY_REALM);
    }
}

TEST(a_realm_has_at_most_64_characters)
{
    static const char letters[] = "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr";
    begin();
    policy.realm = ward_text_of(letters, 64);
    CHECK_POLICY(WARD_OK);
    policy.realm = ward_text_of(letters, 65);
    CHECK_POLICY(WARD_POLICY_REALM);
}

static void check_origin(const char *origin, size_t length, enum ward_code code)
{
    const struct ward_text item = ward_text_of(origin, length);
    policy.origins = (struct ward_texts){ &item, 1 };
    CHECK_POLICY(code);
}

TEST(origins_are_printable_and_of_1_to_255_characters)
{
    static char letters[256];
    memset(letters, 'o', sizeof letters);
    begin();
    check_origin("https://app.example", 19, WARD_OK);
    check_origin("", 0, WARD_POLICY_ORIGINS);
    check_origin("https://a\r\nX: y", 15, WARD_POLICY_ORIGINS);
    check_origin("\"", 1, WARD_POLICY_ORIGINS);
    check_origin(letters, 255, WARD_OK);
    check_origin(letters, 256, WARD_POLICY_ORIGINS);
}

TEST(there_are_at_most_8_origins_and_all_are_looked_at)
{
    static struct ward_text items[9];
    for (size_t i = 0; i < 9; i++)
        items[i] = text("https://app.example");
    begin();
    policy.origins = (struct ward_texts){ items, 8 };
    CHECK_POLICY(WARD_OK);
    items[7] = text("");
    CHECK_POLICY(WARD_POLICY_ORIGINS);
    items[7] = items[0];
    policy.origins.count = 9;
    CHECK_POLICY(WARD_POLICY_ORIGINS);
    policy.origins = (struct ward_texts){ NULL, 1 };
    CHECK_POLICY(WARD_POLICY_ORIGINS);
}

TEST(resource_metadata_is_an_https_url_that_can_stand_between_quotes)
{
    static const char *const right[] = { "", "https://a",
                                         "https://[::1]:8443/.well-known/oauth-protected-resource?a=!~#" };
    static const char *const wrong[] = { "https://",     "http://a.example/", "HTTPS://a.example/", "a",
                                         "https://a b",  "https://a\"",       "https://a\\b",       "https://a\r\nX: y",
                                         "https://\x7f", "https://\x1f",      "https://\xc3\xa4",   "https:///\t" };
    begin();
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        policy.resource_metadata = text(right[i]);
        CHECK_POLICY(WARD_OK);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        policy.resource_metadata = text(wrong[i]);
        CHECK_POLICY(WARD_POLICY_RESOURCE_METADATA);
    }
}

TEST(resource_metadata_has_at_most_255_characters)
{
    static char letters[257] = "https://";
    memset(letters + 8, 'm', sizeof letters - 8);
    begin();
    policy.resource_metadata = ward_text_of(letters, 255);
    CHECK_POLICY(WARD_OK);
    policy.resource_metadata = ward_text_of(letters, 256);
    CHECK_POLICY(WARD_POLICY_RESOURCE_METADATA);
}

/* A gate begins with no policy that its challenges could not carry. */
TEST(a_gate_does_not_begin_with_metadata_that_breaks_the_rule)
{
    static struct ward_gate gate;
    begin();
    policy.resource_metadata = text("https://a\", x=\"");
    CHECK_STATUS(ward_gate_begin(&gate, &policy, usual_keys(), NULL, ward_time_set(NOW)),
                 WARD_POLICY_RESOURCE_METADATA);
    CHECK(gate.policy == NULL);
}

SUITE(policy, CASE(a_policy_of_defaults_can_be_used), CASE(expectations_are_needed_and_checked),
      CASE(each_rate_is_checked), CASE(scopes_come_from_a_known_claim), CASE(a_realm_can_stand_between_quotes),
      CASE(a_realm_has_at_most_64_characters), CASE(origins_are_printable_and_of_1_to_255_characters),
      CASE(resource_metadata_is_an_https_url_that_can_stand_between_quotes),
      CASE(resource_metadata_has_at_most_255_characters),
      CASE(a_gate_does_not_begin_with_metadata_that_breaks_the_rule),
      CASE(there_are_at_most_8_origins_and_all_are_looked_at));
