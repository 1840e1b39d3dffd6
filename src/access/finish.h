/* SPDX-License-Identifier: Apache-2.0 */
/* Step 11 of a request. */
#ifndef WARD_ACCESS_FINISH_H
#define WARD_ACCESS_FINISH_H

#include "ward/access.h"

/** Sets the answer, clears the grant of what was refused, writes the audit; returns the status. Takes the lock. */
WARD_MUST_USE struct ward_status ward_gate_finish(struct ward_check *check, struct ward_status status);

#endif
