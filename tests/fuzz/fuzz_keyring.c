/* SPDX-License-Identifier: Apache-2.0 */
/* A keyring that is told anything in any order: a key set of any bytes in pieces, ends of fetches that nobody began, questions, checks,
 * records, restarts, clocks and uptimes that jump. Keys only ever change by a whole fetch or a restart, to exactly what a reader of the
 * whole body takes; a running check keeps the keys it began with; what is wanted can be done.
 *
 * The last byte is the number of actions before it; what is before these is the body that an issuer answers with. An action is a number in
 * the lower four bits of a byte, with a parameter in the upper four.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "keys/choice.h"
#include "keys/keyring.h"
#include "state/clock.h"
#include "token.h"

#define URL "https://dev-4fszoklachwdh46m.us.auth0.com/.well-known/jwks.json"

enum {
    BEGIN,
    FEED,
    REST,
    GOOD_END,
    BAD_END,
    ASK,
    CHECK_TURN,
    STORE,
    PASS,
    CLOCK,
    TOUCH,
    REBOOT,
    NEXT,
    USED,
    LOOK,
    RUDE
};
enum { CHECKS = 2, MOST_BODY = 8192 };

static const uint32_t numbers[16] = {
    0, 1, 3, 15, 60, 299, 300, 3600, 86399, 86400, 604800, 604801, 31556952, INT32_MAX, UINT32_MAX - 1, UINT32_MAX
};

static struct ward_keyring keyring;
static struct ward_keyring_config config;
static struct ward_workspace work;
static struct image {
    uint8_t bytes[WARD_RECORD_STORED];
    size_t length;
} images[2];
static struct ward_time clock_now;
static uint32_t uptime;
static const char *body;
static size_t body_length;

/* ---- What is known of it. */

static unsigned locks;
static bool locked;
static struct ward_jwks in_use; /* the keys that must be in use */
static int kept;                /* the slot of the newest record; -1: none */
static bool fetching;
static char fed[MOST_BODY];
static size_t fed_length;
static size_t body_at;
static struct ward_jwks_choice choice; /* of the fetch that is under way */
static struct ward_jwks_reader reader; /* of its whole body */
static struct check {
    const struct ward_jwks *set;
    struct ward_jwks before;
} checks[CHECKS];

static void lock(void *context)
{
    CHECK(context == &locks && !locked);
    locked = true;
    locks++;
}

static void unlock(void *context)
{
    CHECK(context == &locks && locked);
    locked = false;
}

static bool same(const struct ward_jwks *a, const struct ward_jwks *b)
{
    return a->count == b->count && memcmp(a->key, b->key, a->count * sizeof a->key[0]) == 0;
}

static void start(void)
{
    memset(&keyring, 0xa5, sizeof keyring);
    memset(checks, 0, sizeof checks);
    CHECK_STATUS(ward_keyring_begin(&keyring, &config, 3, uptime), WARD_OK);
    fetching = false;
    fed_length = 0;
}

/* ---- A reader of the whole body, at once. */

static struct ward_status read_whole(struct ward_jwks *set)
{
    ward_jwks_begin(&reader, set, &in_use, ward_text_of(NULL, 0));
    ward_jwks_choose(&reader, &choice);
    if (fed_length > 0)
        (void)ward_jwks_feed(&reader, fed, fed_length, &work);
    return ward_jwks_end(&reader);
}

/* ---- Actions. */

/* Whether a running check holds the set that is not in use. */
static bool spare_is_free(void)
{
    for (unsigned i = 0; i < CHECKS; i++)
        if (checks[i].set != NULL && checks[i].set != ward_keyring_keys(&keyring) && checks[i].set != config.compiled)
            return false;
    return true;
}

static void begin(void)
{
    ward_keyring_fetch_begin(&keyring);
    choice = keyring.reader.choice;
    fetching = spare_is_free();
    fed_length = 0;
    body_at = 0;
}

static void feed(size_t most)
{
    const size_t left = body_length - body_at;
    const size_t length = most < left ? most : left;
    char *const piece = fuzz_copy(body + body_at, length);
    const struct ward_status status = ward_keyring_fetch_feed(&keyring, piece, length, &work);
    free(piece);
    fuzz_check_named(status);
    if (fetching && length <= sizeof fed - fed_length) {
        memcpy(fed + fed_length, body + body_at, length);
        fed_length += length;
    }
    body_at += length;
}

static bool is_dated(const struct ward_fetch_answer *answer)
{
    return answer->valid_until == 0 || ward_clock_is_valid(&keyring.clock, clock_now) ||
           (answer->date >= answer->valid_from && answer->date <= answer->valid_until);
}

/* Keys that have verified since the fetch began stay too, in a slot that another one would have had. */
static void check_in_use(uint32_t active)
{
    for (size_t i = 0; i < in_use.count; i++) {
        bool found = (active & reader.offered & (uint32_t)1 << i) == 0u;
        for (size_t j = 0; j < ward_keyring_keys(&keyring)->count; j++)
            found = found || memcmp(&ward_keyring_keys(&keyring)->key[j], &in_use.key[i], sizeof in_use.key[i]) == 0;
        CHECK(found);
    }
}

static void end(const struct ward_fetch_answer *answer)
{
    static struct ward_jwks expected;
    const uint32_t active = ward_keyring_in_use(&keyring);
    const bool dated = is_dated(answer);
    const struct ward_status read = fetching ? read_whole(&expected) : ward_status_of(WARD_JSON_MALFORMED);
    const struct ward_status status = ward_keyring_fetch_end(&keyring, answer, clock_now, uptime);
    fuzz_check_named(status);
    CHECK(ward_ok(status) == (ward_ok(read) && ward_ok(answer->status) && dated));
    if (ward_ok(status)) {
        check_in_use(active);
        in_use = (active & reader.dropped) != 0u ? *ward_keyring_keys(&keyring) : expected;
    }
    fetching = false;
}

static void good_end(unsigned parameter)
{
    const struct ward_fetch_answer answer = { .status = { WARD_OK },
                                              .http = 200,
                                              .max_age = numbers[parameter],
                                              .date = (parameter & 8u) != 0 ? NOW + parameter : 0,
                                              .aged = (parameter & 4u) != 0,
                                              .valid_from = NOW + 9,
                                              .valid_until = (parameter & 2u) != 0 ? NOW + 14 : 0 };
    end(&answer);
}

static void bad_end(unsigned parameter)
{
    static const uint32_t reasons[] = { WARD_FETCH_UNREACHABLE, WARD_FETCH_CERTIFICATE, WARD_FETCH_CUT_OFF,
                                        WARD_FETCH_HTTP_STATUS };
    const struct ward_fetch_answer answer = { .status = { reasons[parameter % 4] },
                                              .http = 429,
                                              .retry_after = numbers[parameter] };
    end(&answer);
}

static void ask(unsigned parameter)
{
    static const char kids[] = "abcd";
    uint32_t retry_after = 12345;
    const size_t length = parameter == 15 ? WARD_MAX_KID + 1u : parameter == 14 ? 0 : 1;
    char kid[WARD_MAX_KID + 1];
    memset(kid, kids[parameter % 4], sizeof kid);
    const struct ward_status status = ward_keyring_request_refresh(&keyring, ward_text_of(kid, length), uptime,
                                                                   &retry_after);
    CHECK(status.code == WARD_KEY_REFRESH_PENDING || status.code == WARD_KEY_UNKNOWN);
    CHECK((status.code == WARD_KEY_UNKNOWN) == (retry_after == 0));
    CHECK(retry_after <= 3600);
}

static void check_turn(unsigned parameter)
{
    struct check *const check = &checks[parameter % CHECKS];
    if (check->set == NULL) {
        check->set = ward_keyring_enter(&keyring);
        check->before = *check->set;
        return;
    }
    CHECK(same(check->set, &check->before));
    ward_keyring_leave(&keyring, check->set);
    check->set = NULL;
}

static size_t read_slot(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)context;
    const size_t left = offset < images[slot].length ? images[slot].length - offset : 0;
    const size_t length = size < left ? size : left;
    memcpy(data, images[slot].bytes + offset, length);
    return length;
}

static struct ward_status write_slot(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    (void)context;
    CHECK(offset + size <= sizeof images[slot].bytes);
    if (size > 0)
        memcpy(images[slot].bytes + offset, data, size);
    images[slot].length = offset + size;
    return ward_status_of(WARD_OK);
}

static const struct ward_record_slots slots = { NULL, read_slot, write_slot };

static void store(unsigned parameter, unsigned slot)
{
    static struct ward_record record;
    const struct ward_record_origin none = { WARD_RECORD_SLOTS, 0 };
    ward_keyring_pack(&keyring, clock_now, uptime, &record);
    CHECK(record.length > 0 && record.length <= sizeof record.bytes);
    const bool good = (parameter & 1u) == 0;
    if (good) {
        CHECK_STATUS(ward_record_write(&slots, none, slot, &record, &work), WARD_OK);
        kept = (int)slot;
    }
    ward_keyring_stored(&keyring, ward_status_of(good ? WARD_OK : WARD_RECORD_NOT_STORED), uptime);
}

static void reboot(void)
{
    start();
    if (kept < 0) {
        memset(&in_use, 0, sizeof in_use);
        return;
    }
    static struct ward_jwks stored;
    const struct ward_status status = ward_keyring_open(&keyring, &slots, uptime, &work);
    CHECK(keyring.found && (int)keyring.origin.slot == kept);
    CHECK(ward_ok(status) || status.code == WARD_RECORD_MISMATCH);
    stored = *ward_keyring_keys(&keyring);
    /* Keys of a later fetch may not have been stored: those in use must be some that were. */
    CHECK(ward_ok(status) == (stored.count > 0));
    in_use = stored;
}

static void next(void)
{
    const struct ward_keyring_action want = ward_keyring_next(&keyring, clock_now, uptime);
    const struct ward_keyring_action again = ward_keyring_next(&keyring, clock_now, uptime);
    CHECK(want.task <= WARD_KEYRING_STORE && again.task == want.task);
    CHECK(want.slot < 2 && (int)want.slot != kept);
    CHECK((want.task == WARD_KEYRING_WAIT) == (want.wait > 0) && want.wait <= WARD_DAY);
    CHECK(want.task != WARD_KEYRING_FETCH || (!fetching && spare_is_free()));
    CHECK(want.now >= config.build_time);
    if (want.task == WARD_KEYRING_STORE)
        store(0, want.slot);
    else if (want.task == WARD_KEYRING_FETCH)
        begin();
}

static void used(unsigned parameter)
{
    const struct ward_jwks *const set = ward_keyring_keys(&keyring);
    if (set->count > 0)
        ward_keyring_mark_used(&keyring, &set->key[parameter % set->count]);
}

static void look(void)
{
    const struct ward_time best = ward_keyring_time(&keyring, clock_now, uptime);
    const struct ward_status ready = ward_keyring_ready(&keyring, best);
    CHECK(best.trust != WARD_TIME_SET || best.seconds >= config.build_time);
    CHECK((ready.code == WARD_KEYS_ABSENT) == (in_use.count == 0));
    CHECK(ward_keyring_spare_keys(&keyring) <= in_use.count);
    const uint32_t news = ward_keyring_take_notice(&keyring).code;
    CHECK(news == WARD_NO_RESULT || news == WARD_KEYS_HELD || news == WARD_KEYS_CHANGED || news == WARD_KEYS_LAST ||
          news == WARD_KEYS_LEFT_OUT);
}

static void set_clock(unsigned parameter)
{
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    clock_now = parameter == 0 ? unknown : ward_time_set(NOW - 86400u * 8 + numbers[parameter]);
}

static void touch(unsigned parameter)
{
    if ((parameter & 1u) == 0)
        ward_keyring_touch(&keyring);
    else
        ward_keyring_set_floor(&keyring, NOW + numbers[parameter]);
}

static void pass(unsigned parameter)
{
    const uint32_t seconds = numbers[parameter % 12];
    uptime += seconds * WARD_SECOND;
    clock_now.seconds += clock_now.trust == WARD_TIME_SET ? seconds : 0;
}

static void act(unsigned action, unsigned parameter)
{
    switch (action) {
    case BEGIN: begin(); break;
    case FEED: feed(parameter * parameter + 1u); break;
    case REST: feed(SIZE_MAX); break;
    case GOOD_END: good_end(parameter); break;
    case BAD_END: bad_end(parameter); break;
    case ASK: ask(parameter); break;
    case CHECK_TURN: check_turn(parameter); break;
    case STORE: store(parameter, keyring.slot); break;
    case PASS: pass(parameter); break;
    case CLOCK: set_clock(parameter); break;
    case TOUCH: touch(parameter); break;
    case REBOOT: reboot(); break;
    case NEXT: next(); break;
    case USED: used(parameter); break;
    case LOOK: look(); break;
    default: parameter % 2 == 0 ? good_end(0) : feed(parameter); break;
    }
}

/* After whatever happened. */
static void check_all(void)
{
    CHECK(!locked);
    CHECK(same(ward_keyring_keys(&keyring), &in_use));
    for (unsigned i = 0; i < CHECKS; i++)
        CHECK(checks[i].set == NULL || same(checks[i].set, &checks[i].before));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t actions = fuzz_option(data, &size);
    actions = actions < size ? actions : size;
    body = (const char *)data;
    body_length = size - actions < MOST_BODY ? size - actions : MOST_BODY;
    config = (struct ward_keyring_config){ .issuer = WARD_TEXT(ISSUER),
                                           .url = WARD_TEXT(URL),
                                           .build_time = NOW - 86400u * 30,
                                           .hooks = { lock, unlock, &locks } };
    memset(images, 0, sizeof images);
    memset(&in_use, 0, sizeof in_use);
    kept = -1;
    uptime = UINT32_MAX - 100000u;
    clock_now = ward_time_set(NOW);
    body_at = 0;
    start();
    for (size_t i = 0; i < actions; i++) {
        act(data[size - actions + i] & 15u, data[size - actions + i] >> 4);
        check_all();
    }
    return 0;
}
