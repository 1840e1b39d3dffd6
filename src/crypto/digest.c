/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

static struct ward_status hash(struct ward_sha256 *sha, const struct ward_text *pieces, size_t count,
                               uint8_t digest[WARD_SHA256_SIZE])
{
    struct ward_status status = ward_crypto_sha256_start(sha);
    for (size_t i = 0; i < count && ward_ok(status); i++)
        status = ward_crypto_sha256_update(sha, pieces[i].data, pieces[i].length);
    if (ward_ok(status))
        status = ward_crypto_sha256_end(sha, digest);
    return status;
}

struct ward_status ward_digest(struct ward_sha256 *sha, const struct ward_text *pieces, size_t count,
                               uint8_t digest[WARD_SHA256_SIZE])
{
    const struct ward_status status = hash(sha, pieces, count, digest);
    /* An engine that several users share would stay locked. */
    if (!ward_ok(status))
        ward_crypto_sha256_abort(sha);
    return status;
}
