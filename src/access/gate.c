/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "ward/access.h"

#include <string.h>

#include "access/finish.h"
#include "access/decide.h"
#include "access/gate_lock.h"
#include "access/gate_record.h"
#include "crypto/wipe.h"
#include "keys/keyring.h"

static const char any_scope_mark = '*';
const struct ward_text ward_any_scope = { &any_scope_mark, 0 };

/* Two locks would be none. */
static struct ward_status check_hooks(const struct ward_gate_setup *setup)
{
    if (setup->keyring == NULL)
        return ward_status_of(WARD_OK);
    const struct ward_hooks *const hooks = &setup->keyring->config->hooks;
    const bool same = setup->hooks.lock == hooks->lock && setup->hooks.unlock == hooks->unlock &&
                      setup->hooks.context == hooks->context;
    return ward_status_of(same ? WARD_OK : WARD_GATE_HOOKS);
}

static struct ward_status begin(struct ward_gate *gate, const struct ward_gate_setup *setup, struct ward_time now,
                                struct ward_workspace *work)
{
    uint8_t head[WARD_AUDIT_DIGEST];
    bool has_head = false;
    struct ward_status status = ward_policy_check(setup->policy);
    if (ward_ok(status))
        status = check_hooks(setup);
    if (ward_ok(status))
        status = ward_gate_restore(gate, setup, work, head, &has_head);
    if (!ward_ok(status))
        return status;
    const uint32_t boots = setup->keyring != NULL ? ward_keyring_boots(setup->keyring) : 1;
    return ward_audit_begin(&gate->audit, has_head ? head : NULL, boots, now, setup->sink, setup->sink_context);
}

struct ward_status ward_gate_begin_with(struct ward_gate *gate, const struct ward_gate_setup *setup,
                                        struct ward_time now, struct ward_workspace *work)
{
    memset(gate, 0, sizeof *gate);
    const struct ward_status status = begin(gate, setup, now, work);
    if (!ward_ok(status))
        return status;
    /* Without a policy a gate lets nobody in. */
    gate->policy = setup->policy;
    gate->hooks = setup->hooks;
    gate->keyring = setup->keyring;
    gate->keys = setup->keys;
    const struct ward_status closed = ward_gate_why_closed(gate);
    if (!ward_ok(closed))
        ward_gate_note(gate, closed, now, 0);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_gate_begin(struct ward_gate *gate, const struct ward_policy *policy,
                                   const struct ward_jwks *keys, const struct ward_hooks *hooks, struct ward_time now)
{
    struct ward_gate_setup setup;
    memset(&setup, 0, sizeof setup);
    setup.policy = policy;
    setup.keys = keys;
    if (hooks != NULL)
        setup.hooks = *hooks;
    return ward_gate_begin_with(gate, &setup, now, NULL);
}

void ward_gate_forget(struct ward_gate *gate)
{
    ward_gate_lock(gate);
    gate->generation++;
    ward_gate_unlock(gate);
}

struct ward_status ward_authorize_begin(struct ward_check *check, struct ward_gate *gate, char *token, size_t length,
                                        struct ward_text expression, const struct ward_caller *caller,
                                        struct ward_workspace *work, struct ward_decision *decision)
{
    memset(check, 0, sizeof *check);
    memset(decision, 0, sizeof *decision);
    check->gate = gate;
    check->caller = *caller;
    check->work = work;
    check->decision = decision;
    check->bytes = token;
    check->length = length;
    check->demand.expression = expression;
    check->demand.any_scope = expression.data == ward_any_scope.data && expression.length == 0;
    check->demand.row = WARD_NO_ROUTE;
    decision->route = WARD_NO_ROUTE;
    if (gate->policy != NULL) {
        decision->answer.realm = gate->policy->realm;
        decision->answer.resource_metadata = gate->policy->resource_metadata;
    }
    const struct ward_status status = ward_decide_begin(check, token, length);
    return status.code == WARD_UNFINISHED ? status : ward_check_end(check, status);
}

struct ward_status ward_authorize_step(struct ward_check *check, struct ward_time now, uint32_t uptime)
{
    if (check->gate == NULL)
        return ward_status_of(WARD_NOT_UNDER_WAY);
    check->caller.now = now;
    check->caller.uptime = uptime;
    const struct ward_status status = ward_decide_step(check);
    return status.code == WARD_UNFINISHED ? status : ward_check_end(check, status);
}

void ward_authorize_abort(struct ward_check *check)
{
    if (check->gate != NULL)
        ward_decide_abort(check);
}

struct ward_status ward_authorize(struct ward_gate *gate, char *token, size_t length, struct ward_text expression,
                                  const struct ward_caller *caller, struct ward_workspace *work,
                                  struct ward_decision *decision)
{
    struct ward_check check;
    struct ward_status status = ward_authorize_begin(&check, gate, token, length, expression, caller, work, decision);
    while (status.code == WARD_UNFINISHED)
        status = ward_authorize_step(&check, caller->now, caller->uptime);
    return status;
}
