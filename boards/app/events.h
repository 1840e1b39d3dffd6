/* SPDX-License-Identifier: Apache-2.0 */
/* The audit's events on the console. */
#ifndef APP_EVENTS_H
#define APP_EVENTS_H

#include "ward/audit.h"

/** Takes each event of the audit, for events_print(). */
void events_keep(void *context, const struct ward_audit_event *event);

/** Prints the events that came since the last call, a line each: `AUDIT ` and what ward_audit_json() writes. */
void events_print(void);

/** Prints one event after a word. */
void events_print_one(const char *word, const struct ward_audit_event *event, const uint8_t digest[WARD_AUDIT_DIGEST]);

#endif
