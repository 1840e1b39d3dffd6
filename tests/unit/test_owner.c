/* SPDX-License-Identifier: Apache-2.0 */
/* Owner ids: against digests that Python's hashlib computed, and what they own. */
#include "access/owner.h"
#include "crypto_faults.h"
#include "gate.h"

static uint8_t owner[WARD_OWNER_SIZE];

struct known {
    const char *issuer;
    const char *subject;
    uint8_t owner[WARD_OWNER_SIZE];
};

/* SHA-256("ward owner id 1" NUL, both lengths in 4 bytes, issuer, subject), its first 16 bytes. */
static const struct known known[] = {
    { ISSUER,
      "auth0|65f0c0ffee",
      { 0x8e, 0x49, 0xac, 0xda, 0xd0, 0x49, 0xb0, 0x2b, 0x31, 0x41, 0xf1, 0xd3, 0xa9, 0x41, 0x03, 0x1e } },
    { "", "", { 0x00, 0x6a, 0x63, 0xe5, 0xfd, 0x7b, 0x14, 0x93, 0xd5, 0x8b, 0x14, 0x34, 0x79, 0x57, 0x6e, 0x9b } },
    { "a", "bc", { 0x96, 0x14, 0x22, 0x7f, 0xd4, 0xc0, 0x76, 0x61, 0x16, 0x85, 0xe3, 0x32, 0xe1, 0x6b, 0x53, 0xb9 } },
    { "ab", "c", { 0xba, 0xbd, 0x3a, 0x3b, 0x5d, 0x2f, 0x6e, 0x57, 0xdf, 0x6c, 0xe5, 0xf1, 0x81, 0xf2, 0xf7, 0x6a } }
};

TEST(an_owner_id_is_a_digest_of_issuer_and_subject)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        CHECK_STATUS(ward_owner_id(text(known[i].issuer), text(known[i].subject), &test_work, owner), WARD_OK);
        CHECK(memcmp(owner, known[i].owner, sizeof owner) == 0);
    }
}

/* SHA-256("ward client id 1" NUL, both lengths, issuer, client): the same name as a subject's is another id. */
TEST(a_client_id_has_a_tag_of_its_own)
{
    static const struct known clients[] = {
        { ISSUER,
          "auth0|65f0c0ffee",
          { 0x14, 0xf8, 0xe5, 0xe1, 0x79, 0x93, 0x26, 0xdd, 0xc6, 0x1f, 0x33, 0x51, 0x29, 0x7a, 0x4c, 0xbd } },
        { "a",
          "bc",
          { 0x16, 0x5f, 0xc6, 0x9e, 0xfa, 0xad, 0x30, 0x61, 0xb2, 0x0c, 0x82, 0xf4, 0x8c, 0x0f, 0x11, 0xfc } }
    };
    for (size_t i = 0; i < 2; i++) {
        CHECK_STATUS(ward_client_id(text(clients[i].issuer), text(clients[i].subject), &test_work, owner), WARD_OK);
        CHECK(memcmp(owner, clients[i].owner, sizeof owner) == 0);
    }
}

TEST(an_authority_stands_in_for_its_issuers)
{
    struct ward_expect expect = usual_expect;
    CHECK_TEXT(ward_authority_of(&expect, text("i")), "i");
    expect.authority = text("a");
    CHECK_TEXT(ward_authority_of(&expect, text("i")), "a");
}

static void check_owner_of(const struct ward_expect *expect, const char *subject, const char *client, bool by_client,
                           const char *issuer, const char *name)
{
    struct ward_sha256 sha;
    uint8_t wanted[WARD_OWNER_SIZE];
    struct ward_claims claims;
    memset(&claims, 0, sizeof claims);
    claims.issuer = text("i");
    claims.subject = text(subject);
    claims.client = text(client);
    CHECK_STATUS(by_client ? ward_client_id(text(issuer), text(name), &test_work, wanted)
                           : ward_owner_id(text(issuer), text(name), &test_work, wanted),
                 WARD_OK);
    CHECK_STATUS(ward_owner_of(expect, &claims, &sha, owner), WARD_OK);
    CHECK(memcmp(owner, wanted, sizeof owner) == 0);
    CHECK_STATUS(ward_owner_id(text(issuer), text(""), &test_work, wanted), WARD_OK);
    CHECK_STATUS(ward_owner_of_none(expect, &claims, &sha, owner), WARD_OK);
    CHECK(memcmp(owner, wanted, sizeof owner) == 0);
}

TEST(a_caller_is_its_subject_else_its_client_else_nobody)
{
    struct ward_expect expect = usual_expect;
    for (unsigned i = 0; i < 2; i++) {
        const char *const issuer = i == 0 ? "i" : "authority";
        expect.authority = text(i == 0 ? "" : issuer);
        check_owner_of(&expect, "s", "c", false, issuer, "s");
        check_owner_of(&expect, "s", "", false, issuer, "s");
        check_owner_of(&expect, "", "c", true, issuer, "c");
        check_owner_of(&expect, "", "", false, issuer, "");
    }
}

TEST(lengths_take_four_bytes_each)
{
    static const uint8_t wanted[] = { 0x27, 0xc7, 0x15, 0x62, 0x9c, 0x28, 0x3f, 0xb5,
                                      0xb3, 0x63, 0x8e, 0x8e, 0x87, 0xf2, 0x6b, 0xbc };
    static char issuer[300];
    memset(issuer, 'i', sizeof issuer);
    CHECK_STATUS(ward_owner_id(ward_text_of(issuer, sizeof issuer), text("s"), &test_work, owner), WARD_OK);
    CHECK(memcmp(owner, wanted, sizeof owner) == 0);
}

TEST(a_digest_that_cannot_be_computed_is_no_owner)
{
    crypto_fail_at(0, 0);
    CHECK_STATUS(ward_owner_id(text("i"), text("s"), &test_work, owner), WARD_OK);
    const unsigned calls = crypto_calls();
    CHECK_NUMBER(calls, 6);
    for (unsigned call = 1; call <= calls; call++) {
        memset(owner, 0x5a, sizeof owner);
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ward_owner_id(text("i"), text("s"), &test_work, owner), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(crypto_calls(), call);
        CHECK_ZERO(owner);
        memset(owner, 0x5a, sizeof owner);
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ward_client_id(text("i"), text("c"), &test_work, owner), WARD_CRYPTO_FAILED);
        CHECK_ZERO(owner);
    }
    crypto_fail_at(0, 0);
}

static struct ward_grant grant_of(uint8_t kind)
{
    struct ward_grant grant;
    memset(&grant, 0, sizeof grant);
    grant.claims.kind = kind;
    memcpy(grant.owner, known[0].owner, sizeof grant.owner);
    return grant;
}

TEST(a_zeroed_grant_owns_nothing)
{
    static const struct ward_grant nobody;
    static const uint8_t nothing[WARD_OWNER_SIZE];
    CHECK(!ward_owns(&nobody, known[0].owner));
    CHECK(!ward_owns(&nobody, nothing));
}

TEST(users_and_machines_own_their_rows)
{
    static const uint8_t kinds[] = { WARD_SUBJECT_USER, WARD_SUBJECT_MACHINE };
    for (size_t i = 0; i < 2; i++) {
        const struct ward_grant grant = grant_of(kinds[i]);
        CHECK(ward_owns(&grant, known[0].owner));
        for (size_t j = 1; j < sizeof known / sizeof known[0]; j++)
            CHECK(!ward_owns(&grant, known[j].owner));
    }
}

TEST(an_owner_id_is_compared_whole)
{
    const struct ward_grant grant = grant_of(WARD_SUBJECT_USER);
    for (size_t i = 0; i < WARD_OWNER_SIZE; i++) {
        memcpy(owner, known[0].owner, sizeof owner);
        owner[i] ^= 1;
        CHECK(!ward_owns(&grant, owner));
    }
}

TEST(nobody_owns_a_row_without_owner)
{
    static const uint8_t nothing[WARD_OWNER_SIZE];
    struct ward_grant grant = grant_of(WARD_SUBJECT_USER);
    CHECK(!ward_owns(&grant, nothing));
    memset(grant.owner, 0, sizeof grant.owner);
    CHECK(!ward_owns(&grant, nothing));
}

TEST(anonymous_callers_own_nothing)
{
    static const uint8_t kinds[] = { WARD_SUBJECT_NONE, WARD_SUBJECT_ANONYMOUS, 4, 255 };
    for (size_t i = 0; i < sizeof kinds; i++) {
        const struct ward_grant grant = grant_of(kinds[i]);
        CHECK(!ward_owns(&grant, known[0].owner));
    }
}

SUITE(owner, CASE(an_owner_id_is_a_digest_of_issuer_and_subject), CASE(a_client_id_has_a_tag_of_its_own),
      CASE(an_authority_stands_in_for_its_issuers), CASE(a_caller_is_its_subject_else_its_client_else_nobody),
      CASE(lengths_take_four_bytes_each), CASE(a_digest_that_cannot_be_computed_is_no_owner),
      CASE(a_zeroed_grant_owns_nothing), CASE(users_and_machines_own_their_rows), CASE(an_owner_id_is_compared_whole),
      CASE(nobody_owns_a_row_without_owner), CASE(anonymous_callers_own_nothing));
