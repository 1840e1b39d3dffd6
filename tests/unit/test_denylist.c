/* SPDX-License-Identifier: Apache-2.0 */
/* Who is denied, from when on, and that no entry ever gives way to another. */
#include "access/denylist.h"
#include "crypto_faults.h"
#include "gate.h"

static uint8_t alice[WARD_OWNER_SIZE] = { 1, 2, 3 };
static uint8_t bob[WARD_OWNER_SIZE] = { 1, 2, 4 };

static void begin(void)
{
    gate_start(&usual_policy);
    ask_from(9);
}

static struct ward_status deny(const uint8_t *owner, uint64_t until)
{
    return ward_deny(&test_gate, owner, until, &test_caller);
}

TEST(nobody_is_denied_at_the_start)
{
    static const uint8_t nobody[WARD_OWNER_SIZE];
    begin();
    CHECK(!ward_denied(&test_gate, alice, 0));
    CHECK(!ward_denied(&test_gate, nobody, 0));
    CHECK(!ward_denied(&test_gate, alice, UINT64_MAX));
    CHECK(!ward_undeny(&test_gate, nobody, &test_caller));
}

TEST(a_subject_is_denied_up_to_a_time_of_issue)
{
    begin();
    CHECK_STATUS(deny(alice, 1000), WARD_OK);
    CHECK(ward_denied(&test_gate, alice, 999));
    CHECK(ward_denied(&test_gate, alice, 1000));
    CHECK(!ward_denied(&test_gate, alice, 1001));
    CHECK(!ward_denied(&test_gate, bob, 1000));
}

TEST(a_token_without_time_of_issue_is_denied)
{
    begin();
    CHECK_STATUS(deny(alice, 1), WARD_OK);
    CHECK(ward_denied(&test_gate, alice, 0));
    CHECK_STATUS(deny(bob, 0), WARD_OK);
    CHECK(ward_denied(&test_gate, bob, 0));
    CHECK(!ward_denied(&test_gate, bob, 2));
}

TEST(always_is_always)
{
    begin();
    CHECK_STATUS(deny(alice, WARD_DENY_ALWAYS), WARD_OK);
    CHECK(ward_denied(&test_gate, alice, 0));
    CHECK(ward_denied(&test_gate, alice, UINT64_MAX));
}

TEST(the_later_time_stays)
{
    begin();
    CHECK_STATUS(deny(alice, 1000), WARD_OK);
    CHECK_STATUS(deny(alice, 500), WARD_OK);
    CHECK(ward_denied(&test_gate, alice, 1000));
    CHECK_STATUS(deny(alice, 2000), WARD_OK);
    CHECK(ward_denied(&test_gate, alice, 2000));
}

TEST(an_owner_is_compared_whole)
{
    begin();
    CHECK_STATUS(deny(alice, WARD_DENY_ALWAYS), WARD_OK);
    for (size_t i = 0; i < WARD_OWNER_SIZE; i++) {
        alice[i] ^= 1;
        CHECK(!ward_denied(&test_gate, alice, 1));
        alice[i] ^= 1;
    }
}

static void fill(void)
{
    for (unsigned i = 0; i < WARD_DENY_SLOTS; i++) {
        const uint8_t owner[WARD_OWNER_SIZE] = { 7, (uint8_t)i };
        CHECK_STATUS(deny(owner, WARD_DENY_ALWAYS), WARD_OK);
    }
}

TEST(a_full_list_is_an_error_and_forgets_nobody)
{
    begin();
    fill();
    CHECK_STATUS(deny(alice, WARD_DENY_ALWAYS), WARD_DENY_LIST_FULL);
    CHECK(!ward_denied(&test_gate, alice, 1));
    CHECK_NUMBER(last_event()->reason, WARD_DENY_LIST_FULL);
    for (unsigned i = 0; i < WARD_DENY_SLOTS; i++) {
        const uint8_t owner[WARD_OWNER_SIZE] = { 7, (uint8_t)i };
        CHECK(ward_denied(&test_gate, owner, 1));
    }
}

TEST(in_a_full_list_an_entry_can_still_become_stricter)
{
    const uint8_t owner[WARD_OWNER_SIZE] = { 7, 0 };
    begin();
    CHECK_STATUS(deny(owner, 5), WARD_OK);
    fill();
    CHECK_STATUS(deny(owner, 9), WARD_OK);
    CHECK(ward_denied(&test_gate, owner, 9));
}

TEST(who_is_taken_off_the_list_leaves_a_free_entry)
{
    const uint8_t owner[WARD_OWNER_SIZE] = { 7, 1 };
    begin();
    fill();
    CHECK(ward_undeny(&test_gate, owner, &test_caller));
    CHECK(!ward_denied(&test_gate, owner, 1));
    CHECK(!ward_undeny(&test_gate, owner, &test_caller));
    CHECK_STATUS(deny(alice, WARD_DENY_ALWAYS), WARD_OK);
    CHECK(ward_denied(&test_gate, alice, 1));
}

TEST(everybody_is_denied_up_to_a_time_of_issue)
{
    begin();
    ward_deny_all(&test_gate, 1000, &test_caller);
    CHECK(ward_denied(&test_gate, alice, 1000));
    CHECK(ward_denied(&test_gate, bob, 0));
    CHECK(!ward_denied(&test_gate, alice, 1001));
    ward_deny_all(&test_gate, 500, &test_caller);
    CHECK(ward_denied(&test_gate, alice, 1000));
    ward_deny_all(&test_gate, 1001, &test_caller);
    CHECK(ward_denied(&test_gate, alice, 1001));
}

static void check_change(uint32_t reason, const uint8_t *owner)
{
    const struct ward_audit_event *const event = last_event();
    CHECK_NUMBER(event->kind, WARD_AUDIT_CHANGE);
    CHECK_NUMBER(event->reason, reason);
    CHECK_NUMBER(event->route, WARD_AUDIT_NO_ROUTE);
    CHECK_NUMBER(event->seconds, NOW);
    CHECK_NUMBER(event->trust, WARD_TIME_SET);
    CHECK(memcmp(event->owner, owner, WARD_OWNER_SIZE) == 0);
    CHECK(memcmp(event->peer, test_caller.peer.address, 16) == 0);
}

TEST(changes_are_audited)
{
    static const uint8_t everybody[WARD_OWNER_SIZE];
    begin();
    CHECK_STATUS(deny(alice, 1), WARD_OK);
    check_change(WARD_SUBJECT_DENIED, alice);
    CHECK(ward_undeny(&test_gate, alice, &test_caller));
    check_change(WARD_OK, alice);
    ward_deny_all(&test_gate, 1, &test_caller);
    check_change(WARD_SUBJECT_DENIED, everybody);
    const uint32_t sequence = last_event()->sequence;
    CHECK(!ward_undeny(&test_gate, alice, &test_caller));
    CHECK_NUMBER(last_event()->sequence, sequence);
}

/* ---- A subject under all of its names. */

static const struct ward_text two_issuers[] = { WARD_TEXT("https://a/"), WARD_TEXT("https://b/") };
static struct ward_expect two_names;
static struct ward_policy of_two_names;

static void begin_two_names(const char *authority)
{
    two_names = usual_expect;
    two_names.issuers = (struct ward_texts){ two_issuers, 2 };
    two_names.authority = text(authority);
    of_two_names = usual_policy;
    of_two_names.expect = &two_names;
    gate_start(&of_two_names);
    ask_from(9);
}

static struct ward_status deny_alice(uint64_t until)
{
    return ward_deny_subject(&test_gate, text("alice"), until, &test_caller, &test_work);
}

static struct ward_status undeny_alice(bool *was_denied)
{
    return ward_undeny_subject(&test_gate, text("alice"), &test_caller, &test_work, was_denied);
}

static bool is_denied_under(const char *issuer, const char *subject, uint64_t issued)
{
    uint8_t owner[WARD_OWNER_SIZE];
    CHECK_STATUS(ward_owner_id(text(issuer), text(subject), &test_work, owner), WARD_OK);
    return ward_denied(&test_gate, owner, issued);
}

static unsigned entries(void)
{
    unsigned count = 0;
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        count += test_gate.denials[i].issued_until > 0 ? 1u : 0u;
    return count;
}

TEST(a_subject_is_denied_and_taken_off_under_every_issuer)
{
    bool was_denied = false;
    begin_two_names("");
    CHECK_STATUS(deny_alice(1000), WARD_OK);
    CHECK_NUMBER(entries(), 2);
    for (size_t i = 0; i < 2; i++) {
        CHECK(is_denied_under(two_issuers[i].data, "alice", 1000));
        CHECK(!is_denied_under(two_issuers[i].data, "alice", 1001));
        CHECK(!is_denied_under(two_issuers[i].data, "bob", 1000));
    }
    CHECK_STATUS(undeny_alice(&was_denied), WARD_OK);
    CHECK(was_denied);
    CHECK_NUMBER(entries(), 0);
    CHECK_STATUS(undeny_alice(&was_denied), WARD_OK);
    CHECK(!was_denied);
}

TEST(a_subject_that_is_denied_under_one_name_is_taken_off)
{
    for (size_t i = 0; i < 2; i++) {
        uint8_t owner[WARD_OWNER_SIZE];
        bool was_denied = false;
        begin_two_names("");
        CHECK_STATUS(ward_owner_id(two_issuers[i], text("alice"), &test_work, owner), WARD_OK);
        CHECK_STATUS(deny(owner, 5), WARD_OK);
        CHECK_STATUS(undeny_alice(&was_denied), WARD_OK);
        CHECK(was_denied);
        CHECK_NUMBER(entries(), 0);
    }
}

TEST(a_subject_of_one_authority_has_one_name)
{
    bool was_denied = false;
    begin_two_names("both");
    CHECK_STATUS(deny_alice(0), WARD_OK);
    CHECK_NUMBER(entries(), 1);
    CHECK(is_denied_under("both", "alice", 1));
    CHECK(!is_denied_under("both", "alice", 2));
    CHECK_STATUS(undeny_alice(&was_denied), WARD_OK);
    CHECK(was_denied);
    CHECK_NUMBER(entries(), 0);
}

TEST(where_not_all_names_fit_none_is_denied)
{
    begin_two_names("");
    for (unsigned i = 0; i + 1 < WARD_DENY_SLOTS; i++) {
        const uint8_t owner[WARD_OWNER_SIZE] = { 7, (uint8_t)i };
        CHECK_STATUS(deny(owner, WARD_DENY_ALWAYS), WARD_OK);
    }
    const uint32_t sequence = last_event()->sequence;
    CHECK_STATUS(deny_alice(1000), WARD_DENY_LIST_FULL);
    CHECK_NUMBER(entries(), WARD_DENY_SLOTS - 1);
    CHECK_NUMBER(last_event()->sequence, sequence + 1);
    CHECK_NUMBER(last_event()->reason, WARD_DENY_LIST_FULL);
    for (size_t i = 0; i < 2; i++)
        CHECK(!is_denied_under(two_issuers[i].data, "alice", 1));
    const uint8_t first[WARD_OWNER_SIZE] = { 7, 0 };
    CHECK(ward_undeny(&test_gate, first, &test_caller));
    CHECK_STATUS(deny_alice(1000), WARD_OK);
    CHECK_NUMBER(entries(), WARD_DENY_SLOTS);
    /* The names that it has already need no room. */
    CHECK_STATUS(deny_alice(2000), WARD_OK);
    for (size_t i = 0; i < 2; i++)
        CHECK(is_denied_under(two_issuers[i].data, "alice", 2000));
}

TEST(each_name_is_audited)
{
    uint8_t owner[WARD_OWNER_SIZE];
    bool was_denied;
    begin_two_names("");
    const uint32_t sequence = last_event()->sequence;
    CHECK_STATUS(deny_alice(1000), WARD_OK);
    CHECK_STATUS(ward_owner_id(two_issuers[1], text("alice"), &test_work, owner), WARD_OK);
    check_change(WARD_SUBJECT_DENIED, owner);
    CHECK_NUMBER(last_event()->sequence, sequence + 2);
    CHECK_STATUS(undeny_alice(&was_denied), WARD_OK);
    check_change(WARD_OK, owner);
    CHECK_NUMBER(last_event()->sequence, sequence + 4);
}

TEST(an_id_that_cannot_be_computed_changes_nothing)
{
    bool was_denied;
    begin_two_names("");
    crypto_fail_at(0, 0);
    CHECK_STATUS(deny_alice(1000), WARD_OK);
    for (unsigned call = 1; call <= 12; call++) {
        begin_two_names("");
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(deny_alice(1000), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(entries(), 0);
        crypto_fail_at(0, 0);
        CHECK_STATUS(deny_alice(1000), WARD_OK);
        was_denied = true;
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(undeny_alice(&was_denied), WARD_CRYPTO_FAILED);
        crypto_fail_at(0, 0);
        CHECK(!was_denied);
        CHECK_NUMBER(entries(), 2);
    }
}

TEST(a_gate_that_was_not_started_denies_no_subject)
{
    bool was_denied = true;
    begin();
    test_gate.policy = NULL;
    CHECK_STATUS(deny_alice(1), WARD_POLICY_EXPECT);
    CHECK_STATUS(undeny_alice(&was_denied), WARD_POLICY_EXPECT);
    CHECK(!was_denied);
    CHECK_NUMBER(entries(), 0);
}

/* ---- The lock. */

static int depth;
static unsigned locks;

static void lock(void *context)
{
    CHECK(context == &depth);
    CHECK_NUMBER(depth, 0);
    depth++;
    locks++;
}

static void unlock(void *context)
{
    CHECK(context == &depth);
    CHECK_NUMBER(depth, 1);
    depth--;
}

TEST(each_change_is_made_under_the_lock)
{
    const struct ward_hooks hooks = { lock, unlock, &depth };
    depth = 0;
    locks = 0;
    CHECK_STATUS(ward_gate_begin(&test_gate, &usual_policy, usual_keys(), &hooks, ward_time_set(NOW)), WARD_OK);
    CHECK_STATUS(deny(alice, 1), WARD_OK);
    CHECK_NUMBER(locks, 1);
    CHECK(ward_undeny(&test_gate, alice, &test_caller));
    CHECK_NUMBER(locks, 2);
    CHECK(!ward_undeny(&test_gate, alice, &test_caller));
    CHECK_NUMBER(locks, 3);
    ward_deny_all(&test_gate, 1, &test_caller);
    CHECK_NUMBER(locks, 4);
    ward_gate_forget(&test_gate);
    CHECK_NUMBER(locks, 5);
    bool was_denied;
    CHECK_STATUS(deny_alice(1), WARD_OK);
    CHECK_NUMBER(locks, 6);
    CHECK_STATUS(undeny_alice(&was_denied), WARD_OK);
    CHECK_NUMBER(locks, 7);
    CHECK_NUMBER(depth, 0);
}

SUITE(denylist, CASE(nobody_is_denied_at_the_start), CASE(a_subject_is_denied_up_to_a_time_of_issue),
      CASE(a_token_without_time_of_issue_is_denied), CASE(always_is_always), CASE(the_later_time_stays),
      CASE(an_owner_is_compared_whole), CASE(a_full_list_is_an_error_and_forgets_nobody),
      CASE(in_a_full_list_an_entry_can_still_become_stricter), CASE(who_is_taken_off_the_list_leaves_a_free_entry),
      CASE(everybody_is_denied_up_to_a_time_of_issue), CASE(changes_are_audited),
      CASE(a_subject_is_denied_and_taken_off_under_every_issuer),
      CASE(a_subject_that_is_denied_under_one_name_is_taken_off), CASE(a_subject_of_one_authority_has_one_name),
      CASE(where_not_all_names_fit_none_is_denied), CASE(each_name_is_audited),
      CASE(an_id_that_cannot_be_computed_changes_nothing), CASE(a_gate_that_was_not_started_denies_no_subject),
      CASE(each_change_is_made_under_the_lock));
