/* SPDX-License-Identifier: Apache-2.0 */
#include "ward/port/crypto.h"

struct ward_status ward_signature_verify(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                         const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    struct ward_status status = ward_crypto_verify_begin(key, signature, scratch);
    if (!ward_ok(status))
        return status;
    do
        status = ward_crypto_verify_step(key, digest, signature, scratch);
    while (status.code == WARD_UNFINISHED);
    return status;
}
