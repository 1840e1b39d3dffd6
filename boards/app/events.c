/* SPDX-License-Identifier: Apache-2.0 */
#include "events.h"

#include <stddef.h>

#include "board.h"
#include "console.h"

/* Events on their way to the console; one request writes three at most, two of them for requests that were only counted. */
enum { MOST_WAITING = 4 };
static struct ward_audit_event waiting[MOST_WAITING];
static size_t accept_queue_count;

void events_keep(void *context, const struct ward_audit_event *event)
{
    (void)context;
    /* One that is lost shows: whoever checks the chain misses it. */
    if (accept_queue_count < MOST_WAITING)
        waiting[accept_queue_count++] = *event;
}

void events_print_one(const char *word, const struct ward_audit_event *event, const uint8_t digest[WARD_AUDIT_DIGEST])
{
    static char line[WARD_AUDIT_LINE];
    size_t length;
    if (!ward_ok(ward_audit_json(event, digest, line, sizeof line, &length)))
        return;
    console_print(word);
    board_write(line, length);
    console_print("\n");
}

void events_print(void)
{
    struct ward_sha256 sha;
    uint8_t digest[WARD_AUDIT_DIGEST];
    for (size_t i = 0; i < accept_queue_count; i++)
        if (ward_ok(ward_audit_digest(&waiting[i], &sha, digest)))
            events_print_one("AUDIT ", &waiting[i], digest);
    accept_queue_count = 0;
}
