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

void ward_denials_put(const struct ward_denial *list, struct ward_record_writer *writer)
{
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++) {
        if (list[i].issued_until == 0)
            continue;
        ward_record_put_bytes(writer, list[i].owner, WARD_DENIAL_OWNER);
        ward_record_put(writer, list[i].issued_until, 8);
    }
}

size_t ward_denials_get(struct ward_denial *list, struct ward_record_reader *reader)
{
    size_t count = 0;
    while (ward_record_left(reader) > 0 && !reader->broken) {
        struct ward_denial denial;
        ward_record_get_bytes(reader, denial.owner, sizeof denial.owner);
        denial.issued_until = ward_record_get(reader, 8);
        if (denial.issued_until == 0)
            continue;
        if (count < WARD_DENY_SLOTS)
            list[count] = denial;
        count++;
    }
    return count;
}
