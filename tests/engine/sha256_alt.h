/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 on an engine in hardware, for the flavour `engine`: what mbedTLS includes where MBEDTLS_SHA256_ALT is defined. */
#ifndef WARD_TEST_ENGINE_SHA256_ALT_H
#define WARD_TEST_ENGINE_SHA256_ALT_H

#include <stdbool.h>

/** Holds nothing of the hash: that is in the engine, which knows its user by where this lies. */
typedef struct mbedtls_sha256_context {
    void *self;
} mbedtls_sha256_context;

/** Whether the engine is taken and not given back. */
bool engine_is_taken(void);

/** Takes it as another task would, or gives it back. */
void engine_take(bool taken);

/** How often it was taken until now. */
unsigned engine_uses(void);

#endif
