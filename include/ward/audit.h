/* SPDX-License-Identifier: Apache-2.0 */
/* ward: the record of who was let in and who was not. */
#ifndef WARD_AUDIT_H
#define WARD_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/audit_event.h"
#include "ward/config.h"
#include "ward/private/audit_run.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/time.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of an event as it is hashed and exported: see ward_audit_pack(). */
#define WARD_AUDIT_PACKED 87

/**
 * Takes each event as it is written, to keep it where the device cannot lose it; the digest of the last one is the `head`
 * of the next boot. Called with the gate's lock held: it must not call the gate, and its stack comes on top of ward's.
 */
typedef void ward_audit_sink(void *context, const struct ward_audit_event *event);

/**
 * The last WARD_AUDIT_EVENTS events, each bound to the one before it by its digest, so that a record that was exported
 * can be checked: nothing changed, nothing left out.
 *
 * No flood washes evidence out of the ring. Its slots are shared by kind, and while each kind takes what the others leave
 * free, none is pushed out of its own share, which keeps its newest events:
 *
 *     boot                                         1
 *     changes                                      a quarter
 *     grants by a token, refusals of verified      the rest, about a half
 *     public grants, all other refusals            a quarter
 *
 * Nor does one of strangers keep the sink busy. Public grants, and refusals of nobody who was verified: one like the one
 * before it only counts that one up; those that differ are written one by one up to eight, then one every eight seconds that
 * stands for all in between. Grants by a token, boot and changes are written one by one. So are refusals of verified subjects,
 * except for those that repeat the one before them: twenty, then one a second, which says how many it stands for; and those beyond a
 * subject's budget of requests, whatever they are for: likewise, and of several such subjects together forty before that. What is
 * only counted is written with what comes next of its kind, or by a flush.
 *
 * What verified subjects do can push out what other verified subjects did before, but nothing else: their budgets bound how
 * fast, and where a policy has changed meanwhile (WARD_POLICY_CHANGED) those of signatures. Only the sink sees all.
 * Private except for reading with the functions below.
 */
struct ward_audit {
    struct ward_audit_event event[WARD_AUDIT_EVENTS];
    struct ward_audit_event next;   /* being filled in */
    struct ward_audit_run verified; /* refusals of verified subjects */
    struct ward_audit_run refusals; /* other refusals */
    struct ward_audit_run public_grants;
    struct ward_sha256 sha;
    uint8_t head[WARD_AUDIT_DIGEST];
    uint8_t packed[WARD_AUDIT_PACKED];
    ward_audit_sink *sink;
    void *context;
    uint32_t sequence;
    uint16_t count;
    bool beyond_budget; /* what is being filled in */
};

/*
 * The calls below do not take the gate's lock. On a gate's `audit` they are for a firmware of one task, or before the other
 * tasks use the gate; else: ward_gate_audit_read() and ward_gate_audit_flush() of access.h.
 */

/**
 * Starts the record with a boot event. ward_gate_begin() does it too; a firmware that keeps the record calls this right
 * after it, on the gate's `audit`, to say what ward cannot know: head, boot count and sink.
 *
 * @param head        digest of the last event of the boot before, as the device has stored it; NULL: none is known
 * @param boot_count  how often the device has started; 1 where that is not counted
 * @param sink        may be NULL
 * @param context     for the sink
 *
 * @retval WARD_OK             the event is written
 * @retval WARD_CRYPTO_FAILED  the digest could not be computed; the record is empty
 */
WARD_MUST_USE struct ward_status ward_audit_begin(struct ward_audit *audit, const uint8_t *head, uint32_t boot_count,
                                                  struct ward_time now, ward_audit_sink *sink, void *context);

/** Writes the requests that are so far only counted. Call it before the events are read, and now and then. */
WARD_MUST_USE struct ward_status ward_audit_flush(struct ward_audit *audit);

/** Event `number`, counted from 0, of those in the ring, oldest first; NULL after the last. Valid until the next event. */
const struct ward_audit_event *ward_audit_at(const struct ward_audit *audit, size_t number);

/** Writes the bytes of an event that its digest covers, all numbers most significant byte first. */
void ward_audit_pack(const struct ward_audit_event *event, uint8_t packed[WARD_AUDIT_PACKED]);

/** The event of packed bytes; `previous` stays zero. For tools that check an exported record. */
void ward_audit_unpack(const uint8_t packed[WARD_AUDIT_PACKED], struct ward_audit_event *event);

/**
 * The digest of an event: SHA-256 over `previous` and the packed bytes.
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_audit_digest(const struct ward_audit_event *event, struct ward_sha256 *sha,
                                                   uint8_t digest[WARD_AUDIT_DIGEST]);

/** Longest line of ward_audit_json(), with its NUL. */
#define WARD_AUDIT_LINE 896

/**
 * Writes an event as one line of JSON without a newline: what a person reads, and `previous`, `digest` and `packed` in
 * hexadecimal, from which `ward audit` checks the record.
 *
 * @param digest  of this event, from ward_audit_digest()
 * @param line    WARD_AUDIT_LINE bytes are always enough
 * @param length  written on WARD_OK, else 0: bytes of the line, without its NUL
 *
 * @retval WARD_OK
 * @retval WARD_BUFFER_TOO_SMALL  size does not hold the line and its NUL; line holds the empty string if size > 0
 */
WARD_MUST_USE struct ward_status ward_audit_json(const struct ward_audit_event *event,
                                                 const uint8_t digest[WARD_AUDIT_DIGEST], char *line, size_t size,
                                                 size_t *length);

#ifdef __cplusplus
}
#endif

/* The link check: see config.h. */
#ifndef WARD_LIBRARY
#define ward_audit_begin(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_audit_begin(__VA_ARGS__))
#define ward_audit_digest(...) WARD_CHECKED(WARD_LIMITS, ward_audit_digest(__VA_ARGS__))
#endif

#endif
