/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of an event, and their digest. */
#ifndef WARD_ACCESS_AUDIT_PACK_H
#define WARD_ACCESS_AUDIT_PACK_H

#include "ward/audit.h"

/** ward_audit_digest() with scratch of the caller's. */
WARD_MUST_USE struct ward_status ward_audit_hash(const struct ward_audit_event *event, struct ward_sha256 *sha,
                                                 uint8_t packed[WARD_AUDIT_PACKED], uint8_t digest[WARD_AUDIT_DIGEST]);

#endif
