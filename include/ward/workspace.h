/* SPDX-License-Identifier: Apache-2.0 */
/* ward: the scratch memory of a check. */
#ifndef WARD_WORKSPACE_H
#define WARD_WORKSPACE_H

#include <stdint.h>

#include "ward/config.h"
#include "ward/key.h"
#include "ward/private/jws.h"

/**
 * A running SHA-256. What is in it is the crypto backend's: it may stand for an engine in hardware, so it is never copied,
 * and each one that was started is ended or aborted.
 */
struct ward_sha256 {
    uint64_t state[WARD_SHA256_STATE / 8]; /**< private */
};

/** Scratch of one RSA operation. */
struct ward_rsa_scratch {
    uint32_t base[WARD_RSA_WORDS];            /**< the signature as a number */
    uint32_t power[WARD_RSA_WORDS];           /**< what it has been raised to so far */
    uint32_t product[3 * WARD_RSA_WORDS + 6]; /**< multiplications, and the block that is expected */
    uint32_t step;                            /**< how many steps of the backend are behind it */
};

/**
 * Everything a check needs besides the token and the keys, so that the stack of a task stays small. One a task;
 * nothing needs to be set before a call. After a call that was refused it holds nothing. After ward_verify() succeeded
 * it holds where the claims lie in the token: keep it until the last ward_claim_… call.
 */
struct ward_workspace {
    union {
        /* From the token's first byte to its good signature. */
        struct {
            struct ward_jws jws;
            union {
                /* While the header is read. */
                struct {
                    uint32_t values[WARD_MAX_HEADER_VALUES * 4];
                    char text[WARD_MAX_HEADER];
                } header;
                /* While it is hashed. */
                struct ward_sha256 sha;
                /* While the signature is checked. */
                struct ward_rsa_scratch rsa;
            } scratch;
        } check;
        /* For digests that are not token's. */
        struct ward_sha256 sha;
        /* While claims are read, and after. */
        uint32_t values[WARD_MAX_JSON_VALUES * 4];
    } part; /**< private: their lives do not overlap */
};

#endif
