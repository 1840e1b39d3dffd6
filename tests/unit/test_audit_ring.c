/* SPDX-License-Identifier: Apache-2.0 */
/* The ring of the audit: which event goes when another comes, and that no flood washes out what is not its own. */
#include "audit.h"

enum { QUARTER = WARD_AUDIT_EVENTS / 4, REST = WARD_AUDIT_EVENTS - 1 - 2 * QUARTER, FLOOD = 3 * WARD_AUDIT_EVENTS };

static void change(uint8_t owner)
{
    audit_event(WARD_AUDIT_CHANGE, WARD_SUBJECT_DENIED)->owner[0] = owner;
    audit_take();
}

static void flood_of_changes(void)
{
    for (unsigned i = 0; i < FLOOD; i++)
        change(1);
}

static void flood_of_grants(void)
{
    for (unsigned i = 0; i < FLOOD; i++)
        audit_grant();
}

/* Slowly: each of them is written. */
static void flood_of_strangers(void)
{
    for (unsigned i = 0; i < FLOOD; i++) {
        audit_uptime += 8000;
        audit_refuse(WARD_SIGNATURE_INVALID, (uint8_t)i);
    }
}

static void flood_of_public_grants(void)
{
    for (unsigned i = 0; i < FLOOD; i++) {
        audit_uptime += 8000;
        audit_grant_publicly((uint8_t)i);
    }
}

static void flood_of_verified_refusals(void)
{
    for (unsigned i = 0; i < FLOOD; i++)
        audit_refuse_verified(WARD_SCOPE_INSUFFICIENT, (uint8_t)(1 + i % 250));
}

/* How many events of one kind the ring has; with an owner, or without. */
static size_t count_of(uint8_t kind, bool verified)
{
    size_t count = 0;
    for (size_t i = 0; ward_audit_at(&test_audit, i) != NULL; i++) {
        const struct ward_audit_event *const event = ward_audit_at(&test_audit, i);
        count += event->kind == kind && ward_audit_is_verified(event) == verified ? 1u : 0u;
    }
    return count;
}

static size_t verified_count(void)
{
    return count_of(WARD_AUDIT_GRANT, true) + count_of(WARD_AUDIT_REFUSAL, true);
}

static size_t strangers_count(void)
{
    return count_of(WARD_AUDIT_GRANT, false) + count_of(WARD_AUDIT_REFUSAL, false);
}

/* In the order in which they were written, and no slot empty. */
static void check_full(void)
{
    for (size_t i = 1; i < WARD_AUDIT_EVENTS; i++)
        CHECK(ward_audit_at(&test_audit, i)->sequence > ward_audit_at(&test_audit, i - 1)->sequence);
    CHECK(ward_audit_at(&test_audit, WARD_AUDIT_EVENTS) == NULL);
    CHECK(ward_audit_at(&test_audit, WARD_AUDIT_EVENTS + 7) == NULL);
    CHECK_NUMBER(ward_audit_at(&test_audit, 0)->kind, WARD_AUDIT_BOOT);
}

TEST(each_kind_takes_what_the_others_leave_free_and_the_boot_stays)
{
    static void (*const floods[])(void) = { flood_of_changes, flood_of_grants, flood_of_strangers,
                                            flood_of_public_grants, flood_of_verified_refusals };
    for (size_t i = 0; i < sizeof floods / sizeof floods[0]; i++) {
        audit_start();
        floods[i]();
        check_full();
        /* The newest of them, whichever they are. */
        for (size_t j = 1; j < WARD_AUDIT_EVENTS; j++)
            CHECK_NUMBER(ward_audit_at(&test_audit, j)->sequence, test_audit.sequence - WARD_AUDIT_EVENTS + 1 + j);
    }
}

TEST(no_flood_pushes_anything_out_of_its_share)
{
    static void (*const floods[])(void) = { flood_of_changes, flood_of_grants, flood_of_strangers,
                                            flood_of_public_grants, flood_of_verified_refusals };
    /* Each kind of flood first, then all of them, and each again. */
    for (size_t i = 0; i < sizeof floods / sizeof floods[0]; i++) {
        audit_start();
        floods[i]();
        for (size_t j = 0; j < 2 * sizeof floods / sizeof floods[0]; j++)
            floods[j % 5]();
        floods[i]();
        check_full();
        CHECK_NUMBER(count_of(WARD_AUDIT_CHANGE, true), QUARTER);
        CHECK_NUMBER(verified_count(), REST);
        CHECK_NUMBER(strangers_count(), QUARTER);
    }
}

TEST(a_kind_that_is_back_takes_its_share_from_those_that_have_too_much)
{
    audit_start();
    flood_of_strangers();
    CHECK_NUMBER(strangers_count(), WARD_AUDIT_EVENTS - 1);
    for (size_t i = 1; i <= QUARTER; i++) {
        change((uint8_t)i);
        CHECK_NUMBER(count_of(WARD_AUDIT_CHANGE, true), i);
    }
    for (size_t i = 1; i <= REST; i++) {
        audit_grant();
        CHECK_NUMBER(verified_count(), i);
    }
    CHECK_NUMBER(strangers_count(), QUARTER);
    /* Each share is used up now: its own oldest goes. */
    change(200);
    audit_grant();
    CHECK_NUMBER(count_of(WARD_AUDIT_CHANGE, true), QUARTER);
    CHECK_NUMBER(verified_count(), REST);
    CHECK_NUMBER(strangers_count(), QUARTER);
    check_full();
}

TEST(of_a_share_its_newest_events_stay)
{
    audit_start();
    flood_of_changes();
    const uint32_t changed = test_audit.sequence;
    flood_of_grants();
    const uint32_t granted = test_audit.sequence;
    flood_of_strangers();
    for (size_t i = 0; i < QUARTER; i++)
        CHECK_NUMBER(ward_audit_at(&test_audit, 1 + i)->sequence, changed - QUARTER + 1 + i);
    for (size_t i = 0; i < REST; i++)
        CHECK_NUMBER(ward_audit_at(&test_audit, 1 + QUARTER + i)->sequence, granted - REST + 1 + i);
    for (size_t i = 0; i < QUARTER; i++)
        CHECK_NUMBER(ward_audit_at(&test_audit, 1 + QUARTER + REST + i)->sequence,
                     test_audit.sequence - QUARTER + 1 + i);
}

TEST(the_next_event_after_a_number_is_found_whatever_is_missing)
{
    audit_start();
    flood_of_changes();
    flood_of_grants();
    uint32_t sequence = 0;
    for (size_t i = 0; i < WARD_AUDIT_EVENTS; i++) {
        const struct ward_audit_event *const event = ward_audit_after(&test_audit, sequence);
        CHECK(event == ward_audit_at(&test_audit, i));
        CHECK(event == ward_audit_after(&test_audit, event->sequence - 1));
        sequence = event->sequence;
    }
    CHECK(ward_audit_after(&test_audit, sequence) == NULL);
    CHECK(ward_audit_after(&test_audit, UINT32_MAX) == NULL);
}

TEST(every_byte_of_an_owner_makes_it_somebody)
{
    static struct ward_audit_event event;
    memset(&event, 0xff, sizeof event);
    memset(event.owner, 0, sizeof event.owner);
    CHECK(!ward_audit_is_verified(&event));
    for (size_t i = 0; i < sizeof event.owner; i++) {
        memset(event.owner, 0, sizeof event.owner);
        event.owner[i] = 1;
        CHECK(ward_audit_is_verified(&event));
    }
}

SUITE(audit_ring, CASE(each_kind_takes_what_the_others_leave_free_and_the_boot_stays),
      CASE(no_flood_pushes_anything_out_of_its_share),
      CASE(a_kind_that_is_back_takes_its_share_from_those_that_have_too_much), CASE(of_a_share_its_newest_events_stay),
      CASE(the_next_event_after_a_number_is_found_whatever_is_missing), CASE(every_byte_of_an_owner_makes_it_somebody));
