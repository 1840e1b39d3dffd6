/* SPDX-License-Identifier: Apache-2.0 */
#include "stored_fixture.h"

struct ward_record stored_record;
struct ward_keyring stored_ring;

void stored_keep(void)
{
    ward_keyring_pack(&ring, ring_time, ring_uptime, &stored_record);
    CHECK(stored_record.length > 0 && stored_record.length <= sizeof stored_record.bytes);
    memory_store(0, &stored_record);
}

void stored_begin(void)
{
    memory_begin();
    ring_usual();
    ring_begin();
    ring_until_fetch();
    ring_fill("ab");
    stored_keep();
}

struct ward_status stored_reopen(void)
{
    CHECK_STATUS(ward_keyring_begin(&stored_ring, &ring_config, 8, 0), WARD_OK);
    return ward_keyring_open(&stored_ring, &memory_slots, 0, &test_work);
}

uint8_t *stored_keys(size_t *length)
{
    uint8_t *const section = memory_section(0, WARD_RECORD_KEYS, length);
    CHECK(section != NULL);
    return section;
}

size_t stored_keys_at(void)
{
    return 20 + 2 + strlen(ISSUER) + 2 + strlen(URL);
}

uint8_t *stored_first_key(void)
{
    size_t length;
    return stored_keys(&length) + stored_keys_at();
}
