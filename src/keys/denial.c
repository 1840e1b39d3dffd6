/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/denial.h"

#include <stddef.h>
#include <string.h>

struct ward_denial *ward_denial_find(struct ward_denial *list, const uint8_t owner[WARD_DENIAL_OWNER])
{
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        if (list[i].issued_until > 0 && memcmp(list[i].owner, owner, WARD_DENIAL_OWNER) == 0)
            return &list[i];
    return NULL;
}

static struct ward_denial *find_free(struct ward_denial *list)
{
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        if (list[i].issued_until == 0)
            return &list[i];
    return NULL;
}

bool ward_denial_applies(const struct ward_denial *list, const uint8_t owner[WARD_DENIAL_OWNER], uint64_t issued)
{
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        if (ward_denial_is_up_to(issued, list[i].issued_until) && memcmp(list[i].owner, owner, WARD_DENIAL_OWNER) == 0)
            return true;
    return false;
}

struct ward_status ward_denial_add(struct ward_denial *list, const uint8_t owner[WARD_DENIAL_OWNER],
                                   uint64_t issued_until)
{
    struct ward_denial *denial = ward_denial_find(list, owner);
    if (denial == NULL)
        denial = find_free(list);
    if (denial == NULL)
        return ward_status_of(WARD_DENY_LIST_FULL);
    memcpy(denial->owner, owner, WARD_DENIAL_OWNER);
    if (issued_until > denial->issued_until)
        denial->issued_until = issued_until;
    return ward_status_of(WARD_OK);
}
