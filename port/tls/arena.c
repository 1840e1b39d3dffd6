/* SPDX-License-Identifier: Apache-2.0 */
#include "port/tls/arena.h"

#include <string.h>

/* Blocks follow each other without gaps; the header says how long its block is, header included, and whose: nobody's
 * is free. */
struct block {
    uint32_t size;
    uint32_t owner;
};

enum { GRAIN = sizeof(struct block), LARGE = 1024, NOBODY = WARD_TLS_ARENA_OWNERS };

static _Alignas(8) struct block arena[WARD_ARENA_SIZE / GRAIN];

static struct {
    size_t used;
    size_t peak;
    size_t share;
    uint32_t refused;
    bool resting;
} owners[WARD_TLS_ARENA_OWNERS];

static unsigned current;
static bool claimed;
static size_t all_used;
static size_t all_peak;
static uint32_t refused;
static size_t shorten_asked;
static size_t shorten_given;

static struct block *next_of(struct block *block)
{
    return block + block->size / GRAIN;
}

static const struct block *end(void)
{
    return arena + sizeof arena / sizeof arena[0];
}

/* Joins a free block with the free ones after it. */
static void join(struct block *block)
{
    for (const struct block *next = next_of(block); next < end() && next->owner == NOBODY; next = next_of(block))
        block->size += next->size;
}

/* The first free block that is large enough, or the last for large ones. */
static struct block *find(size_t size)
{
    struct block *found = NULL;
    for (struct block *block = arena; block < end(); block = next_of(block)) {
        if (block->owner != NOBODY)
            continue;
        join(block);
        if (block->size < size)
            continue;
        found = block;
        if (size < LARGE)
            break;
    }
    return found;
}

/* Cuts `size` bytes off a free block: its end for large ones, else its begin. */
static struct block *cut(struct block *block, size_t size)
{
    const uint32_t rest = block->size - (uint32_t)size;
    struct block *taken = block;
    if (rest > 0 && size >= LARGE) {
        block->size = rest;
        taken = next_of(block);
    } else if (rest > 0) {
        block->size = (uint32_t)size;
        struct block *const left = next_of(block);
        left->size = rest;
        left->owner = NOBODY;
    }
    taken->size = (uint32_t)size;
    return taken;
}

/* Whether what an owner is sure of must be left to it now. */
static bool keeps(unsigned owner)
{
    if (owner == current || owners[owner].used >= owners[owner].share)
        return false;
    return !owners[owner].resting || current != WARD_TLS_ARENA_FETCH;
}

/* What the others are sure of and have not taken. */
static size_t promised_to_others(void)
{
    size_t promised = 0;
    for (unsigned owner = 0; owner < WARD_TLS_ARENA_OWNERS; owner++)
        if (keeps(owner))
            promised += owners[owner].share - owners[owner].used;
    return promised;
}

static bool may_have(size_t size)
{
    if (owners[current].used + size <= owners[current].share)
        return true;
    return all_used + promised_to_others() + size <= sizeof arena;
}

static void count(size_t size)
{
    owners[current].used += size;
    all_used += size;
    if (owners[current].used > owners[current].peak)
        owners[current].peak = owners[current].used;
    if (all_used > all_peak)
        all_peak = all_used;
}

static void begin_once(void)
{
    if (arena[0].size == 0) {
        arena[0].size = sizeof arena;
        arena[0].owner = NOBODY;
    }
}

static struct block *take(size_t size)
{
    struct block *const found = may_have(size) ? find(size) : NULL;
    if (found == NULL)
        return NULL;
    struct block *const block = cut(found, size);
    block->owner = current;
    count(size);
    return block;
}

void *ward_tls_arena_try(size_t number, size_t size)
{
    begin_once();
    if (number == 0 || size == 0)
        return NULL;
    struct block *block = NULL;
    if (number == 1 && size == shorten_asked)
        size = shorten_given;
    if (size <= sizeof arena / number)
        block = take((number * size + sizeof *block + GRAIN - 1) / GRAIN * GRAIN);
    if (block == NULL) {
        refused++;
        return NULL;
    }
    return memset(block + 1, 0, block->size - sizeof *block);
}

void *ward_tls_arena_alloc(size_t number, size_t size)
{
    void *const taken = ward_tls_arena_try(number, size);
    if (taken == NULL)
        owners[current].refused++;
    return taken;
}

void ward_tls_arena_free(void *memory)
{
    if (memory == NULL)
        return;
    struct block *const block = (struct block *)memory - 1;
    owners[block->owner].used -= block->size;
    all_used -= block->size;
    memset(memory, 0, block->size - sizeof *block);
    block->owner = NOBODY;
}

void ward_tls_arena_shorten(size_t asked, size_t given)
{
    shorten_asked = asked;
    shorten_given = given;
}

void ward_tls_arena_share(unsigned owner, size_t share)
{
    owners[owner].share = share;
}

/* What is taken, and what owners are sure of beyond that. */
static size_t committed(void)
{
    size_t sum = 0;
    for (unsigned owner = 0; owner < WARD_TLS_ARENA_OWNERS; owner++) {
        const size_t share = owners[owner].resting ? 0 : owners[owner].share;
        sum += owners[owner].used > share ? owners[owner].used : share;
    }
    return sum;
}

bool ward_tls_arena_covers(void)
{
    return committed() <= sizeof arena;
}

void ward_tls_arena_rest(unsigned owner)
{
    owners[owner].resting = true;
}

bool ward_tls_arena_wake(unsigned owner)
{
    owners[owner].resting = false;
    return ward_tls_arena_covers();
}

void ward_tls_arena_claim(bool claim)
{
    claimed = claim;
}

bool ward_tls_arena_claimed(void)
{
    return claimed;
}

size_t ward_tls_arena_excess(unsigned owner)
{
    return owners[owner].used > owners[owner].share ? owners[owner].used - owners[owner].share : 0;
}

void ward_tls_arena_use(unsigned owner)
{
    current = owner;
}

size_t ward_tls_arena_used(unsigned owner)
{
    return owners[owner].used;
}

size_t ward_tls_arena_peak(unsigned owner)
{
    return owners[owner].peak;
}

size_t ward_tls_arena_peak_of_all(void)
{
    return all_peak;
}

uint32_t ward_tls_arena_refusals(void)
{
    return refused;
}

uint32_t ward_tls_arena_refusals_of(unsigned owner)
{
    return owners[owner].refused;
}
