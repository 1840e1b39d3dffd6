/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key.h"

#include <string.h>

struct ward_text ward_key_kid(const struct ward_key *key)
{
    return ward_text_of(key->kid, key->kid_length);
}

bool ward_key_same_number(const struct ward_key *a, const struct ward_key *b)
{
    return a->bits == b->bits && memcmp(a->n, b->n, sizeof a->n) == 0;
}

bool ward_key_equal(const struct ward_key *a, const struct ward_key *b)
{
    return ward_text_equal(ward_key_kid(a), ward_key_kid(b)) && ward_key_same_number(a, b);
}

void ward_key_fingerprint(const struct ward_key *key, uint32_t print[4])
{
    memset(print, 0, 4 * sizeof print[0]);
    /* From the highest one: those above the modulus, of which builds have different numbers, are 0 and leave nothing. */
    for (size_t i = WARD_RSA_WORDS; i > 0; i -= 2) {
        print[i % 4] = print[i % 4] * 0x9e3779b1u ^ key->n[i - 1];
        print[(i - 1) % 4] = print[(i - 1) % 4] * 0x9e3779b1u ^ key->n[i - 2];
    }
}
