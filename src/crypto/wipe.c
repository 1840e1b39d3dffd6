/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/wipe.h"

#include <string.h>

void ward_wipe(void *memory, size_t length)
{
    memset(memory, 0, length);
#if defined(__GNUC__)
    /* The compiler must believe that the zeros are read: then it cannot drop them. */
    __asm__ volatile("" : : "r"(memory) : "memory");
#else
    for (volatile unsigned char *byte = memory; length > 0; length--)
        *byte++ = 0;
#endif
}
