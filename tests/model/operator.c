/* SPDX-License-Identifier: Apache-2.0 */
#include "operator.h"

#include <string.h>

#include "issuer.h"
#include "rules.h"

/* Beyond all numbers of an issuer's keys. */
enum { FIRST_NUMBER = 700 };

static uint64_t highest[OPERATOR_KEYS];
static uint64_t signed_so_far;

void operator_begin(void)
{
    memset(highest, 0, sizeof highest);
    signed_so_far = 0;
}

struct key operator_key(unsigned key)
{
    const uint16_t number = (uint16_t)(FIRST_NUMBER + key);
    return (struct key){ number, number };
}

bool operator_has(uint16_t number)
{
    return number >= FIRST_NUMBER && number < FIRST_NUMBER + OPERATOR_KEYS;
}

void owner_write(unsigned who, uint8_t owner[16])
{
    memset(owner, 0xee, 16);
    owner[15] = (uint8_t)who;
}

/* ---- What it says. */

static unsigned some_signer(const struct firmware *firmware)
{
    unsigned key = below(OPERATOR_KEYS);
    if (firmware->operators == 0 || one_in(8))
        return key;
    while ((firmware->operators >> key & 1u) == 0u)
        key = (key + 1) % OPERATOR_KEYS;
    return key;
}

/* Two who sign with one key need one count, and have none; a thief counts as he likes. */
static uint64_t some_sequence(unsigned key)
{
    if (highest[key] == 0)
        return ++highest[key];
    switch (below(12)) {
    case 0: return highest[key];
    case 1: return 1 + below((uint32_t)highest[key]);
    case 2: return highest[key] += 1 + below(1000);
    default: return ++highest[key];
    }
}

static int64_t some_error(bool wrong_times)
{
    static const int64_t errors[] = { 60,       299,   300,       301,       3600,      -3600,      -86400,
                                      31556952, 86400, -31556952, 640000000, 8 * 86400, -8 * 86400, -1767000000 };
    return wrong_times && one_in(2) ? ONE_OF(errors) : 0;
}

static void deny_some(struct bundle *bundle)
{
    static const uint32_t before[] = { 0, 1, 60, 3600, 86400 };
    bundle->denials = one_in(2) ? 0 : 1 + below(MOST_DENIALS);
    for (unsigned i = 0; i < bundle->denials; i++) {
        struct denial *const denial = &bundle->denial[i];
        denial->whom = one_in(4) ? EVERYBODY : (enum whom)below(EVERYBODY);
        denial->who = below(SUBJECTS);
        denial->until = one_in(4) ? ALWAYS : EPOCH + now / SECOND - ONE_OF(before);
    }
}

static void begin_bundle(struct bundle *bundle, const struct firmware *firmware)
{
    memset(bundle, 0, offsetof(struct bundle, text));
    bundle->number = ++signed_so_far;
    bundle->issuer = firmware->issuer;
    bundle->keys = issuer.keys;
    bundle->shown = now;
    bundle->issued = EPOCH + now / SECOND;
}

void operator_sign(struct bundle *bundle, const struct firmware *firmware, bool wrong_times)
{
    static const uint32_t lifetimes[] = { 1, 60, 600, 3600, 3601, 7200, 86400, 604800, 604801, 2592000, 31536000 };
    begin_bundle(bundle, firmware);
    if (one_in(12))
        bundle->issuer = 1 - firmware->issuer;
    bundle->fault = one_in(4) ? (enum fault)below(FAULTS) : RIGHT;
    bundle->signer = some_signer(firmware);
    bundle->sequence = some_sequence(bundle->signer);
    bundle->issued = (uint64_t)((int64_t)bundle->issued + some_error(wrong_times));
    bundle->expires = bundle->issued + ONE_OF(lifetimes);
    deny_some(bundle);
    if (bundle->fault == WITH_OPERATORS)
        bundle->keys.key[below(bundle->keys.count)] = operator_key(bundle->signer);
    bundle_write(bundle);
    TRACE("the operator signs %llu: key %u, seq %llu, iat %lld s from now, for %llu s, %s, %u denials, fault %d, "
          "issuer %u",
          (unsigned long long)bundle->number, bundle->signer, (unsigned long long)bundle->sequence,
          (long long)(bundle->issued - EPOCH - now / SECOND), (unsigned long long)(bundle->expires - bundle->issued),
          keys_text(&bundle->keys), bundle->denials, (int)bundle->fault, bundle->issuer);
}

void operator_sign_well(struct bundle *bundle, const struct firmware *firmware, unsigned key)
{
    begin_bundle(bundle, firmware);
    bundle->signer = key;
    bundle->sequence = ++highest[key];
    bundle->expires = bundle->issued + 3600;
    bundle_write(bundle);
}
