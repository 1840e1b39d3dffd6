/* SPDX-License-Identifier: Apache-2.0 */
/* Multiplication by rows, in assembly or in C, against its twin: word for word, also for numbers that no check meets, whatever
 * is in memory. On other processors the twin alone. */
#include "cases.h"
#include "check.h"
#include "port/crypto/kernel_rows.h"
#include "twin.h"

enum { MOST = WARD_RSA_WORDS, ROW = KERNEL_ROW, CASES = 300 };

struct numbers {
    uint32_t t[2 * MOST];
    uint32_t d[MOST + 1];
    uint32_t b[MOST];
    uint32_t n[MOST];
    uint32_t m[MOST + ROW];
};

#if KERNEL_ROWS

static struct numbers by_rows;
static struct numbers by_twin;

/* Both the same, for case after case of one length. */
static void make(uint32_t number)
{
    kernel_words((uint32_t *)(void *)&by_rows, sizeof by_rows / sizeof(uint32_t), number);
    by_twin = by_rows;
}

/* Everything but the scratch: half of t, and d up to a word above a number. */
static void check_same(size_t words)
{
    memcpy(by_rows.t, by_twin.t, words * sizeof(uint32_t));
    memcpy(by_rows.d, by_twin.d, (words + 1) * sizeof(uint32_t));
    CHECK(memcmp(&by_rows, &by_twin, sizeof by_twin) == 0);
}

static void check_products(size_t words)
{
    for (uint32_t number = 0; number < CASES; number++) {
        make(number);
        CHECK_NUMBER(ward_kernel_rows_multiply(by_rows.t, by_rows.b, by_rows.n, by_rows.m, words),
                     twin_multiply(by_twin.t, by_twin.b, by_twin.n, by_twin.m, words));
        check_same(words);
        make(number);
        CHECK_NUMBER(ward_kernel_rows_square(by_rows.t, by_rows.d, by_rows.n, by_rows.m, words),
                     twin_square(by_twin.t, by_twin.n, by_twin.m, words));
        check_same(words);
    }
}

static void check_sums(size_t words)
{
    for (uint32_t number = 0; number < CASES; number++) {
        make(number);
        memset(by_rows.t + words, 0, ROW * sizeof by_rows.t[0]);
        by_twin = by_rows;
        ward_kernel_rows_add(by_rows.t, by_rows.b, by_rows.n, words);
        twin_add(by_twin.t, by_twin.b, by_twin.n, words);
        CHECK(memcmp(&by_rows, &by_twin, sizeof by_twin) == 0);
        CHECK_NUMBER(ward_kernel_rows_subtract(by_rows.t, by_rows.n, words),
                     twin_subtract(by_twin.t, by_twin.n, words));
        CHECK(memcmp(&by_rows, &by_twin, sizeof by_twin) == 0);
    }
}

TEST(products_are_those_of_the_twin)
{
    for (size_t words = 64; words <= MOST; words += 32)
        check_products(words);
}

TEST(rows_and_differences_are_those_of_the_twin)
{
    for (size_t words = 64; words <= MOST; words += 32)
        check_sums(words);
}

#endif

enum { WORDS = 64 };

/* x += b; returns the carry. */
static uint32_t add(uint32_t *x, const uint32_t *b)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < WORDS; i++) {
        sum += (uint64_t)x[i] + b[i];
        x[i] = (uint32_t)sum;
        sum >>= 32;
    }
    return (uint32_t)sum;
}

/* x = a * b / 2^2048 mod n, a bit of a after the other; below b + n. */
static void multiply_by_bits(uint32_t *x, const uint32_t *a, const uint32_t *b, const uint32_t *n)
{
    memset(x, 0, WORDS * sizeof *x);
    for (unsigned bit = 0; bit < 32 * WORDS; bit++) {
        uint32_t above = 0;
        if ((a[bit / 32] >> (bit % 32) & 1u) != 0)
            above += add(x, b);
        if ((x[0] & 1u) != 0)
            above += add(x, n);
        for (size_t i = 0; i < WORDS; i++)
            x[i] = x[i] >> 1 | (i + 1 < WORDS ? x[i + 1] : above) << 31;
    }
}

/* M and k by what they are, and the twin's product by what multiplication bit by bit says: the same mod n. */
TEST(the_twin_multiplies)
{
    static struct ward_key key;
    static struct numbers numbers;
    static uint8_t signature[WARD_MAX_RSA_BITS / 8];
    uint32_t expected[WORDS];
    for (uint32_t number = KERNEL_EDGES; number < KERNEL_EDGES + 20; number++) {
        kernel_case(2048, number, &key, signature);
        kernel_words((uint32_t *)(void *)&numbers, sizeof numbers / sizeof(uint32_t), number);
        kernel_inverses(numbers.m, &key);
        memcpy(numbers.n, key.n, sizeof numbers.n);
        /* So that what comes bit by bit is below R, or n more. */
        numbers.b[WORDS - 1] = 0;
        multiply_by_bits(expected, numbers.t + WORDS, numbers.b, key.n);
        if (twin_subtract(expected, key.n, WORDS) != 0)
            (void)add(expected, key.n);
        uint32_t above = twin_multiply(numbers.t, numbers.b, numbers.n, numbers.m, WORDS);
        CHECK(above <= 2);
        while (above > 0)
            above -= twin_subtract(numbers.t + WORDS, key.n, WORDS);
        while (memcmp(numbers.t + WORDS, expected, sizeof expected) != 0)
            CHECK_NUMBER(twin_subtract(numbers.t + WORDS, key.n, WORDS), 0);
    }
}

SUITE(kernel_rows,
#if KERNEL_ROWS
      CASE(products_are_those_of_the_twin), CASE(rows_and_differences_are_those_of_the_twin),
#endif
      CASE(the_twin_multiplies));
