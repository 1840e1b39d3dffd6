/* SPDX-License-Identifier: Apache-2.0 */
/* ward in PostgreSQL: no token stays where others read, in the server's log or in pg_stat_activity. */
#ifndef WARD_PG_MASKING_H
#define WARD_PG_MASKING_H

/** Starts to mask what is written to the server's log; once. */
void ward_pg_masking_begin(void);

/** Takes the statement that runs out of pg_stat_activity, where it has a token in it. */
void ward_pg_masking_hide_statement(void);

#endif
