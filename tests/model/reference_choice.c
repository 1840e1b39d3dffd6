/* SPDX-License-Identifier: Apache-2.0 */
/* The reference: which keys of a set are kept where there are more than slots. */
#include "reference.h"

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

void reference_wanted(uint16_t kid)
{
    struct wanted *const wanted = &reference.wanted;
    for (unsigned i = 0; i < wanted->count; i++)
        if (wanted->kid[i] == kid)
            return;
    if (kid == 0)
        return;
    if (wanted->count < MOST_WANTED)
        wanted->kid[wanted->count++] = kid;
    else
        wanted->more = true;
}

static bool is_wanted(uint16_t kid)
{
    for (unsigned i = 0; i < reference.fetching_wanted.count; i++)
        if (reference.fetching_wanted.kid[i] == kid)
            return true;
    return false;
}

/* A key that has verified a signature within the last day; and one of which that cannot be told, since two days are allowed. */
static bool surely_in_use(unsigned i, uint64_t at)
{
    return reference.used[i] && at + slack < reference.used_at[i] + DAY;
}

/* What does not depend on lots, turns and how exactly a day is measured. */
static bool is_plain(uint64_t at)
{
    unsigned in_use = 0;
    for (unsigned i = 0; i < reference.keys.count; i++) {
        if (!reference.used[i])
            continue;
        if (!surely_in_use(i, at) || reference.used_at[i] >= reference.fetch_began || reference.keys.key[i].kid == 0)
            return false;
        in_use++;
    }
    return !reference.fetching_wanted.more && reference.fetching_wanted.count <= WARD_MAX_KEYS - in_use;
}

/* Keys in use, then the wanted ones, those there already, the others with a kid, the rest: each in the order of the set. */
static unsigned rank(struct key key)
{
    if (key.kid == 0)
        return 4;
    for (unsigned i = 0; i < reference.keys.count; i++)
        if (reference.used[i] && reference.keys.key[i].kid == key.kid)
            return 0;
    if (is_wanted(key.kid))
        return 1;
    return keys_have_kid(&reference.keys, key.kid) ? 2 : 3;
}

static struct keys chosen(const struct keys *offered)
{
    struct keys keys = { 0 };
    for (unsigned turn = 0; turn < 5; turn++)
        for (unsigned i = 0; i < offered->count && keys.count < WARD_MAX_KEYS; i++)
            if (rank(offered->key[i]) == turn)
                keys.key[keys.count++] = offered->key[i];
    return keys;
}

void reference_judge_choice(const struct keys *offered, const struct keys *kept, uint64_t at)
{
    HOLD(RULE_FETCHED, kept->count == smaller(offered->count, WARD_MAX_KEYS), "%u keys of %u are kept", kept->count,
         offered->count);
    for (unsigned i = 0; i < kept->count; i++)
        HOLD(RULE_FETCHED, keys_have(offered, kept->key[i]), "a key is kept that the issuer does not have");
    for (unsigned i = 0; i < reference.keys.count; i++)
        if (surely_in_use(i, at) && keys_have(offered, reference.keys.key[i]))
            HOLD(RULE_IN_USE, keys_have(kept, reference.keys.key[i]), "the key %u:%u in use is given up",
                 reference.keys.key[i].kid, reference.keys.key[i].number);
    if (offered->count <= WARD_MAX_KEYS)
        return;
    if (!is_plain(at)) {
        happened[CROWD]++;
        return;
    }
    const struct keys expected = chosen(offered);
    HOLD(RULE_FETCHED, keys_same(kept, &expected), "%s instead of %s", keys_text(kept), keys_text(&expected));
}
