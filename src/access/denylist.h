/* SPDX-License-Identifier: Apache-2.0 */
/* Subjects and times whose tokens are refused though they are good. */
#ifndef WARD_ACCESS_DENYLIST_H
#define WARD_ACCESS_DENYLIST_H

#include "ward/access.h"

/** Whether a token of this subject, issued at this time (0: it does not say), is denied. */
bool ward_denied(const struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], uint64_t issued);

#endif
