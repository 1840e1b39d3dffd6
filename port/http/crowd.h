/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of the server's slots while others wait for one, or the fetch for memory: who hurries, who gives way,
 * who comes next. Private to port/http.
 */
#ifndef WARD_PORT_HTTP_CROWD_H
#define WARD_PORT_HTTP_CROWD_H

#include <stdbool.h>
#include <stdint.h>

#include "port/http/slots.h"

/** Whether somebody waits for a slot and there is none: then each answer is its connection's last. */
bool ward_http_crowd_waits(void);

/** Whether a connection must end with its next answer: others wait, it has had its part, or the fetch needs its
 * memory. */
bool ward_http_crowd_ends(const struct ward_http_slot *slot);

/** Whether the time of a slot in its state is over. */
bool ward_http_crowd_times_out(const struct ward_http_slot *slot);

/** How many slots others could have now. */
unsigned ward_http_crowd_room(void);

/** Gives a slot to who waits; false if there is none, or nobody waits. */
bool ward_http_crowd_admit(void);

/** Ends a session for the fetch's memory where that is claimed and not there; false if there is nothing to end. */
bool ward_http_crowd_reclaim(void);

#endif
