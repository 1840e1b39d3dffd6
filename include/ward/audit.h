/* ward: the record of who was let in and who was not. */
#ifndef WARD_AUDIT_H
#define WARD_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/config.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/time.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that an event keeps of a subject and of a client; a longer one is marked as cut. Never a part of a token. */
#define WARD_AUDIT_NAME 14

/** Bytes of a digest of the chain (SHA-256). */
#define WARD_AUDIT_DIGEST 32

/** Bytes of an event as it is hashed and exported: see ward_audit_pack(). */
#define WARD_AUDIT_PACKED 87

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
    uint8_t owner[16];    /**< the subject's owner id, or ward_client_id() of a caller without one; zeroed if and only if nobody was verified */
    uint8_t peer[16];     /**< where the request came from, in the firmware's words */
    char subject[WARD_AUDIT_NAME];
    char client[WARD_AUDIT_NAME];
    uint8_t previous[WARD_AUDIT_DIGEST]; /**< digest of the event before; of the first, what the boot before left */
};

/**
 * Takes each event as it is written, to keep it where the device cannot lose it; the digest of the last one is the `head`
 * of the next boot. Called with the gate's lock held: it must not call the gate, and its stack comes on top of ward's.
 */
typedef void ward_audit_sink(void *context, const struct ward_audit_event *event);

/** Private: requests alike that are counted and not yet written; here since an audit contains them. */
struct ward_audit_run {
    struct ward_audit_event pending; /* what was written last; or, repeats above 0, what waits to be written */
    uint32_t full_at;
    bool begun;
    bool follows;                    /* pending is what was written last, or more of it */
};

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
 * but for those that repeat the one before them: twenty, then one a second, which says how many it stands for; and those beyond a
 * subject's budget of requests, whatever they are for: likewise, and of several such subjects together forty before that. What is
 * only counted is written with what comes next of its kind, or by a flush.
 *
 * What verified subjects do can push out what other verified subjects did before, but nothing else: their budgets bound how
 * fast. Only the sink sees all. Private but for reading with the functions below.
 */
struct ward_audit {
    struct ward_audit_event event[WARD_AUDIT_EVENTS];
    struct ward_audit_event next;          /* being filled in */
    struct ward_audit_run verified;        /* refusals of verified subjects */
    struct ward_audit_run refusals;        /* other refusals */
    struct ward_audit_run public_grants;
    struct ward_sha256 sha;
    uint8_t head[WARD_AUDIT_DIGEST];
    uint8_t packed[WARD_AUDIT_PACKED];
    ward_audit_sink *sink;
    void *context;
    uint32_t sequence;
    uint16_t count;
    bool beyond_budget;                    /* what is being filled in */
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

/** Event `number`, counted from 0, of those in the ring, oldest first; NULL behind the last. Valid until the next event. */
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

#endif
