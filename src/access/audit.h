/* Writing the audit. */
#ifndef WARD_ACCESS_AUDIT_H
#define WARD_ACCESS_AUDIT_H

#include "ward/audit.h"

/** The event to fill in, of this time and else zeroed: no route, one request. It lies in the audit, not on the stack. */
struct ward_audit_event *ward_audit_next(struct ward_audit *audit, struct ward_time now);

/**
 * Takes the event of ward_audit_next(): a refusal is coalesced with those like it, anything else is written.
 *
 * @retval WARD_OK
 * @retval WARD_CRYPTO_FAILED  it could not be bound to the event before it and is left out; its number is missing. A
 *                             refusal is then counted, to be written later
 */
WARD_MUST_USE struct ward_status ward_audit_record(struct ward_audit *audit, uint32_t uptime);

/** Copies the begin of names into an event, to a whole character, and marks those that are cut. */
void ward_audit_name(struct ward_audit_event *event, struct ward_text subject, struct ward_text client);

/** ward_audit_digest() with scratch of the caller's. */
WARD_MUST_USE struct ward_status ward_audit_hash(const struct ward_audit_event *event, struct ward_sha256 *sha,
                                                 uint8_t packed[WARD_AUDIT_PACKED], uint8_t digest[WARD_AUDIT_DIGEST]);

#endif
