/* SPDX-License-Identifier: Apache-2.0 */
#include "residue.h"

#include "encoding/base64url.h"

/* DEPTH bytes of stack are looked at. The first GAP bytes below the frame that looks belong to itself and to what it
 * calls meanwhile; the call under test begins below them. */
enum { DEPTH = 16384, GAP = 1024, OWN = 512, PAINT = 0xa5, ROW = 8, WORDS = 64, STEPS = 18 };

static struct {
    uint8_t token[sizeof(struct test_token)];
    uint8_t words[sizeof(struct test_token)];
    size_t token_length;
    uint8_t segment[3][WARD_MAX_TOKEN];
    size_t length[3];
    uint32_t step[STEPS][WORDS];
    size_t steps;
} secret;

static uint8_t left[DEPTH];

PLAIN_FRAME static void run_below_gap(void (*call)(void))
{
    uint8_t gap[GAP];
    KEEP_WHOLE(gap);
    call();
    KEEP_WHOLE(gap);
}

PLAIN_FRAME void residue_run(void (*call)(void))
{
    const uintptr_t end = (uintptr_t)__builtin_frame_address(0) - OWN;
    volatile uint8_t *const stack = (volatile uint8_t *)(end - DEPTH);
    for (size_t i = 0; i < DEPTH; i++)
        stack[i] = PAINT;
    run_below_gap(call);
    for (size_t i = 0; i < DEPTH; i++)
        ((volatile uint8_t *)left)[i] = stack[i];
}

static bool is_painted(const uint8_t *bytes)
{
    for (size_t i = 0; i < ROW; i++)
        if (bytes[i] != PAINT)
            return false;
    return true;
}

static bool is_among(const uint8_t *row, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i + ROW <= length; i++)
        if (bytes[i] == row[0] && memcmp(bytes + i, row, ROW) == 0)
            return true;
    return false;
}

static bool holds(const uint8_t *bytes, size_t length)
{
    for (size_t at = 0; at + ROW <= DEPTH; at++)
        if (!is_painted(left + at) && is_among(left + at, bytes, length))
            return true;
    return false;
}

/* A number lies in words with the least significant byte first; so does a signature once it is one. */
static bool holds_step(const uint32_t *step)
{
    for (size_t at = 0; at + ROW <= DEPTH; at += sizeof *step)
        for (size_t i = 0; i + 1 < WORDS && !is_painted(left + at); i++)
            if (memcmp(left + at, &step[i], ROW) == 0)
                return true;
    return false;
}

/* As they stand in the token, or as SHA-256 reads them: each word with its most significant byte first. */
static bool holds_token_characters(void)
{
    return holds(secret.token, secret.token_length) || holds(secret.words, secret.token_length / 4 * 4);
}

const char *residue_found(void)
{
    if (!is_painted(left))
        return "deeper than what is looked at";
    if (holds_token_characters())
        return "characters of a token";
    if (holds(secret.segment[0], secret.length[0]))
        return "a piece of the header";
    if (holds(secret.segment[1], secret.length[1]))
        return "a piece of the payload";
    if (holds(secret.segment[2], secret.length[2]))
        return "a piece of the signature";
    for (size_t i = 0; i < secret.steps; i++)
        if (holds_step(secret.step[i]))
            return "a number of the RSA check";
    return NULL;
}

void check_no_residue(const char *name)
{
    const char *const found = residue_found();
    if (found != NULL)
        check_failed(__FILE__, __LINE__, name, found, "clean below the caller");
}

/* ---- The numbers of an RSA check, computed here once more. */

/* -1 / n mod 2^32, by Newton: each round doubles the bits that are right. */
static uint32_t negative_inverse(uint32_t n)
{
    uint32_t inverse = n;
    for (int i = 0; i < 4; i++)
        inverse *= 2u - n * inverse;
    return 0u - inverse;
}

/* t = (t + a * b + n * m) / 2^32 for the m that makes it even; t has two words more than n. */
static void add_and_shift(uint32_t *t, const uint32_t *a, uint32_t b, const uint32_t *n, uint32_t inverse)
{
    const uint32_t m = (t[0] + a[0] * b) * inverse;
    uint64_t high = 0;
    uint64_t carry = 0;
    for (size_t i = 0; i < WORDS; i++) {
        const uint64_t product = (uint64_t)a[i] * b + t[i] + carry;
        const uint64_t sum = (uint64_t)n[i] * m + (uint32_t)product + high;
        carry = product >> 32;
        high = sum >> 32;
        if (i > 0)
            t[i - 1] = (uint32_t)sum;
    }
    const uint64_t top = (uint64_t)t[WORDS] + carry + high;
    t[WORDS - 1] = (uint32_t)top;
    t[WORDS] = t[WORDS + 1] + (uint32_t)(top >> 32);
    t[WORDS + 1] = 0;
}

static bool is_below(const uint32_t *t, const uint32_t *n)
{
    size_t i = WORDS;
    if (t[WORDS] != 0)
        return false;
    while (i > 1 && t[i - 1] == n[i - 1])
        i--;
    return t[i - 1] < n[i - 1];
}

/* x = a * b / 2^2048 mod n. */
static void multiply(uint32_t *x, const uint32_t *a, const uint32_t *b, const uint32_t *n)
{
    uint32_t t[WORDS + 2] = { 0 };
    uint32_t borrow = 0;
    const uint32_t inverse = negative_inverse(n[0]);
    for (size_t i = 0; i < WORDS; i++)
        add_and_shift(t, a, b[i], n, inverse);
    for (size_t i = 0; i < WORDS && !is_below(t, n); i++) {
        const uint64_t difference = (uint64_t)t[i] - n[i] - borrow;
        borrow = (uint32_t)(difference >> 63);
        x[i] = (uint32_t)difference;
    }
    if (is_below(t, n))
        memcpy(x, t, WORDS * sizeof *x);
}

/* x = 2 * x mod n, for x < n. */
static void twice(uint32_t *x, const uint32_t *n)
{
    uint32_t t[WORDS + 1] = { 0 };
    uint32_t borrow = 0;
    for (size_t i = 0; i < WORDS; i++) {
        t[i] |= x[i] << 1;
        t[i + 1] = x[i] >> 31;
    }
    const bool reduces = !is_below(t, n);
    for (size_t i = 0; i < WORDS; i++) {
        const uint64_t difference = (uint64_t)t[i] - (reduces ? n[i] : 0) - borrow;
        borrow = (uint32_t)(difference >> 63);
        x[i] = (uint32_t)difference;
    }
}

/* 2^4096 mod n, which a backend may have with the key or not. The last one is remembered. */
static const uint32_t *r_squared(const uint32_t *n)
{
    static uint32_t x[WORDS];
    static uint32_t known[WORDS];
    if (memcmp(known, n, sizeof known) == 0)
        return x;
    memset(x, 0, sizeof x);
    x[0] = 1;
    for (unsigned i = 0; i < 64u * WORDS; i++)
        twice(x, n);
    memcpy(known, n, sizeof known);
    return x;
}

/* The signature, its Montgomery form and the sixteen squares. */
static void know_steps(const struct ward_key *key)
{
    secret.steps = 0;
    if (secret.length[2] != 4u * WORDS || key->bits != 32u * WORDS)
        return;
    memset(secret.step, 0, sizeof secret.step);
    for (size_t i = 0; i < 4u * WORDS; i++)
        secret.step[0][i / 4] |= (uint32_t)secret.segment[2][4u * WORDS - 1 - i] << (8 * (i % 4));
    multiply(secret.step[1], secret.step[0], r_squared(key->n), key->n);
    for (size_t i = 2; i < STEPS; i++)
        multiply(secret.step[i], secret.step[i - 1], secret.step[i - 1], key->n);
    secret.steps = STEPS;
}

bool residue_steps_are_right(const struct ward_key *key)
{
    uint32_t block[WORDS];
    multiply(block, secret.step[STEPS - 1], secret.step[0], key->n);
    return block[WORDS - 1] == 0x0001ffffu && block[WORDS - 2] == UINT32_MAX && block[8] == 0x05000420u;
}

void residue_know(const struct test_token *token, const struct ward_key *key)
{
    const char *segment = token->data;
    const char *const end = token->data + token->length;
    memcpy(secret.token, token->data, token->length);
    secret.token_length = token->length;
    for (size_t i = 0; i < token->length / 4 * 4; i++)
        secret.words[i] = secret.token[i ^ 3u];
    for (size_t i = 0; i < 3; i++) {
        const char *const dot = segment < end ? memchr(segment, '.', (size_t)(end - segment)) : NULL;
        const size_t length = dot != NULL ? (size_t)(dot - segment) : (size_t)(end - segment);
        const bool decoded = ward_base64url_decode(segment, length, secret.segment[i]);
        secret.length[i] = decoded ? ward_base64url_decoded_length(length) : 0;
        segment = dot != NULL ? dot + 1 : end;
    }
    know_steps(key);
}
