/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4) of ward's own, for a backend whose library has a slower one, or none. Nothing of it is on the stack but what the
 * compiler keeps there: words and state lie in the context, which is wiped when it ends.
 */
#include <string.h>

#include "sha256_blocks.h"
#include "ward/port/crypto.h"

enum { BLOCK = 64, LENGTH_AT = 56 };

struct context {
    uint32_t state[8];
    uint32_t words[16]; /* the bytes of a block that is not whole yet, else scratch */
    uint64_t length;    /* bytes so far */
};

WARD_STATIC_ASSERT(sizeof(struct context) <= sizeof(struct ward_sha256), "WARD_SHA256_STATE: too small for a context");

static struct context *context_of(struct ward_sha256 *sha)
{
    /* NOLINTNEXTLINE(bugprone-casting-through-void): memory for one of these, its size asserted above */
    return (struct context *)(void *)sha->state;
}

struct ward_status ward_crypto_sha256_start(struct ward_sha256 *sha)
{
    static const uint32_t start[8] = { 0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au,
                                       0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u };
    struct context *const context = context_of(sha);
    memcpy(context->state, start, sizeof start);
    context->length = 0;
    return ward_status_of(WARD_OK);
}

/* As much as the block that has begun has room for; how much that is. */
static size_t fill(struct context *context, const uint8_t *bytes, size_t length)
{
    const size_t used = (size_t)(context->length % BLOCK);
    const size_t taken = length < BLOCK - used ? length : BLOCK - used;
    memcpy((uint8_t *)context->words + used, bytes, taken);
    context->length += taken;
    if (used + taken == BLOCK)
        ward_sha256_blocks(context->state, context->words, (const uint8_t *)context->words, 1);
    return taken;
}

struct ward_status ward_crypto_sha256_update(struct ward_sha256 *sha, const void *data, size_t length)
{
    struct context *const context = context_of(sha);
    const uint8_t *bytes = data;
    if (length > 0 && context->length % BLOCK != 0) {
        const size_t taken = fill(context, bytes, length);
        bytes = &bytes[taken];
        length -= taken;
    }
    if (length >= BLOCK) {
        const size_t blocks = length / BLOCK;
        ward_sha256_blocks(context->state, context->words, bytes, blocks);
        context->length += blocks * BLOCK;
        bytes += blocks * BLOCK;
        length -= blocks * BLOCK;
    }
    if (length > 0)
        (void)fill(context, bytes, length);
    return ward_status_of(WARD_OK);
}

static void put(uint8_t *out, uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
}

/* A bit, zeros, and the length in bits: the last block, or two (FIPS 180-4 section 5.1.1). */
static void pad(struct context *context)
{
    uint8_t *const block = (uint8_t *)context->words;
    size_t used = (size_t)(context->length % BLOCK);
    block[used++] = 0x80;
    if (used > LENGTH_AT) {
        memset(block + used, 0, BLOCK - used);
        ward_sha256_blocks(context->state, context->words, block, 1);
        used = 0;
    }
    memset(block + used, 0, LENGTH_AT - used);
    put(block + LENGTH_AT, context->length * 8u, 8);
    ward_sha256_blocks(context->state, context->words, block, 1);
}

struct ward_status ward_crypto_sha256_end(struct ward_sha256 *sha, uint8_t digest[WARD_SHA256_SIZE])
{
    struct context *const context = context_of(sha);
    pad(context);
    for (size_t i = 0; i < 8; i++)
        put(digest + 4 * i, context->state[i], 4);
    sha256_wipe(context, sizeof *context);
    return ward_status_of(WARD_OK);
}

void ward_crypto_sha256_abort(struct ward_sha256 *sha)
{
    sha256_wipe(context_of(sha), sizeof(struct context));
}
