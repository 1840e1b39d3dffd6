/* SPDX-License-Identifier: Apache-2.0 */
/* How `ward audit` checks an exported record: lines, the chain, the command. */
#ifndef TOOL_AUDIT_H
#define TOOL_AUDIT_H

#include <stdbool.h>
#include <stdio.h>

#include "ward/ward.h"

/** Where an event stands: its line in the file, its number at the device, its digest. */
struct audit_place {
    unsigned line;
    unsigned number;
    uint8_t digest[WARD_AUDIT_DIGEST];
};

/** A boot that does not follow the event before it, but an earlier one: what lies between is left behind. */
struct audit_fork {
    struct audit_place boot;
    struct audit_place after; /**< the event that it follows; line 0: what came before the first */
    struct audit_place first; /**< of those that are left behind */
    struct audit_place last;
    unsigned count;
};

/** A record as far as it was read. */
struct audit_chain {
    const char *path;
    bool allow_gaps;
    const uint8_t *from; /**< what the first event must follow; NULL: anything */
    unsigned line;       /**< that is being read */
    unsigned events;
    unsigned gaps;
    unsigned skipped; /**< numbers that the device gave to no event: one that could not be written */
    unsigned left_behind;
    unsigned boots;                      /**< after the first event */
    unsigned boot;                       /**< the line of the last of them */
    bool from_start;                     /**< the first event is the boot of a device that had stored nothing */
    uint8_t previous[WARD_AUDIT_DIGEST]; /**< what the first event follows */
    struct audit_place first;
    struct audit_place *
        anchored; /**< the events from the first to the last that are bound to each other, and none that is left behind */
    size_t anchored_count;
    size_t anchored_room;
    struct audit_fork *forks;
    size_t fork_count;
    size_t fork_room;
};

/** Says at which line of a record something is wrong; false. */
bool audit_broken(const struct audit_chain *chain, const char *what);

/**
 * Reads the next line, without its newline. False at the end of the file, or, with a message and *good false, where it cannot be a
 * line of an audit: it is too long, or holds a control character.
 */
bool audit_read_line(FILE *file, struct audit_chain *chain, char line[WARD_AUDIT_LINE], size_t *length, bool *good);

/** The event and digest of a line that is, byte for byte, what ward_audit_json() writes of them; false with a message if it is not. */
bool audit_read_event(const struct audit_chain *chain, const char *line, size_t length, struct ward_audit_event *event,
                      uint8_t digest[WARD_AUDIT_DIGEST]);

/** Takes the next event of a record; false with a message where the chain is broken. */
bool audit_take(struct audit_chain *chain, const struct ward_audit_event *event,
                const uint8_t digest[WARD_AUDIT_DIGEST]);

/** The digest of the last event. */
const uint8_t *audit_head(const struct audit_chain *chain);

/** Gives back what the chain has allocated. */
void audit_free(struct audit_chain *chain);

#endif
