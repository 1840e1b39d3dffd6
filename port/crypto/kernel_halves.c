/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_halves.h"

#if WARD_KERNEL_COLUMNS

#include <string.h>

#include "kernel_limbs.h"

/* A digit is half a word as it lies in memory, which holds where the lower one comes first. */
typedef uint16_t __attribute__((may_alias)) half;

enum { BITS = 16, BLOCK = 32 };

/* Of two digits: below 2^32. */
static inline uint32_t product(uint32_t a, uint32_t b)
{
    return a * b;
}

#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)

/* One product: x goes up, y goes down. */
#define ADD(up, down)                                                                                                  \
    "ldrh %[t],[%[x],#" #up "]\n"                                                                                      \
    "ldrh %[u],[%[y],#" #down "]\n"                                                                                    \
    "muls %[t],%[u],%[t]\n"                                                                                            \
    "adds %[low],%[low],%[t]\n"                                                                                        \
    "adcs %[high],%[high],%[zero]\n"
enum { ADD_BYTES = 10 };

/* acc + the products x[i] * y[-i] for i = 0 … count - 1. The block is entered as many products before its end as are left over. */
static inline uint64_t add_column(uint64_t acc, const half *x, const half *y, size_t count)
{
    uint32_t low = (uint32_t)acc;
    uint32_t high = (uint32_t)(acc >> 32);
    uint32_t t;
    uint32_t u;
    const size_t skipped = (0u - count) % BLOCK;
    const half *const end = x + count;
    x -= skipped;
    y = y + skipped - (BLOCK - 1);
    if (count == 0)
        return acc;
    __asm__ volatile(".syntax unified\n"
                     "adr %[t],1f\n"
                     "adds %[t],%[t],%[skip]\n"
                     "mov pc,%[t]\n"
                     ".balign 4\n"
                     "1:\n" ADD(0, 62) ADD(2, 60) ADD(4, 58) ADD(6, 56) ADD(8, 54) ADD(10, 52) ADD(12, 50) ADD(14, 48)
                         ADD(16, 46) ADD(18, 44) ADD(20, 42) ADD(22, 40) ADD(24, 38) ADD(26, 36) ADD(28, 34) ADD(30, 32)
                             ADD(32, 30) ADD(34, 28) ADD(36, 26) ADD(38, 24) ADD(40, 22) ADD(42, 20) ADD(44, 18)
                                 ADD(46, 16) ADD(48, 14) ADD(50, 12) ADD(52, 10) ADD(54, 8) ADD(56, 6) ADD(58, 4)
                                     ADD(60, 2) ADD(62, 0) "adds %[x],%[x],#64\n"
                                                           "subs %[y],%[y],#64\n"
                                                           "cmp %[x],%[end]\n"
                                                           "beq 2f\n"
                                                           "b 1b\n"
                                                           "2:\n"
                     : [low] "+l"(low), [high] "+l"(high), [x] "+l"(x), [y] "+l"(y), [t] "=&l"(t), [u] "=&l"(u)
                     : [zero] "l"(0), [skip] "hl"(ADD_BYTES * skipped), [end] "h"(end)
                     : "cc", "memory");
    return (uint64_t)high << 32 | low;
}

#else

static uint64_t add_column(uint64_t acc, const half *x, const half *y, size_t count)
{
    for (; count > 0; count--)
        acc += product(*x++, *y--);
    return acc;
}

#endif

/* acc + the products a[i] * b[place - i], from a's digit `from` to that before `to`. */
static uint64_t add_products(uint64_t acc, const half *a, const half *b, size_t place, size_t from, size_t to)
{
    return add_column(acc, a + from, b + (place - from), to - from);
}

/* A column of a square: each pair of digits once, doubled, and the digit that is its own pair. */
static uint64_t add_square(uint64_t acc, const half *a, size_t place, size_t from)
{
    const uint64_t once = add_products(0, a, a, place, from, (place + 1u) / 2u);
    acc += 2u * once;
    if (place % 2u == 0)
        acc += product(a[place / 2u], a[place / 2u]);
    return acc;
}

/* -1 / n mod 2^16, by Newton: n is right in its 3 lowest bits, and each round doubles how many are. */
static uint32_t negative_inverse(uint32_t n)
{
    uint32_t inverse = n;
    for (unsigned right = 3; right < BITS; right *= 2)
        inverse *= 2u - n * inverse;
    return 0u - inverse;
}

/* x = (a * b + q * n) / R; returns what is above it, 0 or 1. A column is at most 2 * 256 products and a carry: below 2^64 by far. */
static uint32_t multiply(half *x, const half *a, const half *b, const half *n, half *q, size_t count)
{
    const uint32_t inverse = negative_inverse(n[0]);
    uint64_t acc = 0;
    for (size_t i = 0; i < count; i++) {
        acc = a == b ? add_square(acc, a, i, 0) : add_products(acc, a, b, i, 0, i + 1u);
        acc = add_products(acc, q, n, i, 0, i);
        q[i] = (half)((uint32_t)acc * inverse);
        acc += product(q[i], n[0]);
        acc >>= BITS;
    }
    for (size_t i = 1; i < count; i++) {
        acc = a == b ? add_square(acc, a, count - 1u + i, i) : add_products(acc, a, b, count - 1u + i, i, count);
        acc = add_products(acc, q, n, count - 1u + i, i, count);
        /* No column above reads this digit of a again. */
        x[i - 1u] = (half)acc;
        acc >>= BITS;
    }
    x[count - 1u] = (half)acc;
    return (uint32_t)(acc >> BITS);
}

void ward_kernel_halves_multiply(uint32_t *x, const uint32_t *a, const uint32_t *b, const struct ward_key *key,
                                 uint32_t *t)
{
    const size_t words = ward_key_words(key);
    const uint32_t above = multiply((half *)x, (const half *)a, (const half *)b, (const half *)key->n, (half *)t,
                                    2u * words);
    /* It is below 2n: it is the result, or n more than that. */
    if (ward_kernel_subtract(t, x, key->n, words) <= above)
        memcpy(x, t, words * sizeof *x);
    ward_kernel_wipe();
}

#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_halves_is_for_other_processors;

#endif
