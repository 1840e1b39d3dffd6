/* SPDX-License-Identifier: Apache-2.0 */
/* How much memory a backend asks of the firmware: the smallest arena with which a check is judged, for each length of key. The signature is
 * no good one, which takes as much as one that is: with too little the answer is WARD_CRYPTO_FAILED. */
#include <string.h>

#include "console.h"
#include "platform.h"
#include "ward/port/crypto.h"
#include "ward/port/service.h"

enum { STEP = 8, MOST = 32768 };

static struct ward_key key;
static struct ward_rsa_scratch scratch;
static struct ward_workspace work;

static void make_key(uint16_t bits)
{
    memset(&key, 0, sizeof key);
    key.bits = bits;
    for (size_t i = 0; i < bits / 32u; i++)
        key.n[i] = UINT32_C(0xc5a7e93d) + (uint32_t)i * 2u;
}

/* Whether a key can be prepared and a signature judged in an arena of so many bytes. */
static bool suffices(size_t size)
{
    static const uint8_t digest[WARD_SHA256_SIZE] = { 1 };
    uint8_t signature[WARD_MAX_RSA_BITS / 8];
    memset(signature, 0x5a, sizeof signature);
    return platform_set_arena(size) && ward_ok(ward_crypto_key_prepare(&key, &scratch)) &&
           ward_signature_verify(&key, digest, signature, &scratch).code == WARD_SIGNATURE_INVALID;
}

static size_t least(void)
{
    size_t below = 0;
    size_t enough = MOST;
    while (enough - below > STEP) {
        const size_t middle = (below + enough) / 2u / STEP * STEP;
        if (suffices(middle))
            enough = middle;
        else
            below = middle;
    }
    return enough;
}

int main(void)
{
    static const uint16_t lengths[] = { 2048, 3072, 4096 };
    bool good = true;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        make_key(lengths[i]);
        const size_t bytes = least();
        good = good && suffices(bytes);
        console_print("bits ");
        console_number(lengths[i]);
        console_print(" bytes ");
        console_number(bytes);
        console_print("\n");
    }
    /* The backend works on this board. */
    platform_begin();
    good = good && ward_ok(ward_selftest(NULL, 0, &work));
    console_print(good ? "END\n" : "wrong\nEND\n");
    return good ? 0 : 1;
}
