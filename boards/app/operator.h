/* What whoever stands at the device's console sees and may do. */
#ifndef APP_OPERATOR_H
#define APP_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "ward/audit.h"

/** Takes each event of the audit, for operator_print_events(). */
void operator_keep_event(void *context, const struct ward_audit_event *event);

/** Prints the events that came since the last call, a line each: `AUDIT ` and what ward_audit_json() writes. */
void operator_print_events(void);

/** Runs a line that the operator typed, without its `!`: audit, deny SUBJECT, undeny SUBJECT, denyall SECONDS, drop denials, quit. False after quit. */
bool operator_command(const char *line, size_t length);

#endif
