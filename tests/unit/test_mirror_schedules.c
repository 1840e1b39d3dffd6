/* SPDX-License-Identifier: Apache-2.0 */
/* An operator who publishes, a mirror that lags, leads back, lies or is down, a wire at the device, restarts and time, in random order, against
 * a plain model of what ward/bundle.h promises of a bundle at a URL.
 */
#include "bundle_fixture.h"
#include "keys/keyring.h"
#include "memory_slots.h"

#if WARD_MAX_BUNDLE > 0

enum { SCHEDULES = 12, STEPS = 60, MOST = 64, STALE = 3600 };

/* What the operator has signed: the index is `seq` less 1. */
static struct version {
    uint64_t iat;
    uint64_t exp;
    char key;
} versions[MOST];
static unsigned published;
static unsigned at_mirror;

/* What must be so; an index, or -1. */
static struct {
    int force;
    int tag; /* of which the device knows that the mirror has it, or had */
    uint64_t fetched_at;
} model;

static bool https;
static uint32_t chance;
static char fetched[8192];

static uint32_t below(uint32_t bound)
{
    return random_below(&chance, bound);
}

static const struct test_token *text_of(unsigned index)
{
    static char keys[2];
    bundle_usual();
    keys[0] = versions[index].key;
    words.keys = keys;
    words.iat = versions[index].iat;
    words.exp = versions[index].exp;
    words.seq = index + 1;
    return bundle_make();
}

/* What becomes of a bundle that came whole. */
static enum ward_code take(unsigned index)
{
    if (ring_time.seconds >= versions[index].exp)
        return WARD_BUNDLE_EXPIRED;
    if ((int)index < model.force)
        return WARD_BUNDLE_OLDER;
    if ((int)index > model.force) {
        model.fetched_at = versions[index].iat;
        model.tag = -1;
    }
    model.force = (int)index;
    return WARD_OK;
}

/* ---- What happens. */

static void publish(void)
{
    if (published == MOST)
        return;
    const struct version version = { ring_time.seconds, ring_time.seconds + 1000 + below(8000),
                                     below(2) == 0 ? 'a' : 'b' };
    versions[published++] = version;
    if (below(3) > 0)
        at_mirror = published - 1;
}

static void give(void)
{
    const unsigned index = below(published);
    const struct test_token *const bundle = text_of(index);
    CHECK_STATUS(bundle_give(bundle), take(index));
}

/* What the device sends is the tag of the bundle in force, where that came from the mirror; else nothing. */
static void check_tag(void)
{
    const char sent = ring.etag_length == 3 ? ring.etag[1] : '\0';
    CHECK_NUMBER(sent, model.tag >= 0 ? '0' + model.tag : 0);
}

/* A lie is a 304 for what the mirror does not have, or was not asked about. */
static enum ward_code unchanged(void)
{
    if (model.tag < 0)
        return WARD_FETCH_HTTP_STATUS;
    return ring_time.seconds < versions[model.force].exp ? WARD_OK : WARD_BUNDLE_EXPIRED;
}

static enum ward_code whole(struct ward_fetch_answer *answer)
{
    const struct test_token *const bundle = text_of(at_mirror);
    answer->etag_length = 3;
    memcpy(answer->etag, "\"?\"", 3);
    answer->etag[1] = (char)('0' + at_mirror);
    CHECK_STATUS(ward_keyring_fetch_feed(&ring, bundle->data, bundle->length, &test_work), WARD_OK);
    const enum ward_code code = take(at_mirror);
    if (code == WARD_OK)
        model.tag = (int)at_mirror;
    return code;
}

static void fetch(void)
{
    struct ward_fetch_answer answer = ring_good;
    check_tag();
    ward_keyring_fetch_begin(&ring);
    const bool lies = below(8) == 0;
    enum ward_code code = WARD_FETCH_TIMED_OUT;
    if (below(8) == 0) {
        answer = ring_failed(WARD_FETCH_TIMED_OUT);
    } else if (lies || model.tag == (int)at_mirror) {
        answer.http = 304;
        code = unchanged();
    } else {
        code = whole(&answer);
    }
    CHECK_STATUS(ward_keyring_fetch_end_bundle(&ring, &answer, ring_time, ring_uptime, &test_work), code);
    if (code == WARD_OK && https)
        model.fetched_at = ring_time.seconds;
}

static void restart(void)
{
    static struct ward_record record;
    ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
    memory_store(0, &record);
    ring_begin();
    const struct ward_status status = ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work);
    CHECK_STATUS(status, model.force >= 0 ? WARD_OK : WARD_RECORD_MISMATCH);
    model.tag = -1;
}

static void step(void)
{
    switch (below(10)) {
    case 0: publish(); break;
    case 1: at_mirror = below(published); break;
    case 2: give(); break;
    case 3: restart(); break;
    case 4:
    case 5: ring_pass(below(1500) * SECOND); break;
    default: fetch(); break;
    }
}

/* ---- What must be so. */

static enum ward_code readiness(void)
{
    if (model.force < 0)
        return WARD_KEYS_ABSENT;
    const bool stale = ring_time.seconds >= versions[model.force].exp || ring_time.seconds - model.fetched_at > STALE;
    return stale ? WARD_KEYS_STALE : WARD_OK;
}

static void check(void)
{
    const char keys[] = { model.force >= 0 ? versions[model.force].key : '\0', '\0' };
    CHECK(ring_has(keys));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, (uint64_t)(model.force + 1));
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), model.fetched_at);
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), readiness());
}

static void begin(unsigned schedule)
{
    chance = schedule * 2654435761u;
    https = schedule % 2u == 0;
    memory_begin();
    bundle_begin();
    bundle_config.buffer = fetched;
    bundle_config.size = sizeof fetched;
    bundle_config.cleartext = true;
    ring_config.max_stale = STALE;
    if (!https)
        ring_config.url = text("http://mirror.example/bundle");
    ring_begin();
    model.force = -1;
    model.tag = -1;
    model.fetched_at = 0;
    published = 0;
    publish();
    at_mirror = 0;
}

TEST(whatever_a_mirror_does_a_device_has_what_the_model_says)
{
    for (unsigned schedule = 1; schedule <= SCHEDULES; schedule++) {
        begin(schedule);
        for (unsigned i = 0; i < STEPS; i++) {
            step();
            check();
        }
    }
}

SUITE(mirror_schedules, CASE(whatever_a_mirror_does_a_device_has_what_the_model_says));

#else

TEST(without_bundles_no_mirror_is_asked)
{
    ring_usual();
    ring_begin();
    CHECK(!ward_keyring_fetches_bundles(&ring));
}

SUITE(mirror_schedules, CASE(without_bundles_no_mirror_is_asked));

#endif
