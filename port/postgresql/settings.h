/* SPDX-License-Identifier: Apache-2.0 */
/* ward in PostgreSQL: its settings, which a superuser alone can change. */
#ifndef WARD_PG_SETTINGS_H
#define WARD_PG_SETTINGS_H

#include "ward/token.h"

/**
 * Defines the settings ward.…, once, when the server starts: before there is a connection that could bring its own.
 *
 * @param changed  called after a change of any of them; must not raise an error
 */
void ward_pg_settings_begin(void (*changed)(void));

/** What a token must show, by the settings of now. Valid until the next change. */
const struct ward_expect *ward_pg_settings_expect(void);

/** The file of the issuer's key set; empty: none was set. */
const char *ward_pg_settings_key_file(void);

/** Whether a token lasts for its session; else for its transaction. */
bool ward_pg_settings_lasts_for_session(void);

#endif
