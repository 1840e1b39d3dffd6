/* SPDX-License-Identifier: Apache-2.0 */
/* How dense the exhaustive tests are: here every position, on a board and where memory is watched every 64th. */
#ifndef WARD_TEST_STRIDE_H
#define WARD_TEST_STRIDE_H

#include <stddef.h>

/** From one position to the next. */
size_t stride(void);

#endif
