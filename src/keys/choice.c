/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/choice.h"

#include <string.h>

/* FNV-1a. A kid that collides with another one shares its wishes, no more. */
static const uint32_t hash_start = 2166136261u;
static const uint32_t hash_factor = 16777619u;

/* What a key is, from the one that gives way first; below it there is room for its lot or its turn. */
enum { WITHOUT_KID, ANY, HELD, FAVOURED, IN_USE };

static uint64_t worth_of(uint64_t what, uint32_t within)
{
    return what << 32 | within;
}

uint32_t ward_choice_place(struct ward_text kid)
{
    uint32_t hash = hash_start;
    for (size_t i = 0; i < kid.length; i++)
        hash = (hash ^ (uint8_t)kid.data[i]) * hash_factor;
    return hash;
}

/* Each step can be undone, so that two kids never draw the same lot. */
static uint32_t draw(const struct ward_jwks_wanted *wanted, struct ward_text kid)
{
    uint32_t lot = ward_choice_place(kid) ^ wanted->salt;
    lot = (lot ^ lot >> 16) * 0x7feb352du;
    lot = (lot ^ lot >> 15) * 0x846ca68bu;
    return lot ^ lot >> 16;
}

void ward_wanted_clear(struct ward_jwks_wanted *wanted, uint32_t salt)
{
    memset(wanted, 0, sizeof *wanted);
    wanted->salt = salt;
}

static bool is_wanted(const struct ward_jwks_wanted *wanted, uint32_t lot)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (wanted->lot[i] == lot)
            return true;
    return false;
}

void ward_wanted_add(struct ward_jwks_wanted *wanted, struct ward_text kid)
{
    const uint32_t lot = draw(wanted, kid);
    size_t worst = 0;
    if (kid.length == 0 || is_wanted(wanted, lot))
        return;
    if (wanted->count < WARD_WANTED_KIDS) {
        wanted->lot[wanted->count++] = lot;
        return;
    }
    wanted->crowded = true;
    for (size_t i = 1; i < WARD_WANTED_KIDS; i++)
        if (wanted->lot[i] < wanted->lot[worst])
            worst = i;
    if (lot > wanted->lot[worst])
        wanted->lot[worst] = lot;
}

uint64_t ward_choice_worth(const struct ward_jwks_choice *choice, struct ward_text kid, bool held, bool in_use)
{
    if (kid.length == 0)
        return worth_of(WITHOUT_KID, 0);
    if (in_use)
        return worth_of(IN_USE, 0);
    if (choice->in_turn)
        return worth_of(FAVOURED, UINT32_MAX - (ward_choice_place(kid) - choice->turn));
    const uint32_t lot = draw(&choice->wanted, kid);
    if (is_wanted(&choice->wanted, lot))
        return worth_of(FAVOURED, lot);
    return worth_of(held ? HELD : ANY, 0);
}
