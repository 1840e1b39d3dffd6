/* SPDX-License-Identifier: Apache-2.0 */
/* A key set means the same in whatever pieces it comes, and nothing until it is whole.
 *
 * A reader is plain bytes, and a piece does nothing but change them: what comes after a cut depends on the reader at the
 * cut and on the bytes that follow. So a set need not be read from its begin for each of half a million pairs of cuts.
 * For each first cut the reader is copied; for each second cut the piece between is read in one go and must leave the
 * same reader, byte for byte, as when every byte came alone. What follows the second cut is then a set in two pieces,
 * and each of those is read to its end. A part of the triples is read to the end as well, in case the argument is wrong. */
#include "guard.h"
#include "stride.h"
#include "token.h"

enum { READ_TO_THE_END = 127 };

/* A reader between two pieces. */
struct state {
    struct ward_jwks_reader reader;
    struct ward_jwks set;
};

static char json[3072];
static size_t length;
static struct state whole;

static void put(const char *string)
{
    CHECK(length + strlen(string) < sizeof json);
    memcpy(json + length, string, strlen(string));
    length += strlen(string);
}

/* All that a cut may fall into: names and values that are read and that are not, escapes, surrogates, UTF-8, numbers,
 * literals, nesting, a key of another type, a key that is there twice. */
static void make_set(void)
{
    length = 0;
    put("{\"next\":[null,true,-1.5e+3,{\"\\u0061\":\"\\ud83d\\ude00\"}],\r\n \"keys\" : [");
    length += jwk_write(json + length, KEY_A,
                        "\"kid\":\"a\\u00e9\xe2\x82\xac\\/\",\"use\":\"sig\",\"x5c\":[\"MIIC+/\"],\"alg\":\"RS256\",");
    put(",{\"kty\":\"EC\",\"kid\":\"e\",\"crv\":\"P-256\"},");
    length += jwk_write(json + length, KEY_B, "\"key_ops\":[\"sign\",\"verify\"],\"\\u006bid\":\"b\",");
    put("]\t}\n");
}

static void begin(struct state *state)
{
    memset(state, 0, sizeof *state);
    ward_jwks_begin(&state->reader, &state->set, NULL, ward_text_of(NULL, 0));
}

/* The bytes from one place to another as one piece, in memory that ends where it ends. */
static void feed(struct state *state, size_t from, size_t to)
{
    CHECK_STATUS(ward_jwks_feed(&state->reader, guard_copy(json + from, to - from), to - from, &test_work), WARD_OK);
}

static void copy(struct state *to, const struct state *from)
{
    memcpy(to, from, sizeof *to);
    to->reader.set = &to->set;
}

/* All bytes but the pointer to the set, which is each state's own. */
static bool are_same(const struct state *a, const struct state *b)
{
    struct ward_jwks_reader reader;
    memcpy(&reader, &b->reader, sizeof reader);
    reader.set = a->reader.set;
    return memcmp(&a->reader, &reader, sizeof reader) == 0 && memcmp(&a->set, &b->set, sizeof a->set) == 0;
}

static void check_ends_as_the_whole(struct state *state)
{
    CHECK_STATUS(ward_jwks_end(&state->reader), WARD_OK);
    CHECK(memcmp(&state->set, &whole.set, sizeof whole.set) == 0);
    CHECK(memcmp(&state->reader.report, &whole.reader.report, sizeof whole.reader.report) == 0);
}

static void read_whole(void)
{
    make_set();
    begin(&whole);
    feed(&whole, 0, length);
    CHECK_STATUS(ward_jwks_end(&whole.reader), WARD_OK);
    CHECK_NUMBER(whole.set.count, 2);
    CHECK_NUMBER(whole.reader.report.seen, 3);
    CHECK_NUMBER(whole.reader.report.skipped, 1);
}

TEST(byte_by_byte_gives_the_same_keys)
{
    static struct state state;
    read_whole();
    begin(&state);
    for (size_t i = 0; i < length; i++)
        feed(&state, i, i + 1);
    check_ends_as_the_whole(&state);
}

TEST(every_cut_into_two_pieces_gives_the_same_keys)
{
    static struct state state;
    read_whole();
    for (size_t cut = 0; cut <= length; cut += stride()) {
        begin(&state);
        feed(&state, 0, cut);
        feed(&state, cut, length);
        check_ends_as_the_whole(&state);
    }
}

/* Every second cut after one first cut; `first` is the reader there. */
static void check_second_cuts(const struct state *first, size_t cut)
{
    static struct state by_bytes;
    static struct state in_one;
    copy(&by_bytes, first);
    for (size_t second = cut; second <= length; second++) {
        if (second > cut)
            feed(&by_bytes, second - 1, second);
        if ((second - cut) % stride() != 0)
            continue;
        copy(&in_one, first);
        feed(&in_one, cut, second);
        CHECK(are_same(&in_one, &by_bytes));
        if ((cut + second) % READ_TO_THE_END == 0) {
            feed(&in_one, second, length);
            check_ends_as_the_whole(&in_one);
        }
    }
}

TEST(every_cut_into_three_pieces_gives_the_same_keys)
{
    static struct state by_bytes;
    static struct state first;
    read_whole();
    begin(&by_bytes);
    for (size_t cut = 0; cut <= length; cut++) {
        if (cut > 0)
            feed(&by_bytes, cut - 1, cut);
        if (cut % stride() != 0)
            continue;
        begin(&first);
        feed(&first, 0, cut);
        CHECK(are_same(&first, &by_bytes));
        check_second_cuts(&first, cut);
    }
}

TEST(a_set_that_is_cut_off_anywhere_gives_no_keys)
{
    static struct state state;
    read_whole();
    const size_t closed = length - 1; /* what follows is a line break */
    for (size_t cut = 0; cut < closed; cut += stride()) {
        begin(&state);
        feed(&state, 0, cut);
        CHECK_STATUS(ward_jwks_end(&state.reader), WARD_JSON_MALFORMED);
        CHECK_ZERO(state.set);
        CHECK_STATUS(ward_jwks_feed(&state.reader, json, length, &test_work), WARD_JSON_MALFORMED);
        CHECK_ZERO(state.set);
    }
}

/* Two keys under one name and none besides: that none is left shows at the end of the set. */
TEST(a_set_that_is_refused_is_refused_in_any_two_pieces)
{
    static struct state state;
    static const char same[] = "\"kid\":\"same\",";
    length = 0;
    put("{\"keys\":[");
    length += jwk_write(json + length, KEY_A, same);
    put(",");
    length += jwk_write(json + length, KEY_B, same);
    put("]}");
    for (size_t cut = 0; cut <= length; cut += stride()) {
        begin(&state);
        struct ward_status status = ward_jwks_feed(&state.reader, guard_copy(json, cut), cut, &test_work);
        if (ward_ok(status))
            status = ward_jwks_feed(&state.reader, guard_copy(json + cut, length - cut), length - cut, &test_work);
        CHECK_STATUS(status, WARD_OK);
        CHECK_STATUS(ward_jwks_end(&state.reader), WARD_JWKS_KID_CONFLICT);
        CHECK_ZERO(state.set);
    }
}

SUITE(jwks_splits, CASE(byte_by_byte_gives_the_same_keys), CASE(every_cut_into_two_pieces_gives_the_same_keys),
      CASE(every_cut_into_three_pieces_gives_the_same_keys), CASE(a_set_that_is_cut_off_anywhere_gives_no_keys),
      CASE(a_set_that_is_refused_is_refused_in_any_two_pieces));
