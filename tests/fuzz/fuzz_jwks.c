/* SPDX-License-Identifier: Apache-2.0 */
/* A key set of any bytes, in pieces of any size: the result is that of one piece. The last bytes say how large the
 * pieces are, and whether keys are in use or wanted. Linked twice: with a backend that does no arithmetic (fuzz_jwks),
 * fast, and with the real one (fuzz_keys), whose arithmetic is checked.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "token.h"
#include "ward/jwks.h"

enum { PIECES = 4, LARGEST_PIECE = 255 };

/* Option bits. */
enum { WITH_KEYS_IN_USE = 1, WITH_WANTED_KID = 2 };

struct result {
    struct ward_status status;
    struct ward_jwks set;
    struct ward_jwks_report report;
};

static struct ward_workspace work;
static struct result whole;
static struct result pieces;

static void begin(struct ward_jwks_reader *reader, struct result *result, uint8_t options)
{
    static const struct ward_text wanted = WARD_TEXT("b");
    const struct ward_jwks *const in_use = (options & WITH_KEYS_IN_USE) != 0 ? usual_keys() : NULL;
    memset(result, 0xa5, sizeof *result);
    memset(&work, 0, sizeof work);
    ward_jwks_begin(reader, &result->set, in_use, (options & WITH_WANTED_KID) != 0 ? wanted : ward_text_of(NULL, 0));
    CHECK(fuzz_is_zero(&result->set, sizeof result->set));
}

static struct ward_status feed(struct ward_jwks_reader *reader, const uint8_t *data, size_t length)
{
    char *const piece = fuzz_copy(data, length);
    const struct ward_status status = ward_jwks_feed(reader, piece, length, &work);
    free(piece);
    CHECK(fuzz_is_zero(&work, sizeof work));
    fuzz_check_named(status);
    return status;
}

static void end(struct ward_jwks_reader *reader, struct result *result, struct ward_status fed)
{
    result->status = ward_jwks_end(reader);
    result->report = reader->report;
    fuzz_check_named(result->status);
    /* The first refusal stays the result. */
    if (!ward_ok(fed))
        CHECK_STATUS(result->status, (enum ward_code)fed.code);
}

static void read_whole(const uint8_t *data, size_t size, uint8_t options)
{
    struct ward_jwks_reader reader;
    begin(&reader, &whole, options);
    end(&reader, &whole, feed(&reader, data, size));
}

static void read_pieces(const uint8_t *data, size_t size, uint8_t options, const uint8_t *sizes)
{
    struct ward_jwks_reader reader;
    struct ward_status status = ward_status_of(WARD_OK);
    begin(&reader, &pieces, options);
    for (size_t i = 0; size > 0; i++) {
        const size_t wanted = i % (PIECES + 1) == PIECES ? LARGEST_PIECE : sizes[i % (PIECES + 1)];
        const size_t length = wanted < size ? wanted : size;
        const struct ward_status before = status;
        status = feed(&reader, data, length);
        if (!ward_ok(before))
            CHECK_STATUS(status, (enum ward_code)before.code);
        data += length;
        size -= length;
    }
    end(&reader, &pieces, status);
    if (ward_ok(pieces.status)) {
        const struct ward_jwks before = pieces.set;
        /* A reader that has ended takes nothing more and leaves the set alone. */
        CHECK(!ward_ok(feed(&reader, (const uint8_t *)"{}", 2)));
        CHECK(!ward_ok(ward_jwks_end(&reader)));
        CHECK(memcmp(&before, &pieces.set, sizeof before) == 0);
    }
}

static bool bit(const struct ward_key *key, size_t number)
{
    return (key->n[number / 32] >> number % 32 & 1u) != 0;
}

static void check_key(const struct ward_jwks *set, const struct ward_key *key)
{
    const struct ward_text kid = ward_text_of(key->kid, key->kid_length);
    CHECK(key->bits >= 2048 && key->bits <= WARD_MAX_RSA_BITS);
    CHECK(bit(key, 0));
    CHECK(bit(key, key->bits - 1u));
    for (size_t i = key->bits; i < WARD_MAX_RSA_BITS; i++)
        CHECK(!bit(key, i));
    fuzz_check_prepared(key);
    CHECK(key->kid_length <= WARD_MAX_KID);
    for (size_t i = kid.length; i < WARD_MAX_KID; i++)
        CHECK_NUMBER(key->kid[i], 0);
    /* A kid names one key; none names none. */
    CHECK(ward_jwks_find(set, kid) == (kid.length > 0 ? key : NULL));
}

static void check_set(const struct result *result)
{
    const struct ward_jwks_report *const report = &result->report;
    CHECK(result->set.count >= 1 && result->set.count <= WARD_MAX_KEYS);
    for (size_t i = 0; i < result->set.count; i++)
        check_key(&result->set, &result->set.key[i]);
    for (size_t i = result->set.count; i < WARD_MAX_KEYS; i++)
        CHECK(fuzz_is_zero(&result->set.key[i], sizeof result->set.key[i]));
    CHECK_NUMBER(report->seen,
                 result->set.count + report->skipped + report->merged + report->left_out + report->conflicting);
    CHECK(report->conflicting != 1);
    CHECK((report->skipped > 0) == (report->last_skipped.code != WARD_NO_RESULT));
    /* A conflict holds a slot while the set is read. */
    CHECK(report->left_out == 0 || result->set.count + report->conflicting / 2u >= WARD_MAX_KEYS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t sizes[PIECES];
    const uint8_t options = fuzz_option(data, &size);
    for (size_t i = 0; i < PIECES; i++)
        sizes[i] = fuzz_option(data, &size);
    read_whole(data, size, options);
    read_pieces(data, size, options, sizes);
    CHECK_STATUS(pieces.status, (enum ward_code)whole.status.code);
    CHECK(memcmp(&pieces.set, &whole.set, sizeof whole.set) == 0);
    CHECK(memcmp(&pieces.report, &whole.report, sizeof whole.report) == 0);
    if (ward_ok(whole.status))
        check_set(&whole);
    else
        CHECK(fuzz_is_zero(&whole.set, sizeof whole.set));
    return 0;
}
