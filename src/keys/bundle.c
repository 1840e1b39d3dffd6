/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "keys/bundle.h"

#include <string.h>

#if WARD_MAX_BUNDLE > 0

#include "keys/key.h"
#include "keys/lock.h"

enum { LONGEST_TEXT = 255, MOST_KEYS = 2 };

WARD_STATIC_ASSERT(MOST_KEYS <= WARD_BUNDLE_SIGNERS, "a mark for each key of the firmware");

/* ---- Configuration. */

static bool name_is_valid(struct ward_text name)
{
    return name.length > 0 && name.length <= LONGEST_TEXT;
}

static bool has_number(const struct ward_jwks *set, const struct ward_key *key)
{
    for (size_t i = 0; i < set->count; i++)
        if (ward_key_same_number(&set->key[i], key))
            return true;
    return false;
}

static bool shares_key(const struct ward_jwks *operators, const struct ward_jwks *set)
{
    for (size_t i = 0; i < operators->count; i++)
        if (has_number(set, &operators->key[i]))
            return true;
    return false;
}

static bool keys_are_valid(const struct ward_jwks *keys)
{
    if (keys == NULL || keys->count == 0 || keys->count > MOST_KEYS)
        return false;
    for (size_t i = 0; i < keys->count; i++)
        if (ward_jwks_find(keys, ward_key_kid(&keys->key[i])) != &keys->key[i])
            return false;
    return keys->count == 1 || !ward_key_same_number(&keys->key[0], &keys->key[1]);
}

bool ward_bundle_config_is_valid(const struct ward_keyring_config *config)
{
    const struct ward_bundle_config *const bundles = config->bundles;
    if (bundles == NULL)
        return true;
    if (!name_is_valid(bundles->operator_name) || !name_is_valid(bundles->fleet) || bundles->expect == NULL)
        return false;
    if (!keys_are_valid(bundles->keys) || (bundles->buffer != NULL && bundles->size == 0))
        return false;
    return config->compiled == NULL || !shares_key(bundles->keys, config->compiled);
}

bool ward_bundle_url_is_valid(const struct ward_keyring_config *config)
{
    static const char scheme[] = "http://";
    const size_t scheme_length = sizeof scheme - 1;
    const struct ward_bundle_config *const bundles = config->bundles;
    const struct ward_text url = config->url;
    if (bundles == NULL || bundles->buffer == NULL || !bundles->cleartext || url.length <= scheme_length ||
        url.length > LONGEST_TEXT || memcmp(url.data, scheme, scheme_length) != 0)
        return false;
    for (size_t i = scheme_length; i < url.length; i++)
        if (url.data[i] <= 0x20 || url.data[i] >= 0x7f)
            return false;
    return true;
}

bool ward_bundle_has_operator_key(const struct ward_keyring *keyring, const struct ward_jwks *set)
{
    const struct ward_bundle_config *const bundles = keyring->config->bundles;
    return bundles != NULL && shares_key(bundles->keys, set);
}

/* ---- What may follow what. */

const struct ward_bundle *ward_bundle_in_force(const struct ward_keyring *keyring)
{
    return &keyring->bundles[keyring->bundle];
}

struct ward_bundle *ward_bundle_next(struct ward_keyring *keyring)
{
    return &keyring->bundles[1 - keyring->bundle];
}

static bool is_of_same_key(const struct ward_bundle_mark *a, const struct ward_bundle_mark *b)
{
    return memcmp(a->key, b->key, sizeof a->key) == 0;
}

/* Whether the key of a mark is one of this firmware's. */
static bool is_here(const struct ward_keyring *keyring, const struct ward_bundle_mark *mark)
{
    const struct ward_bundle_config *const bundles = keyring->config->bundles;
    for (size_t i = 0; bundles != NULL && i < bundles->keys->count; i++) {
        struct ward_bundle_mark own;
        ward_key_fingerprint(&bundles->keys->key[i], own.key);
        if (is_of_same_key(mark, &own))
            return true;
    }
    return false;
}

bool ward_bundle_signer_is_here(const struct ward_keyring *keyring)
{
    return ward_bundle_in_force(keyring)->issued > 0 && is_here(keyring, &ward_bundle_in_force(keyring)->mark[0]);
}

/* The last bundle of a key, as far as that is known. */
static const struct ward_bundle_mark *mark_of(const struct ward_bundle *bundle, const struct ward_bundle_mark *mark)
{
    for (size_t i = 0; i < WARD_BUNDLE_SIGNERS; i++)
        if (bundle->mark[i].sequence > 0 && is_of_same_key(&bundle->mark[i], mark))
            return &bundle->mark[i];
    return NULL;
}

static bool is_same_bundle(const struct ward_bundle_mark *a, const struct ward_bundle_mark *b)
{
    return a->sequence == b->sequence && memcmp(a->identity, b->identity, sizeof a->identity) == 0;
}

bool ward_bundle_is_again(const struct ward_keyring *keyring)
{
    const struct ward_bundle *const next = &keyring->bundles[1 - keyring->bundle];
    return is_same_bundle(&ward_bundle_in_force(keyring)->mark[0], &next->mark[0]);
}

/* Another operator key may not lead back in time. One that is no longer in the firmware has lost its say: it may be why it was taken out. */
static bool is_earlier(const struct ward_keyring *keyring, const struct ward_bundle *next)
{
    const struct ward_bundle *const now = ward_bundle_in_force(keyring);
    return next->issued < now->issued && !is_of_same_key(&now->mark[0], &next->mark[0]) &&
           is_here(keyring, &now->mark[0]);
}

struct ward_status ward_bundle_judge(const struct ward_keyring *keyring, const struct ward_bundle *next)
{
    const struct ward_bundle *const now = ward_bundle_in_force(keyring);
    const struct ward_bundle_mark *const known = mark_of(now, &next->mark[0]);
    if (known == &now->mark[0] && known->sequence == next->mark[0].sequence)
        return ward_status_of(is_same_bundle(known, &next->mark[0]) ? WARD_OK : WARD_BUNDLE_CHANGED);
    if (known != NULL && next->mark[0].sequence <= known->sequence)
        return ward_status_of(WARD_BUNDLE_OLDER);
    return ward_status_of(is_earlier(keyring, next) ? WARD_BUNDLE_EARLIER : WARD_OK);
}

static void carry_marks(struct ward_keyring *keyring, bool here)
{
    struct ward_bundle *const next = ward_bundle_next(keyring);
    const struct ward_bundle *const now = ward_bundle_in_force(keyring);
    size_t place = 0;
    while (place < WARD_BUNDLE_SIGNERS && next->mark[place].sequence > 0)
        place++;
    for (size_t i = 0; i < WARD_BUNDLE_SIGNERS && place < WARD_BUNDLE_SIGNERS; i++)
        if (now->mark[i].sequence > 0 && mark_of(next, &now->mark[i]) == NULL &&
            is_here(keyring, &now->mark[i]) == here)
            next->mark[place++] = now->mark[i];
}

/* The marks of other keys go on: where there are too many, those of keys that can still sign, and then those that were in force last. */
void ward_bundle_put_in_force(struct ward_keyring *keyring)
{
    carry_marks(keyring, true);
    carry_marks(keyring, false);
    keyring->bundle = (uint8_t)(1 - keyring->bundle);
}

void ward_bundle_forget(struct ward_keyring *keyring)
{
    keyring->bundle_held = ward_status_of(WARD_OK);
}

/* ---- Those that are fetched, and how old their word is. */

bool ward_keyring_fetches_bundles(const struct ward_keyring *keyring)
{
    return keyring->config->bundles != NULL && keyring->config->bundles->buffer != NULL;
}

struct ward_status ward_bundle_collect(struct ward_keyring *keyring, const char *data, size_t length)
{
    const struct ward_bundle_config *const bundles = keyring->config->bundles;
    if (keyring->read > bundles->size || length > bundles->size - keyring->read) {
        keyring->read = UINT32_MAX;
        return ward_status_of(WARD_FETCH_TOO_LONG);
    }
    memcpy(bundles->buffer + keyring->read, data, length);
    keyring->read += (uint32_t)length;
    return ward_status_of(WARD_OK);
}

/* Where not all keys found a slot others may be wanted now: then all of it has to come again. */
void ward_bundle_tell_etag(const struct ward_keyring *keyring, struct ward_keyring_action *want)
{
    if (keyring->left_out == 0)
        want->etag = ward_text_of(keyring->etag, keyring->etag_length);
}

/* How old the word is of which the keys in use are: those of an earlier bundle, or none, give way to any. */
static uint64_t word_of_keys(const struct ward_keyring *keyring)
{
    if (keyring->bundle_keys || keyring->set->count == 0)
        return 0;
    return keyring->fetched_at > 0 ? keyring->fetched_at : keyring->config->build_time;
}

bool ward_bundle_brings_keys(const struct ward_keyring *keyring, uint64_t issued)
{
    return issued >= word_of_keys(keyring);
}

/* ---- What it says. */

bool ward_bundle_denies(const struct ward_keyring *keyring, const uint8_t owner[WARD_DENIAL_OWNER], uint64_t issued)
{
    const struct ward_bundle *const now = ward_bundle_in_force(keyring);
    return ward_denial_is_up_to(issued, now->issued_until) || ward_denial_applies(now->denials, owner, issued);
}

static uint16_t count_denials(const struct ward_bundle *bundle)
{
    uint16_t count = 0;
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        count = (uint16_t)(count + (bundle->denials[i].issued_until > 0 ? 1u : 0u));
    return count;
}

bool ward_bundle_has_denials(const struct ward_bundle *bundle)
{
    return bundle->issued_until > 0 || count_denials(bundle) > 0;
}

bool ward_bundle_lies_beside(const struct ward_keyring *keyring)
{
    return keyring->bundle_beside && !ward_ok(keyring->bundle_held);
}

struct ward_status ward_bundle_held(const struct ward_keyring *keyring)
{
    return keyring->bundle_held;
}

bool ward_bundle_denies_owners(const struct ward_keyring *keyring)
{
    return count_denials(ward_bundle_in_force(keyring)) > 0;
}

void ward_bundle_check_authority(struct ward_keyring *keyring, const uint8_t authority[WARD_DENIAL_OWNER])
{
    if (memcmp(ward_bundle_in_force(keyring)->authority, authority, WARD_DENIAL_OWNER) != 0)
        keyring->bundle_held = ward_status_of(WARD_DENIALS_OF_OTHER);
}

void ward_bundle_drop(struct ward_keyring *keyring)
{
    struct ward_bundle *const now = &keyring->bundles[keyring->bundle];
    if (ward_ok(keyring->bundle_held))
        return;
    memset(now->denials, 0, sizeof now->denials);
    now->issued_until = 0;
    keyring->etag_length = 0;
    keyring->bundle_held = ward_status_of(WARD_OK);
}

struct ward_status ward_bundle_ready(const struct ward_keyring *keyring, struct ward_time now)
{
    if (!ward_ok(keyring->bundle_held))
        return keyring->bundle_held;
    const bool has_ended = keyring->bundle_keys && now.seconds >= ward_bundle_in_force(keyring)->expires;
    return ward_status_of(has_ended ? WARD_KEYS_STALE : WARD_OK);
}

void ward_bundle_stored(struct ward_keyring *keyring)
{
    keyring->bundle_beside = false;
}

void ward_bundle_keys_replaced(struct ward_keyring *keyring, bool by_bundle)
{
    keyring->bundle_keys = by_bundle;
}

struct ward_bundle_info ward_keyring_bundle_info(const struct ward_keyring *keyring)
{
    struct ward_bundle_info info;
    memset(&info, 0, sizeof info);
    ward_lock(&keyring->config->hooks);
    const struct ward_bundle *const now = ward_bundle_in_force(keyring);
    info.sequence = now->mark[0].sequence;
    info.issued = now->issued;
    info.expires = now->expires;
    info.issued_until = now->issued_until;
    info.denials = count_denials(now);
    info.keys = keyring->bundle_keys;
    info.signer = ward_bundle_signer_is_here(keyring);
    ward_unlock(&keyring->config->hooks);
    return info;
}

void ward_bundle_forget_floor(struct ward_keyring *keyring)
{
    keyring->bundles[keyring->bundle].floor = 0;
}

bool ward_bundle_follows(const struct ward_keyring *keyring)
{
    const struct ward_bundle *const next = &keyring->bundles[1 - keyring->bundle];
    return !ward_bundle_is_again(keyring) && is_here(keyring, &next->mark[0]) &&
           ward_ok(ward_bundle_judge(keyring, next));
}

#else

bool ward_keyring_fetches_bundles(const struct ward_keyring *keyring)
{
    (void)keyring;
    return false;
}

struct ward_bundle_info ward_keyring_bundle_info(const struct ward_keyring *keyring)
{
    struct ward_bundle_info none;
    (void)keyring;
    memset(&none, 0, sizeof none);
    return none;
}

#endif
