/* SPDX-License-Identifier: Apache-2.0 */
/* An arena that refuses one allocation of each fetch: of the first fetch the first, then one further on each time, by
 * an eighth, until a fetch takes fewer. The console says at which it was, and whether it came to that. Linked in front
 * of the arena's own (--wrap).
 */
#include <stdbool.h>

#include "console.h"
#include "port/tls/arena.h"

void *__real_ward_tls_arena_alloc(size_t count, size_t size);
void __real_ward_tls_arena_use(unsigned owner);
void __real_ward_tls_arena_share(unsigned owner, size_t share);
void *__wrap_ward_tls_arena_alloc(size_t count, size_t size);
void __wrap_ward_tls_arena_use(unsigned owner);
void __wrap_ward_tls_arena_share(unsigned owner, size_t share);

static unsigned user;
static unsigned refused_at = 1;
static unsigned taken;

void __wrap_ward_tls_arena_use(unsigned owner)
{
    user = owner;
    __real_ward_tls_arena_use(owner);
}

void *__wrap_ward_tls_arena_alloc(size_t count, size_t size)
{
    const bool counts = user == WARD_TLS_ARENA_FETCH;
    taken += counts ? 1 : 0;
    /* More than there is, so that the arena refuses it itself. */
    return counts && taken == refused_at ? __real_ward_tls_arena_alloc(1, SIZE_MAX)
                                         : __real_ward_tls_arena_alloc(count, size);
}

static void say(void)
{
    console_print("REFUSED at=");
    console_number(refused_at);
    console_print(taken >= refused_at ? " done=1\n" : " done=0\n");
    refused_at = taken >= refused_at ? refused_at + 1 + refused_at / 8 : 1;
}

/* A fetch ends by giving up its large share. */
void __wrap_ward_tls_arena_share(unsigned owner, size_t share)
{
    if (owner == WARD_TLS_ARENA_FETCH && share == WARD_ARENA_HELLO_SHARE) {
        if (taken > 0)
            say();
        taken = 0;
    }
    __real_ward_tls_arena_share(owner, share);
}
