/* SPDX-License-Identifier: Apache-2.0 */
/* Whom bundles deny: what an entry may say, how many there may be, and that a device's own list is another one. */
#include "bundle_fixture.h"
#include "ward/denials.h"

#if WARD_MAX_BUNDLE > 0

#define SOMEONE "auth0|someone"
#define UNTIL "\"issued_until\":"

static uint64_t seq;

static void begin(void)
{
    bundle_begin();
    seq = 1;
}

/* The next bundle, with this list. */
static struct ward_status deny(const char *list)
{
    words.seq = seq++;
    words.deny = list;
    return bundle_take();
}

TEST(a_subject_is_denied_for_what_was_issued_up_to_a_time)
{
    begin();
    CHECK_STATUS(deny("[{\"sub\":\"" SOMEONE "\"," UNTIL NOW_TEXT "}]"), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 1);
    CHECK_STATUS(deny("[{\"sub\":\"" SOMEONE "\"," UNTIL "1767225599}]"), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_OK);
    CHECK_STATUS(deny("[{" UNTIL "\"always\",\"sub\":\"auth0|som\\u0065one\"}]"), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    CHECK_STATUS(deny("[]"), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_OK);
    CHECK_STATUS(deny(NULL), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_OK);
}

TEST(an_owner_id_is_denied_in_hexadecimal)
{
    static char list[] = "[{\"owner\":\"00000000000000000000000000000000\"," UNTIL "\"always\"}]";
    static const char digits[] = "0123456789abcdef";
    uint8_t owner[WARD_OWNER_SIZE];
    begin();
    CHECK_STATUS(ward_owner_id(text(ISSUER), text(SOMEONE), &test_work, owner), WARD_OK);
    for (size_t i = 0; i < sizeof owner; i++) {
        list[11 + 2 * i] = digits[owner[i] >> 4];
        list[12 + 2 * i] = digits[owner[i] & 15];
    }
    CHECK_STATUS(deny(list), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_OK);
    list[11] = list[11] == '0' ? '1' : '0';
    CHECK_STATUS(deny(list), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_OK);
}

TEST(everybody_is_denied_up_to_the_latest_time)
{
    begin();
    CHECK_STATUS(deny("[{\"everybody\":true," UNTIL NOW_TEXT "},{\"everybody\":true," UNTIL "1}]"), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).issued_until, NOW);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 0);
    CHECK_STATUS(deny("[{\"everybody\":true," UNTIL "1767225599}]"), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_OK);
    /* A time of 0 denies those that do not say when. */
    CHECK_STATUS(deny("[{\"everybody\":true," UNTIL "0}]"), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).issued_until, 1);
}

TEST(the_later_time_of_a_subject_counts)
{
    begin();
    CHECK_STATUS(deny("[{\"sub\":\"" SOMEONE "\"," UNTIL NOW_TEXT "},{\"sub\":\"" SOMEONE "\"," UNTIL "5}]"), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 1);
}

TEST(an_entry_that_is_not_right_refuses_the_bundle)
{
    static const char *const lists[] = {
        "{}",
        "5",
        "\"[]\"",
        "null",
        "[5]",
        "[[]]",
        "[{}]",
        "[{\"sub\":\"a\"}]",
        "[{" UNTIL "1}]",
        "[{\"sub\":\"a\"," UNTIL "1,\"owner\":\"00000000000000000000000000000000\"}]",
        "[{\"sub\":\"a\"," UNTIL "1,\"x\":1}]",
        "[{\"sub\":\"a\",\"until\":1}]",
        "[{\"sub\":\"a\"," UNTIL "\"never\"}]",
        "[{\"sub\":\"a\"," UNTIL "-1}]",
        "[{\"sub\":\"a\"," UNTIL "1.5}]",
        "[{\"sub\":\"a\"," UNTIL "9007199254740993}]",
        "[{\"sub\":\"a\"," UNTIL "true}]",
        "[{\"sub\":\"a\"," UNTIL "null}]",
        "[{\"sub\":5," UNTIL "1}]",
        "[{\"sub\":[\"a\"]," UNTIL "1}]",
        "[{\"sub\":\"a\\u0000b\"," UNTIL "1}]",
        "[{\"owner\":5," UNTIL "1}]",
        "[{\"owner\":\"0000000000000000000000000000000\"," UNTIL "1}]",
        "[{\"owner\":\"000000000000000000000000000000000\"," UNTIL "1}]",
        "[{\"owner\":\"0000000000000000000000000000000g\"," UNTIL "1}]",
        "[{\"owner\":\"0000000000000000000000000000000A\"," UNTIL "1}]",
        "[{\"owner\":\"000000000000000000000000000000/0\"," UNTIL "1}]",
        "[{\"owner\":\"000000000000000000000000000000:0\"," UNTIL "1}]",
        "[{\"owner\":\"000000000000000000000000000000`0\"," UNTIL "1}]",
        "[{\"everybody\":false," UNTIL "1}]",
        "[{\"everybody\":\"true\"," UNTIL "1}]",
        "[{\"everybody\":1," UNTIL "1}]",
        "[{\"sub\":\"a\"," UNTIL "1},{}]",
    };
    begin();
    CHECK_STATUS(deny("[{\"sub\":\"" SOMEONE "\"," UNTIL "\"always\"}]"), WARD_OK);
    words.seq = 2;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        words.deny = lists[i];
        bundle_refuse(WARD_BUNDLE_DENIALS_INVALID);
    }
    words.deny = "[{\"sub\":\"a\",\"sub\":\"b\"," UNTIL "1}]";
    bundle_refuse(WARD_JSON_DUPLICATE_MEMBER);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

/* A list of so many owner ids. */
static const char *owners(size_t count)
{
    static char list[(WARD_DENY_SLOTS + 2) * 64 + 8];
    static const char entry[] = "{\"owner\":\"00000000000000000000000000000000\",\"issued_until\":1}";
    size_t at = 1;
    memcpy(list, "[", 1);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            list[at++] = ',';
        memcpy(list + at, entry, sizeof entry - 1);
        list[at + 10] = (char)('0' + i / 100);
        list[at + 11] = (char)('0' + i / 10 % 10);
        list[at + 12] = (char)('0' + i % 10);
        at += sizeof entry - 1;
    }
    memcpy(list + at, "]", 2);
    return list;
}

TEST(a_list_that_does_not_fit_refuses_the_bundle_by_name)
{
    begin();
    CHECK_STATUS(deny(owners(WARD_DENY_SLOTS)), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, WARD_DENY_SLOTS);
    words.seq = 2;
    words.deny = owners(WARD_DENY_SLOTS + 1);
    bundle_refuse(WARD_BUNDLE_DENIALS_FULL);
}

TEST(a_subject_has_as_many_names_as_the_policy_has_issuers)
{
    static struct ward_expect two;
    static const struct ward_text issuers[] = { WARD_TEXT(ISSUER), WARD_TEXT("https://login.example/") };
    begin();
    two = usual_expect;
    two.issuers.item = issuers;
    two.issuers.count = 2;
    bundle_config.expect = &two;
    CHECK_STATUS(deny("[{\"sub\":\"" SOMEONE "\"," UNTIL "1}]"), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 2);
    two.authority = text("ours");
    CHECK_STATUS(deny("[{\"sub\":\"" SOMEONE "\"," UNTIL "1}]"), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 1);
    bundle_config.expect = &usual_expect;
}

/* The subject's longest name, one byte more, and none. */
TEST(a_subject_has_255_bytes_at_most)
{
    static char list[400];
    begin();
    for (size_t length = 254; length < 258; length++) {
        memcpy(list, "[{\"sub\":\"", 9);
        memset(list + 9, 'a', length);
        memcpy(list + 9 + length, "\"," UNTIL "1}]", sizeof "\"," UNTIL "1}]");
        CHECK_STATUS(deny(list), length <= 255 ? WARD_OK : WARD_BUNDLE_DENIALS_INVALID);
    }
    CHECK_STATUS(deny("[{\"sub\":\"\"," UNTIL "1}]"), WARD_OK);
}

TEST(a_bundle_takes_back_what_bundles_denied_and_nothing_else)
{
    begin();
    CHECK_STATUS(deny("[{\"sub\":\"" SOMEONE "\"," UNTIL "\"always\"}]"), WARD_OK);
    test_caller.now = ring_time;
    deny_subject("auth0|other", WARD_DENY_ALWAYS);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_SUBJECT_DENIED);
    CHECK_STATUS(deny(NULL), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_OK);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_SUBJECT_DENIED);
    CHECK_STATUS(deny("[{\"sub\":\"auth0|other\"," UNTIL "\"always\"}]"), WARD_OK);
    CHECK_STATUS(ward_deny_reset(&test_gate, &test_caller), WARD_OK);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_SUBJECT_DENIED);
    CHECK_STATUS(deny(NULL), WARD_OK);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_OK);
}

SUITE(bundle_deny, CASE(a_subject_is_denied_for_what_was_issued_up_to_a_time),
      CASE(an_owner_id_is_denied_in_hexadecimal), CASE(everybody_is_denied_up_to_the_latest_time),
      CASE(the_later_time_of_a_subject_counts), CASE(an_entry_that_is_not_right_refuses_the_bundle),
      CASE(a_list_that_does_not_fit_refuses_the_bundle_by_name),
      CASE(a_subject_has_as_many_names_as_the_policy_has_issuers), CASE(a_subject_has_255_bytes_at_most),
      CASE(a_bundle_takes_back_what_bundles_denied_and_nothing_else));

#else

TEST(without_bundles_only_the_devices_own_list_denies)
{
    gate_start(&usual_policy);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
}

SUITE(bundle_deny, CASE(without_bundles_only_the_devices_own_list_denies));

#endif
