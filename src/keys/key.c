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
