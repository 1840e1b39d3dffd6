/* SPDX-License-Identifier: Apache-2.0 */
/* Montgomery's multiplication in plain C, for every compiler: a row at a time, in the widest limbs that it multiplies well.
 *
 * WARD_KERNEL_SMALL=1 takes limbs of 32 bits everywhere, and WARD_KERNEL_HALVES=1 makes their products of four small ones, so
 * that the tests meet on one machine what other machines get. */
#include <string.h>

#include "kernel_limbs.h"

#if !defined(WARD_KERNEL_SMALL)
#define WARD_KERNEL_SMALL 0
#endif

/* Armv6-M and Armv8-M.base have no multiplication whose product is longer than 32 bits: the compiler would call a function
 * that multiplies 64 by 64 bits. */
#if !defined(WARD_KERNEL_HALVES)
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
#define WARD_KERNEL_HALVES 1
#else
#define WARD_KERNEL_HALVES 0
#endif
#endif

/* A limb of 64 bits is two words as they lie in memory, which holds where the lower one comes first. */
#if !WARD_KERNEL_SMALL && defined(__SIZEOF_INT128__) && defined(__BYTE_ORDER__) &&                                     \
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
typedef uint64_t limb;
__extension__ typedef unsigned __int128 wide;

static limb limb_at(const uint32_t *words, size_t i)
{
    limb value;
    memcpy(&value, words + 2u * i, sizeof value);
    return value;
}

static void put_limb(uint32_t *words, size_t i, limb value)
{
    memcpy(words + 2u * i, &value, sizeof value);
}
#else
typedef uint32_t limb;
typedef uint64_t wide;

static limb limb_at(const uint32_t *words, size_t i)
{
    return words[i];
}

static void put_limb(uint32_t *words, size_t i, limb value)
{
    words[i] = value;
}
#endif

/* Of two limbs, where the compiler has it. A proof puts another one in its place. */
#if !defined(KERNEL_PRODUCT)
#define KERNEL_PRODUCT(a, b) ((wide)(a) * (b))
#endif

#define LIMB_WORDS (sizeof(limb) / 4u)
#define LIMB_BITS (8u * sizeof(limb))

static wide product(limb a, limb b)
{
#if WARD_KERNEL_HALVES
    const uint32_t low_a = a & 0xffffu;
    const uint32_t low_b = b & 0xffffu;
    const uint32_t high_a = a >> 16;
    const uint32_t high_b = b >> 16;
    const uint32_t low = low_a * low_b;
    /* At most (2^16 - 1)^2 + 2^16 - 1, and once more that without its upper half: no carry is lost. */
    const uint32_t middle = high_a * low_b + (low >> 16);
    const uint32_t other = low_a * high_b + (middle & 0xffffu);
    const uint32_t high = high_a * high_b + (middle >> 16) + (other >> 16);
    return (wide)high << 32 | (other << 16 | (low & 0xffffu));
#else
    return KERNEL_PRODUCT(a, b);
#endif
}

/* -1 / n mod 2^LIMB_BITS for an odd n, by Newton: n is right in its 3 lowest bits, and each round doubles how many are. */
static limb negative_inverse(limb n)
{
    limb inverse = n;
    for (unsigned right = 3; right < LIMB_BITS; right *= 2)
        inverse *= (limb)2 - n * inverse;
    return (limb)0 - inverse;
}

/* t = (t + a * b + n * m) / 2^LIMB_BITS for the m that makes this whole, in limbs + 1 limbs; t stays below a + n.
 * No sum overflows: with L = 2^LIMB_BITS each is at most (L - 1)^2 + 2 * (L - 1) = L^2 - 1. */
static void add_row(uint32_t *t, const uint32_t *a, limb b, const uint32_t *n, limb inverse, size_t limbs)
{
    wide upper = product(limb_at(a, 0), b) + limb_at(t, 0);
    const limb m = (limb)upper * inverse;
    wide sum = product(limb_at(n, 0), m) + (limb)upper;
    for (size_t i = 1; i < limbs; i++) {
        upper = product(limb_at(a, i), b) + limb_at(t, i) + (upper >> LIMB_BITS);
        sum = product(limb_at(n, i), m) + (limb)upper + (sum >> LIMB_BITS);
        put_limb(t, i - 1, (limb)sum);
    }
    sum = (upper >> LIMB_BITS) + (sum >> LIMB_BITS) + limb_at(t, limbs);
    put_limb(t, limbs - 1, (limb)sum);
    put_limb(t, limbs, (limb)(sum >> LIMB_BITS));
}

uint32_t ward_kernel_subtract(uint32_t *x, const uint32_t *a, const uint32_t *b, size_t words)
{
    uint32_t borrow = 0;
    for (size_t i = 0; i < words; i++) {
        const uint64_t difference = (uint64_t)a[i] - b[i] - borrow;
        x[i] = (uint32_t)difference;
        borrow = (uint32_t)(difference >> 63);
    }
    return borrow;
}

#if defined(__GNUC__)
#define OWN_FRAME __attribute__((noinline))
#else
#define OWN_FRAME
#endif

/* Limbs that did not fit into registers, and registers that were saved, stay on the stack below: a piece of a token's check. */
OWN_FRAME void ward_kernel_wipe(void)
{
    volatile limb frames[48];
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        frames[i] = 0;
}

static OWN_FRAME void multiply(uint32_t *x, const uint32_t *a, const uint32_t *b, const struct ward_key *key,
                               uint32_t *t)
{
    const size_t words = ward_key_words(key);
    const size_t limbs = words / LIMB_WORDS;
    const limb inverse = negative_inverse(limb_at(key->n, 0));
    memset(t, 0, (words + LIMB_WORDS) * sizeof *t);
    for (size_t i = 0; i < limbs; i++)
        add_row(t, a, limb_at(b, i), key->n, inverse, limbs);
    /* t is below 2n: it is the result, or n more than that. */
    if (ward_kernel_subtract(x, t, key->n, words) > t[words])
        memcpy(x, t, words * sizeof *x);
}

void ward_kernel_multiply(uint32_t *x, const uint32_t *a, const uint32_t *b, const struct ward_key *key, uint32_t *t)
{
    multiply(x, a, b, key, t);
    ward_kernel_wipe();
}
