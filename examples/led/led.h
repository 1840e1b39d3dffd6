/* SPDX-License-Identifier: Apache-2.0 */
/* What all examples protect: a LED that some may see and some may switch. It is the application's part; a server's glue
 * stands in the folder of its name. */
#ifndef LED_H
#define LED_H

#include "ward/ward.h"

/** Rows of led_policy's routes: what a decision's `route` says. */
enum led_route { LED_HEALTH, LED_SHOW, LED_SWITCH };

/** The scopes of the last two, for transports without paths. */
extern const struct ward_text led_read, led_write;

/** What every token must show, and who may do what. */
extern const struct ward_policy led_policy;

/** The gate over led_policy, and scratch: one task asks. */
extern struct ward_gate led_gate;
extern struct ward_workspace led_work;

/** Starts led_gate. Once; what a refused configuration is called is printed. */
bool led_begin(const struct ward_jwks *keys);

/** This machine's clock, which nobody on the network can set, and its uptime. */
struct ward_time led_time(void);
uint32_t led_uptime(void);

/** Who asks, and when: for ward_authorize(). */
struct ward_caller led_caller(struct ward_peer peer);

/** A request that was granted; `on` and `off` switch. Writes JSON with a NUL; its bytes without the NUL. */
size_t led_serve(size_t route, struct ward_text body, char *out, size_t size);

#endif
