/* SPDX-License-Identifier: Apache-2.0 */
/* Erasing what must not stay in memory. */
#ifndef WARD_CRYPTO_WIPE_H
#define WARD_CRYPTO_WIPE_H

#include <stddef.h>

/** Sets `length` bytes to zero; no compiler leaves it out, also when the memory is not read again. */
void ward_wipe(void *memory, size_t length);

#endif
