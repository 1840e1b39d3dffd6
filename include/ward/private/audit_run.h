/* SPDX-License-Identifier: Apache-2.0 */
/* Private: requests alike, mostly only counted. Here since a struct ward_audit contains some; see src/access/audit_runs.h. */
#ifndef WARD_PRIVATE_AUDIT_RUN_H
#define WARD_PRIVATE_AUDIT_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/audit_event.h"

/** Requests alike that are counted and not yet written. */
struct ward_audit_run {
    struct ward_audit_event pending; /* what was written last; or, repeats above 0, what waits to be written */
    uint32_t full_at;
    bool begun;
    bool follows; /* pending is what was written last, or more of it */
};

#endif
