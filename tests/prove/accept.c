/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 5 --no-array-field-sensitivity -DWARD_HOSTED=0 -DWARD_MAX_KEYS=2 -DWARD_MAX_HEADER=128 -DWARD_MAX_HEADER_VALUES=8 -DWARD_MAX_JSON_VALUES=16 src/token/verify.c src/token/pipeline.c */
/* A token is accepted only where each of its checks has run and said yes, in their order, of this token and with what
 * the ones before it have found; a refusal after its key was found leaves nothing of it. Every check says here whatever
 * it likes, the crypto too. In one call and in steps, however many: a step that says that more follow leaves what it
 * has found. */
#define WARD_LIBRARY
#include <string.h>

#include "crypto/wipe.h"
#include "prove.h"
#include "token/claims.h"
#include "token/jws.h"

/* In their order; how many have said yes. */
enum { NONE, EXPECTATIONS, SPLIT, HEADER_AND_KEY, HASH, SIGNATURE_BEGUN, SIGNATURE, PAYLOAD, CLAIMS };
static unsigned passed;

enum { LENGTH = 8, MOST_STEPS = 3 };
static struct ward_expect expect;
static struct ward_jwks keys;
static char text[LENGTH];
static size_t length;
static struct ward_workspace work;
static struct ward_claims claims;
static struct ward_verification token;
/* The time of the call that is running. */
static struct ward_time now;

/* What the checks have found. */
static uint8_t digest[WARD_SHA256_SIZE];
static uint8_t signature[LENGTH];
static char payload[LENGTH];
static size_t payload_length;
static unsigned steps;
static bool token_wiped;
static bool work_wiped;

/* The next check's answer. It is not asked before those in front of it have said yes, nor once more after it has. */
static struct ward_status answer_of(unsigned check)
{
    const struct ward_status status = { any_word() };
    ASSERT(passed == check - 1);
    ASSUME(status.code != WARD_UNFINISHED);
    if (ward_ok(status))
        passed = check;
    return status;
}

struct ward_status ward_expect_check(const struct ward_expect *given)
{
    ASSERT(given == &expect);
    return answer_of(EXPECTATIONS);
}

struct ward_status ward_jws_split(struct ward_jws *jws, char *given, size_t given_length)
{
    const struct ward_status status = answer_of(SPLIT);
    ASSERT(jws == &work.part.check.jws && given == text && given_length == length);
    ASSERT(now.trust == WARD_TIME_SET && keys.count > 0);
    jws->token = ward_ok(status) ? text : NULL;
    return status;
}

struct ward_status ward_jws_read_header(struct ward_jws *jws, const struct ward_expect *given,
                                        const struct ward_jwks *set, struct ward_workspace *scratch)
{
    const struct ward_status status = answer_of(HEADER_AND_KEY);
    ASSERT(jws == &work.part.check.jws && given == &expect && set == &keys && scratch == &work);
    jws->key = ward_ok(status) ? &keys.key[1] : NULL;
    return status;
}

struct ward_status ward_jws_hash(struct ward_jws *jws, struct ward_workspace *scratch)
{
    const struct ward_status status = answer_of(HASH);
    ASSERT(jws == &work.part.check.jws && scratch == &work && jws->token == text);
    uint8_t anything[sizeof digest];
    memcpy(digest, anything, sizeof digest);
    memcpy(jws->digest, anything, sizeof digest);
    return status;
}

uint8_t *ward_jws_signature(const struct ward_jws *jws)
{
    ASSERT(jws == &work.part.check.jws && passed >= HASH);
    return signature;
}

struct ward_status ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *given,
                                            struct ward_rsa_scratch *scratch)
{
    ASSERT(key == &keys.key[1] && given == signature && scratch == &work.part.check.scratch.rsa);
    scratch->step = any_word();
    return answer_of(SIGNATURE_BEGUN);
}

struct ward_status ward_crypto_verify_step(const struct ward_key *key, const uint8_t given_digest[WARD_SHA256_SIZE],
                                           const uint8_t *given, struct ward_rsa_scratch *scratch)
{
    ASSERT(key == &keys.key[1] && given == signature && scratch == &work.part.check.scratch.rsa);
    const size_t i = any_size();
    ASSERT(i >= sizeof digest || given_digest[i] == digest[i]);
    scratch->step = any_word();
    if (steps < MOST_STEPS && any_byte() != 0) {
        ASSERT(passed == SIGNATURE_BEGUN);
        steps++;
        return ward_status_of(WARD_UNFINISHED);
    }
    return answer_of(SIGNATURE);
}

struct ward_status ward_jws_decode_payload(const struct ward_jws *jws, char **decoded, size_t *decoded_length)
{
    const struct ward_status status = answer_of(PAYLOAD);
    ASSERT(jws == &work.part.check.jws && jws->token == text && now.trust == WARD_TIME_SET);
    payload_length = any_size();
    *decoded = payload;
    *decoded_length = payload_length;
    return status;
}

struct ward_status ward_claims_read(const struct ward_expect *given, uint64_t seconds, char *decoded,
                                    size_t decoded_length, struct ward_workspace *scratch, struct ward_claims *read)
{
    const struct ward_status status = answer_of(CLAIMS);
    ASSERT(given == &expect && seconds == now.seconds && scratch == &work && read == &claims);
    ASSERT(decoded == payload && decoded_length == payload_length);
    if (ward_ok(status))
        read->expires = 1;
    return status;
}

void ward_wipe(void *memory, size_t size)
{
    token_wiped = token_wiped || (memory == text && size == length);
    if (memory != &work || size != sizeof work)
        return;
    work_wiped = true;
    /* Of what is wiped this alone is asked for once more. */
    work.part.check.jws.token = NULL;
}

/* What holds after each call. */
static void check(struct ward_status status)
{
    ASSERT(!ward_ok(status) || passed == CLAIMS);
    const bool refused = !ward_ok(status) && status.code != WARD_UNFINISHED;
    ASSERT(!refused || passed < HEADER_AND_KEY || (token_wiped && work_wiped));
}

static void any_time(void)
{
    now.seconds = any_double();
    now.trust = any_word();
}

static void in_one_call(void)
{
    const struct ward_status status = ward_verify(&expect, &keys, now, text, length, &work, &claims);
    check(status);
    ASSERT(status.code != WARD_UNFINISHED);
    ASSERT((claims.expires != 0) == ward_ok(status));
    POSSIBLE(ward_ok(status) && steps == MOST_STEPS);
    POSSIBLE(!ward_ok(status) && passed == PAYLOAD);
}

/* A step of a token that was begun and has not come to its end is what the step after it starts from. */
static void in_steps(void)
{
    struct ward_status status = ward_verify_begin(&token, &expect, &keys, now, text, length, &work);
    ASSERT(!ward_ok(status));
    check(status);
    ASSERT((status.code == WARD_UNFINISHED) == (passed == SIGNATURE_BEGUN));
    if (status.code != WARD_UNFINISHED)
        return;
    const struct ward_verification begun = token;
    const struct ward_jws jws = work.part.check.jws;
    any_time();
    status = ward_verify_step(&token, now, &claims);
    check(status);
    ASSERT((claims.expires != 0) == ward_ok(status));
    POSSIBLE(ward_ok(status));
    if (status.code != WARD_UNFINISHED)
        return;
    ASSERT(passed == SIGNATURE_BEGUN && !token_wiped && !work_wiped);
    ASSERT(token.expect == begun.expect && token.work == begun.work && token.bytes == begun.bytes &&
           token.length == begun.length);
    ASSERT(work.part.check.jws.token == jws.token && work.part.check.jws.key == jws.key);
    const size_t i = any_size();
    ASSERT(i >= sizeof digest || work.part.check.jws.digest[i] == jws.digest[i]);
    POSSIBLE(steps == 1);
}

/* Nothing of it is accepted once it has ended, nor where another token has its workspace. */
static void after_its_end(void)
{
    struct ward_verification other;
    char another[LENGTH];
    other.bytes = another;
    other.length = sizeof another;
    other.work = any_byte() != 0 ? &work : NULL;
    work.part.check.jws.token = text;
    passed = SIGNATURE_BEGUN;
    ASSERT(ward_verify_step(&other, now, &claims).code == WARD_NOT_UNDER_WAY);
    ASSERT(passed == SIGNATURE_BEGUN && claims.expires == 0);
}

int main(void)
{
    keys.count = any_byte();
    claims.expires = any_double();
    length = any_size();
    ASSUME(length <= LENGTH);
    any_time();
    switch (any_byte()) {
    case 0: in_one_call(); break;
    case 1: in_steps(); break;
    default: after_its_end(); break;
    }
    ASSERT(passed <= CLAIMS);
    return 0;
}
