/* SPDX-License-Identifier: Apache-2.0 */
/* What the crypto backend under test needs of an application before the first case. */
#ifndef WARD_TEST_PLATFORM_H
#define WARD_TEST_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

/** Gives mbedtls_rsa its arena, and psa a PSA with one; nothing for mbedtls_core. */
void platform_begin(void);

/** Gives it an arena of `size` bytes from now on; false for backends that have none. */
bool platform_set_arena(size_t size);

/** Whether nothing is left of what the backend took: no key, no running operation, no memory. */
bool platform_is_idle(void);

/** Whether the backend wants R² with each key. */
bool platform_prepares_keys(void);

/** In how many steps the backend verifies a signature that is below the modulus. */
unsigned platform_steps(void);

#endif
