/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "selftest_vector.h"
#include "ward/port/crypto.h"
#include "ward/port/service.h"

static const char signed_text[] = "ward self-test";

/* SHA-256 of signed_text. */
static const uint8_t signed_digest[WARD_SHA256_SIZE] = { 0x8d, 0x3f, 0x8a, 0xa7, 0x66, 0x22, 0x15, 0x96,
                                                         0x48, 0x8c, 0x5a, 0x3b, 0xd2, 0xa1, 0x53, 0xa9,
                                                         0xfd, 0x24, 0xa0, 0x4e, 0xd2, 0x9e, 0x12, 0xbc,
                                                         0x97, 0x22, 0x0c, 0xde, 0x70, 0x91, 0x36, 0x91 };

static struct ward_status digest_is_valid(struct ward_workspace *work)
{
    struct ward_sha256 *const sha = &work->part.sha;
    uint8_t digest[WARD_SHA256_SIZE] = { 0 };
    struct ward_status status = ward_crypto_sha256_start(sha);
    if (ward_ok(status))
        status = ward_crypto_sha256_update(sha, signed_text, 5);
    if (ward_ok(status))
        status = ward_crypto_sha256_update(sha, signed_text + 5, sizeof signed_text - 6);
    if (ward_ok(status))
        status = ward_crypto_sha256_end(sha, digest);
    if (!ward_ok(status))
        ward_crypto_sha256_abort(sha);
    if (!ward_ok(status) || memcmp(digest, signed_digest, sizeof digest) != 0)
        return ward_status_of(WARD_SELFTEST_DIGEST);
    return ward_status_of(WARD_OK);
}

static struct ward_status signature_is_valid(struct ward_workspace *work)
{
    struct ward_rsa_scratch *const scratch = &work->part.check.scratch.rsa;
    uint8_t *const digest = work->part.check.jws.digest;
    struct ward_key key = { .bits = 2048 };
    memcpy(key.n, ward_selftest_modulus, sizeof ward_selftest_modulus);
    memcpy(digest, signed_digest, sizeof signed_digest);
    if (!ward_ok(ward_crypto_key_prepare(&key, scratch)) ||
        !ward_ok(ward_signature_verify(&key, digest, ward_selftest_signature, scratch)))
        return ward_status_of(WARD_SELFTEST_SIGNATURE);
    /* A backend that says yes to everything is worse than one that says no. */
    digest[0] ^= 1u;
    const struct ward_status refused = ward_signature_verify(&key, digest, ward_selftest_signature, scratch);
    return ward_status_of(refused.code == WARD_SIGNATURE_INVALID ? WARD_OK : WARD_SELFTEST_SIGNATURE);
}

static struct ward_status functions_are_whole(const struct ward_platform *platform)
{
    const bool fetches = platform->fetch_begin != NULL;
    if (platform->uptime == NULL)
        return ward_status_of(WARD_SELFTEST_UPTIME);
    if ((platform->fetch_read != NULL) != fetches || (platform->fetch_end != NULL) != fetches)
        return ward_status_of(WARD_SELFTEST_FETCH);
    if ((platform->record_read != NULL) != (platform->record_write != NULL))
        return ward_status_of(WARD_SELFTEST_RECORD);
    return ward_status_of(WARD_OK);
}

static struct ward_status clocks_are_right(const struct ward_platform *platform, uint64_t build_time)
{
    const uint32_t begin = platform->uptime(platform->context);
    if (platform->clock != NULL) {
        const struct ward_time now = platform->clock(platform->context);
        if (now.trust == WARD_TIME_SET && now.seconds < build_time)
            return ward_status_of(WARD_SELFTEST_CLOCK);
    }
    /* Between two looks little time passes; backwards it would seem a month. */
    return ward_status_of(platform->uptime(platform->context) - begin < 60000u ? WARD_OK : WARD_SELFTEST_UPTIME);
}

static struct ward_status entropy_is_valid(const struct ward_platform *platform)
{
    uint8_t first[16] = { 0 };
    uint8_t second[16] = { 0 };
    if (platform->entropy == NULL)
        return ward_status_of(WARD_OK);
    if (!ward_ok(platform->entropy(platform->context, first, sizeof first)) ||
        !ward_ok(platform->entropy(platform->context, second, sizeof second)) ||
        memcmp(first, second, sizeof first) == 0)
        return ward_status_of(WARD_SELFTEST_ENTROPY);
    return ward_status_of(WARD_OK);
}

static struct ward_status records_are_right(const struct ward_platform *platform)
{
    uint8_t bytes[16];
    for (unsigned slot = 0; platform->record_read != NULL && slot < WARD_RECORD_SLOTS; slot++)
        if (platform->record_read(platform->context, slot, 0, bytes, sizeof bytes) > sizeof bytes)
            return ward_status_of(WARD_SELFTEST_RECORD);
    return ward_status_of(WARD_OK);
}

static struct ward_status platform_is_valid(const struct ward_platform *platform, uint64_t build_time)
{
    struct ward_status status = functions_are_whole(platform);
    if (ward_ok(status))
        status = clocks_are_right(platform, build_time);
    if (ward_ok(status))
        status = entropy_is_valid(platform);
    return ward_ok(status) ? records_are_right(platform) : status;
}

#undef ward_selftest
struct ward_status ward_selftest(const struct ward_platform *platform, uint64_t build_time, struct ward_workspace *work)
{
    struct ward_status status = digest_is_valid(work);
    if (ward_ok(status))
        status = signature_is_valid(work);
    memset(work, 0, sizeof *work);
    if (!ward_ok(status) || platform == NULL)
        return status;
    return platform_is_valid(platform, build_time);
}
