/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <string.h>

enum { ROOM = WARD_RSA_WORDS };

/* ---- Chance: xorshift64, begun anew for each number. */

static uint64_t chance;

static void begin_chance(uint64_t seed)
{
    chance = (seed + 1u) * UINT64_C(0x9e3779b97f4a7c15);
    chance ^= chance >> 31;
    chance |= 1u;
}

static uint32_t next_word(void)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (uint32_t)(chance >> 16);
}

/* Half of all numbers are of words that are often 0 or all ones: carries go far, and estimates are wrong. */
static void by_chance(uint32_t *x, size_t words, uint64_t seed)
{
    begin_chance(seed);
    const bool rough = next_word() % 2u == 0;
    for (size_t i = 0; i < words; i++) {
        const uint32_t word = next_word();
        const uint32_t kind = next_word() % 8u;
        x[i] = !rough || kind > 5u ? word : kind < 3u ? 0u : UINT32_MAX;
    }
}

/* ---- Arithmetic on words, mod 2^(32 * words). */

static void add_small(uint32_t *x, size_t words, uint32_t addend)
{
    for (size_t i = 0; i < words && addend != 0; i++) {
        x[i] += addend;
        addend = x[i] < addend;
    }
}

static void take_small(uint32_t *x, size_t words, uint32_t taken)
{
    for (size_t i = 0; i < words && taken != 0; i++) {
        const uint32_t before = x[i];
        x[i] -= taken;
        taken = x[i] > before;
    }
}

static void power_of_two(uint32_t *x, size_t words, unsigned exponent)
{
    memset(x, 0, words * sizeof *x);
    x[exponent / 32u] = (uint32_t)1 << (exponent % 32u);
}

/* ---- Moduli: odd, with their highest bit set. */

static void all_ones(uint32_t *n, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++)
        n[i / 32u] |= (uint32_t)1 << (i % 32u);
}

static void edge_modulus(uint32_t *n, unsigned bits, unsigned which)
{
    const unsigned top = bits - 1u;
    uint32_t *const last = &n[top / 32u];
    switch (which) {
    case 0: all_ones(n, bits); break;
    case 1: power_of_two(n, ROOM, top); break;
    case 2: /* 2^bits - 2^(bits / 2) - 1 */
        all_ones(n, bits);
        n[bits / 64u] -= (uint32_t)1 << (bits / 2u % 32u);
        break;
    case 3: /* the lowest word is 1, all others are all ones */
        all_ones(n, bits);
        n[0] = 1;
        break;
    case 4: /* the lowest two words */
        all_ones(n, bits);
        n[0] = 1;
        n[1] = 0;
        break;
    case 5: /* only the lowest and the highest word have bits */
        *last = (uint32_t)1 << (top % 32u);
        n[0] = UINT32_MAX;
        break;
    case 6: /* all ones in the highest word, and nothing below */
        all_ones(n, bits);
        memset(n, 0, top / 32u * sizeof *n);
        break;
    case 7: /* just above a power of two, by a number that is one, too */
        power_of_two(n, ROOM, top);
        n[1] = 1;
        break;
    case 8: /* -n^-1 is 1 in its lowest word, then all ones */
        all_ones(n, bits);
        n[1] = 0;
        break;
    case 9: /* words by turns */
        all_ones(n, bits);
        for (size_t i = 1; i < top / 32u; i += 2)
            n[i] = 0;
        break;
    case 10: /* the other words by turns */
        all_ones(n, bits);
        for (size_t i = 0; i < top / 32u; i += 2)
            n[i] = 0;
        break;
    case 11: /* digits of 28 bits by turns */
        for (unsigned i = 0; i < bits; i++)
            n[i / 32u] |= (uint32_t)(i / 28u % 2u) << (i % 32u);
        break;
    default: by_chance(n, (bits + 31u) / 32u, (uint64_t)bits << 32 | which); break;
    }
    n[0] |= 1u;
    *last |= (uint32_t)1 << (top % 32u);
    if (bits % 32u != 0)
        *last &= ((uint32_t)1 << (bits % 32u)) - 1u;
}

/* ---- Signatures: most are below the modulus, not all. */

static void edge_value(uint32_t *s, const uint32_t *n, unsigned bits, unsigned which)
{
    const unsigned top = bits - 1u;
    if (which < 6) { /* n - 3 to n + 2 */
        memcpy(s, n, ROOM * sizeof *s);
        if (which < 3)
            take_small(s, ROOM, 3u - which);
        else
            add_small(s, ROOM, which - 3u);
    } else if (which < 10) { /* 0 to 3 */
        s[0] = which - 6u;
    } else if (which < 13) { /* 2^(bits - 1) and its neighbours */
        power_of_two(s, ROOM, top);
        if (which == 11)
            take_small(s, ROOM, 1);
        if (which == 12)
            add_small(s, ROOM, 1);
    } else if (which < 16) { /* a power of two in the middle, and its neighbours: carries through all words below */
        power_of_two(s, ROOM, bits / 2u);
        if (which == 14)
            take_small(s, ROOM, 1);
        if (which == 15)
            add_small(s, ROOM, 1);
    } else if (which == 16) { /* half of n */
        for (size_t i = 0; i < ROOM; i++)
            s[i] = n[i] >> 1 | (i + 1 < ROOM ? n[i + 1] << 31 : 0u);
    } else if (which == 17) { /* as many ones as a signature has */
        all_ones(s, (bits + 7u) / 8u * 8u);
    } else { /* one word is all ones, in different places */
        s[(which - 18u) * (top / 32u) / 3u] = UINT32_MAX;
    }
}

static void write(uint8_t *bytes, size_t length, const uint32_t *words)
{
    for (size_t i = 0; i < length; i++)
        bytes[length - 1 - i] = (uint8_t)(words[i / 4] >> (8 * (i % 4)));
}

void kernel_words(uint32_t *words, size_t count, uint64_t seed)
{
    by_chance(words, count, UINT64_C(1) << 62 | seed);
}

/* x = x / 2 mod n: x, or x + n, whichever is even. */
static void halve(uint32_t *x, const uint32_t *n)
{
    uint64_t sum = 0;
    const uint32_t odd = 0u - (x[0] & 1u);
    for (size_t i = 0; i < 64; i++) {
        sum += (uint64_t)x[i] + (n[i] & odd);
        x[i] = (uint32_t)sum;
        sum >>= 32;
    }
    for (size_t i = 0; i < 64; i++)
        x[i] = x[i] >> 1 | (i < 63 ? x[i + 1] : (uint32_t)sum) << 31;
}

/* k is where 1 + n * k has no bit: bit by bit. */
static void negative_inverse(uint32_t *k, const uint32_t *n)
{
    uint32_t sum[4] = { 1 };
    memset(k, 0, sizeof sum);
    for (unsigned bit = 0; bit < 128; bit++) {
        if ((sum[bit / 32u] >> (bit % 32u) & 1u) == 0)
            continue;
        uint64_t carry = 0;
        k[bit / 32u] |= (uint32_t)1 << (bit % 32u);
        for (unsigned i = bit / 32u; i < 4; i++) {
            const unsigned from = i - bit / 32u;
            const uint32_t shifted = n[from] << (bit % 32u);
            const uint32_t below = from > 0 && bit % 32u != 0 ? n[from - 1] >> (32u - bit % 32u) : 0;
            carry += (uint64_t)sum[i] + (shifted | below);
            sum[i] = (uint32_t)carry;
            carry >>= 32;
        }
    }
}

void kernel_inverses(uint32_t *m, const struct ward_key *key)
{
    memset(m, 0, 64 * sizeof *m);
    m[0] = 1;
    for (unsigned i = 0; i < 128; i++)
        halve(m, key->n);
    negative_inverse(m + 64, key->n);
}

bool kernel_is_below(const uint8_t *signature, const struct ward_key *key)
{
    uint8_t n[4 * ROOM];
    write(n, ward_key_signature_length(key), key->n);
    return memcmp(signature, n, ward_key_signature_length(key)) < 0;
}

bool kernel_case(unsigned bits, uint32_t number, struct ward_key *key, uint8_t *signature)
{
    uint32_t s[ROOM + 1] = { 0 };
    const bool edge = number < KERNEL_EDGES;
    const uint32_t values = edge ? KERNEL_EDGE_VALUES : KERNEL_VALUES_OF_ONE;
    const uint32_t place = edge ? number : number - KERNEL_EDGES;
    const bool begins = place % values == 0;
    if (begins) {
        memset(key, 0, sizeof *key);
        key->bits = (uint16_t)bits;
        edge_modulus(key->n, bits, edge ? place / values : KERNEL_EDGE_MODULI + place / values);
    }
    if (edge)
        edge_value(s, key->n, bits, place % values);
    else
        by_chance(s, (bits + 31u) / 32u, UINT64_C(1) << 63 | (uint64_t)bits << 32 | number);
    write(signature, ward_key_signature_length(key), s);
    return begins;
}
