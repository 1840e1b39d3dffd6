/* SPDX-License-Identifier: Apache-2.0 */
#include "issuer.h"

#include <stdio.h>
#include <string.h>

#include "rules.h"

struct issuer issuer;

enum { NUMBERS = 512, FLASH_NUMBERS = 100 };

static uint64_t removed_at[NUMBERS];
static uint16_t next_number;
static uint16_t next_kid;

uint64_t issuer_removed_at(struct key key)
{
    return keys_have(&issuer.keys, key) ? UINT64_MAX : removed_at[key.number % NUMBERS];
}

/* ---- Its keys. */

static void add_key(bool at_front)
{
    struct key key = { next_kid, next_number };
    if (issuer.keys.count == MOST_KEYS - 1 || next_number + 1 >= NUMBERS)
        return;
    next_number++;
    next_kid++;
    if (one_in(12))
        key.kid = 0;
    const unsigned at = at_front ? 0 : issuer.keys.count;
    memmove(&issuer.keys.key[at + 1], &issuer.keys.key[at], (issuer.keys.count - at) * sizeof key);
    issuer.keys.key[at] = key;
    issuer.keys.count++;
}

static void remove_key(unsigned at)
{
    if (issuer.keys.count < 2)
        return;
    at %= issuer.keys.count;
    removed_at[issuer.keys.key[at].number % NUMBERS] = now;
    memmove(&issuer.keys.key[at], &issuer.keys.key[at + 1], (issuer.keys.count - at - 1) * sizeof issuer.keys.key[0]);
    issuer.keys.count--;
}

static void shuffle(void)
{
    for (unsigned i = issuer.keys.count; i > 1; i--) {
        const unsigned other = below(i);
        const struct key key = issuer.keys.key[other];
        issuer.keys.key[other] = issuer.keys.key[i - 1];
        issuer.keys.key[i - 1] = key;
    }
}

/* Another number under the kid that stays. */
static void renumber(unsigned at)
{
    struct key *const key = &issuer.keys.key[at % issuer.keys.count];
    if (next_number + 1 >= NUMBERS)
        return;
    removed_at[key->number % NUMBERS] = now;
    key->number = next_number++;
}

static void replace_all(void)
{
    const unsigned count = issuer.keys.count;
    for (unsigned i = 0; i < count; i++)
        add_key(false);
    for (unsigned i = 0; i < count && issuer.keys.count > 1; i++)
        remove_key(0);
}

void issuer_rotate(void)
{
    happened[ROTATION]++;
    switch (below(8)) {
    case 0:
    case 1: add_key(one_in(2)); break;
    case 2:
    case 3: remove_key(below(MOST_KEYS)); break;
    case 4:
        add_key(false);
        remove_key(0);
        break;
    case 5: replace_all(); break;
    case 6: renumber(below(MOST_KEYS)); break;
    default: shuffle(); break;
    }
    issuer.unusable = one_in(3) ? below(3) : 0;
    TRACE("the issuer publishes %s and %u unusable", keys_text(&issuer.keys), issuer.unusable);
}

/* ---- How it answers. */

static const uint32_t ages[] = { WARD_NO_MAX_AGE, WARD_NO_MAX_AGE, 0,     15,    299,    300,           301, 3600, 7200,
                                 43200,           86399,           86400, 86401, 604800, UINT32_MAX - 1 };
static const uint32_t pauses[] = {
    0, 0, 1, 4, 5, 6, 59, 60, 61, 500, 1800, 3000, 3599, 3600, 3601, 1000000, UINT32_MAX
};

static int64_t some_date_error(void)
{
    static const int64_t errors[] = { 1,         -1,        299,         -299,
                                      300,       -300,      301,         -301,
                                      86400,     -86400,    31556952,    -31556952,
                                      630000000, 640000000, -1767225600, INT64_C(1) << 40 };
    static const int64_t large[] = { 86400, -86400, 31556952, -31556952, 640000000, INT64_C(1) << 40 };
    return slack > 0 ? ONE_OF(large) : ONE_OF(errors);
}

void issuer_change(bool wrong_dates)
{
    issuer.mode = one_in(2) ? UP : (enum issuer_mode)below(MODES);
    issuer.max_age = ONE_OF(ages);
    issuer.retry_after = ONE_OF(pauses);
    issuer.dated = one_in(2);
    issuer.date_error = wrong_dates && one_in(3) ? some_date_error() : 0;
    issuer.cache = one_in(4) ? some_time(27) : 0;
    issuer.cache_kind = (enum cache_kind)below(CACHE_KINDS);
    if (issuer.cache > issuer.longest_cache)
        issuer.longest_cache = issuer.cache;
    issuer_forget_cached();
    issuer.slow = one_in(4);
    if (issuer.mode != UP)
        happened[OUTAGE]++;
    TRACE("the issuer %s, max-age %u, Retry-After %u, Date %s by %lld s",
          issuer.mode == UP            ? "is there"
          : issuer.mode == UNREACHABLE ? "is unreachable"
          : issuer.mode == HTTP_ERROR  ? "answers 503"
                                       : "is hostile",
          issuer.max_age, issuer.retry_after, issuer.dated ? "wrong" : "absent, wrong", (long long)issuer.date_error);
}

void issuer_begin(void)
{
    memset(&issuer, 0, sizeof issuer);
    memset(removed_at, 0, sizeof removed_at);
    issuer_forget_cached();
    /* The numbers and kids below are those that firmware may have compiled in. */
    next_number = (uint16_t)(1 + below(3));
    next_kid = next_number;
    issuer.max_age = one_in(2) ? WARD_NO_MAX_AGE : ONE_OF(ages);
    issuer.dated = one_in(2);
    issuer.validity_known = slack == 0 && one_in(3);
    add_key(false);
    for (unsigned more = below(3); more > 0; more--)
        add_key(false);
}

/* ---- Its answers. */

static void put_set(struct answer *answer)
{
    text_put_set(&answer->body, &answer->offered, issuer.unusable);
}

/* Two keys under one kid, of which not even the first may be taken over. */
static void put_conflict(struct answer *answer)
{
    const struct key one = { 1, 400 };
    const struct key other = { 1, 401 };
    text_put(&answer->body, "{\"keys\":[");
    text_put_key(&answer->body, one);
    text_put(&answer->body, ",");
    text_put_key(&answer->body, other);
    text_put(&answer->body, "]}");
}

/* With a key of the operator's among them, the first, so that it finds a slot. */
static void put_foreign(struct answer *answer)
{
    struct keys keys = { .count = 1, .key = { issuer.foreign } };
    for (unsigned i = 0; i < issuer.keys.count && keys.count < WARD_MAX_KEYS; i++)
        keys.key[keys.count++] = issuer.keys.key[i];
    happened[OPERATORS_KEY]++;
    text_put_set(&answer->body, &keys, 0);
}

static void put_hostile(struct answer *answer)
{
    static const char *const bodies[] = { "",
                                          "<!doctype html>",
                                          "[]",
                                          "{}",
                                          "{\"keys\":{}}",
                                          "{\"keys\":[]}",
                                          "{\"keys\":[{\"kty\":\"EC\"}]}",
                                          "{\"keys\":[[[[[[[[[[[[",
                                          "{\"keys\":[{\"kid\":\"a\",\"kid\":\"b\"}]}",
                                          "\xff\xfe",
                                          "{\"keys\":[1]}" };
    switch (below(issuer.foreign.number != 0 ? 7 : 5)) {
    case 5:
    case 6: put_foreign(answer); return;
    case 0:
        put_set(answer);
        answer->body.length = below((uint32_t)answer->body.length);
        return;
    case 1: put_conflict(answer); return;
    case 2:
        put_set(answer);
        memset(answer->body.bytes + answer->body.length, ' ', WARD_MAX_JWKS + 1 - answer->body.length);
        answer->body.length = WARD_MAX_JWKS + 1;
        return;
    case 3:
        put_set(answer);
        text_put(&answer->body, "x");
        return;
    default: text_put(&answer->body, ONE_OF(bodies)); return;
    }
}

/* ---- The cache before it: keeps a whole answer as it was, and what it says of its age is its own. */

static struct {
    bool holds;
    struct keys keys;
    uint64_t at;
} cached;

void issuer_forget_cached(void)
{
    cached.holds = false;
}

static void look_into_cache(struct answer *answer)
{
    if (issuer.cache > 0 && cached.holds && now - cached.at <= issuer.cache) {
        happened[CACHED]++;
        answer->offered = cached.keys;
        answer->served = cached.at;
        return;
    }
    cached.holds = true;
    cached.keys = issuer.keys;
    cached.at = now;
}

static uint64_t date_at(uint64_t at)
{
    const int64_t date = (int64_t)(EPOCH + at / SECOND) + issuer.date_error;
    return !issuer.dated || date < 0 ? 0 : (uint64_t)date;
}

static void date(struct answer *answer)
{
    const enum cache_kind kind = issuer.cache_kind == CHANGES ? (enum cache_kind)below(CHANGES) : issuer.cache_kind;
    const bool renews = kind == RENEWS || kind == RENEWS_SILENTLY;
    answer->known.date = date_at(renews ? now : answer->served);
    answer->known.aged = (kind == KEEPS || kind == RENEWS) && now - answer->served >= SECOND;
}

static void fail(struct answer *answer)
{
    static const enum ward_code reasons[] = { WARD_FETCH_UNREACHABLE, WARD_FETCH_CERTIFICATE, WARD_FETCH_HOST,
                                              WARD_FETCH_TIMED_OUT,   WARD_FETCH_PROTOCOL,    WARD_NOT_PROVIDED };
    answer->known.status = ward_status_of(ONE_OF(reasons));
    answer->known.http = 0;
    answer->known.date = 0;
    /* What came of a body before the connection broke must not count. */
    if (one_in(2))
        put_set(answer);
}

void issuer_answer(struct answer *answer)
{
    memset(answer, 0, offsetof(struct answer, body));
    answer->body.length = 0;
    answer->offered = issuer.keys;
    answer->served = now;
    answer->next = now + (issuer.slow ? below(2 * MINUTE) : below(SECOND));
    answer->known.status = ward_status_of(WARD_OK);
    answer->known.http = 200;
    answer->known.max_age = issuer.max_age;
    answer->known.date = date_at(now);
    answer->misdated = issuer.date_error != 0;
    if (issuer.validity_known) {
        answer->known.valid_from = EPOCH - 90u * 86400u;
        answer->known.valid_until = EPOCH + 90u * 86400u;
    }
    if (issuer.mode == UNREACHABLE) {
        fail(answer);
    } else if (issuer.mode == HTTP_ERROR) {
        answer->known.status = ward_status_of(WARD_FETCH_HTTP_STATUS);
        answer->known.http = 503;
        answer->known.retry_after = issuer.retry_after;
        if (one_in(4))
            put_set(answer);
    } else if (issuer.mode == HOSTILE) {
        happened[HOSTILE_BODY]++;
        put_hostile(answer);
        answer->known.retry_after = one_in(4) ? issuer.retry_after : 0;
    } else {
        look_into_cache(answer);
        date(answer);
        put_set(answer);
        answer->whole = true;
        answer->known.retry_after = one_in(8) ? ONE_OF(pauses) : 0; /* means nothing with a good answer */
    }
}

size_t answer_piece(struct answer *answer)
{
    const size_t left = answer->body.length - answer->fed;
    answer->next = now + (issuer.slow ? below(20 * SECOND) : below(200));
    if (left == 0)
        return 0;
    return one_in(3) ? 1 + below((uint32_t)left) : left;
}
