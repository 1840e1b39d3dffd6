/* SPDX-License-Identifier: Apache-2.0 */
/* What a peer takes to check a signature: with its key kept between checks, as a firmware may that has room for it, and with a key
 * made anew for each. Before anything is counted it has to tell good signatures from changed ones. */
#include <string.h>

#include "console.h"
#include "peer.h"

#include "bench_vectors.h"

static const struct bench_key *vector;
static uint8_t digest[PEER_DIGEST];

static struct ward_status status_of(bool is_good)
{
    return ward_status_of(is_good ? WARD_OK : WARD_SIGNATURE_INVALID);
}

static struct ward_status verify(void)
{
    return status_of(peer_verify(vector->digest, vector->signature));
}

static struct ward_status verify_anew(void)
{
    const bool is_good = peer_keep(vector) && peer_verify(vector->digest, vector->signature);
    peer_drop();
    return status_of(is_good);
}

static struct ward_status hash(void)
{
    return status_of(peer_sha256(bench_message.text, bench_message.length, digest));
}

/* A token's signature as it comes: over a text. */
static struct ward_status verify_message(void)
{
    const bool is_good = peer_sha256(bench_message.text, bench_message.length, digest);
    return status_of(is_good && peer_verify(digest, bench_message.signature));
}

/* A bit of the digest, or of the signature at its begin, middle and end: each makes it false. */
static void judge(void)
{
    static uint8_t changed[sizeof vector->signature];
    const size_t places[] = { 0, vector->bits / 16u, vector->bits / 8u - 1u };
    bench_need(verify(), WARD_OK);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        memcpy(changed, vector->signature, sizeof changed);
        changed[places[i]] ^= 1u;
        bench_need(status_of(peer_verify(vector->digest, changed)), WARD_SIGNATURE_INVALID);
    }
    memcpy(digest, vector->digest, sizeof digest);
    digest[PEER_DIGEST - 1] ^= 1u;
    bench_need(status_of(peer_verify(digest, vector->signature)), WARD_SIGNATURE_INVALID);
    bench_need(verify(), WARD_OK);
}

static void measure_key(void)
{
    bench_need(status_of(peer_keep(vector)), WARD_OK);
    judge();
    bench_measure_of("kept, ", vector->bits, verify, WARD_OK);
    peer_drop();
    bench_measure_of("anew, ", vector->bits, verify_anew, WARD_OK);
}

static void measure_message(void)
{
    bench_need(hash(), WARD_OK);
    if (memcmp(digest, bench_message.digest, sizeof digest) != 0)
        bench_need(status_of(false), WARD_OK);
    bench_measure_of("SHA-256, bytes: ", (unsigned)bench_message.length, hash, WARD_OK);
    bench_need(status_of(peer_keep(vector)), WARD_OK);
    bench_need(verify_message(), WARD_OK);
    bench_measure_of("message, bytes: ", (unsigned)bench_message.length, verify_message, WARD_OK);
    peer_drop();
}

static void print_arena(void)
{
    const struct peer_arena arena = peer_arena();
    console_print("ARENA ");
    console_number(arena.size);
    console_print(" ");
    console_number(arena.used);
    console_print("\n");
}

int main(void)
{
    peer_begin();
    vector = &bench_keys[0];
    measure_key();
    measure_message();
    print_arena();
    for (size_t i = 1; i < sizeof bench_keys / sizeof bench_keys[0]; i++) {
        vector = &bench_keys[i];
        measure_key();
    }
    print_arena();
    console_print("END\n");
    return 0;
}
