/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of inputs that end where readable memory ends: one byte read after them stops the test. */
#ifndef WARD_TEST_GUARD_H
#define WARD_TEST_GUARD_H

#include <stddef.h>

#include "ward/config.h"

/** Most bytes of a copy, a multiple of a page. */
#define GUARD_SIZE (WARD_HOSTED ? 131072 : 8192)

/**
 * A writable copy of `length` bytes, the last of them before a page that cannot be touched; on a board, which has no
 * such pages, a plain copy. It lives until the third copy after it.
 */
char *guard_copy(const void *data, size_t length);

#endif
