/* SPDX-License-Identifier: Apache-2.0 */
/* What the two small gates share: one LED behind a gate, in the memory that a core with 16 KB of RAM has. main.c begins and
 * ends it; lines.c or http.c is the protocol on the UART. */
#ifndef WARD_SMALL_H
#define WARD_SMALL_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/ward.h"

/** What tokens are to be: the protocol's policy refers to it. */
extern const struct ward_expect small_expect;

extern struct ward_gate small_gate;
extern struct ward_workspace small_work;
extern struct ward_decision small_decision;

/** The only thing that is protected. */
extern bool small_lit;

/** The wire: it reaches only who stands beside the device, so it is one peer and counts as a protected channel. */
extern const struct ward_peer small_wire;

/** For the operator, who alone may know the reason: that, and what the gate took. */
void small_log(uint16_t http, struct ward_status status, uint32_t ticks);

/** An operator's line, without its `!`: how much of the stack was ever used, or the end, for which it is false. */
bool small_command(struct ward_text command);

/* ---- The protocol gives these two. */

extern const struct ward_policy small_policy;

/** Takes what comes next on the UART and answers it; false when the operator ends it. */
bool small_take(void);

#endif
