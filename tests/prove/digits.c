/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 80 -DWARD_HOSTED=0 -DWARD_KERNEL_DIGITS=1 */
/* Every number of 2048 bits into digits of 28 and back, as it is and times 2^52; no digit has more than its bits. */
#include "kernel_power_digits.c"
#include "prove.h"

int main(void)
{
    enum { WORDS = 64, COUNT = 75, SLACK = 52 };
    static uint32_t words[WORDS + 2];
    static uint32_t back[WORDS + 2];
    static uint32_t digits[COUNT];
    for (size_t i = 0; i < WORDS; i++)
        words[i] = any_word();
    to_digits(digits, COUNT, words, WORDS, 0);
    const size_t place = any_size();
    ASSUME(place < COUNT);
    ASSERT(digits[place] <= KERNEL_DIGIT_MASK);
    ASSERT(to_words(back, WORDS, digits) == 0);
    const size_t word = any_size();
    ASSUME(word < WORDS);
    ASSERT(back[word] == words[word]);
    to_digits(digits, COUNT, words, WORDS, SLACK);
    ASSERT(digits[place] <= KERNEL_DIGIT_MASK);
    ASSERT(digits[0] == 0);
    /* The lowest bits of digit 1 are of the slack; above them the words follow each other. */
    const size_t bit = any_size();
    ASSUME(bit < 32u * WORDS);
    ASSERT((digits[(bit + SLACK) / 28u] >> ((bit + SLACK) % 28u) & 1u) == (words[bit / 32u] >> (bit % 32u) & 1u));
    return 0;
}
