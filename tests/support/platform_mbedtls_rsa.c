/* SPDX-License-Identifier: Apache-2.0 */
#include "platform.h"

#include <stddef.h>

#include "mbedtls/memory_buffer_alloc.h"

/* Enough for 4096 bits on a 64-bit machine. */
static unsigned char arena[32768];

/* mbedTLS ends the program here when its arena was overwritten. */
void ward_mbedtls_exit(int code)
{
    (void)code;
    __builtin_trap();
}

void platform_begin(void)
{
    platform_set_arena(sizeof arena);
}

bool platform_set_arena(size_t size)
{
    mbedtls_memory_buffer_alloc_free();
    mbedtls_memory_buffer_alloc_init(arena, size);
    return true;
}

bool platform_is_idle(void)
{
    return true;
}

bool platform_prepares_keys(void)
{
    return true;
}

unsigned platform_steps(void)
{
    return 1;
}
