/* SPDX-License-Identifier: Apache-2.0 */
/* ward in PostgreSQL: no token stays where others read, in the server's log, pg_stat_activity or pg_stat_statements. */
#ifndef WARD_PG_MASKING_H
#define WARD_PG_MASKING_H

/** Starts to mask what is written to the server's log, and to keep statements from pg_stat_statements; once. */
void ward_pg_masking_begin(void);

/** Takes the statement that runs out of pg_stat_activity, where it has a token in it. */
void ward_pg_masking_hide_statement(void);

#endif
