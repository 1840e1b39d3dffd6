/* SPDX-License-Identifier: Apache-2.0 */
/* A keyring, and an issuer that answers it. */
#ifndef WARD_TEST_RING_H
#define WARD_TEST_RING_H

#include "token.h"

#define URL "https://dev-4fszoklachwdh46m.us.auth0.com/.well-known/jwks.json"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/** The keyring; its configuration, which a test may change before ring_begin(); uptime and clock of all calls below. */
extern struct ward_keyring ring;
extern struct ward_keyring_config ring_config;
extern uint32_t ring_uptime;
extern struct ward_time ring_time;

/** The usual configuration: issuer and URL, built at NOW less a day, no compiled keys; the clock is set to NOW. */
void ring_usual(void);

/** Begins the keyring at ring_uptime. */
void ring_begin(void);

/** What it wants now. */
struct ward_keyring_action ring_next(void);

/** Moves uptime and clock on. */
void ring_pass(uint32_t milliseconds);

/** It wants this slot to be stored, and it is. */
void ring_store(uint8_t slot);

/** Lets time pass until it wants a fetch; stores what it wants stored. */
void ring_until_fetch(void);

/** A key set of these keys, such as "ab", each under its letter as kid; valid until the next call. */
const char *ring_set(const char *keys);

/** A fetch that ends with this answer, its body in one piece; NULL: none came. */
struct ward_status ring_fetch(const char *body, const struct ward_fetch_answer *answer);

/** An answer with status 200 and no max-age, and one that failed. */
extern const struct ward_fetch_answer ring_good;
struct ward_fetch_answer ring_failed(enum ward_code code);

/** Brings these keys in by a fetch. */
void ring_fill(const char *keys);

/** Whether the keys in use are exactly these. */
bool ring_has(const char *keys);

/** Asks for a kid; checks the status and gives the seconds. */
uint32_t ring_ask(const char *kid, enum ward_code expected);

#endif
