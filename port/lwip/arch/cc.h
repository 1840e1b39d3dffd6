/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP's view of compiler and machine. */
#ifndef WARD_LWIP_CC_H
#define WARD_LWIP_CC_H

#include <stdlib.h>

#define BYTE_ORDER LITTLE_ENDIAN
#define LWIP_NO_CTYPE_H 1
#define LWIP_NO_UNISTD_H 1
#define LWIP_PLATFORM_DIAG(words)                                                                                      \
    do {                                                                                                               \
    } while (0)
#define LWIP_PLATFORM_ASSERT(words) abort()

#endif
