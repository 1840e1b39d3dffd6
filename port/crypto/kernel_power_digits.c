/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_power.h"

#if KERNEL_DIGITS

#if !KERNEL_UMLAL

/* In C, beside kernel_digits.c; a processor with UMLAL has its own in assembly. */
void ward_kernel_digits_wipe(void)
{
    volatile uint32_t frames[96];
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        frames[i] = 0;
}

#endif

#include <stddef.h>
#include <string.h>

#include "kernel_limbs.h"

enum { BITS = KERNEL_DIGIT_BITS, BESIDE = KERNEL_BESIDE };

/* The odd multiple of 3 of digits that has 20 bits more than so many words. */
#define DIGITS_OF(words) ((words) == 64 ? 75u : (words) == 96 ? 111u : 147u)

/* The longest of these lengths that a key may have; keys of the lengths between are ward_kernel_multiply()'s. */
#define LONGEST (WARD_RSA_WORDS >= 128 ? 128 : WARD_RSA_WORDS >= 96 ? 96 : 64)

/* The scratch: d, q, n and a, with words of 0 around each. What is in base is read before d is written, what comes into power
 * is made when d, q and n are done with. */
WARD_STATIC_ASSERT(sizeof(uint32_t) * (4u * DIGITS_OF(LONGEST) + 5u * BESIDE) <=
                       offsetof(struct ward_rsa_scratch, step),
                   "the scratch of one RSA operation is too small");

struct places {
    size_t words;
    size_t count;
    uint32_t *d;
    uint32_t *q;
    uint32_t *n;
    uint32_t *a;
};

static inline struct places places_in(struct ward_rsa_scratch *scratch, const struct ward_key *key)
{
    const size_t words = kernel_fast_words(key);
    const size_t count = DIGITS_OF(words);
    const size_t step = count + BESIDE;
    uint32_t *const d = (uint32_t *)(void *)scratch + BESIDE;
    return (struct places){ words, count, d, d + step, d + 2u * step, d + 3u * step };
}

/* -1 / n mod 2^32, by Newton: n is right in its 3 lowest bits, and each round doubles how many are. */
static uint32_t negative_inverse(uint32_t n)
{
    uint32_t inverse = n;
    for (unsigned right = 3; right < 32; right *= 2)
        inverse *= 2u - n * inverse;
    return 0u - inverse;
}

/* digits = words * 2^shift, in `count` digits. */
static void to_digits(uint32_t *digits, size_t count, const uint32_t *words, size_t word_count, unsigned shift)
{
    size_t i = 0;
    /* The lower bits of the next digit, of which there are `held`. */
    uint32_t low = 0;
    unsigned held = shift;
    for (; held >= BITS; held -= BITS)
        digits[i++] = 0;
    for (size_t word = 0; word < word_count; word++) {
        const uint32_t value = words[word];
        digits[i++] = (value << held | low) & KERNEL_DIGIT_MASK;
        low = value >> (BITS - held);
        held += 32u - BITS;
        if (held == BITS) {
            digits[i++] = low;
            low = 0;
            held = 0;
        }
    }
    for (; i < count; i++) {
        digits[i] = low;
        low = 0;
    }
}

/* words = digits, and what is above so many words is the result. */
static uint32_t to_words(uint32_t *words, size_t word_count, const uint32_t *digits)
{
    uint64_t held = 0;
    unsigned bits = 0;
    for (size_t word = 0; word < word_count; word++) {
        while (bits < 32u) {
            /* Only the highest digit has more bits than a digit, and it is above all words. */
            held |= (uint64_t)*digits++ << bits;
            bits += BITS;
        }
        words[word] = (uint32_t)held;
        held >>= 32;
        bits -= 32u;
    }
    return (uint32_t)(held | (uint64_t)*digits << bits);
}

static void make_modulus(const struct places *at, const struct ward_key *key)
{
    uint32_t *const all = at->d - BESIDE;
    for (size_t i = 0; i < 5; i++)
        memset(all + i * (at->count + BESIDE), 0, BESIDE * sizeof *all);
    to_digits(at->n, at->count, key->n, at->words, 0);
}

/* So many bits more have all digits than all words. A number below 2^slack * n is what a multiplication takes and gives. */
static unsigned slack(const struct places *at)
{
    return (unsigned)(BITS * at->count - 32u * at->words);
}

static void multiply(const struct places *at, const struct ward_key *key)
{
    ward_kernel_digits_multiply(at->a, at->q, at->n, negative_inverse(key->n[0]), at->d, at->count);
    ward_kernel_digits_wipe();
}

static void square(const struct places *at, const struct ward_key *key)
{
    ward_kernel_digits_square(at->a, at->q, at->n, negative_inverse(key->n[0]), at->d, at->count);
    ward_kernel_digits_wipe();
}

/* x = a mod n, for an a that is below 3n. difference: as long. */
static void put_below(uint32_t *x, const struct places *at, const uint32_t *n, uint32_t *difference)
{
    uint32_t above = to_words(x, at->words, at->a);
    for (;;) {
        const uint32_t borrow = ward_kernel_subtract(difference, x, n, at->words);
        if (borrow > above)
            break;
        above -= borrow;
        memcpy(x, difference, at->words * sizeof *x);
    }
}

/* (s * 2^slack) * (R^2 * 2^slack) / 2^(28 * count), for R = 2^(32 * words), is s * 2^(28 * count). */
void ward_kernel_fast_enter(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    const struct places at = places_in(scratch, key);
    to_digits(at.a, at.count, scratch->base, at.words, slack(&at));
    make_modulus(&at, key);
    to_digits(at.d, at.count, key->prepared, at.words, slack(&at));
    multiply(&at, key);
}

void ward_kernel_fast_square(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    const struct places at = places_in(scratch, key);
    square(&at, key);
}

/* There is no room for the signature beside four numbers in digits: it is read again. */
void ward_kernel_fast_leave(const struct ward_key *key, const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    const struct places at = places_in(scratch, key);
    ward_kernel_words_of(at.q, at.words, signature, ward_key_signature_length(key));
    to_digits(at.d, at.count, at.q, at.words, 0);
    multiply(&at, key);
    put_below(scratch->power, &at, key->n, at.a);
}

/* x * 2^slack is 2^words beside 2^(28 * count). Five squares make it 2^(32 * words) there, which the multiplication with that
 * number leads out of Montgomery form. */
void ward_kernel_fast_prepare(uint32_t *x, const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    const struct places at = places_in(scratch, key);
    make_modulus(&at, key);
    to_digits(at.a, at.count, x, at.words, slack(&at));
    for (unsigned i = 0; i < 5; i++)
        square(&at, key);
    memset(at.d, 0, at.count * sizeof *at.d);
    at.d[32u * at.words / BITS] = (uint32_t)1 << (32u * at.words % BITS);
    multiply(&at, key);
    put_below(x, &at, key->n, at.d);
}

#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_power_digits_is_for_other_processors;

#endif
