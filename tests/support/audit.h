/* SPDX-License-Identifier: Apache-2.0 */
/* A record of its own, without a gate, and what its sink was given. */
#ifndef WARD_TEST_AUDIT_H
#define WARD_TEST_AUDIT_H

#include "access/audit.h"
#include "access/audit_ring.h"
#include "access/audit_runs.h"
#include "check.h"
#include "crypto_faults.h"
#include "token.h"

/** The record, and the uptime of the next events. */
extern struct ward_audit test_audit;
extern uint32_t audit_uptime;

/** What the sink has been given: event `i` is number i % 64. */
extern struct ward_audit_event audit_kept[64];
extern size_t audit_kept_count;

/** Starts the record with the boot event, at NOW and uptime 5000; no call of the backend fails. */
void audit_start(void);

/** The next event, to be filled in and recorded with audit_take(). */
struct ward_audit_event *audit_event(uint8_t kind, uint32_t reason);
void audit_take(void);

/** A grant by a token and one on a public route; a refusal of a stranger from a peer, and one of a verified subject. */
void audit_grant(void);
void audit_grant_publicly(uint8_t peer);
void audit_refuse(uint32_t reason, uint8_t peer);
void audit_refuse_verified(uint32_t reason, uint8_t owner);

/** Events of a kind in the ring. */
size_t audit_count_of(uint8_t kind);

/** What the sink was given last. */
const struct ward_audit_event *audit_newest(void);

#endif
