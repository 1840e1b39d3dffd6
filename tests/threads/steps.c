/* SPDX-License-Identifier: Apache-2.0 */
#include "steps.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ward/port/crypto.h"

enum { TOKENS = 1500, STEPS = 4, SIGNATURE = 342, START = 1767225600 };

struct ward_keyring steps_ring;
static struct ward_keyring_config config = { .issuer = WARD_TEXT("https://issuer.example/"),
                                             .url = WARD_TEXT("https://issuer.example/keys"),
                                             .build_time = START - 86400 };
static _Atomic unsigned steppers = STEPPERS;
static _Atomic unsigned granted;
static _Atomic unsigned refused;
static _Atomic unsigned given_up;
static _Atomic unsigned swaps;

/* ---- Signatures of four steps, which are all good. Two tasks that shared a scratch would be seen here. */

struct ward_status ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *signature,
                                            struct ward_rsa_scratch *scratch)
{
    scratch->step = 0;
    scratch->base[0] = key->n[1];
    memcpy(scratch->power, signature, 64);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_crypto_verify_step(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                           const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    (void)digest;
    if (memcmp(scratch->power, signature, 64) != 0)
        fail("the signature has changed between two steps");
    if (scratch->base[0] != key->n[1])
        fail("the key has changed between two steps");
    return ward_status_of(++scratch->step < STEPS ? WARD_UNFINISHED : WARD_OK);
}

void ward_crypto_verify_abort(struct ward_rsa_scratch *scratch)
{
    scratch->step = STEPS;
}

/* ---- Tokens. */

static size_t put_base64url(char *out, const char *text)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t at = 0;
    unsigned bits = 0;
    unsigned count = 0;
    for (; *text != '\0'; text++) {
        bits = bits << 8 | (unsigned char)*text;
        for (count += 8; count >= 6; count -= 6)
            out[at++] = alphabet[bits >> (count - 6) & 63u];
    }
    if (count > 0)
        out[at++] = alphabet[bits << (6 - count) & 63u];
    return at;
}

/* Each number gives another signature, so that none is remembered. */
static size_t make_token(char *out, unsigned number)
{
    size_t length = put_base64url(out, "{\"alg\":\"RS256\",\"kid\":\"a\"}");
    out[length++] = '.';
    length += put_base64url(out + length,
                            "{\"iss\":\"https://issuer.example/\",\"aud\":\"api\",\"sub\":\"u\",\"exp\":1767312000,"
                            "\"scope\":\"open\"}");
    out[length++] = '.';
    memset(out + length, 'A', SIGNATURE);
    for (unsigned i = 0; i < 6; i++)
        out[length + i] = (char)('A' + (number >> (4 * i) & 15u));
    return length + SIGNATURE;
}

/* ---- The tasks. */

static struct ward_time now(void)
{
    return ward_time_set(START);
}

static void fetch(char variant)
{
    static struct ward_workspace work;
    const struct ward_fetch_answer answer = { .status = { WARD_OK }, .http = 200, .max_age = WARD_NO_MAX_AGE };
    char body[512] = "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"kid\":\"a\",\"n\":\"";
    char *const n = body + strlen(body);
    memset(n, 'A', SIGNATURE);
    n[0] = 'w';
    n[SIGNATURE - 9] = variant;
    n[SIGNATURE - 1] = 'Q';
    memcpy(n + SIGNATURE, "\"}]}", 5);
    ward_keyring_fetch_begin(&steps_ring);
    const struct ward_status fed = ward_keyring_fetch_feed(&steps_ring, body, strlen(body), &work);
    const struct ward_status ended = ward_keyring_fetch_end(&steps_ring, &answer, now(), 0);
    /* With the other set still in use by a check nothing was fed to it. */
    swaps += ward_ok(fed) && ward_ok(ended) ? 1u : 0u;
}

void steps_begin(const struct ward_hooks *hooks)
{
    config.hooks = *hooks;
    if (!ward_ok(ward_keyring_begin(&steps_ring, &config, 7, 0)))
        fail("the keyring does not start");
    fetch('A');
    if (swaps != 1)
        fail("the keyring has no key");
}

static void count(struct ward_status status)
{
    switch (status.code) {
    case WARD_OK: granted++; break;
    case WARD_KEY_REFRESH_PENDING:
    case WARD_KEY_UNKNOWN:
    case WARD_POLICY_CHANGED: refused++; break;
    default: fail(ward_status_name(status));
    }
}

void *steps_check(void *gate)
{
    static _Atomic unsigned numbers;
    struct ward_workspace *const work = malloc(sizeof *work);
    char token[1024];
    for (unsigned i = 0; i < TOKENS; i++) {
        static const struct ward_text scope = WARD_TEXT("open");
        struct ward_check check;
        struct ward_decision decision;
        const struct ward_caller caller = { .now = now() };
        const size_t length = make_token(token, ++numbers);
        struct ward_status status = ward_authorize_begin(&check, gate, token, length, scope, &caller, work, &decision);
        for (unsigned step = 0; status.code == WARD_UNFINISHED && step < i % 8; step++)
            status = ward_authorize_step(&check, now(), 0);
        if (status.code != WARD_UNFINISHED) {
            count(status);
            continue;
        }
        ward_authorize_abort(&check);
        given_up++;
    }
    free(work);
    steppers--;
    return NULL;
}

void *steps_swap(void *gate)
{
    for (unsigned i = 0; steppers > 0; i++) {
        fetch((char)('A' + i % 2 * 16));
        if (i % 16 == 0)
            ward_gate_forget(gate);
        (void)ward_keyring_next(&steps_ring, now(), 0);
    }
    return NULL;
}

void steps_report(void)
{
    if (granted == 0 || refused == 0 || given_up == 0 || swaps < 2)
        fail("not everything that can happen to a token in steps did");
    if (steps_ring.running[0] + steps_ring.running[1] != 0)
        fail("a key set is still kept");
    printf("tokens in steps: %u granted, %u refused, %u given up across %u swaps; ", granted, refused, given_up, swaps);
}
