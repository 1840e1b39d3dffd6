#include <string.h>

#include "access/gate.h"
#include "keys/keyring.h"
#include "state/record.h"

/* The section of a gate:
 *
 *     audit head(32) issued_until(8) { owner(16) issued_until(8) }…
 */

static void put_denials(const struct ward_gate *gate, struct ward_record_writer *writer)
{
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++) {
        if (gate->denials[i].issued_until == 0)
            continue;
        ward_record_put_bytes(writer, gate->denials[i].owner, WARD_OWNER_SIZE);
        ward_record_put(writer, gate->denials[i].issued_until, 8);
    }
}

struct ward_status ward_gate_pack(struct ward_gate *gate, struct ward_time time, uint32_t uptime,
                                  struct ward_workspace *work, struct ward_record *record)
{
    struct ward_record_writer writer;
    ward_keyring_put(gate->keyring, time, uptime, record, &writer);
    ward_gate_lock(gate);
    ward_record_section(&writer, WARD_RECORD_GATE);
    ward_record_put_bytes(&writer, gate->audit.head, sizeof gate->audit.head);
    ward_record_put(&writer, gate->issued_until, 8);
    put_denials(gate, &writer);
    ward_gate_unlock(gate);
    return ward_record_end(&writer, &work->part.sha);
}

/* More denials than this build has slots for: then everybody is denied rather than somebody let in. */
static void get_denials(struct ward_gate *gate, struct ward_record_section *section)
{
    for (size_t i = 0; section->left > 0 && !section->broken; i++) {
        if (i == WARD_DENY_SLOTS) {
            gate->issued_until = WARD_DENY_ALWAYS;
            return;
        }
        ward_record_get_bytes(section, gate->denials[i].owner, WARD_OWNER_SIZE);
        gate->denials[i].issued_until = ward_record_get(section, 8);
    }
}

struct ward_status ward_gate_restore(struct ward_gate *gate, const struct ward_record *record, struct ward_workspace *work,
                                     uint8_t head[WARD_AUDIT_DIGEST], bool *has_head)
{
    struct ward_record_section section;
    uint32_t sequence;
    *has_head = false;
    if (record == NULL || record->length == 0)
        return ward_status_of(WARD_OK);
    const struct ward_status status = ward_record_check(record->bytes, record->length, work, &sequence);
    if (!ward_ok(status))
        return status.code == WARD_RECORD_ABSENT ? ward_status_of(WARD_RECORD_INVALID) : status;
    if (!ward_record_find(record->bytes, WARD_RECORD_GATE, &section))
        return ward_status_of(WARD_OK);
    ward_record_get_bytes(&section, head, WARD_AUDIT_DIGEST);
    gate->issued_until = ward_record_get(&section, 8);
    get_denials(gate, &section);
    *has_head = !section.broken;
    return ward_status_of(section.broken ? WARD_RECORD_INVALID : WARD_OK);
}
