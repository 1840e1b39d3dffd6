/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "access/gate_record.h"

#include <string.h>

#include "access/bundle_deny.h"
#include "access/gate_lock.h"
#include "keys/denial.h"
#include "keys/keyring.h"
#include "state/record.h"

/* The section of a gate, without which a record must not be used:
 *
 *     audit head(32) issued_until(8) authority_length(2) authority { owner(16) issued_until(8) }…
 */

static struct ward_text authority_of(const struct ward_gate *gate)
{
    return gate->policy->expect->authority;
}

struct ward_status ward_gate_pack(struct ward_gate *gate, struct ward_time time, uint32_t uptime,
                                  struct ward_record *record)
{
    struct ward_record_writer writer;
    record->length = 0;
    if (gate->policy == NULL || !ward_ok(gate->closed))
        return gate->policy == NULL ? ward_status_of(WARD_POLICY_EXPECT) : gate->closed;
    ward_keyring_put_device(gate->keyring, time, uptime, record, &writer);
    ward_gate_lock(gate);
    ward_record_section(&writer, WARD_RECORD_GATE, WARD_RECORD_NEEDED);
    ward_record_put_bytes(&writer, gate->audit.head, sizeof gate->audit.head);
    ward_record_put(&writer, gate->issued_until, 8);
    ward_record_put(&writer, authority_of(gate).length, 2);
    ward_record_put_bytes(&writer, authority_of(gate).data, authority_of(gate).length);
    ward_denials_put(gate->denials, &writer);
    ward_gate_unlock(gate);
    ward_keyring_put_keys(gate->keyring, &writer);
    return ward_status_of(WARD_OK);
}

/* ---- Taking over. */

static bool is_authority(struct ward_record_reader *reader, struct ward_text expected)
{
    const size_t length = (size_t)ward_record_get(reader, 2);
    bool same = length == expected.length;
    for (size_t i = 0; i < length && !reader->broken; i++) {
        const char c = (char)ward_record_get(reader, 1);
        same = same && c == expected.data[i];
    }
    return same;
}

/* All of them, or none and a gate that is closed: whoever could not be held would be let in. */
static void get_denials(struct ward_gate *gate, struct ward_record_reader *reader, bool same_authority)
{
    const size_t count = ward_denials_get(gate->denials, reader);
    if (count > 0 && !same_authority)
        gate->closed = ward_status_of(WARD_DENIALS_OF_OTHER);
    if (count > WARD_DENY_SLOTS)
        gate->closed = ward_status_of(WARD_DENIALS_NOT_HELD);
    if (!ward_ok(gate->closed))
        memset(gate->denials, 0, sizeof gate->denials);
}

static void get_gate(struct ward_gate *gate, struct ward_record_reader *reader, struct ward_text authority,
                     uint8_t head[WARD_AUDIT_DIGEST])
{
    ward_record_get_bytes(reader, head, WARD_AUDIT_DIGEST);
    gate->issued_until = ward_record_get(reader, 8);
    get_denials(gate, reader, is_authority(reader, authority));
}

/* What the keyring has opened must still be there. */
static struct ward_status check_end(struct ward_record_reader *reader, const struct ward_keyring *keyring, bool broken)
{
    uint8_t digest[WARD_SHA256_SIZE];
    const struct ward_status status = ward_record_close(reader, digest);
    if (!ward_ok(status))
        return status;
    return ward_status_of(broken || reader->sequence != keyring->sequence ? WARD_RECORD_INVALID : WARD_OK);
}

static struct ward_status read_record(struct ward_gate *gate, const struct ward_gate_setup *setup,
                                      struct ward_workspace *work, uint8_t head[WARD_AUDIT_DIGEST], bool *has_head)
{
    const struct ward_keyring *const keyring = setup->keyring;
    struct ward_record_reader reader;
    bool broken = false;
    const struct ward_status status = ward_record_open(&reader, keyring->slots, keyring->origin.slot, &work->part.sha);
    if (!ward_ok(status))
        return status.code == WARD_RECORD_ABSENT ? ward_status_of(WARD_RECORD_INVALID) : status;
    while (ward_record_next(&reader)) {
        if (reader.tag != WARD_RECORD_GATE)
            continue;
        *has_head = true;
        get_gate(gate, &reader, setup->policy->expect->authority, head);
        broken = reader.broken;
    }
    return check_end(&reader, keyring, broken);
}

#if WARD_MAX_BUNDLE > 0
struct ward_status ward_gate_why_closed(const struct ward_gate *gate)
{
    if (!ward_ok(gate->closed) || gate->keyring == NULL)
        return gate->closed;
    return ward_bundle_held(gate->keyring);
}

/* What a bundle denies is known under the names of the policy's issuers, or of their authority. */
static struct ward_status check_bundle(const struct ward_gate_setup *setup, struct ward_workspace *work)
{
    const struct ward_expect *const expect = setup->policy->expect;
    uint8_t authority[WARD_OWNER_SIZE];
    if (setup->keyring->config->bundles != NULL && setup->keyring->config->bundles->expect != expect)
        return ward_status_of(WARD_GATE_BUNDLES);
    if (!ward_bundle_denies_owners(setup->keyring))
        return ward_status_of(WARD_OK);
    const struct ward_status status = ward_bundle_authority(expect, work, authority);
    if (ward_ok(status))
        ward_bundle_check_authority(setup->keyring, authority);
    return status;
}
#else
static struct ward_status check_bundle(const struct ward_gate_setup *setup, struct ward_workspace *work)
{
    (void)setup;
    (void)work;
    return ward_status_of(WARD_OK);
}
#endif

struct ward_status ward_gate_restore(struct ward_gate *gate, const struct ward_gate_setup *setup,
                                     struct ward_workspace *work, uint8_t head[WARD_AUDIT_DIGEST], bool *has_head)
{
    struct ward_keyring *const keyring = setup->keyring;
    *has_head = false;
    gate->closed = ward_status_of(WARD_OK);
    if (keyring == NULL)
        return ward_status_of(WARD_OK);
    const struct ward_status bundle = check_bundle(setup, work);
    if (!ward_ok(bundle))
        return bundle;
    /* An earlier gate of this keyring may have been one that could not hold it. */
    ward_keyring_release(keyring, WARD_HELD_BY_GATE);
    if ((keyring->held & WARD_HELD_BY_RECORD) != 0)
        gate->closed = keyring->opened;
    if (!ward_ok(gate->closed) || !keyring->found)
        return ward_status_of(WARD_OK);
    const struct ward_status status = read_record(gate, setup, work, head, has_head);
    if (ward_ok(status) && !ward_ok(gate->closed))
        ward_keyring_hold(keyring, WARD_HELD_BY_GATE);
    return status;
}
