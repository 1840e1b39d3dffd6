/* SPDX-License-Identifier: Apache-2.0 */
/* ward: the gate, which decides what the bearer of a token may do. Who is denied: denials.h. */
#ifndef WARD_ACCESS_H
#define WARD_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/audit.h"
#include "ward/config.h"
#include "ward/hooks.h"
#include "ward/key.h"
#include "ward/keyring.h"
#include "ward/peer.h"
#include "ward/private/demand.h"
#include "ward/private/gate.h"
#include "ward/scope.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/time.h"
#include "ward/token.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of an owner id. */
#define WARD_OWNER_SIZE 16

/**
 * A budget: `count` in `seconds`, and `burst` of them at once after a pause. Where the time of one is not a whole number of
 * milliseconds it is rounded up. Zeroed: the default of its field.
 */
struct ward_rate {
    uint16_t count;
    uint16_t seconds;
    uint16_t burst;
};

/** Which claim says what a caller may do. */
enum ward_scopes_from {
    WARD_FROM_SCOPE = 0, /**< the scope claim: what the client asked for, and with RBAC what the user may have of it */
    WARD_FROM_PERMISSIONS = 1, /**< Auth0's `permissions`: what the user may, whatever the client asked for */
    WARD_FROM_BOTH = 2         /**< only what stands in both; the choice where Auth0's RBAC is on */
};

struct ward_route;

/** What a gate enforces. Constant: put it in flash. */
struct ward_policy {
    const struct ward_expect *expect; /**< what every token must show */
    const struct ward_route *routes;  /**< for ward_gate_check(): see http.h */
    size_t route_count;
    struct ward_texts origins; /**< web pages of these origins may call (CORS), at most 8; none: CORS is off */
    struct ward_text realm;    /**< in challenges; empty: `api` */
    /** Where this API says which issuer its tokens come from (RFC 9728): an https URL, named by each challenge. Yours, as
        `ward routes --metadata` makes it, and never put together from a request; empty: none is named. */
    struct ward_text resource_metadata;
    struct ward_rate signature_rate; /**< signature checks of all strangers together; default 1 a second, burst 8.
                                           Unknown peers have as much for themselves */
    /** Those of one stranger; default an eighth of `signature_rate`, a quarter of its burst. */
    struct ward_rate signature_rate_per_peer;
    /** Signature checks of one peer that a verified token was granted to lately, which no other peer can spend; default
        `signature_rate` divided by WARD_PEER_SLOTS, half of its burst. Who has spent them is a stranger until more have come. */
    struct ward_rate signature_reserve;
    struct ward_rate subject; /**< requests of one subject; default 60 a minute, burst 20. A caller without `sub`
                                           has those of its client */
    uint8_t scopes_from;      /**< one of enum ward_scopes_from */
    bool hide_routes;         /**< WARD_HIDE_ROUTES: only verified subjects are told 404 and 405, strangers get
                                           what any route answers them; public and cleartext routes still show themselves */
};

/** Value of `hide_routes`. */
#define WARD_HIDE_ROUTES true

/**
 * Whether a policy can be used, except for its routes.
 *
 * @retval WARD_OK
 * @retval WARD_POLICY_…  the field of that name breaks the rule beside the code
 * @retval WARD_EXPECT_…  policy->expect does: see ward_expect_check()
 */
WARD_MUST_USE struct ward_status ward_policy_check(const struct ward_policy *policy);

/** One gate: policy, keys, and what it remembers. The caller's; private except for `audit`, which is read with audit.h. */
struct ward_gate {
    struct ward_audit audit;
    uint64_t issued_until;
    const struct ward_policy *policy;
    const struct ward_jwks *keys;
    struct ward_keyring *keyring;
    struct ward_hooks hooks;
    struct ward_status closed; /* WARD_OK: open */
    struct ward_denial denials[WARD_DENY_SLOTS];
    struct ward_cached cache[WARD_CACHE_SLOTS > 0 ? WARD_CACHE_SLOTS : 1];
    uint32_t strangers;                         /* when the budget of all strangers will be full */
    uint32_t unknown;                           /* that of all peers without an address */
    struct ward_bucket peers[WARD_PEER_SLOTS];  /* of strangers */
    struct ward_bucket known[WARD_PEER_SLOTS];  /* of peers that a token was granted to, the latest first */
    uint32_t remembered[WARD_REMEMBERED_PEERS]; /* what those have left that gave way, the latest first */
    struct ward_bucket subjects[WARD_SUBJECT_SLOTS];
    uint32_t generation;
    uint32_t uses;
    bool in_use; /* once a token was looked at */
};

/** Who may do what was asked for. Zeroed: nobody, nothing. */
struct ward_grant {
    struct ward_claims claims;      /**< what the token says; zeroed on a public route */
    uint8_t owner[WARD_OWNER_SIZE]; /**< what rows on the device carry; zeroed for anonymous callers */
};

/** Kinds of answer; each is one row of DESIGN's table of answers. */
enum ward_error {
    WARD_ERROR_NONE = 0,
    WARD_ERROR_UNAUTHORIZED,
    WARD_ERROR_PATH,
    WARD_ERROR_REQUEST,
    WARD_ERROR_TOKEN,
    WARD_ERROR_EXPIRED,
    WARD_ERROR_SCOPE,
    WARD_ERROR_HTTPS,
    WARD_ERROR_NOT_FOUND,
    WARD_ERROR_METHOD,
    WARD_ERROR_RATE,
    WARD_ERROR_UNAVAILABLE,
    WARD_ERROR_SERVER
};

/** What to answer; http.h writes it. Its texts point into the policy. */
struct ward_answer {
    struct ward_text scope; /**< scopes that would suffice */
    struct ward_text realm;
    struct ward_text resource_metadata;
    struct ward_text origin; /**< the origin that may read the answer; empty: none was allowed */
    uint32_t retry_after;    /**< seconds; 0: not said */
    uint16_t http;           /**< status code; 200 for what was granted */
    uint16_t allow;          /**< methods, bits of enum ward_method; for 405 and preflights, else 0 */
    uint8_t error;           /**< one of enum ward_error */
    bool preflight;
    bool head; /**< the request was HEAD: headers only */
};

/** `route` of a decision without one. */
#define WARD_NO_ROUTE SIZE_MAX

/** What came of a request. `answer` is always set, `grant` is zeroed unless the request was granted. */
struct ward_decision {
    struct ward_grant grant;
    struct ward_answer answer;
    size_t
        route; /**< row of the policy's table, WARD_NO_ROUTE unless granted; dispatch on it and never by reading the path again */
};

/** The circumstances of a request. */
struct ward_caller {
    struct ward_peer peer;
    struct ward_time now;
    uint32_t uptime; /**< milliseconds since any point; monotonic except for wrapping around */
};

/** In place of a scope expression: any verified subject will do. An empty text is not that; it is refused. */
extern const struct ward_text ward_any_scope;

/**
 * Starts a gate: nothing cached, nobody denied, all budgets full, a boot event in the audit. The first call for it. A gate
 * that could not be started grants nothing.
 *
 * The boot event says neither how often the device has started nor how its record ended before, and the record has no
 * sink: a firmware that keeps these calls ward_audit_begin() on the gate's `audit` next.
 *
 * @param gate    the caller's
 * @param policy  must stay; for HTTP check its routes with ward_routes_check()
 * @param keys    the issuer's keys; must stay, and change only while no check is running
 * @param hooks   for gates that several tasks share; NULL: one task
 * @param now     for the boot event
 *
 * @retval WARD_OK             it can be used
 * @retval WARD_POLICY_…       the policy's field of that name breaks the rule beside the code
 * @retval WARD_EXPECT_…       policy->expect does: see ward_expect_check()
 * @retval WARD_CRYPTO_FAILED  the boot event's digest could not be computed
 */
WARD_MUST_USE struct ward_status ward_gate_begin(struct ward_gate *gate, const struct ward_policy *policy,
                                                 const struct ward_jwks *keys, const struct ward_hooks *hooks,
                                                 struct ward_time now);

/** All that a gate can be given. Only needed during ward_gate_begin_with(); what it points to must stay unless it says otherwise. */
struct ward_gate_setup {
    const struct ward_policy *policy;
    const struct ward_jwks *keys; /**< a key set that never changes while the gate serves; NULL with a keyring */
    struct ward_keyring *
        keyring; /**< keys that refresh themselves, begun and opened: the deny list and the audit's head are taken over from
                                           the record that it has opened. NULL with a fixed set */
    struct ward_hooks hooks; /**< zeroed: one task. With a keyring: the same as in its configuration */
    ward_audit_sink *sink;   /**< takes each event of the audit; NULL: the ring is all there is */
    void *sink_context;
};

/**
 * Starts a gate like ward_gate_begin(), with keys that refresh themselves, an audit sink and what an earlier boot has stored.
 *
 * A gate that cannot hold what is stored starts *closed*: it grants no token, and nothing is stored, so that a build that can hold it finds all
 * of it again. ward_gate_closed() says why, and so does the audit.
 *
 * @retval WARD_OK, and what ward_gate_begin() returns
 * @retval WARD_GATE_HOOKS      the keyring's configuration has other hooks
 * @retval WARD_GATE_BUNDLES    its `bundles` have another `expect` than the policy
 * @retval WARD_RECORD_INVALID     the part of the gate is not whole, or no longer what the keyring opened; the gate serves nobody
 * @retval WARD_RECORD_UNREADABLE  the record cannot be read now; likewise
 */
WARD_MUST_USE struct ward_status ward_gate_begin_with(struct ward_gate *gate, const struct ward_gate_setup *setup,
                                                      struct ward_time now, struct ward_workspace *work);

/**
 * Makes the record of a device: what ward_keyring_pack() makes, and the deny list and the audit's head. The gate has a keyring.
 *
 * @param record  written on WARD_OK, else its length is 0
 *
 * @retval WARD_OK
 * @retval (others)  why the gate is closed: what is stored must stay
 */
WARD_MUST_USE struct ward_status ward_gate_pack(struct ward_gate *gate, struct ward_time time, uint32_t uptime,
                                                struct ward_record *record);

/**
 * Whether a gate is closed, and why.
 *
 * @retval WARD_OK                 it is open
 * @retval WARD_POLICY_EXPECT      it was never started
 * @retval WARD_DENIALS_NOT_HELD   more denials are stored than there are slots; a build with more slots holds them, or ward_deny_reset() drops them
 * @retval WARD_DENIALS_OF_OTHER   they are of another `authority`; likewise with its name
 * @retval WARD_RECORD_NEWER       a later build has written the record; only such a build opens it
 * @retval WARD_RECORD_UNREADABLE, WARD_CRYPTO_FAILED  the slots could not be judged; another start may
 */
WARD_MUST_USE struct ward_status ward_gate_closed(const struct ward_gate *gate);

/** Writes to the audit what has become of the keys or the record: WARD_OK, WARD_FETCH_…, WARD_JWKS_…, WARD_RECORD_…, WARD_KEYS_…. */
void ward_gate_note(struct ward_gate *gate, struct ward_status status, struct ward_time now, uint32_t uptime);

/** A place in a gate's audit. Zeroed: before the oldest event. */
struct ward_audit_cursor {
    uint32_t sequence; /**< of the event that was read last */
    uint32_t
        missed; /**< events between that one and the one before it which the ring does not have: pushed out before they were
                            read, or not written at all since their digest failed */
};

/**
 * Reads the gate's audit one event after the other, oldest first, under the gate's lock and so while other tasks use the gate:
 *
 *     struct ward_audit_cursor cursor = { 0, 0 };
 *     while (ward_ok(ward_gate_audit_read(&gate, &cursor, &event, digest)))
 *         … ward_audit_json(&event, digest, line, sizeof line, &length) …
 *
 * The cursor stays where it is at the end and reads on from there when more was written. Where cursor.missed is 0 an event is
 * bound to the one that was read before; the last digest is the head to anchor. The lock is held for one pass over the ring and
 * one digest. Not for the sink, which has the lock.
 *
 * @param event   a copy; zeroed but on WARD_OK
 * @param digest  of this event; zeroed but on WARD_OK
 *
 * @retval WARD_OK             event, digest and cursor are written
 * @retval WARD_AUDIT_END      there is none after the cursor's
 * @retval WARD_CRYPTO_FAILED  the digest could not be computed; the cursor stays before the event
 */
WARD_MUST_USE struct ward_status ward_gate_audit_read(struct ward_gate *gate, struct ward_audit_cursor *cursor,
                                                      struct ward_audit_event *event,
                                                      uint8_t digest[WARD_AUDIT_DIGEST]);

/**
 * Writes the requests that the audit has so far only counted, under the gate's lock. Call it before the audit is read.
 *
 * @retval WARD_OK
 * @retval WARD_CRYPTO_FAILED  they could not be bound to the event before them and stay counted
 */
WARD_MUST_USE struct ward_status ward_gate_audit_flush(struct ward_gate *gate);

/**
 * Decides about one request on any transport (CoAP, BLE, a UART): the design's steps 4 to 11.
 *
 * The clock and the keys must be there; the token is verified, from the cache where the gate has seen its signature; the
 * deny list, the subject's budget and the scopes are asked; the audit is written. It never waits and does at most one RSA
 * operation. The token is consumed: on refusal all of its bytes are wiped, whatever the reason.
 *
 * @param gate        from ward_gate_begin()
 * @param token       the bytes of a compact JWS; the caller's, exclusively ward's during the call
 * @param length      bytes in token
 * @param expression  the scopes that are needed; ward_any_scope: any verified subject will do
 * @param caller      from where and when
 * @param work        scratch; holds what decision->grant refers to after a grant
 * @param decision    always written
 *
 * @retval WARD_OK                    granted
 * @retval WARD_KEYS_ABSENT, WARD_CLOCK_NOT_SET  nobody can be verified now
 * @retval WARD_SIGNATURE_BUDGET_SPENT      too many signatures, of this peer or of all strangers, before this one was checked
 * @retval (those of ward_gate_closed())  the gate is closed
 * @retval WARD_SUBJECT_DENIED        the deny list has it
 * @retval WARD_SUBJECT_BUDGET_SPENT  too many requests
 * @retval WARD_PERMISSIONS_INVALID   `permissions` is needed and no array of strings
 * @retval WARD_SCOPE_INSUFFICIENT    the scopes do not suffice
 * @retval WARD_SCOPE_EXPRESSION      the expression breaks its grammar
 * @retval WARD_SCOPE_EXPRESSION_LONG  it is too long
 * @retval (others)                   the token is refused: those of ward_verify()
 */
WARD_MUST_USE struct ward_status ward_authorize(struct ward_gate *gate, char *token, size_t length,
                                                struct ward_text expression, const struct ward_caller *caller,
                                                struct ward_workspace *work, struct ward_decision *decision);

/**
 * A request between ward_authorize_begin() and its last step. The caller's, one for each request that is under way, which has a workspace
 * and a decision of its own as well; private. Zeroed: none is under way.
 */
struct ward_check {
    struct ward_verification token;
    struct ward_gate *gate; /* NULL: none is under way */
    struct ward_workspace *work;
    struct ward_decision *decision;
    const struct ward_jwks *keys; /* those in use when the check began */
    const struct ward_key *key;   /* that the token names */
    struct ward_bucket *stranger; /* the budget of its own from which a stranger has paid */
    uint8_t *signature;           /* that was found good, in the token until it is remembered; NULL: no slot keeps it */
    char *bytes;                  /* what is wiped on a refusal */
    size_t length;
    uint32_t header;           /* a print of the token's header */
    uint32_t generation;       /* of the policy when the check began */
    bool entered;              /* it keeps a set of the keyring as it is */
    bool reserved;             /* the peer's reserve has paid */
    bool unread;               /* the credential's characters are still to be looked at */
    bool hit;                  /* the signature was known to be good */
    bool named;                /* the header names the key */
    bool identified;           /* digest is written */
    bool beyond_budget;        /* its subject's budget of requests did not let it through */
    struct ward_caller caller; /* its times are those of the latest step */
    struct ward_demand demand;
    uint8_t digest[32]; /* what the token is known by */
};

/**
 * Begins what ward_authorize() does in one go, for a loop that has other things to do while a slow processor verifies a signature. A token
 * whose signature the gate knows is decided at once, and so is what is refused before the RSA operation.
 *
 * Until it is decided or given up, the token is exclusively ward's, the texts of the expression and the policy stay,
 * check, work and decision stay where they are, and work and decision serve nothing else. The keyring keeps the key
 * set that the check began with: a refresh that would overwrite it waits. So give up what nobody waits for any more,
 * with ward_authorize_abort(): a check that is just forgotten makes it wait for ever; after a minute the service tells
 * of WARD_KEYS_HELD. No lock is held. The signature is paid for when it is begun, from the same budgets. A gate is not
 * begun again while a check is under way.
 *
 * What is not named here is as for ward_authorize().
 *
 * @param check     written; nothing needs to be set in it
 * @param decision  always written: of nothing, until the request is decided
 *
 * @retval WARD_UNFINISHED  it is under way: the steps follow
 * @retval (others)         those of ward_authorize(): it is decided, and nothing is under way
 */
WARD_MUST_USE struct ward_status ward_authorize_begin(struct ward_check *check, struct ward_gate *gate, char *token,
                                                      size_t length, struct ward_text expression,
                                                      const struct ward_caller *caller, struct ward_workspace *work,
                                                      struct ward_decision *decision);

/**
 * Takes one step of it, with at most one multiplication modulo the key's modulus: ward_verify_step() says how many there are and what they
 * cost. The last one decides, by what is then: the time, the age of the keys and whether the token's key is still one of the issuer's, the
 * deny list, the subject's budget, and that the policy has not changed since ward_authorize_begin(). It writes the audit.
 *
 * @param now, uptime  as they are now, asked anew for each step
 *
 * @retval WARD_UNFINISHED      take the next one, now or later
 * @retval WARD_NOT_UNDER_WAY   there is nothing to take a step of; or its workspace serves another token meanwhile, and it is refused (500)
 * @retval WARD_POLICY_CHANGED  ward_gate_forget() was called meanwhile: what the request needs was asked of the old policy
 * @retval (others)             those of ward_authorize(): it is decided
 */
WARD_MUST_USE struct ward_status ward_authorize_step(struct ward_check *check, struct ward_time now, uint32_t uptime);

/**
 * Gives up what was begun, because its caller has gone: wipes token and workspace, and lets the key set go. The decision is one about
 * nothing; nothing is written to the audit, and the signature that was paid for stays paid. Nothing where none is under way.
 */
void ward_authorize_abort(struct ward_check *check);

/**
 * Makes every cached signature worthless, for instance because the firmware's policy has changed. Requests that are under way end in
 * WARD_POLICY_CHANGED.
 */
void ward_gate_forget(struct ward_gate *gate);

/** Under which name an issuer's subjects have their ids: the authority of the expectations, without one the issuer. */
struct ward_text ward_authority_of(const struct ward_expect *expect, struct ward_text issuer);

/**
 * The owner id of a subject: the first 16 bytes of SHA-256 over a tag, the lengths, the issuer and the subject. It is
 * the one that the gate gives where `issuer` comes from ward_authority_of().
 *
 * @param issuer   ward_authority_of() the issuer's name as it stands in `iss`
 * @param subject  `sub`; empty: callers that have none. Denied, it denies all of these, whatever their client
 * @param owner    written on WARD_OK, else zeroed
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_owner_id(struct ward_text issuer, struct ward_text subject,
                                               struct ward_workspace *work, uint8_t owner[WARD_OWNER_SIZE]);

/**
 * The id of a client, for callers without `sub` (`subject_optional`): the gate takes it for their budget, the audit
 * shows it as their owner id, and ward_deny() takes it to deny them. It is never a subject's, and owns no row.
 * Callers whose token has a subject are known by that alone, whatever their client.
 *
 * @param issuer  ward_authority_of() the issuer's name as it stands in `iss`
 * @param client  `client_id`, else `azp`
 * @param id      written on WARD_OK, else zeroed
 *
 * @retval WARD_OK, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_client_id(struct ward_text issuer, struct ward_text client,
                                                struct ward_workspace *work, uint8_t id[WARD_OWNER_SIZE]);

/** Whether the caller owns a row that carries this owner id. A zeroed grant, a zeroed id and anonymous callers own nothing. */
bool ward_owns(const struct ward_grant *grant, const uint8_t owner[WARD_OWNER_SIZE]);

#ifdef __cplusplus
}
#endif

/* The link check: see config.h. */
#ifndef WARD_LIBRARY
#define ward_gate_begin(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_gate_begin(__VA_ARGS__))
#define ward_gate_begin_with(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_gate_begin_with(__VA_ARGS__))
#define ward_gate_pack(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_gate_pack(__VA_ARGS__))
#define ward_authorize(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_authorize(__VA_ARGS__))
#define ward_authorize_begin(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_authorize_begin(__VA_ARGS__))
#define ward_owner_id(...) WARD_CHECKED(WARD_LIMITS, ward_owner_id(__VA_ARGS__))
#define ward_client_id(...) WARD_CHECKED(WARD_LIMITS, ward_client_id(__VA_ARGS__))
#endif

#endif
