/* SPDX-License-Identifier: Apache-2.0 */
/* A binary heap. */
#include "queue.h"

#include <stdio.h>
#include <stdlib.h>

static struct event *heap;
static size_t count;
static size_t room;

bool queue_begin(size_t size)
{
    heap = malloc(size * sizeof *heap);
    room = size;
    return heap != NULL;
}

static void swap(size_t a, size_t b)
{
    const struct event held = heap[a];
    heap[a] = heap[b];
    heap[b] = held;
}

static void grow(void)
{
    room *= 2;
    heap = realloc(heap, room * sizeof *heap);
    if (heap != NULL)
        return;
    fprintf(stderr, "fleet: not enough memory for %zu events\n", room);
    exit(1);
}

void queue_add(uint64_t at, uint32_t device, uint8_t kind, uint32_t turn)
{
    if (count == room)
        grow();
    size_t place = count++;
    heap[place] = (struct event){ at, device, turn, kind };
    for (; place > 0 && heap[place].at < heap[(place - 1) / 2].at; place = (place - 1) / 2)
        swap(place, (place - 1) / 2);
}

uint64_t queue_next_at(void)
{
    return count > 0 ? heap[0].at : UINT64_MAX;
}

/* The earlier of the two below, or the place itself if it is the earliest. */
static size_t earliest(size_t place)
{
    size_t best = place;
    for (size_t child = 2 * place + 1; child <= 2 * place + 2; child++)
        if (child < count && heap[child].at < heap[best].at)
            best = child;
    return best;
}

bool queue_take(struct event *event)
{
    if (count == 0)
        return false;
    *event = heap[0];
    heap[0] = heap[--count];
    for (size_t place = 0, next; (next = earliest(place)) != place; place = next)
        swap(place, next);
    return true;
}
