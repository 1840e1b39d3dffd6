/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures for simulated devices: each is good, since what comes after it is what is looked at. */
#include "ward/port/crypto.h"

struct ward_status ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *signature,
                                            struct ward_rsa_scratch *scratch)
{
    (void)key;
    (void)signature;
    (void)scratch;
    return ward_status_of(WARD_OK);
}

struct ward_status ward_crypto_verify_step(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                           const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    (void)digest;
    return ward_crypto_verify_begin(key, signature, scratch);
}

void ward_crypto_verify_abort(struct ward_rsa_scratch *scratch)
{
    (void)scratch;
}
