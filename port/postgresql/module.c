/* ward in PostgreSQL: what happens when the library is loaded. */
#include "postgres.h"

#include "fmgr.h"

#include "port/postgresql/masking.h"
#include "port/postgresql/session.h"
#include "port/postgresql/settings.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

void _PG_init(void)
{
    ward_pg_settings_begin(ward_pg_session_forget);
    ward_pg_session_begin();
    ward_pg_masking_begin();
}
