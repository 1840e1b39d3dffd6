/* SPDX-License-Identifier: Apache-2.0 */
/* What a target needs to run with the crypto backend of the library. */
#include "fuzz.h"
#include "platform.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    platform_begin();
    return 0;
}

/* x = 2 * x mod n, one bit at a time and without a thought for speed. */
static void twice(uint32_t *x, const uint32_t *n, size_t words)
{
    uint32_t carry = 0;
    bool below = false;
    for (size_t i = 0; i < words; i++) {
        const uint64_t doubled = (uint64_t)x[i] << 1 | carry;
        x[i] = (uint32_t)doubled;
        carry = (uint32_t)(doubled >> 32);
    }
    for (size_t i = words; carry == 0 && i > 0; i--)
        if (x[i - 1] != n[i - 1]) {
            below = x[i - 1] < n[i - 1];
            break;
        }
    if (below)
        return;
    int64_t borrow = 0;
    for (size_t i = 0; i < words; i++) {
        const int64_t difference = (int64_t)x[i] - n[i] + borrow;
        x[i] = (uint32_t)difference;
        borrow = difference < 0 ? -1 : 0;
    }
}

/* r_squared is 2^(64 * words) mod n. */
void fuzz_check_prepared(const struct ward_key *key)
{
    const size_t words = ward_key_words(key);
    uint32_t x[WARD_RSA_WORDS] = { 1 };
    for (size_t i = 0; i < 64 * words; i++)
        twice(x, key->n, words);
    CHECK(memcmp(x, key->prepared, sizeof x) == 0);
}
