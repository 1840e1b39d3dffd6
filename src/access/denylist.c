#include "access/denylist.h"

#include <string.h>

#include "access/gate.h"
#include "keys/keyring.h"

static bool is_up_to(uint64_t issued, uint64_t issued_until)
{
    return issued_until > 0 && issued <= issued_until;
}

static struct ward_denial *find(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE])
{
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        if (gate->denials[i].issued_until > 0 && memcmp(gate->denials[i].owner, owner, WARD_OWNER_SIZE) == 0)
            return &gate->denials[i];
    return NULL;
}

static struct ward_denial *find_free(struct ward_gate *gate)
{
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        if (gate->denials[i].issued_until == 0)
            return &gate->denials[i];
    return NULL;
}

bool ward_denied(const struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], uint64_t issued)
{
    if (is_up_to(issued, gate->issued_until))
        return true;
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        if (is_up_to(issued, gate->denials[i].issued_until) &&
            memcmp(gate->denials[i].owner, owner, WARD_OWNER_SIZE) == 0)
            return true;
    return false;
}

static struct ward_status deny(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], uint64_t issued_until)
{
    struct ward_denial *denial = find(gate, owner);
    if (!ward_ok(gate->closed))
        return gate->closed;
    if (denial == NULL)
        denial = find_free(gate);
    if (denial == NULL)
        return ward_status_of(WARD_DENY_LIST_FULL);
    memcpy(denial->owner, owner, WARD_OWNER_SIZE);
    if (issued_until > denial->issued_until)
        denial->issued_until = issued_until;
    return ward_status_of(WARD_OK);
}

/* A list that changed is stored at the next turn of the keyring's runner. */
static void keep(struct ward_gate *gate)
{
    if (gate->keyring != NULL)
        ward_keyring_touch(gate->keyring);
}

struct ward_status ward_deny(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], uint64_t issued_until,
                             const struct ward_caller *caller)
{
    ward_gate_lock(gate);
    const struct ward_status status = deny(gate, owner, issued_until > 0 ? issued_until : 1);
    ward_gate_record_change(gate, owner, ward_ok(status) ? WARD_SUBJECT_DENIED : (enum ward_code)status.code, caller);
    ward_gate_unlock(gate);
    if (ward_ok(status))
        keep(gate);
    return status;
}

void ward_deny_all(struct ward_gate *gate, uint64_t issued_until, const struct ward_caller *caller)
{
    static const uint8_t everybody[WARD_OWNER_SIZE];
    ward_gate_lock(gate);
    if (issued_until > gate->issued_until)
        gate->issued_until = issued_until;
    ward_gate_record_change(gate, everybody, WARD_SUBJECT_DENIED, caller);
    ward_gate_unlock(gate);
    keep(gate);
}

bool ward_undeny(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], const struct ward_caller *caller)
{
    ward_gate_lock(gate);
    struct ward_denial *const denial = find(gate, owner);
    if (denial != NULL) {
        memset(denial, 0, sizeof *denial);
        ward_gate_record_change(gate, owner, WARD_OK, caller);
    }
    ward_gate_unlock(gate);
    if (denial != NULL)
        keep(gate);
    return denial != NULL;
}
