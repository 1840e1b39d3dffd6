/* SPDX-License-Identifier: Apache-2.0 */
/* ward in PostgreSQL: what happens when the library is loaded. */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "port/postgresql/masking.h"
#include "port/postgresql/session.h"
#include "port/postgresql/settings.h"

PG_MODULE_MAGIC;

/* Loaded later, by the first call, it would come after the settings that a connection brings along: the server drops
 * those that are not a superuser's, but with them what the superuser had set, such as the clients that may call. */
static void refuse_to_be_late(void)
{
    if (process_shared_preload_libraries_in_progress)
        return;
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("ward is not in shared_preload_libraries"),
             errdetail("Loaded later it could not tell who has set its settings."),
             errhint("Add it there and start the server again.")));
}

extern PGDLLEXPORT void _PG_init(void);

void _PG_init(void)
{
    refuse_to_be_late();
    ward_pg_settings_begin(ward_pg_session_forget);
    ward_pg_session_begin();
    ward_pg_masking_begin();
}
