/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes for TLS and TCP: a generator (NIST SP 800-90A, CTR_DRBG) that the platform's entropy source seeds. */
#ifndef WARD_PORT_TLS_RANDOM_H
#define WARD_PORT_TLS_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Seeds the generator. The first call; false if the source gave nothing: then nothing of this port may be used. */
bool ward_tls_random_begin(bool (*entropy)(void *data, size_t length));

/** Fills memory; false if the source failed when it was asked again. For mbedTLS: 0 and an error. */
bool ward_tls_random_fill(void *data, size_t length);
int ward_tls_random_for_mbedtls(void *unused, unsigned char *data, size_t length);

#endif
