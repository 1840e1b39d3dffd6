/* SPDX-License-Identifier: Apache-2.0 */
/* The assembly for UMAAL against its twin in C, word for word, also for numbers that no check meets: whatever is in memory. On other
 * processors the twin alone, against the multiplication in plain C. */
#include "cases.h"
#include "check.h"
#include "port/crypto/kernel_limbs.h"
#include "port/crypto/kernel_umaal.h"
#include "twin.h"

enum { WORDS = KERNEL_UMAAL_WORDS, ROW = 4, CASES = 300 };

struct numbers {
    uint32_t t[2 * WORDS];
    uint32_t d[KERNEL_UMAAL_DOUBLE];
    uint32_t b[WORDS];
    uint32_t n[WORDS];
    uint32_t m[WORDS + ROW];
};

#if KERNEL_UMAAL

static struct numbers by_assembly;
static struct numbers by_twin;

static void make(struct numbers *numbers, uint32_t number)
{
    kernel_words((uint32_t *)(void *)numbers, sizeof *numbers / sizeof(uint32_t), number);
}

/* Everything but the scratch: half of t, and d. */
static void check_same(void)
{
    CHECK(memcmp(by_assembly.t + WORDS, by_twin.t + WORDS, sizeof by_twin.t / 2) == 0);
    CHECK(memcmp(by_assembly.b, by_twin.b, sizeof by_twin.b) == 0);
    CHECK(memcmp(by_assembly.n, by_twin.n, sizeof by_twin.n) == 0);
    CHECK(memcmp(by_assembly.m, by_twin.m, sizeof by_twin.m) == 0);
}

TEST(products_are_those_of_the_twin)
{
    for (uint32_t number = 0; number < CASES; number++) {
        make(&by_assembly, number);
        make(&by_twin, number);
        CHECK_NUMBER(ward_kernel_umaal_multiply(by_assembly.t, by_assembly.b, by_assembly.n, by_assembly.m),
                     twin_umaal_multiply(by_twin.t, by_twin.b, by_twin.n, by_twin.m));
        check_same();
    }
}

TEST(squares_are_those_of_the_twin)
{
    for (uint32_t number = 0; number < CASES; number++) {
        make(&by_assembly, number);
        make(&by_twin, number);
        CHECK_NUMBER(ward_kernel_umaal_square(by_assembly.t, by_assembly.d, by_assembly.n, by_assembly.m),
                     twin_umaal_square(by_twin.t, by_twin.n, by_twin.m));
        check_same();
    }
}

TEST(rows_and_differences_are_those_of_the_twin)
{
    for (uint32_t number = 0; number < CASES; number++) {
        make(&by_assembly, number);
        memset(by_assembly.t + WORDS, 0, ROW * sizeof by_assembly.t[0]);
        by_twin = by_assembly;
        ward_kernel_umaal_row(by_assembly.t, by_assembly.b, by_assembly.n);
        twin_umaal_row(by_twin.t, by_twin.b, by_twin.n);
        CHECK(memcmp(&by_assembly, &by_twin, sizeof by_twin) == 0);
        CHECK_NUMBER(ward_kernel_umaal_subtract(by_assembly.t, by_assembly.n),
                     twin_umaal_subtract(by_twin.t, by_twin.n));
        CHECK(memcmp(&by_assembly, &by_twin, sizeof by_twin) == 0);
    }
}

#endif

/* M and k by what they are, and the twin's product by what the plain multiplication says: the same mod n. */
TEST(the_twin_multiplies)
{
    static struct ward_key key;
    static struct numbers numbers;
    static uint8_t signature[WARD_MAX_RSA_BITS / 8];
    static uint32_t t[KERNEL_ROOM];
    uint32_t expected[WARD_RSA_WORDS];
    for (uint32_t number = KERNEL_EDGES; number < KERNEL_EDGES + 40; number++) {
        kernel_case(2048, number, &key, signature);
        kernel_words((uint32_t *)(void *)&numbers, sizeof numbers / sizeof(uint32_t), number);
        kernel_inverses(numbers.m, &key);
        memcpy(numbers.n, key.n, sizeof numbers.n);
        /* Both below n. */
        numbers.t[2 * WORDS - 1] >>= 1;
        numbers.b[WORDS - 1] >>= 1;
        ward_kernel_multiply(expected, numbers.t + WORDS, numbers.b, &key, t);
        uint32_t above = twin_umaal_multiply(numbers.t, numbers.b, numbers.n, numbers.m);
        CHECK(above <= 2);
        while (above > 0)
            above -= twin_umaal_subtract(numbers.t + WORDS, key.n);
        while (memcmp(numbers.t + WORDS, expected, sizeof numbers.n) != 0)
            CHECK_NUMBER(twin_umaal_subtract(numbers.t + WORDS, key.n), 0);
    }
}

SUITE(kernel_umaal,
#if KERNEL_UMAAL
      CASE(products_are_those_of_the_twin), CASE(squares_are_those_of_the_twin),
      CASE(rows_and_differences_are_those_of_the_twin),
#endif
      CASE(the_twin_multiplies));
