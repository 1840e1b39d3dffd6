/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "tool.h"

/* Room for one more; the program ends where there is no memory. */
static void *grow(void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    *room = *room > 0 ? 2 * *room : 64;
    void *const more = realloc(items, *room * size);
    if (more == NULL) {
        fprintf(stderr, "ward: there is no memory for a record of this length\n");
        exit(EXIT_INPUT);
    }
    return more;
}

static bool is_same(const uint8_t *one, const uint8_t *other)
{
    return memcmp(one, other, WARD_AUDIT_DIGEST) == 0;
}

static struct audit_place last_of(const struct audit_chain *chain)
{
    return chain->anchored[chain->anchored_count - 1];
}

const uint8_t *audit_head(const struct audit_chain *chain)
{
    return chain->anchored[chain->anchored_count - 1].digest;
}

static void add(struct audit_chain *chain, const struct ward_audit_event *event,
                const uint8_t digest[WARD_AUDIT_DIGEST])
{
    chain->anchored = grow(chain->anchored, chain->anchored_count, &chain->anchored_room, sizeof *chain->anchored);
    struct audit_place *const place = &chain->anchored[chain->anchored_count++];
    place->line = chain->line;
    place->number = event->sequence;
    memcpy(place->digest, digest, sizeof place->digest);
    chain->events++;
}

/* ---- The first event. */

static bool take_first(struct audit_chain *chain, const struct ward_audit_event *event)
{
    static const uint8_t nothing[WARD_AUDIT_DIGEST];
    const bool follows = chain->from == NULL || is_same(event->previous, chain->from);
    if (!follows && event->kind == WARD_AUDIT_BOOT)
        return audit_broken(chain,
                            "this boot does not follow the event that --from names: events are missing at the start, "
                            "or the device had stored an earlier one when its power failed: check it as one log with "
                            "what came before");
    if (!follows)
        return audit_broken(chain,
                            "this is not the event after the one that --from names: events are missing at the start");
    chain->from_start = event->kind == WARD_AUDIT_BOOT && is_same(event->previous, nothing);
    memcpy(chain->previous, event->previous, sizeof chain->previous);
    return true;
}

/* ---- Boots. */

/* How many of the anchored events remain where a boot follows one of them, or what came before the first; false: none of these. */
static bool find_followed(const struct audit_chain *chain, const uint8_t previous[WARD_AUDIT_DIGEST], size_t *count)
{
    for (*count = chain->anchored_count; *count > 0; (*count)--)
        if (is_same(chain->anchored[*count - 1].digest, previous))
            return true;
    return is_same(chain->previous, previous);
}

/* The device had stored this head and not yet a later one when its power failed: the events after that are left behind. */
static void leave_behind(struct audit_chain *chain, const struct ward_audit_event *event, size_t count)
{
    chain->forks = grow(chain->forks, chain->fork_count, &chain->fork_room, sizeof *chain->forks);
    struct audit_fork *const fork = &chain->forks[chain->fork_count++];
    memset(fork, 0, sizeof *fork);
    fork->boot.line = chain->line;
    fork->boot.number = event->sequence;
    if (count > 0)
        fork->after = chain->anchored[count - 1];
    fork->first = chain->anchored[count];
    fork->last = last_of(chain);
    fork->count = (unsigned)(chain->anchored_count - count);
    chain->left_behind += fork->count;
    chain->anchored_count = count;
}

static bool take_boot(struct audit_chain *chain, const struct ward_audit_event *event)
{
    size_t count;
    chain->boots++;
    chain->boot = chain->line;
    if (find_followed(chain, event->previous, &count)) {
        if (count < chain->anchored_count)
            leave_behind(chain, event, count);
        return true;
    }
    if (!chain->allow_gaps)
        return audit_broken(chain, "the chain is broken: this boot follows no event before it; --gaps allows that");
    chain->gaps++;
    return true;
}

/* ---- All other events. */

static bool take_next(struct audit_chain *chain, const struct ward_audit_event *event)
{
    const struct audit_place last = last_of(chain);
    const bool bound = is_same(event->previous, last.digest);
    if (event->sequence <= last.number)
        return audit_broken(chain, "the events are out of order: its number is not above that of the one before");
    const unsigned between = event->sequence - last.number - 1;
    if (bound) {
        chain->skipped += between;
        return true;
    }
    if (between == 0)
        return audit_broken(chain, "the chain is broken: this event does not follow the one before");
    if (!chain->allow_gaps)
        return audit_broken(chain,
                            "events are missing before this one: its number does not follow; --gaps allows that");
    chain->gaps++;
    return true;
}

bool audit_take(struct audit_chain *chain, const struct ward_audit_event *event,
                const uint8_t digest[WARD_AUDIT_DIGEST])
{
    const bool first = chain->events == 0;
    const bool boot = event->kind == WARD_AUDIT_BOOT;
    const bool good = first ? take_first(chain, event) : boot ? take_boot(chain, event) : take_next(chain, event);
    if (!good)
        return false;
    add(chain, event, digest);
    if (first)
        chain->first = last_of(chain);
    return true;
}

void audit_free(struct audit_chain *chain)
{
    free(chain->anchored);
    free(chain->forks);
}
