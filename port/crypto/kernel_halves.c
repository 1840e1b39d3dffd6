/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_halves.h"

#if KERNEL_COLUMNS && !KERNEL_MULS

typedef uint16_t __attribute__((may_alias)) half;

enum { BITS = 16 };

/* Of two digits: below 2^32. A proof puts another one in its place. */
#if !defined(KERNEL_PRODUCT)
#define KERNEL_PRODUCT(a, b) ((uint32_t)(a) * (b))
#endif

static inline uint32_t product(half a, half b)
{
    return KERNEL_PRODUCT(a, b);
}

/* acc + the products a[i] * b[place - i], from a's digit `from` to that before `to`. */
static uint64_t add_products(uint64_t acc, const half *a, const half *b, size_t place, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        acc += product(a[i], b[place - i]);
    return acc;
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

/* A column of a * b; b is a where it is a square. */
static uint64_t add_column(uint64_t acc, const half *a, const half *b, size_t place, size_t from, size_t to)
{
    return a == b ? add_square(acc, a, place, from) : add_products(acc, a, b, place, from, to);
}

/* A column is at most 2 * 256 products and a carry: below 2^64 by far. */
static uint32_t multiply(half *x, const half *a, const half *b, const half *n, half *q, uint32_t inverse, size_t count)
{
    uint64_t acc = 0;
    for (size_t i = 0; i < count; i++) {
        acc = add_column(acc, a, b, i, 0, i + 1u);
        acc = add_products(acc, q, n, i, 0, i);
        q[i] = (half)((uint32_t)acc * inverse);
        acc += product(q[i], n[0]);
        acc >>= BITS;
    }
    for (size_t i = 1; i < count; i++) {
        acc = add_column(acc, a, b, count - 1u + i, i, count);
        acc = add_products(acc, q, n, count - 1u + i, i, count);
        /* No column above reads this digit of a again. */
        x[i - 1u] = (half)acc;
        acc >>= BITS;
    }
    x[count - 1u] = (half)acc;
    return (uint32_t)(acc >> BITS);
}

uint32_t ward_kernel_halves_product(uint32_t *x, const uint32_t *a, const uint32_t *b, const uint32_t *n, uint32_t *q,
                                    uint32_t inverse, size_t words)
{
    return multiply((half *)x, (const half *)a, (const half *)b, (const half *)n, (half *)q, inverse, 2u * words);
}

uint32_t ward_kernel_halves_square(uint32_t *x, const uint32_t *a, const uint32_t *n, uint32_t *q, uint32_t inverse,
                                   size_t words)
{
    return ward_kernel_halves_product(x, a, a, n, q, inverse, words);
}

#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_halves_is_for_other_processors;

#endif
