/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys tokens have shown, lately and ever, and how many changes of key a device that is never online still survives. */
#include "keys/key.h"
#include "keys/keyring.h"

WARD_STATIC_ASSERT(WARD_MAX_KEYS <= 32, "a bit for each key");

static uint32_t bit(size_t index)
{
    return (uint32_t)1 << index;
}

static bool is_used(uint32_t used, size_t index)
{
    return (used & bit(index)) != 0u;
}

uint32_t ward_keyring_all(const struct ward_jwks *set)
{
    return (uint32_t)(((uint64_t)1 << set->count) - 1);
}

uint32_t ward_keyring_carry_used(const struct ward_jwks *from, uint32_t used, const struct ward_jwks *to)
{
    uint32_t carried = 0;
    for (size_t i = 0; i < to->count; i++)
        for (size_t j = 0; j < from->count; j++)
            if (is_used(used, j) && ward_key_equal(&to->key[i], &from->key[j]))
                carried |= bit(i);
    return carried;
}

void ward_keyring_mark_used(struct ward_keyring *keyring, const struct ward_key *key)
{
    ward_lock(&keyring->config->hooks);
    for (size_t i = 0; i < keyring->set->count; i++) {
        if (key != &keyring->set->key[i])
            continue;
        if (!is_used(keyring->used, i))
            ward_keyring_note_change(keyring, WARD_CHANGE_LATER);
        keyring->used |= bit(i);
        keyring->active[0] |= bit(i);
    }
    ward_unlock(&keyring->config->hooks);
}

uint32_t ward_keyring_in_use(const struct ward_keyring *keyring)
{
    return keyring->active[0] | keyring->active[1];
}

static size_t count_spare_keys(const struct ward_keyring *keyring)
{
    size_t unused = 0;
    for (size_t i = 0; i < keyring->set->count; i++)
        unused += is_used(keyring->used, i) ? 0u : 1u;
    /* One of them is in use, though no token has come yet. */
    return keyring->used == 0 && unused > 0 ? unused - 1 : unused;
}

size_t ward_keyring_spare_keys(const struct ward_keyring *keyring)
{
    ward_lock(&keyring->config->hooks);
    const size_t spare_keys = count_spare_keys(keyring);
    ward_unlock(&keyring->config->hooks);
    return spare_keys;
}

/* Something that is told when it starts, and again only after it has ended. */
static bool is_new(struct ward_keyring *keyring, bool is, enum ward_keyring_notice told)
{
    const bool was = (keyring->notices & told) != 0;
    keyring->notices = (uint8_t)(is ? keyring->notices | told : keyring->notices & ~(unsigned)told);
    return is && !was;
}

/* A refresh has waited for too long, and what it waits for has not ended meanwhile. */
static bool is_held_up(struct ward_keyring *keyring)
{
    return keyring->waits && keyring->checks.wait == 0 &&
           *ward_keyring_running(keyring, ward_keyring_spare(keyring)) > 0;
}

/* Keys that were fetched, or keys that never are: one device has only one of the two kinds of news. */
static enum ward_code news(struct ward_keyring *keyring)
{
    if ((keyring->notices & WARD_NOTICE_CHANGED) != 0) {
        keyring->notices &= (uint8_t)~WARD_NOTICE_CHANGED;
        return WARD_KEYS_CHANGED;
    }
    if ((keyring->notices & WARD_NOTICE_BUNDLE) != 0) {
        keyring->notices = (uint8_t)(keyring->notices & ~(unsigned)WARD_NOTICE_BUNDLE);
        return WARD_BUNDLE_TAKEN;
    }
    if (is_new(keyring, is_held_up(keyring), WARD_NOTICE_TOLD_HELD))
        return WARD_KEYS_HELD;
    if (is_new(keyring, keyring->left_out > 0, WARD_NOTICE_TOLD_LEFT_OUT))
        return WARD_KEYS_LEFT_OUT;
    const bool last = keyring->config->url.length == 0 && count_spare_keys(keyring) == 0;
    return is_new(keyring, last, WARD_NOTICE_TOLD_LAST) ? WARD_KEYS_LAST : WARD_NO_RESULT;
}

struct ward_status ward_keyring_take_notice(struct ward_keyring *keyring)
{
    ward_lock(&keyring->config->hooks);
    const enum ward_code code = news(keyring);
    ward_unlock(&keyring->config->hooks);
    return ward_status_of(code);
}

uint16_t ward_keyring_left_out(const struct ward_keyring *keyring)
{
    ward_lock(&keyring->config->hooks);
    const uint16_t left_out = keyring->left_out;
    ward_unlock(&keyring->config->hooks);
    return left_out;
}
