/* SPDX-License-Identifier: Apache-2.0 */
/* Multiplication in digits of 28 bits, also of numbers that no check meets: the assembly is the C word for word, and what both
 * say is so: R times the result is a * b + q * n. */
#include "cases.h"
#include "check.h"
#include "port/crypto/kernel_digits.h"

/* The backend's own, and beside assembly the C. A backend that does without has the C looked at here. */
#define HAS_TWIN KERNEL_UMLAL
#if KERNEL_DIGITS
#define MULTIPLY ward_kernel_digits_multiply
#define SQUARE ward_kernel_digits_square
#else
#define MULTIPLY twin_digits_multiply
#define SQUARE twin_digits_square
#endif

void twin_digits_multiply(uint32_t *a, uint32_t *q, const uint32_t *n, uint32_t inverse, const uint32_t *b,
                          size_t count);
void twin_digits_square(uint32_t *a, uint32_t *q, const uint32_t *n, uint32_t inverse, uint32_t *d, size_t count);

enum {
    MOST = WARD_MAX_RSA_BITS < 3072   ? 75
           : WARD_MAX_RSA_BITS < 4096 ? 111
                                      : 147,
    BESIDE = KERNEL_BESIDE,
    CASES = 150
};

struct numbers {
    uint32_t before[BESIDE];
    uint32_t a[MOST + BESIDE];
    uint32_t q[MOST + BESIDE];
    uint32_t n[MOST + BESIDE];
    uint32_t b[MOST + BESIDE];
    uint32_t inverse;
};

static struct numbers first;
static struct numbers result;
#if HAS_TWIN
static struct numbers by_twin;
#endif

static uint32_t inverse_of(uint32_t n)
{
    uint32_t inverse = 1;
    for (unsigned bit = 1; bit < 32; bit++)
        inverse |= (n * inverse >> bit & 1u) << bit;
    return 0u - inverse;
}

static void make_digits(uint32_t *number, size_t count, uint32_t top)
{
    for (size_t i = 0; i < count; i++)
        number[i] &= KERNEL_DIGIT_MASK;
    number[count - 1] |= top << KERNEL_DIGIT_BITS;
    memset(number + count, 0, (MOST + BESIDE - count) * sizeof *number);
}

/* Case 0 has the largest digits that there can be. */
static void make(uint32_t number, size_t count)
{
    kernel_words((uint32_t *)(void *)&first, sizeof first / sizeof(uint32_t), number);
    if (number == 0)
        memset(&first, 0xff, sizeof first);
    memset(first.before, 0, sizeof first.before);
    make_digits(first.a, count, number % 2u == 0);
    make_digits(first.q, count, 0);
    make_digits(first.n, count, 0);
    make_digits(first.b, count, number % 3u == 0);
    first.n[0] |= 1u;
    first.inverse = inverse_of(first.n[0]);
    result = first;
#if HAS_TWIN
    by_twin = first;
#endif
}

/* t += a * b, a row at a time. */
static void add_product(uint32_t *t, const uint32_t *a, const uint32_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t sum = 0;
        for (size_t j = 0; j < count; j++) {
            sum += (uint64_t)a[i] * b[j] + t[i + j];
            t[i + j] = (uint32_t)sum & KERNEL_DIGIT_MASK;
            sum >>= KERNEL_DIGIT_BITS;
        }
        for (size_t j = i + count; sum != 0; j++) {
            sum += t[j];
            t[j] = (uint32_t)sum & KERNEL_DIGIT_MASK;
            sum >>= KERNEL_DIGIT_BITS;
        }
    }
}

static void check_product(const uint32_t *a, const uint32_t *b, size_t count)
{
    static uint32_t t[2 * MOST + 2];
    memset(t, 0, sizeof t);
    add_product(t, a, b, count);
    add_product(t, result.q, first.n, count);
    t[2 * count - 1] |= t[2 * count] << KERNEL_DIGIT_BITS;
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good = good && t[i] == 0 && t[count + i] == result.a[i] && result.q[i] <= KERNEL_DIGIT_MASK;
    CHECK(good);
    CHECK(memcmp(result.n, first.n, sizeof first.n) == 0);
    CHECK(memcmp(result.before, first.before, sizeof first.before) == 0);
}

static void check_as_twin(void)
{
#if HAS_TWIN
    CHECK(memcmp(&result, &by_twin, sizeof result) == 0);
#endif
}

static void check_products(size_t count)
{
    for (uint32_t number = 0; number < CASES; number++) {
        make(number, count);
        MULTIPLY(result.a, result.q, result.n, result.inverse, result.b, count);
#if HAS_TWIN
        twin_digits_multiply(by_twin.a, by_twin.q, by_twin.n, by_twin.inverse, by_twin.b, count);
#endif
        check_as_twin();
        check_product(first.a, first.b, count);
    }
}

static void check_squares(size_t count)
{
    for (uint32_t number = 0; number < CASES; number++) {
        make(number, count);
        SQUARE(result.a, result.q, result.n, result.inverse, result.b, count);
#if HAS_TWIN
        twin_digits_square(by_twin.a, by_twin.q, by_twin.n, by_twin.inverse, by_twin.b, count);
#endif
        check_as_twin();
        check_product(first.a, first.a, count);
        for (size_t i = 0; i < count; i++)
            CHECK(result.b[i] == 2 * first.a[i]);
    }
}

TEST(products_in_digits)
{
    for (size_t count = 75; count <= MOST; count += 36)
        check_products(count);
}

TEST(squares_in_digits)
{
    for (size_t count = 75; count <= MOST; count += 36)
        check_squares(count);
}

SUITE(kernel_digits, CASE(products_in_digits), CASE(squares_in_digits));
