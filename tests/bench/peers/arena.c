/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

#include <string.h>

#include "mbedtls/memory_buffer_alloc.h"

/* It takes the first gap that is large enough, so what lies above the highest byte was never needed. At its begin it keeps what it knows of
 * the first block. */
enum { PAINT = 0xa7, FIRST_HEAD = 64 };
static unsigned char arena[32768];

/* mbedTLS ends the program here when its arena was overwritten. */
void ward_mbedtls_exit(int code)
{
    (void)code;
    __builtin_trap();
}

void arena_begin(void)
{
    mbedtls_memory_buffer_alloc_init(arena, sizeof arena);
    memset(arena + FIRST_HEAD, PAINT, sizeof arena - FIRST_HEAD);
}

struct peer_arena peer_arena(void)
{
    size_t used = sizeof arena;
    while (used > 0 && arena[used - 1] == PAINT)
        used--;
    return (struct peer_arena){ sizeof arena, used };
}
