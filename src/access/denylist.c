/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "access/denylist.h"

#include <string.h>

#include "access/gate_change.h"
#include "access/gate_lock.h"
#include "keys/bundle.h"
#include "keys/keyring.h"
#include "keys/denial.h"
#include "ward/denials.h"

WARD_STATIC_ASSERT(sizeof(((struct ward_denial *)0)->owner) == WARD_OWNER_SIZE, "an owner id fits");
WARD_STATIC_ASSERT(WARD_DENIAL_OWNER == WARD_OWNER_SIZE, "an owner id is one");

bool ward_denied(const struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], uint64_t issued)
{
    if (ward_denial_is_up_to(issued, gate->issued_until) || ward_denial_applies(gate->denials, owner, issued))
        return true;
    return gate->keyring != NULL && ward_bundle_denies(gate->keyring, owner, issued);
}

/* All names of one subject, at most one for each issuer. */
enum { MOST_NAMES = 4 };
struct names {
    uint8_t owner[MOST_NAMES][WARD_OWNER_SIZE];
    size_t count;
};

/* Under the authority, or under each issuer, of which ward_expect_check() has let no more than four pass. */
static struct ward_status find_names(const struct ward_gate *gate, struct ward_text subject,
                                     struct ward_workspace *work, struct names *names)
{
    if (gate->policy == NULL)
        return ward_status_of(WARD_POLICY_EXPECT);
    const struct ward_expect *const expect = gate->policy->expect;
    struct ward_status status = ward_status_of(WARD_OK);
    names->count = expect->authority.length > 0 ? 1 : expect->issuers.count;
    for (size_t i = 0; i < names->count && ward_ok(status); i++)
        status = ward_owner_id(ward_authority_of(expect, expect->issuers.item[i]), subject, work, names->owner[i]);
    return status;
}

/* Each has an entry already, or a free one is there for it. */
static bool fits(struct ward_gate *gate, const struct names *names)
{
    size_t wanted = 0;
    for (size_t i = 0; i < names->count; i++)
        wanted += ward_denial_find(gate->denials, names->owner[i]) == NULL ? 1u : 0u;
    for (size_t i = 0; i < WARD_DENY_SLOTS && wanted > 0; i++)
        wanted -= gate->denials[i].issued_until == 0 ? 1u : 0u;
    return wanted == 0;
}

static struct ward_status deny(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], uint64_t issued_until)
{
    return ward_ok(gate->closed) ? ward_denial_add(gate->denials, owner, issued_until) : gate->closed;
}

static struct ward_status deny_and_record(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE],
                                          uint64_t issued_until, const struct ward_caller *caller)
{
    const struct ward_status status = deny(gate, owner, issued_until > 0 ? issued_until : 1);
    ward_gate_record_change(gate, owner, ward_ok(status) ? WARD_SUBJECT_DENIED : (enum ward_code)status.code, caller);
    return status;
}

static bool undeny_and_record(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE],
                              const struct ward_caller *caller)
{
    struct ward_denial *const denial = ward_denial_find(gate->denials, owner);
    if (denial == NULL)
        return false;
    memset(denial, 0, sizeof *denial);
    ward_gate_record_change(gate, owner, WARD_OK, caller);
    return true;
}

/* On the list that is stored, of which a closed gate knows nothing, there may be no room: none of the names is denied then. */
static struct ward_status deny_all_of(struct ward_gate *gate, const struct names *names, uint64_t issued_until,
                                      const struct ward_caller *caller)
{
    struct ward_status status = gate->closed;
    if (ward_ok(status) && !fits(gate, names))
        status = ward_status_of(WARD_DENY_LIST_FULL);
    if (!ward_ok(status)) {
        ward_gate_record_change(gate, names->owner[0], (enum ward_code)status.code, caller);
        return status;
    }
    for (size_t i = 0; i < names->count; i++)
        (void)deny_and_record(gate, names->owner[i], issued_until, caller);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_deny(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], uint64_t issued_until,
                             const struct ward_caller *caller)
{
    ward_gate_lock(gate);
    const struct ward_status status = deny_and_record(gate, owner, issued_until, caller);
    ward_gate_unlock(gate);
    if (ward_ok(status))
        ward_gate_store_change(gate);
    return status;
}

void ward_deny_all(struct ward_gate *gate, uint64_t issued_until, const struct ward_caller *caller)
{
    static const uint8_t everybody[WARD_OWNER_SIZE];
    ward_gate_lock(gate);
    if (issued_until > gate->issued_until)
        gate->issued_until = issued_until;
    ward_gate_record_change(gate, everybody, WARD_SUBJECT_DENIED, caller);
    ward_gate_unlock(gate);
    ward_gate_store_change(gate);
}

bool ward_undeny(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], const struct ward_caller *caller)
{
    ward_gate_lock(gate);
    const bool was_denied = undeny_and_record(gate, owner, caller);
    ward_gate_unlock(gate);
    if (was_denied)
        ward_gate_store_change(gate);
    return was_denied;
}

struct ward_status ward_deny_subject(struct ward_gate *gate, struct ward_text subject, uint64_t issued_until,
                                     const struct ward_caller *caller, struct ward_workspace *work)
{
    struct names names;
    struct ward_status status = find_names(gate, subject, work, &names);
    if (!ward_ok(status))
        return status;
    ward_gate_lock(gate);
    status = deny_all_of(gate, &names, issued_until, caller);
    ward_gate_unlock(gate);
    if (ward_ok(status))
        ward_gate_store_change(gate);
    return status;
}

struct ward_status ward_undeny_subject(struct ward_gate *gate, struct ward_text subject,
                                       const struct ward_caller *caller, struct ward_workspace *work, bool *was_denied)
{
    struct names names;
    *was_denied = false;
    struct ward_status status = find_names(gate, subject, work, &names);
    if (!ward_ok(status))
        return status;
    ward_gate_lock(gate);
    /* Whom a closed gate denies is only in its record. */
    status = gate->closed;
    for (size_t i = 0; i < names.count && ward_ok(status); i++)
        *was_denied = undeny_and_record(gate, names.owner[i], caller) || *was_denied;
    ward_gate_unlock(gate);
    if (*was_denied)
        ward_gate_store_change(gate);
    return status;
}
