/* Owner ids. */
#ifndef WARD_ACCESS_OWNER_H
#define WARD_ACCESS_OWNER_H

#include "ward/access.h"
#include "ward/port/crypto.h"

/** ward_owner_id() with a SHA-256 state of the caller's. */
WARD_MUST_USE struct ward_status ward_owner_compute(struct ward_text issuer, struct ward_text subject,
                                                    struct ward_sha256 *sha, uint8_t owner[WARD_OWNER_SIZE]);

#endif
