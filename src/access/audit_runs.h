/* SPDX-License-Identifier: Apache-2.0 */
/* Requests alike that follow each other: which are written, and which are only counted. */
#ifndef WARD_ACCESS_AUDIT_RUNS_H
#define WARD_ACCESS_AUDIT_RUNS_H

#include "ward/audit.h"

/**
 * Takes the event of ward_audit_next(): public grants and refusals are coalesced with those like them (audit.h says how),
 * anything else is written.
 *
 * @retval WARD_OK
 * @retval WARD_CRYPTO_FAILED  it could not be bound to the event before it and is left out; its number is missing. A
 *                             refusal is then counted, to be written later
 */
WARD_MUST_USE struct ward_status ward_audit_record(struct ward_audit *audit, uint32_t uptime);

#endif
