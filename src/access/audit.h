/* Writing the audit. */
#ifndef WARD_ACCESS_AUDIT_H
#define WARD_ACCESS_AUDIT_H

#include "ward/audit.h"

/**
 * Takes one event: a refusal is coalesced with those like it, anything else is written. sequence, previous and, for a
 * refusal, repeats are the audit's to set.
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED  the chain is broken at this event: it is left out
 */
WARD_MUST_USE struct ward_status ward_audit_record(struct ward_audit *audit, const struct ward_audit_event *event,
                                                   uint32_t uptime);

/** Copies the begin of a name into an event and marks it if it was cut, at a whole character. */
void ward_audit_name(struct ward_audit_event *event, struct ward_text subject, struct ward_text client);

#endif
