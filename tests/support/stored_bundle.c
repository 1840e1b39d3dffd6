/* SPDX-License-Identifier: Apache-2.0 */
#include "stored_bundle.h"

#if WARD_MAX_BUNDLE > 0

void bundle_keep(void)
{
    static struct ward_record record;
    CHECK_STATUS(ward_gate_pack(&test_gate, ring_time, ring_uptime, &record), WARD_OK);
    CHECK(record.length <= sizeof record.bytes);
    memory_store(0, &record);
}

struct ward_status bundle_reopen(void)
{
    ring_begin();
    const struct ward_status status = ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work);
    CHECK_STATUS(bundle_start_gate(), WARD_OK);
    return status;
}

void bundle_begin_stored(void)
{
    memory_begin();
    bundle_begin();
    words.deny = DENIES_SOMEONE;
    words.seq = 7;
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_keep();
}

void bundle_have_operators(const struct ward_key *first, const struct ward_key *second)
{
    static struct ward_jwks keys;
    memset(&keys, 0, sizeof keys);
    keys.key[keys.count++] = *first;
    if (second != NULL)
        keys.key[keys.count++] = *second;
    bundle_config.keys = &keys;
}

void bundle_sign_as_d(uint64_t seq)
{
    words.signer = KEY_D;
    words.header = BUNDLE_HEADER("d");
    words.seq = seq;
}

#endif
