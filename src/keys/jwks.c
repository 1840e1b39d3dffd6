/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "ward/jwks.h"

#include <string.h>

#include "crypto/wipe.h"
#include "encoding/json_scan.h"
#include "keys/choice.h"
#include "keys/jwk.h"
#include "keys/key.h"

/* Where in the set the scanner is. */
enum place {
    BEFORE,  /* before the outermost object */
    IN_SET,  /* in it, at a member that is not read */
    AT_KEYS, /* after the name `keys` */
    IN_KEYS, /* in its array, between keys */
    IN_KEY,  /* in one key */
    ENDED    /* nothing more is read */
};

/* Depths that the scanner counts in these places. */
enum { SET_DEPTH = 1, KEYS_DEPTH = 2 };

/* What the limits can be raised to. */
enum { LARGEST_RSA_BITS = 4096, LARGEST_KID = 128 };

static const struct ward_text keys_name = WARD_TEXT("keys");

/* The place of a `kid` among the first keys of a set; count: none of them has it. */
static size_t place_of(const struct ward_jwks *set, size_t count, struct ward_text kid)
{
    size_t place = 0;
    if (kid.length == 0)
        return count;
    while (place < count && !ward_text_equal(ward_key_kid(&set->key[place]), kid))
        place++;
    return place;
}

const struct ward_key *ward_jwks_find(const struct ward_jwks *set, struct ward_text kid)
{
    const size_t place = place_of(set, set->count, kid);
    return place < set->count ? &set->key[place] : NULL;
}

/* A report stays at the largest number rather than begin again. */
static void count_up(uint16_t *number)
{
    if (*number < UINT16_MAX)
        (*number)++;
}

static size_t held_count(const struct ward_jwks_reader *reader)
{
    return reader->in_use != NULL ? reader->in_use->count : 0;
}

static uint32_t bit(size_t index)
{
    return (uint32_t)1 << index;
}

/* The keys in use of this kid, a bit for each: one, or none. */
static uint32_t same_kid(const struct ward_jwks_reader *reader, struct ward_text kid)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < held_count(reader); i++)
        if (ward_text_equal(ward_key_kid(&reader->in_use->key[i]), kid))
            bits |= bit(i);
    return bits;
}

/* The key in use that this one is, as a bit. */
static uint32_t same_key(const struct ward_jwks_reader *reader, const struct ward_key *key)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < held_count(reader); i++)
        if (ward_key_equal(&reader->in_use->key[i], key))
            bits |= bit(i);
    return bits;
}

/* How much a key matters when slots are short. */
static uint64_t worth(const struct ward_jwks_reader *reader, const struct ward_key *key)
{
    const struct ward_text kid = ward_key_kid(key);
    const uint32_t held = same_kid(reader, kid);
    return ward_choice_worth(&reader->choice, kid, held != 0u, (held & reader->choice.in_use) != 0u);
}

/* The slot to give up: of those that matter least the one that came last. */
static size_t least(const struct ward_jwks_reader *reader)
{
    size_t slot = 0;
    for (size_t i = 1; i < WARD_MAX_KEYS; i++)
        if (worth(reader, &reader->set->key[i]) <= worth(reader, &reader->set->key[slot]))
            slot = i;
    return slot;
}

/* The slots stay in the order of the set: which key came last is told by it. */
static void replace(struct ward_jwks_reader *reader, size_t slot, const struct ward_key *key)
{
    struct ward_key *const keys = reader->set->key;
    for (size_t i = slot + 1; i < WARD_MAX_KEYS; i++)
        keys[i - 1] = keys[i];
    keys[WARD_MAX_KEYS - 1] = *key;
}

/*
 * Keys that share a `kid` and differ: which one a token means is open, so none of them serves. The slot of the first
 * stays taken, as a mark with the `kid` and no number, so that a third one finds it. Nor can one come back where slots
 * are short: what a key is worth is said of its `kid`, slots only ever change to a higher one, and a slot that was given up for it is
 * not free again before the end.
 */
static bool is_mark(const struct ward_key *key)
{
    return key->bits == 0;
}

static void mark(struct ward_key *key)
{
    key->bits = 0;
    memset(key->n, 0, sizeof key->n);
    memset(key->prepared, 0, sizeof key->prepared);
}

/* A key whose `kid` has a slot. */
static void meet(struct ward_jwks_reader *reader, struct ward_key *known, const struct ward_key *key)
{
    if (ward_key_same_number(known, key)) {
        count_up(&reader->report.merged);
        return;
    }
    count_up(&reader->report.conflicting);
    if (is_mark(known))
        return;
    count_up(&reader->report.conflicting);
    /* One in use of this kid is as good as removed. */
    reader->offered &= ~same_kid(reader, ward_key_kid(known));
    mark(known);
}

/* There is no slot left: it, or the one that matters least, gives way. */
static void compete(struct ward_jwks_reader *reader, const struct ward_key *key)
{
    const size_t slot = least(reader);
    const struct ward_key *const other = &reader->set->key[slot];
    const bool better = worth(reader, key) > worth(reader, other);
    /* One of two keys is left out; what a mark stands for was counted. */
    if (!better || !is_mark(other))
        count_up(&reader->report.left_out);
    reader->dropped |= same_key(reader, better ? other : key);
    if (better)
        replace(reader, slot, key);
}

static void keep(struct ward_jwks_reader *reader, const struct ward_key *key)
{
    const size_t place = place_of(reader->set, reader->staged, ward_key_kid(key));
    if (place < reader->staged) {
        meet(reader, &reader->set->key[place], key);
        return;
    }
    reader->offered |= same_key(reader, key);
    if (reader->staged < WARD_MAX_KEYS)
        reader->set->key[reader->staged++] = *key;
    else
        compete(reader, key);
}

/* Takes the marks out; what is after the last key is zero, as in a set that never had them. */
static void drop_marks(struct ward_jwks_reader *reader)
{
    struct ward_key *const keys = reader->set->key;
    uint8_t kept = 0;
    for (uint8_t i = 0; i < reader->staged; i++)
        if (!is_mark(&keys[i]))
            keys[kept++] = keys[i];
    memset(&keys[kept], 0, (size_t)(reader->staged - kept) * sizeof keys[0]);
    reader->staged = kept;
}

static struct ward_status end_key(struct ward_jwks_reader *reader, struct ward_workspace *work)
{
    const struct ward_status status = ward_jwk_end(&reader->jwk, work);
    reader->place = IN_KEYS;
    count_up(&reader->report.seen);
    ward_wipe(work, sizeof *work);
    if (ward_ok(status))
        keep(reader, &reader->jwk.key);
    if (ward_ok(status) || status.code == WARD_CRYPTO_FAILED)
        return status;
    count_up(&reader->report.skipped);
    reader->report.last_skipped = status;
    if (status.code == WARD_JWK_MODULUS_TOO_LONG && reader->jwk.key.bits <= LARGEST_RSA_BITS)
        reader->limit = ward_status_of(WARD_JWKS_LIMIT_RSA_BITS);
    if (status.code == WARD_JWK_KID_TOO_LONG && WARD_MAX_KID < LARGEST_KID)
        reader->limit = ward_status_of(WARD_JWKS_LIMIT_KID);
    return ward_status_of(WARD_OK);
}

/* A name of the outermost object: only `keys` is read, and only once. */
static struct ward_status set_name(struct ward_jwks_reader *reader)
{
    const struct ward_json_scan *const scan = &reader->scan;
    if (scan->event == WARD_JSON_STRING_BEGIN)
        reader->jwk.small_length = 0;
    else if (scan->event == WARD_JSON_STRING_TEXT)
        ward_jwk_collect(&reader->jwk, scan);
    else if (ward_jwk_collected(&reader->jwk, keys_name)) {
        if (reader->keys_seen != 0)
            return ward_status_of(WARD_JWKS_DUPLICATE_MEMBER);
        reader->keys_seen = 1;
        reader->place = AT_KEYS;
    }
    return ward_status_of(WARD_OK);
}

static struct ward_status between_keys(struct ward_jwks_reader *reader)
{
    switch (reader->scan.event) {
    case WARD_JSON_OBJECT_BEGIN:
        ward_jwk_begin(&reader->jwk);
        reader->place = IN_KEY;
        return ward_status_of(WARD_OK);
    case WARD_JSON_ARRAY_END: reader->place = IN_SET; return ward_status_of(WARD_OK);
    default: return ward_status_of(WARD_JWKS_MALFORMED);
    }
}

static struct ward_status in_key(struct ward_jwks_reader *reader, struct ward_workspace *work)
{
    if (reader->scan.event == WARD_JSON_OBJECT_END && reader->scan.depth == KEYS_DEPTH)
        return end_key(reader, work);
    return ward_jwk_event(&reader->jwk, &reader->scan);
}

static struct ward_status event(struct ward_jwks_reader *reader, struct ward_workspace *work)
{
    const uint8_t what = reader->scan.event;
    switch (reader->place) {
    case BEFORE:
        reader->place = IN_SET;
        return ward_status_of(what == WARD_JSON_OBJECT_BEGIN ? WARD_OK : WARD_JWKS_MALFORMED);
    case AT_KEYS:
        reader->place = IN_KEYS;
        return ward_status_of(what == WARD_JSON_ARRAY_BEGIN ? WARD_OK : WARD_JWKS_MALFORMED);
    case IN_KEYS: return between_keys(reader);
    case IN_KEY: return in_key(reader, work);
    default:
        if (ward_json_is_name(&reader->scan) && reader->scan.depth == SET_DEPTH)
            return set_name(reader);
        return ward_status_of(WARD_OK);
    }
}

void ward_jwks_begin(struct ward_jwks_reader *reader, struct ward_jwks *set, const struct ward_jwks *in_use,
                     struct ward_text wanted)
{
    memset(reader, 0, sizeof *reader);
    memset(set, 0, sizeof *set);
    ward_json_scan_begin(&reader->scan);
    reader->status = ward_status_of(WARD_OK);
    reader->limit = ward_status_of(WARD_JWKS_NO_USABLE_KEY);
    reader->set = set;
    reader->in_use = in_use;
    ward_wanted_add(&reader->choice.wanted, wanted);
    reader->place = BEFORE;
}

void ward_jwks_choose(struct ward_jwks_reader *reader, const struct ward_jwks_choice *choice)
{
    reader->choice = *choice;
}

static struct ward_status refuse(struct ward_jwks_reader *reader, struct ward_status status)
{
    memset(reader->set, 0, sizeof *reader->set);
    reader->status = status;
    return status;
}

/* Whether the text of a string means something where the scanner is. */
static bool is_read(const struct ward_jwks_reader *reader)
{
    switch (reader->place) {
    case IN_SET: return reader->scan.name != 0 && reader->scan.depth == SET_DEPTH;
    case IN_KEY: return ward_jwk_reads(&reader->jwk, &reader->scan);
    default: return true;
    }
}

struct ward_status ward_jwks_feed(struct ward_jwks_reader *reader, const char *data, size_t length,
                                  struct ward_workspace *work)
{
    for (size_t i = 0; i < length && ward_ok(reader->status); i++) {
        /* Certificates make most of a set: of a string that nobody reads plain characters change nothing. */
        if (!is_read(reader))
            i += ward_json_scan_plain(&reader->scan, data + i, length - i);
        if (i == length)
            break;
        struct ward_status status = ward_json_scan_byte(&reader->scan, data[i]);
        if (ward_ok(status) && reader->scan.event != WARD_JSON_NOTHING)
            status = event(reader, work);
        if (!ward_ok(status))
            return refuse(reader, status);
    }
    return reader->status;
}

static struct ward_status finish(struct ward_jwks_reader *reader)
{
    const struct ward_status status = ward_json_scan_end(&reader->scan);
    if (!ward_ok(reader->status))
        return reader->status;
    if (!ward_ok(status))
        return status;
    if (reader->keys_seen == 0)
        return ward_status_of(WARD_JWKS_MALFORMED);
    drop_marks(reader);
    if (reader->staged > 0)
        return ward_status_of(WARD_OK);
    return reader->report.conflicting > 0 ? ward_status_of(WARD_JWKS_KID_CONFLICT) : reader->limit;
}

struct ward_status ward_jwks_end(struct ward_jwks_reader *reader)
{
    if (reader->place == ENDED)
        return reader->status;
    const struct ward_status status = finish(reader);
    reader->place = ENDED;
    if (!ward_ok(status))
        return refuse(reader, status);
    reader->set->count = reader->staged;
    /* What was read is no longer the reader's: a second end, or a feed after it, changes nothing. */
    reader->status = ward_status_of(WARD_JWKS_MALFORMED);
    return ward_status_of(WARD_OK);
}
