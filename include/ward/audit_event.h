/* SPDX-License-Identifier: Apache-2.0 */
/* ward: one event of the audit. */
#ifndef WARD_AUDIT_EVENT_H
#define WARD_AUDIT_EVENT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that an event keeps of a subject and of a client; a longer one is marked as cut. Never a part of a token. */
#define WARD_AUDIT_NAME 14

/** Bytes of a digest of the chain (SHA-256). */
#define WARD_AUDIT_DIGEST 32

/** `route` of an event that has none. */
#define WARD_AUDIT_NO_ROUTE 0xffffu

/** What an event is about. */
enum ward_audit_kind {
    WARD_AUDIT_BOOT = 1,    /**< the device started; `repeats` is its boot count */
    WARD_AUDIT_GRANT = 2,   /**< a request was granted; without an owner: on a public route */
    WARD_AUDIT_REFUSAL = 3, /**< a request was refused; `reason` says why. With an owner: a verified subject's */
    WARD_AUDIT_CHANGE = 4   /**< the deny list or the keys changed; `reason` says what came of it */
};

/** Marks of an event, one bit each. */
enum ward_audit_mark {
    WARD_AUDIT_SUBJECT_CUT = 1, /**< `subject` is the begin of a longer one */
    WARD_AUDIT_CLIENT_CUT = 2,  /**< `client` is the begin of a longer one */
    WARD_AUDIT_EXPOSED = 4,     /**< a credential came over an unprotected channel: others may have it */
    WARD_AUDIT_MIXED = 8        /**< `repeats` counts requests that differ; the fields are those of the first */
};

/** One event: plain bytes, at most 128 of them. */
struct ward_audit_event {
    uint64_t seconds;     /**< wall time, as far as `trust` goes; below 2^48 */
    uint32_t trust;       /**< one of enum ward_trust */
    uint32_t sequence;    /**< counts up by 1 from event to event, from 1 at boot */
    uint32_t reason;      /**< one of enum ward_code; WARD_OK for what was granted */
    uint32_t repeats;     /**< requests that the event stands for, at least 1 */
    uint16_t http;        /**< status of the HTTP answer */
    uint16_t route;       /**< row of the policy's table, or WARD_AUDIT_NO_ROUTE */
    uint8_t method;       /**< one bit of enum ward_method, or 0 */
    uint8_t kind;         /**< one of enum ward_audit_kind */
    uint8_t marks;        /**< bits of enum ward_audit_mark */
    uint8_t subject_kind; /**< one of enum ward_subject_kind */
    uint8_t subject_length;
    uint8_t client_length;
    uint8_t owner
        [16]; /**< the subject's owner id, or ward_client_id() of a caller without one; zeroed: nobody was verified */
    uint8_t peer[16]; /**< where the request came from, in the firmware's words */
    char subject[WARD_AUDIT_NAME];
    char client[WARD_AUDIT_NAME];
    uint8_t previous[WARD_AUDIT_DIGEST]; /**< digest of the event before; of the first, what the boot before left */
};

#ifdef __cplusplus
}
#endif

#endif
