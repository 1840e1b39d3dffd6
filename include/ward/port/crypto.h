/* SPDX-License-Identifier: Apache-2.0 */
/* ward: what a crypto backend provides. One backend is linked; port/crypto has them.
 *
 * Every function is a plain function of its arguments: no allocation that outlives the call, no state of its own, no
 * waiting. A function that fails returns a status other than WARD_OK and nothing that it wrote is used.
 */
#ifndef WARD_PORT_CRYPTO_H
#define WARD_PORT_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

#include "ward/config.h"
#include "ward/key.h"
#include "ward/status.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a SHA-256 digest. */
#define WARD_SHA256_SIZE 32

/*
 * SHA-256 (FIPS 180-4). A running one is a `struct ward_sha256` that stays where it is: ward never copies it, and ends or aborts each
 * one that it starts, so that an engine in hardware can be behind it. One runs at a time in each task.
 */

/**
 * Starts one.
 *
 * @param sha  nothing needs to be set in it
 *
 * @retval WARD_OK             started
 * @retval WARD_CRYPTO_FAILED  the backend has no engine for it now
 */
WARD_MUST_USE struct ward_status ward_crypto_sha256_start(struct ward_sha256 *sha);

/**
 * Hashes `length` bytes more.
 *
 * @retval WARD_OK             done
 * @retval WARD_CRYPTO_FAILED  the state is lost
 */
WARD_MUST_USE struct ward_status ward_crypto_sha256_update(struct ward_sha256 *sha, const void *data, size_t length);

/**
 * Ends it and frees what it held.
 *
 * @param digest  written on WARD_OK
 *
 * @retval WARD_OK             done
 * @retval WARD_CRYPTO_FAILED  there is no digest
 */
WARD_MUST_USE struct ward_status ward_crypto_sha256_end(struct ward_sha256 *sha, uint8_t digest[WARD_SHA256_SIZE]);

/**
 * Frees what a SHA-256 holds that is not ended: after one of the calls above has failed, that of starting it included, or because its
 * digest is not wanted any more. Cannot fail.
 */
void ward_crypto_sha256_abort(struct ward_sha256 *sha);

/**
 * Computes what the backend wants to have with each key, from its n and bits, which the caller has checked: key->prepared, of which the
 * backend uses as much as it likes.
 *
 * @retval WARD_OK             key->prepared is written
 * @retval WARD_CRYPTO_FAILED  it could not be
 */
WARD_MUST_USE struct ward_status ward_crypto_key_prepare(struct ward_key *key, struct ward_rsa_scratch *scratch);

/*
 * Verifying a signature: RSASSA-PKCS1-v1_5 with SHA-256 and exponent 65537 (RFC 8017 section 8.2.2), which is RS256. It is begun once,
 * then taken in steps until one says something else than WARD_UNFINISHED, or given up. Between two steps the caller does what it likes,
 * also for a long time, and may begin others in other scratches; key, digest and signature are the same ones each time. All that a
 * backend knows of it lies in the scratch, and what it holds besides (an engine that works by itself) it lets go of once a call says
 * neither WARD_OK of a beginning nor WARD_UNFINISHED of a step, and when it is given up. ward wipes the scratch; that a step leaves no
 * number of it on the stack is the backend's duty.
 */

/**
 * Begins to verify a signature, without arithmetic that takes long.
 *
 * @param key        from a key set; it may lie in flash
 * @param signature  ward_key_signature_length(key) bytes, most significant first; ward has checked how many there are
 * @param scratch    nothing needs to be set in it; the signature's until its last step
 *
 * @retval WARD_OK                 begun: the steps follow, at least one
 * @retval WARD_SIGNATURE_INVALID  it is a number that is not below the modulus; a backend may leave that to a step
 * @retval WARD_CRYPTO_FAILED      it could not be begun
 */
WARD_MUST_USE struct ward_status ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *signature,
                                                          struct ward_rsa_scratch *scratch);

/**
 * Goes on by at most one multiplication modulo the key's modulus, so that a processor that takes long for one has time for other things
 * between two. What judges does not multiply: ward reads the claims in the step that says WARD_OK. A backend whose library verifies
 * in one call does all of it in its only step (`mbedtls_rsa`, `psa`).
 *
 * The count of steps is a part of the proof: WARD_OK is only said of a scratch that has taken each of them, once and in their order.
 *
 * @param digest  SHA-256 of what was signed
 *
 * @retval WARD_UNFINISHED         there is more to do
 * @retval WARD_OK                 signature is key's over digest
 * @retval WARD_SIGNATURE_INVALID  it is not; a number that is not below the modulus included
 * @retval WARD_CRYPTO_FAILED      that could not be found out; also of a scratch in which nothing is under way
 */
WARD_MUST_USE struct ward_status ward_crypto_verify_step(const struct ward_key *key,
                                                         const uint8_t digest[WARD_SHA256_SIZE],
                                                         const uint8_t *signature, struct ward_rsa_scratch *scratch);

/** Gives up one that was begun and has not come to its end. Cannot fail; ward wipes the scratch after it. */
void ward_crypto_verify_abort(struct ward_rsa_scratch *scratch);

/**
 * For whoever has a signature and no time for anything else: begins, and takes every step. ward provides it (src/crypto/signature.c).
 *
 * @retval WARD_OK, WARD_SIGNATURE_INVALID, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_signature_verify(const struct ward_key *key,
                                                       const uint8_t digest[WARD_SHA256_SIZE], const uint8_t *signature,
                                                       struct ward_rsa_scratch *scratch);

/**
 * For backends that only raise to a power: whether `block` is the one block that PKCS#1 v1.5 has for this digest
 * (RFC 8017 section 9.2). The expected block is built and compared whole; nothing in `block` is ever parsed.
 * ward provides it (src/crypto/pkcs1.c).
 *
 * @param block     the signature raised to the exponent, `length` bytes, most significant first
 * @param length    256 or more
 * @param expected  scratch of `length` bytes that does not overlap block
 *
 * @retval WARD_OK                 it is
 * @retval WARD_SIGNATURE_INVALID  it is not
 */
WARD_MUST_USE struct ward_status ward_pkcs1_check(const uint8_t *block, size_t length,
                                                  const uint8_t digest[WARD_SHA256_SIZE], uint8_t *expected);

#ifdef __cplusplus
}
#endif

#endif
