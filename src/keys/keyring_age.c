/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/keyring.h"

/* Keys that only an update of the firmware can replace have no age. */
static bool has_compiled_age(const struct ward_keyring *keyring)
{
    return keyring->fetched_at == 0 && keyring->set->count > 0 && keyring->config->url.length > 0;
}

void ward_keyring_see(struct ward_keyring *keyring, struct ward_time now)
{
    /* What a clock that was ahead has said is corrected whatever keys serve now. */
    const bool sees = keyring->seen_at > 0 ? keyring->seen_at > now.seconds : has_compiled_age(keyring);
    if (now.trust != WARD_TIME_SET || !sees)
        return;
    keyring->seen_at = now.seconds;
    ward_keyring_note_change(keyring, WARD_CHANGE_LATER);
}

uint64_t ward_keyring_age_from(const struct ward_keyring *keyring)
{
    return has_compiled_age(keyring) ? keyring->seen_at : keyring->fetched_at;
}
