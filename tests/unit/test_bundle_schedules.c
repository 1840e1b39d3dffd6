/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of two operator keys, fetches, restarts and changes of the firmware's operator keys in random order, against a plain model of what
 * ward/bundle.h promises: what may follow what, whose word the keys are, until when they serve, and who is denied.
 */
#include "bundle_fixture.h"
#include "keys/bundle.h"
#include "keys/keyring.h"
#include "keys/key.h"
#include "memory_slots.h"

#if WARD_MAX_BUNDLE > 0

enum { SCHEDULES = 40, STEPS = 250, HISTORY = 6, OWNERS = 3 };

/* What a bundle says; `id` tells apart what is otherwise the same. */
struct said {
    unsigned signer;
    uint64_t seq;
    uint64_t iat;
    uint64_t exp;
    char key;
    uint8_t deny; /* 0: nobody; else the first byte of an owner id */
    uint8_t id;
};

/* What must be so. */
static struct {
    bool here[2]; /* the operator's keys that the firmware has */
    uint64_t seq[2];
    int signer; /* of the bundle in force; -1: there is none */
    struct said force;
    char key; /* in use; 0: none */
    bool by_bundle;
    uint64_t fetched_at;
} model;

static struct said history[HISTORY];
static unsigned told;
static uint32_t chance;

static uint32_t below(uint32_t bound)
{
    return random_below(&chance, bound);
}

static void have_operators(void)
{
    static struct ward_jwks keys;
    memset(&keys, 0, sizeof keys);
    for (size_t i = 0; i < 2; i++)
        if (model.here[i])
            keys.key[keys.count++] = bundle_keys.key[i];
    bundle_config.keys = &keys;
}

/* ---- A bundle, from where its signature and its claims are good. */

static struct ward_status give(const struct said *said)
{
    uint64_t now;
    const char keys[] = { said->key, '\0' };
    const char *const json = ring_set(keys);
    CHECK(ward_bundle_begin(&ring, ring_time, ring_uptime, &now));
    struct ward_bundle *const next = ward_bundle_next(&ring);
    next->issued = said->iat;
    next->expires = said->exp;
    next->mark[0].sequence = said->seq;
    next->mark[0].identity[0] = said->id;
    ward_key_fingerprint(&bundle_keys.key[said->signer], next->mark[0].key);
    if (said->deny > 0) {
        next->denials[0].owner[0] = said->deny;
        next->denials[0].issued_until = NOW;
    }
    return ward_bundle_end(&ring, ward_bundle_read_keys(&ring, false, json, strlen(json), &test_work), ring_uptime);
}

static enum ward_code expected(const struct said *said)
{
    const bool same_key = model.signer == (int)said->signer;
    if (same_key && said->seq == model.seq[said->signer])
        return said->id == model.force.id ? WARD_OK : WARD_BUNDLE_CHANGED;
    if (said->seq <= model.seq[said->signer])
        return WARD_BUNDLE_OLDER;
    if (model.signer >= 0 && !same_key && model.here[model.signer] && said->iat < model.force.iat)
        return WARD_BUNDLE_EARLIER;
    return WARD_OK;
}

/* The later word: an issuer's is as old as its fetch, a bundle's as its `iat`; between bundles the number has decided already. */
static void take(const struct said *said)
{
    model.seq[said->signer] = said->seq;
    model.signer = (int)said->signer;
    model.force = *said;
    if (!model.by_bundle && model.key != '\0' && said->iat < model.fetched_at)
        return;
    model.key = said->key;
    model.by_bundle = true;
    model.fetched_at = said->iat;
}

static struct said invent(void)
{
    const uint64_t now = ring_time.seconds;
    struct said said = { .signer = below(2), .id = (uint8_t)(told + 1), .deny = (uint8_t)below(OWNERS + 1) };
    said.seq = model.seq[said.signer] + below(4);
    said.seq = said.seq > 1 ? said.seq - 1 : 1;
    said.iat = now - below(100);
    said.exp = now + 1 + below(200);
    said.key = below(2) == 0 ? 'a' : 'b';
    return said;
}

static void bundle(void)
{
    const struct said said = told > 0 && below(4) == 0 ? history[below(told < HISTORY ? told : HISTORY)] : invent();
    if (!model.here[said.signer] || said.exp <= ring_time.seconds)
        return;
    const enum ward_code code = expected(&said);
    CHECK_STATUS(give(&said), code);
    if (code == WARD_OK)
        take(&said);
    history[told++ % HISTORY] = said;
}

/* ---- What else happens. */

static void fetch(void)
{
    const char keys[] = { below(2) == 0 ? 'a' : 'b', '\0' };
    ring_fill(keys);
    model.key = keys[0];
    model.by_bundle = false;
    model.fetched_at = ring_time.seconds;
}

static void restart(void)
{
    static struct ward_record record;
    ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
    memory_store(0, &record);
    ring_begin();
    const struct ward_status status = ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work);
    if (model.by_bundle && !model.here[model.signer]) {
        model.key = '\0';
        model.by_bundle = false;
        model.fetched_at = 0;
    }
    CHECK_STATUS(status, model.key != '\0' ? WARD_OK : WARD_RECORD_MISMATCH);
}

static void update(void)
{
    const uint32_t which = below(3);
    model.here[0] = which != 1;
    model.here[1] = which != 2;
    have_operators();
    restart();
}

static void step(void)
{
    switch (below(12)) {
    case 0: restart(); break;
    case 1: fetch(); break;
    case 2: update(); break;
    case 3:
    case 4: ring_pass(below(60) * SECOND); break;
    default: bundle(); break;
    }
}

/* ---- What must be so. */

static enum ward_code readiness(void)
{
    if (model.key == '\0')
        return WARD_KEYS_ABSENT;
    return model.by_bundle && ring_time.seconds >= model.force.exp ? WARD_KEYS_STALE : WARD_OK;
}

static void check(void)
{
    const char keys[] = { model.key, '\0' };
    const struct ward_bundle_info info = ward_keyring_bundle_info(&ring);
    CHECK(ring_has(keys));
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), readiness());
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), model.fetched_at);
    CHECK_NUMBER(info.sequence, model.signer >= 0 ? model.force.seq : 0);
    CHECK_NUMBER(info.keys, model.by_bundle);
    CHECK_NUMBER(info.signer, model.signer >= 0 && model.here[model.signer]);
    for (uint8_t owner = 1; owner <= OWNERS; owner++) {
        const uint8_t id[WARD_OWNER_SIZE] = { owner };
        CHECK_NUMBER(ward_bundle_denies(&ring, id, NOW), model.signer >= 0 && model.force.deny == owner);
    }
}

TEST(bundles_and_fetches_in_any_order_are_what_the_model_says)
{
    for (unsigned schedule = 1; schedule <= SCHEDULES; schedule++) {
        memset(&model, 0, sizeof model);
        model.here[0] = model.here[1] = true;
        model.signer = -1;
        chance = schedule * 2654435761u;
        told = 0;
        memory_begin();
        bundle_begin();
        have_operators();
        for (unsigned i = 0; i < STEPS; i++) {
            step();
            check();
        }
    }
}

SUITE(bundle_schedules, CASE(bundles_and_fetches_in_any_order_are_what_the_model_says));

#else

TEST(without_bundles_a_fetch_is_the_only_word)
{
    ring_usual();
    ring_begin();
    ring_fill("ab");
    CHECK(ring_has("ab"));
}

SUITE(bundle_schedules, CASE(without_bundles_a_fetch_is_the_only_word));

#endif
