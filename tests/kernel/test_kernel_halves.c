/* SPDX-License-Identifier: Apache-2.0 */
/* Multiplication in digits of 16 bits, also of numbers that no check meets: the assembly is the C word for word, and what both
 * say is so: R times the result is a * b + q * n. */
#include "cases.h"
#include "check.h"
#include "port/crypto/kernel_halves.h"

/* The backend's own, and beside assembly the C. A backend that does without has the C looked at here. */
#define HAS_TWIN KERNEL_MULS
#if KERNEL_COLUMNS
#define MULTIPLY ward_kernel_halves_product
#define SQUARE ward_kernel_halves_square
#else
#define MULTIPLY twin_halves_product
#define SQUARE twin_halves_square
#endif

uint32_t twin_halves_product(uint32_t *x, const uint32_t *a, const uint32_t *b, const uint32_t *n, uint32_t *q,
                             uint32_t inverse, size_t words);
uint32_t twin_halves_square(uint32_t *x, const uint32_t *a, const uint32_t *n, uint32_t *q, uint32_t inverse,
                            size_t words);

enum { MOST = WARD_RSA_WORDS, CASES = 60 };

/* The largest numbers first, then such that each digit is the largest or 0. */
enum { ALL_ONES = 0, OF_ONES_AND_ZEROS = 4 };

struct numbers {
    uint32_t a[MOST];
    uint32_t before;
    uint32_t x[MOST];
    uint32_t behind;
    uint32_t q[MOST];
    uint32_t behind_q;
    uint32_t n[MOST];
    uint32_t b[MOST];
};

static struct numbers first;
static struct numbers result;
#if HAS_TWIN
static struct numbers by_twin;
#endif
static uint32_t inverse;

static uint32_t inverse_of(uint32_t n)
{
    uint32_t x = 1;
    for (unsigned bit = 1; bit < 32; bit++)
        x |= (n * x >> bit & 1u) << bit;
    return 0u - x;
}

static void make(uint32_t number)
{
    uint32_t *const words = (uint32_t *)(void *)&first;
    const size_t count = sizeof first / sizeof *words;
    kernel_words(words, count, number);
    for (size_t i = 0; i < count && number < OF_ONES_AND_ZEROS; i++)
        words[i] = number == ALL_ONES ? 0xffffffffu : (words[i] & 1u) * 0xffffu | (words[i] & 2u) * 0x7fff8000u;
    first.n[0] |= 1u;
    inverse = inverse_of(first.n[0]);
    result = first;
#if HAS_TWIN
    by_twin = first;
#endif
}

/* t += a * b, a row at a time. */
static void add_product(uint32_t *t, const uint32_t *a, const uint32_t *b, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        uint64_t sum = 0;
        for (size_t j = 0; j < words; j++) {
            sum += (uint64_t)a[i] * b[j] + t[i + j];
            t[i + j] = (uint32_t)sum;
            sum >>= 32;
        }
        for (size_t j = i + words; sum != 0; j++) {
            sum += t[j];
            t[j] = (uint32_t)sum;
            sum >>= 32;
        }
    }
}

/* x: where the result is, which may be a. */
static void check_product(const uint32_t *x, uint32_t above, const uint32_t *b, size_t words)
{
    static uint32_t t[2 * MOST + 1];
    memset(t, 0, sizeof t);
    add_product(t, first.a, b, words);
    add_product(t, result.q, first.n, words);
    bool good = t[2 * words] == above;
    for (size_t i = 0; i < words; i++)
        good = good && t[i] == 0 && t[words + i] == x[i];
    CHECK(good);
    /* Nothing else was written. */
    memcpy(result.x, first.x, words * sizeof first.x[0]);
    memcpy(result.a, first.a, words * sizeof first.a[0]);
    memcpy(result.q, first.q, words * sizeof first.q[0]);
    CHECK(memcmp(&result, &first, sizeof first) == 0);
}

static void check_as_twin(void)
{
#if HAS_TWIN
    CHECK(memcmp(&result, &by_twin, sizeof result) == 0);
#endif
}

static void check_one_product(uint32_t number, bool in_place, size_t words)
{
    make(number);
    uint32_t *const x = in_place ? result.a : result.x;
    const uint32_t above = MULTIPLY(x, result.a, result.b, result.n, result.q, inverse, words);
#if HAS_TWIN
    CHECK_NUMBER(twin_halves_product(in_place ? by_twin.a : by_twin.x, by_twin.a, by_twin.b, by_twin.n, by_twin.q,
                                     inverse, words),
                 above);
#endif
    check_as_twin();
    check_product(x, above, first.b, words);
}

static void check_one_square(uint32_t number, bool in_place, size_t words)
{
    make(number);
    uint32_t *const x = in_place ? result.a : result.x;
    const uint32_t above = SQUARE(x, result.a, result.n, result.q, inverse, words);
#if HAS_TWIN
    CHECK_NUMBER(twin_halves_square(in_place ? by_twin.a : by_twin.x, by_twin.a, by_twin.n, by_twin.q, inverse, words),
                 above);
#endif
    check_as_twin();
    check_product(x, above, first.a, words);
}

/* Those of keys of 2048, 3072 and 4096 bits, and others. */
static const size_t lengths[] = { 64, 66, 96, 98, 126, 128 };

static void check_all(void (*check)(uint32_t number, bool in_place, size_t words))
{
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        for (uint32_t number = 0; number < CASES && lengths[i] <= MOST; number++)
            check(number, number % 3u == 0, lengths[i]);
}

TEST(products_in_halves)
{
    check_all(check_one_product);
}

TEST(squares_in_halves)
{
    check_all(check_one_square);
}

#if KERNEL_MULS

/* The registers that code for these processors seldom has anything in, which a function has to leave as they were. */
static void check_registers(bool squared)
{
    uint32_t r8 = 0x58;
    uint32_t r9 = 0x59;
    uint32_t r10 = 0x5a;
    uint32_t r11 = 0x5b;
    make(CASES);
    __asm__ volatile("mov r8,%0\n mov r9,%1\n mov r10,%2\n mov r11,%3\n"
                     :
                     : "l"(r8), "l"(r9), "l"(r10), "l"(r11)
                     : "r8", "r9", "r10", "r11");
    const uint32_t above = squared ? SQUARE(result.x, result.a, result.n, result.q, inverse, 64)
                                   : MULTIPLY(result.x, result.a, result.b, result.n, result.q, inverse, 64);
    __asm__ volatile("mov %0,r8\n mov %1,r9\n mov %2,r10\n mov %3,r11\n" : "=l"(r8), "=l"(r9), "=l"(r10), "=l"(r11));
    CHECK(r8 == 0x58 && r9 == 0x59 && r10 == 0x5a && r11 == 0x5b);
    check_product(result.x, above, squared ? first.a : first.b, 64);
}

TEST(registers_are_kept)
{
    check_registers(false);
    check_registers(true);
}

#endif

SUITE(kernel_halves,
#if KERNEL_MULS
      CASE(registers_are_kept),
#endif
      CASE(products_in_halves), CASE(squares_in_halves));
