/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_faults.h"

#include <string.h>

#include "check.h"
#include "platform.h"
#if defined(MBEDTLS_SHA256_ALT)
#include "sha256_alt.h"
#endif
#include "ward/port/crypto.h"

struct ward_status __real_ward_crypto_sha256_start(struct ward_sha256 *sha);
struct ward_status __real_ward_crypto_sha256_update(struct ward_sha256 *sha, const void *data, size_t length);
struct ward_status __real_ward_crypto_sha256_end(struct ward_sha256 *sha, uint8_t digest[WARD_SHA256_SIZE]);
void __real_ward_crypto_sha256_abort(struct ward_sha256 *sha);
struct ward_status __real_ward_crypto_key_prepare(struct ward_key *key, struct ward_rsa_scratch *scratch);
struct ward_status __real_ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *signature,
                                                   struct ward_rsa_scratch *scratch);
struct ward_status __real_ward_crypto_verify_step(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                                  const uint8_t *signature, struct ward_rsa_scratch *scratch);
void __real_ward_crypto_verify_abort(struct ward_rsa_scratch *scratch);
struct ward_status __wrap_ward_crypto_sha256_start(struct ward_sha256 *sha);
struct ward_status __wrap_ward_crypto_sha256_update(struct ward_sha256 *sha, const void *data, size_t length);
struct ward_status __wrap_ward_crypto_sha256_end(struct ward_sha256 *sha, uint8_t digest[WARD_SHA256_SIZE]);
void __wrap_ward_crypto_sha256_abort(struct ward_sha256 *sha);
struct ward_status __wrap_ward_crypto_key_prepare(struct ward_key *key, struct ward_rsa_scratch *scratch);
struct ward_status __wrap_ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *signature,
                                                   struct ward_rsa_scratch *scratch);
struct ward_status __wrap_ward_crypto_verify_step(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                                  const uint8_t *signature, struct ward_rsa_scratch *scratch);
void __wrap_ward_crypto_verify_abort(struct ward_rsa_scratch *scratch);

static unsigned calls;
static unsigned rsa_calls;
static unsigned failing;
static bool late;
static struct ward_status failure;
/* What was started and neither ended nor aborted: one at a time. */
static struct ward_sha256 *running;
/* How many signatures were begun whose last step was not taken and that were not given up. */
static unsigned verifying;

void crypto_fail_at(unsigned number, uint32_t code)
{
    calls = 0;
    rsa_calls = 0;
    failing = number;
    late = false;
    failure.code = code;
}

void crypto_fail_late(unsigned number, uint32_t code)
{
    crypto_fail_at(number, code);
    late = true;
}

unsigned crypto_calls(void)
{
    return calls;
}

void crypto_run_case(const struct test_case *one)
{
    crypto_fail_at(0, WARD_OK);
    running = NULL;
    verifying = 0;
    one->run();
    CHECK(!crypto_is_running());
    CHECK_NUMBER(crypto_signatures(), 0);
    CHECK(platform_is_idle());
#if defined(MBEDTLS_SHA256_ALT)
    CHECK(!engine_is_taken());
#endif
}

bool crypto_is_running(void)
{
    return running != NULL;
}

unsigned crypto_signatures(void)
{
    return verifying;
}

unsigned crypto_rsa_calls(void)
{
    return rsa_calls;
}

static bool fails(void)
{
    return ++calls == failing && !late;
}

/* What a call that has done its work says. */
static struct ward_status done(struct ward_status status)
{
    return late && calls == failing ? failure : status;
}

struct ward_status __wrap_ward_crypto_sha256_start(struct ward_sha256 *sha)
{
    CHECK(running == NULL);
    running = sha;
    if (!fails())
        return done(__real_ward_crypto_sha256_start(sha));
    /* As a start leaves it that found no engine: it will be aborted. */
    memset(sha, 0, sizeof *sha);
    return failure;
}

struct ward_status __wrap_ward_crypto_sha256_update(struct ward_sha256 *sha, const void *data, size_t length)
{
    CHECK(running == sha);
    return fails() ? failure : done(__real_ward_crypto_sha256_update(sha, data, length));
}

static struct ward_status end(struct ward_sha256 *sha, uint8_t digest[WARD_SHA256_SIZE])
{
    if (!fails())
        return done(__real_ward_crypto_sha256_end(sha, digest));
    /* It is written on WARD_OK, says the seam: until then it may hold anything. */
    memset(digest, 0xdb, WARD_SHA256_SIZE);
    return failure;
}

struct ward_status __wrap_ward_crypto_sha256_end(struct ward_sha256 *sha, uint8_t digest[WARD_SHA256_SIZE])
{
    CHECK(running == sha);
    const struct ward_status status = end(sha, digest);
    if (ward_ok(status))
        running = NULL;
    return status;
}

void __wrap_ward_crypto_sha256_abort(struct ward_sha256 *sha)
{
    CHECK(running == sha);
    running = NULL;
    __real_ward_crypto_sha256_abort(sha);
}

struct ward_status __wrap_ward_crypto_key_prepare(struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    return fails() ? failure : done(__real_ward_crypto_key_prepare(key, scratch));
}

struct ward_status __wrap_ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *signature,
                                                   struct ward_rsa_scratch *scratch)
{
    rsa_calls++;
    const struct ward_status status = fails() ? failure
                                              : done(__real_ward_crypto_verify_begin(key, signature, scratch));
    verifying += ward_ok(status) ? 1u : 0u;
    return status;
}

struct ward_status __wrap_ward_crypto_verify_step(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                                  const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    CHECK(verifying > 0);
    const struct ward_status status = fails() ? failure
                                              : done(__real_ward_crypto_verify_step(key, digest, signature, scratch));
    verifying -= status.code == WARD_UNFINISHED ? 0u : 1u;
    return status;
}

void __wrap_ward_crypto_verify_abort(struct ward_rsa_scratch *scratch)
{
    CHECK(verifying > 0);
    verifying--;
    __real_ward_crypto_verify_abort(scratch);
}
