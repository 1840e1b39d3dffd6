/* Which keys tokens have shown, and how many changes of key a device that is never online still survives. */
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

uint32_t ward_keyring_carry_used(const struct ward_jwks *from, uint32_t used, const struct ward_jwks *to)
{
    uint32_t carried = 0;
    for (size_t i = 0; i < to->count; i++)
        for (size_t j = 0; j < from->count; j++)
            if (is_used(used, j) && ward_key_equal(&to->key[i], &from->key[j]))
                carried |= bit(i);
    return carried;
}

void ward_keyring_used(struct ward_keyring *keyring, const struct ward_key *key)
{
    ward_lock(&keyring->config->hooks);
    for (size_t i = 0; i < keyring->set->count; i++) {
        if (key == &keyring->set->key[i] && !is_used(keyring->used, i)) {
            keyring->used |= bit(i);
            keyring->changed = true;
        }
    }
    ward_unlock(&keyring->config->hooks);
}

static size_t count_runway(const struct ward_keyring *keyring)
{
    size_t unused = 0;
    for (size_t i = 0; i < keyring->set->count; i++)
        unused += is_used(keyring->used, i) ? 0u : 1u;
    /* One of them is in use, though no token has come yet. */
    return keyring->used == 0 && unused > 0 ? unused - 1 : unused;
}

size_t ward_keyring_runway(const struct ward_keyring *keyring)
{
    ward_lock(&keyring->config->hooks);
    const size_t runway = count_runway(keyring);
    ward_unlock(&keyring->config->hooks);
    return runway;
}

/* Keys that were fetched, or keys that never are: one device has only one of the two kinds of news. */
struct ward_status ward_keyring_news(struct ward_keyring *keyring)
{
    enum ward_code news = WARD_NO_RESULT;
    ward_lock(&keyring->config->hooks);
    const bool last = keyring->config->url.length == 0 && count_runway(keyring) == 0;
    if (keyring->replaced)
        news = WARD_KEYS_CHANGED;
    else if (last && !keyring->warned)
        news = WARD_KEYS_LAST;
    keyring->replaced = false;
    keyring->warned = last;
    ward_unlock(&keyring->config->hooks);
    return ward_status_of(news);
}
