/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 by mbedTLS, 2.28 or 3.6, also where an engine in hardware is behind it (MBEDTLS_SHA256_ALT): half of two backends. */
#include "mbedtls/sha256.h"

#include "mbedtls/version.h"
#include "ward/port/crypto.h"

/* In 2.28 the functions of these names return nothing. */
#if MBEDTLS_VERSION_NUMBER < 0x03000000
#define mbedtls_sha256_starts mbedtls_sha256_starts_ret
#define mbedtls_sha256_update mbedtls_sha256_update_ret
#define mbedtls_sha256_finish mbedtls_sha256_finish_ret
#endif

WARD_STATIC_ASSERT(sizeof(mbedtls_sha256_context) <= sizeof(struct ward_sha256),
                   "WARD_SHA256_STATE: too small for mbedtls_sha256_context");

static struct ward_status status_of(int mbedtls_result)
{
    /* GCOV_EXCL_BR_START: mbedTLS's own SHA-256 has no way to fail; one on an accelerator has */
    return ward_status_of(mbedtls_result == 0 ? WARD_OK : WARD_CRYPTO_FAILED);
    /* GCOV_EXCL_BR_STOP */
}

static mbedtls_sha256_context *context_of(struct ward_sha256 *sha)
{
    /* NOLINTNEXTLINE(bugprone-casting-through-void): memory for one of these, its size asserted above */
    return (mbedtls_sha256_context *)(void *)sha->state;
}

struct ward_status ward_crypto_sha256_start(struct ward_sha256 *sha)
{
    mbedtls_sha256_init(context_of(sha));
    return status_of(mbedtls_sha256_starts(context_of(sha), 0));
}

struct ward_status ward_crypto_sha256_update(struct ward_sha256 *sha, const void *data, size_t length)
{
    return status_of(mbedtls_sha256_update(context_of(sha), data, length));
}

struct ward_status ward_crypto_sha256_end(struct ward_sha256 *sha, uint8_t digest[WARD_SHA256_SIZE])
{
    const int result = mbedtls_sha256_finish(context_of(sha), digest);
    mbedtls_sha256_free(context_of(sha));
    return status_of(result);
}

void ward_crypto_sha256_abort(struct ward_sha256 *sha)
{
    mbedtls_sha256_free(context_of(sha));
}
