/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator is told about the device itself: how much of everything was used at most, and how long a turn of the loop took. */
#ifndef APP_NETWORK_REPORT_H
#define APP_NETWORK_REPORT_H

#include <stdint.h>

#include "ward/keyring.h"

/** The parts of a turn. */
enum report_part { REPORT_NETWORK, REPORT_SERVER, REPORT_SERVICE, REPORT_CONSOLE, REPORT_PARTS };

/** Marks the stack that has never been used. First in main(). */
void report_begin(void);

/** A turn begins; a part of it has ended. */
void report_turn(void);
void report_part(enum report_part part);

/** Sleeps until an interrupt comes; what is left is the time in which the processor worked. */
void report_sleep(void);

/** Prints lines that begin with `REPORT `, and begins to measure turns again. */
void report_print(const struct ward_keyring *keyring);

#endif
