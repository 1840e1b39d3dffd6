/* SPDX-License-Identifier: Apache-2.0 */
/* A list of whose tokens are refused: an operator's at the device, which a gate has, and that of a bundle, which its keyring has. */
#ifndef WARD_KEYS_DENIAL_H
#define WARD_KEYS_DENIAL_H

#include <stdbool.h>

#include "state/record.h"
#include "ward/config.h"
#include "ward/private/denial.h"
#include "ward/status.h"

/** Bytes of an owner id: WARD_OWNER_SIZE of a layer above. */
#define WARD_DENIAL_OWNER 16

/** Whether a token issued at this time (0: it does not say) is one of those up to a time; 0: there are none. */
static inline bool ward_denial_is_up_to(uint64_t issued, uint64_t issued_until)
{
    return issued_until > 0 && issued <= issued_until;
}

/** The entry of an owner id in a list of WARD_DENY_SLOTS; NULL: it has none. */
struct ward_denial *ward_denial_find(struct ward_denial *list, const uint8_t owner[WARD_DENIAL_OWNER]);

/** Whether a list denies a token of this owner id, issued at this time. */
bool ward_denial_applies(const struct ward_denial *list, const uint8_t owner[WARD_DENIAL_OWNER], uint64_t issued);

/**
 * Puts an owner id on a list; where it is there already the later time counts.
 *
 * @retval WARD_OK
 * @retval WARD_DENY_LIST_FULL  nothing has changed
 */
WARD_MUST_USE struct ward_status ward_denial_add(struct ward_denial *list, const uint8_t owner[WARD_DENIAL_OWNER],
                                                 uint64_t issued_until);

/** Writes a list to the end of a section of a record. */
void ward_denials_put(const struct ward_denial *list, struct ward_record_writer *writer);

/** Reads a list to the end of its section of a record: as many as it has room for. How many there are, room or not. */
size_t ward_denials_get(struct ward_denial *list, struct ward_record_reader *reader);

#endif
