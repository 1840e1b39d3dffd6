/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/keyring.h"

bool ward_keyring_is_asked(const struct ward_keyring *keyring)
{
    return keyring->refresh_state == WARD_REFRESH_ASKED || keyring->refresh_state == WARD_REFRESH_RUNNING_ASKED;
}

bool ward_keyring_is_fetching(const struct ward_keyring *keyring)
{
    return keyring->refresh_state >= WARD_REFRESH_RUNNING;
}

void ward_keyring_note_change(struct ward_keyring *keyring, enum ward_keyring_change change)
{
    if (change > (enum ward_keyring_change)keyring->change)
        keyring->change = (uint8_t)change;
}
