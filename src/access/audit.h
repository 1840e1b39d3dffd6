/* Writing the audit. */
#ifndef WARD_ACCESS_AUDIT_H
#define WARD_ACCESS_AUDIT_H

#include "ward/audit.h"

/**
 * The event to fill in, of this time and else zeroed: no route, one request. It lies in the audit, not on the stack.
 * Who fills it in sets `beyond_budget` of the audit for what a verified subject's budget did not let through.
 */
struct ward_audit_event *ward_audit_next(struct ward_audit *audit, struct ward_time now);

/**
 * Takes the event of ward_audit_next(): public grants and refusals are coalesced with those like them (audit.h says how),
 * anything else is written.
 *
 * @retval WARD_OK
 * @retval WARD_CRYPTO_FAILED  it could not be bound to the event before it and is left out; its number is missing. A
 *                             refusal is then counted, to be written later
 */
WARD_MUST_USE struct ward_status ward_audit_record(struct ward_audit *audit, uint32_t uptime);

/** Binds an event to the one before it and writes it to ring and sink. @retval WARD_OK, WARD_CRYPTO_FAILED */
WARD_MUST_USE struct ward_status ward_audit_write(struct ward_audit *audit, struct ward_audit_event *event);

/** Whether an event is about somebody whom a token proved: it has an owner. */
bool ward_audit_is_verified(const struct ward_audit_event *event);

/** Where in the ring the next event goes: a free slot, or that of the event which has to go. */
struct ward_audit_event *ward_audit_slot(struct ward_audit *audit, const struct ward_audit_event *event);

/** The oldest event of the ring with a number above this one, or NULL. */
const struct ward_audit_event *ward_audit_after(const struct ward_audit *audit, uint32_t sequence);

/** Copies the begin of names into an event, to a whole character, and marks those that are cut. */
void ward_audit_name(struct ward_audit_event *event, struct ward_text subject, struct ward_text client);

/** ward_audit_digest() with scratch of the caller's. */
WARD_MUST_USE struct ward_status ward_audit_hash(const struct ward_audit_event *event, struct ward_sha256 *sha,
                                                 uint8_t packed[WARD_AUDIT_PACKED], uint8_t digest[WARD_AUDIT_DIGEST]);

#endif
