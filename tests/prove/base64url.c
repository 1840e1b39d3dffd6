/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 12 */
/* Every text of up to 10 characters: decoded where it lies it is what it is elsewhere, so that writing never overtakes
 * reading, and two texts that are accepted and decode to the same bytes are the same text. */
#include "../../src/encoding/base64url.c"
#include "prove.h"

int main(void)
{
    enum { MOST = 10 };
    char first[MOST];
    char second[MOST];
    char place[MOST];
    uint8_t out[MOST];
    uint8_t other[MOST];
    const size_t length = any_size();
    ASSUME(length <= MOST);
    for (size_t i = 0; i < MOST; i++) {
        first[i] = (char)any_byte();
        second[i] = (char)any_byte();
        place[i] = first[i];
    }
    const size_t bytes = ward_base64url_decoded_length(length);
    ASSERT(bytes <= length);
    const bool good = ward_base64url_decode(first, length, out);
    const bool good_in_place = ward_base64url_decode(place, length, (uint8_t *)place);
    ASSERT(good_in_place == good);
    const bool also = ward_base64url_decode(second, length, other);
    bool same_bytes = true;
    bool same_text = true;
    for (size_t i = 0; i < MOST; i++) {
        if (i < bytes) {
            ASSERT(!good || (uint8_t)place[i] == out[i]);
            same_bytes = same_bytes && out[i] == other[i];
        }
        same_text = same_text && (i >= length || first[i] == second[i]);
    }
    ASSERT(!good || !also || !same_bytes || same_text);
    return 0;
}
