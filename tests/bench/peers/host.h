/* SPDX-License-Identifier: Apache-2.0 */
/* Who checks a token on this machine, behind calls of one form. */
#ifndef WARD_BENCH_HOST_H
#define WARD_BENCH_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "measure.h"

/** One way to check it; its key is `key`, the key of the bench's tokens. */
struct host_peer {
    const char *name;
    void (*begin)(const struct bench_key *key);
    /* Whether a token is good: its signature alone, or its claims as well. It may write into the token. */
    bool (*check)(char *token, size_t length);
};

/** ward_verify(): signature, times, issuer, audience. */
extern const struct host_peer host_ward;

/** OpenSSL's digest and RSA alone, with its form of the key kept, or made anew for each check. */
extern const struct host_peer host_openssl_kept;
extern const struct host_peer host_openssl_anew;

/** libjwt: signature, the token's end, issuer, audience. It takes the key as PEM with each token. */
extern const struct host_peer host_libjwt;

/** The key as PEM (SubjectPublicKeyInfo), written by OpenSSL; NULL when that fails. */
const char *host_key_as_pem(const struct bench_key *key, size_t *length);

/** The issuer and the audience that the bench's tokens have, and the second at which they are checked. */
#define HOST_ISSUER "https://dev-4fszoklachwdh46m.us.auth0.com/"
#define HOST_AUDIENCE "https://api.theholefoundation.org"
#define HOST_NOW 1767225600

#endif
