/* A gate from inside: what the HTTP layer needs of it. */
#ifndef WARD_ACCESS_GATE_H
#define WARD_ACCESS_GATE_H

#include "ward/access.h"

/** What a route demands, and what the audit says of the request. */
struct ward_demand {
    struct ward_text expression; /**< scopes; not looked at with any_scope */
    bool any_scope;              /**< any verified subject will do */
    bool exposed;                /**< a credential came over an unprotected channel */
    uint16_t method;
    size_t row;                  /**< of the policy's table, or WARD_NO_ROUTE */
};

/** The gate's lock, if it has one. */
void ward_gate_lock(struct ward_gate *gate);
void ward_gate_unlock(struct ward_gate *gate);

/** Steps 4 to 10 for a token: verified, not denied, within its budgets, with the scopes that are demanded. */
WARD_MUST_USE struct ward_status ward_gate_decide(struct ward_gate *gate, char *token, size_t length,
                                                  const struct ward_demand *demand, const struct ward_caller *caller,
                                                  struct ward_workspace *work, struct ward_decision *decision);

/** Step 11: sets the answer, clears the grant of what was refused, writes the audit; returns the status. */
WARD_MUST_USE struct ward_status ward_gate_finish(struct ward_gate *gate, struct ward_status status,
                                                    const struct ward_demand *demand, const struct ward_caller *caller,
                                                    struct ward_decision *decision);

/** Writes a change of the deny list to the audit; with the lock held. */
void ward_gate_record_change(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], enum ward_code reason,
                             const struct ward_caller *caller);

/**
 * Takes over the deny list of the record that the setup's keyring has opened, or closes the gate where it cannot hold it.
 *
 * @param head      written where has_head becomes true: the audit's head
 *
 * @retval WARD_OK, WARD_RECORD_INVALID, WARD_RECORD_UNREADABLE, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_gate_restore(struct ward_gate *gate, const struct ward_gate_setup *setup,
                                                   struct ward_workspace *work, uint8_t head[WARD_AUDIT_DIGEST],
                                                   bool *has_head);

#endif
