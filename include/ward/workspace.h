/* ward: the scratch memory of a check. */
#ifndef WARD_WORKSPACE_H
#define WARD_WORKSPACE_H

#include <stdint.h>

#include "ward/config.h"

/** 32-bit words of the largest modulus. */
#define WARD_RSA_WORDS (WARD_MAX_RSA_BITS / 32)

/** A running SHA-256. Plain bytes: a copy of it is a copy of the state. What is in it is the crypto backend's. */
struct ward_sha256 {
    uint64_t state[WARD_SHA256_STATE / 8];
};

/** Scratch of hashing a token: what is signed, and the whole. */
struct ward_hash_scratch {
    struct ward_sha256 sha;
    struct ward_sha256 sha_copy;
};

/** Scratch of one RSA operation. */
struct ward_rsa_scratch {
    uint32_t base[WARD_RSA_WORDS];            /**< the signature as a number */
    uint32_t power[WARD_RSA_WORDS];           /**< what it has been raised to so far */
    uint32_t product[2 * WARD_RSA_WORDS + 2]; /**< one multiplication, and the block that is expected */
};

/**
 * Everything a check needs besides the token and the keys, so that the stack of a task stays small. One a task;
 * nothing needs to be set before a call. After a call that was refused it holds nothing. After ward_verify() succeeded
 * it holds where the claims lie in the token: keep it until the last ward_claim_… call.
 */
struct ward_workspace {
    union {
        /* While the header is read. */
        struct {
            uint32_t values[WARD_MAX_HEADER_VALUES * 4];
            char text[WARD_MAX_HEADER];
        } header;
        /* While the token is hashed. */
        struct ward_hash_scratch hash;
        /* While the signature is checked; digest is of what was signed. */
        struct {
            struct ward_rsa_scratch rsa;
            uint8_t digest[32];
        } signature;
        /* While claims are read, and after. */
        uint32_t values[WARD_MAX_JSON_VALUES * 4];
    } part; /**< private: their lives do not overlap */
};

#endif
