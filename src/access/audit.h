/* SPDX-License-Identifier: Apache-2.0 */
/* Events of the audit: made, bound to each other, written. */
#ifndef WARD_ACCESS_AUDIT_H
#define WARD_ACCESS_AUDIT_H

#include "ward/audit.h"

/**
 * The event to fill in, of this time and else zeroed: no route, one request. It lies in the audit, not on the stack.
 * Who fills it in sets `beyond_budget` of the audit for what a verified subject's budget did not let through.
 */
struct ward_audit_event *ward_audit_next(struct ward_audit *audit, struct ward_time now);

/** Binds an event to the one before it and writes it to ring and sink. @retval WARD_OK, WARD_CRYPTO_FAILED */
WARD_MUST_USE struct ward_status ward_audit_write(struct ward_audit *audit, struct ward_audit_event *event);

/** Copies the begin of names into an event, to a whole character, and marks those that are cut. */
void ward_audit_name(struct ward_audit_event *event, struct ward_text subject, struct ward_text client);

#endif
