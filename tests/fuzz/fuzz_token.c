/* SPDX-License-Identifier: Apache-2.0 */
/* ward_verify() on any token. Linked twice: with the real crypto (fuzz_token), and with one that believes every
 * signature (fuzz_claims, crypto_accept_all.c), to get to the claims.
 *
 * The last two bytes are options. The rest is the token, or (BUILT) header, payload and signature, separated by 0xff, of
 * which it is made here: a mutation then changes JSON and not base64url.
 */
#include <stdlib.h>

#include "claims.h"
#include "encoding/base64url.h"
#include "fuzz.h"
#include "token.h"
#include "token/jws.h"

/* Options: what the input is, and which expectations differ from the usual ones. */
enum {
    BUILT = 0x0001,
    SUBJECT_OPTIONAL = 0x0002,
    KID_OPTIONAL = 0x0004,
    AUDIENCE_ABSENT = 0x0008,
    TYPE_DEMANDED = 0x0010,
    MAX_LIFETIME = 0x0020,
    MAX_AGE = 0x0040,
    CLIENTS = 0x0080,
    SCOPE_CLAIM = 0x0100,
    NO_LEEWAY = 0x0200,
    ONE_KEY = 0x0400,
    CLOCK_FLOOR = 0x0800,
    CLAIM_RULE = 0x1000,
    A_DAY_LATER = 0x2000,
    ISSUED_AHEAD = 0x4000
};

static const struct ward_claim_rule rule = { WARD_TEXT("token_use"), WARD_TEXT("access") };
static const struct ward_text clients[] = { WARD_TEXT("k2bXJ0c3VpdGUgY2xpZW50"), WARD_TEXT("machine") };

/* One call and all that it wrote. */
struct call {
    char *token;
    size_t length;
    struct ward_status status;
    struct ward_workspace work;
    struct ward_claims claims;
};

static struct ward_expect expectations(unsigned options)
{
    struct ward_expect expect = usual_expect;
    expect.subject_optional = (options & SUBJECT_OPTIONAL) != 0;
    expect.kid_optional = (options & KID_OPTIONAL) != 0;
    expect.issued_ahead = (options & ISSUED_AHEAD) != 0;
    expect.type = (options & TYPE_DEMANDED) != 0 ? text("application/at+jwt") : expect.type;
    expect.max_lifetime = (options & MAX_LIFETIME) != 0 ? 86400 : 0;
    expect.max_age = (options & MAX_AGE) != 0 ? 3600 : 0;
    expect.scope_claim = (options & SCOPE_CLAIM) != 0 ? text("scp") : expect.scope_claim;
    expect.leeway = (options & NO_LEEWAY) != 0 ? WARD_NO_LEEWAY : 0;
    if ((options & CLIENTS) != 0) {
        expect.clients.item = clients;
        expect.clients.count = sizeof clients / sizeof clients[0];
    }
    if ((options & (CLAIM_RULE | AUDIENCE_ABSENT)) != 0) {
        expect.claims = &rule;
        expect.claim_count = 1;
    }
    if ((options & AUDIENCE_ABSENT) != 0) {
        expect.audience_absent = true;
        expect.audiences.count = 0;
    }
    return expect;
}

static const struct ward_jwks *keys(unsigned options)
{
    static struct ward_jwks one;
    if ((options & ONE_KEY) == 0)
        return usual_keys();
    one = *usual_keys();
    one.count = 1;
    memset(&one.key[1], 0, sizeof one.key[1]);
    return &one;
}

static size_t encode(char *out, const uint8_t *data, size_t length)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t written = 0;
    for (size_t bit = 0; bit < 8 * length; bit += 6) {
        const unsigned high = data[bit / 8];
        const unsigned low = bit / 8 + 1 < length ? data[bit / 8 + 1] : 0;
        out[written++] = alphabet[(high << 8 | low) >> (10 - bit % 8) & 63u];
    }
    return written;
}

/* A token of the parts; a signature that is not there is 256 bytes of nothing in particular. */
static void build(struct call *call, const uint8_t *data, size_t size)
{
    static const uint8_t some_signature[256] = { 0x11 };
    const uint8_t *const end = data + size;
    char *const out = fuzz_block(size * 4 / 3 + 3 * 2 + 2 + 342);
    call->length = 0;
    for (int part = 0; part < 3; part++) {
        const size_t left = (size_t)(end - data);
        const uint8_t *const mark = part < 2 && left > 0 ? memchr(data, 0xff, left) : NULL;
        const size_t length = mark != NULL ? (size_t)(mark - data) : left;
        if (part > 0)
            out[call->length++] = '.';
        if (part == 2 && length == 0)
            call->length += encode(out + call->length, some_signature, sizeof some_signature);
        else
            call->length += encode(out + call->length, data, length);
        data = mark != NULL ? mark + 1 : end;
    }
    call->token = fuzz_copy(out, call->length);
    free(out);
}

/* How the header is judged by the stages of which ward_verify() is made; none where it does not come to that. */
static struct ward_status read_header(const struct ward_expect *expect, const struct ward_jwks *set,
                                      const struct call *call)
{
    struct ward_workspace work;
    struct ward_jws jws;
    char *const copy = fuzz_copy(call->token, call->length);
    struct ward_status status = ward_jws_split(&jws, copy, call->length);
    if (ward_ok(status))
        status = ward_jws_read_header(&jws, expect, set, &work);
    CHECK(call->length == 0 || memcmp(copy, call->token, call->length) == 0);
    free(copy);
    return status;
}

/* All but the payload is gone: the first dot may stay. */
static void check_wiped(const struct call *call, const char *before)
{
    const char *const first = memchr(before, '.', call->length);
    const char *const second = memchr(first + 1, '.', (size_t)(before + call->length - first - 1));
    const size_t payload = (size_t)(first + 1 - before);
    const size_t end = payload + ward_base64url_decoded_length((size_t)(second - first - 1));
    CHECK(fuzz_is_zero(call->token, payload - 1));
    CHECK(fuzz_is_zero(call->token + end, call->length - end));
}

static void check_refused(const struct call *call, const char *before, bool key_found)
{
    CHECK(fuzz_is_zero(&call->claims, sizeof call->claims));
    CHECK(fuzz_is_zero(&call->work, sizeof call->work));
    if (key_found)
        CHECK(fuzz_is_zero(call->token, call->length));
    else
        CHECK(call->length == 0 || memcmp(call->token, before, call->length) == 0);
}

static void run(struct call *call, int garbage, const struct ward_expect *expect, unsigned options)
{
    struct ward_time now = ward_time_set(NOW + ((options & A_DAY_LATER) != 0 ? 86400u : 0u));
    const struct ward_jwks *const set = keys(options);
    const struct ward_status header = read_header(expect, set, call);
    char *const before = fuzz_copy(call->token, call->length);
    now.trust = (options & CLOCK_FLOOR) != 0 ? (uint32_t)WARD_TIME_FLOOR : now.trust;
    memset(&call->work, garbage, sizeof call->work);
    memset(&call->claims, garbage, sizeof call->claims);
    call->status = ward_verify(expect, set, now, call->token, call->length, &call->work, &call->claims);
    fuzz_check_named(call->status);
    if (now.trust != WARD_TIME_SET)
        CHECK_STATUS(call->status, WARD_CLOCK_NOT_SET);
    else if (!ward_ok(header))
        CHECK_STATUS(call->status, (enum ward_code)header.code);
    if (ward_ok(call->status)) {
        check_wiped(call, before);
        claims_check(&call->claims, expect, now, call->token, call->length);
    } else {
        check_refused(call, before, now.trust == WARD_TIME_SET && ward_ok(header));
    }
    free(before);
}

/* What lay in the workspace before does not matter. */
static void check_same(const struct call *a, const struct call *b)
{
    CHECK_STATUS(a->status, (enum ward_code)b->status.code);
    CHECK(a->length == 0 || memcmp(a->token, b->token, a->length) == 0);
    CHECK_NUMBER(a->claims.expires, b->claims.expires);
    CHECK_NUMBER(a->claims.issued, b->claims.issued);
    CHECK_NUMBER(a->claims.kind, b->claims.kind);
    CHECK_NUMBER(a->claims.count, b->claims.count);
    CHECK_NUMBER(a->claims.scope, b->claims.scope);
    CHECK(ward_text_equal(a->claims.subject, b->claims.subject));
    CHECK(ward_text_equal(a->claims.client, b->claims.client));
    CHECK(ward_text_equal(a->claims.audience, b->claims.audience));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct call first;
    static struct call second;
    const unsigned high = fuzz_option(data, &size);
    const unsigned options = high << 8 | fuzz_option(data, &size);
    const struct ward_expect expect = expectations(options);
    if ((options & BUILT) != 0) {
        build(&first, data, size);
    } else {
        first.token = fuzz_copy(data, size);
        first.length = size;
    }
    second.token = fuzz_copy(first.token, first.length);
    second.length = first.length;
    run(&first, 0xa5, &expect, options);
    run(&second, 0x00, &expect, options);
    check_same(&first, &second);
    free(first.token);
    free(second.token);
    return 0;
}
