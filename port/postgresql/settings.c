/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres.h"

#include <stdlib.h>

#include "utils/guc.h"

#include "port/postgresql/settings.h"

#if PG_VERSION_NUM < 150000
#error "ward needs PostgreSQL 15 or newer: before it, a role could store ward.… of its own"
#endif

/* What the server frees with a setting's value: since 16 by its own call. */
#if PG_VERSION_NUM >= 160000
#define allocate_extra(size) guc_malloc(LOG, (size))
#else
#define allocate_extra(size) malloc(size)
#endif

/* ward.h: the most issuers, audiences and clients, and the longest text of each. */
enum { MOST_ISSUERS = 4, MOST_AUDIENCES = 4, MOST_CLIENTS = 16, LONGEST = 255, LONGEST_NAME = 64, MOST_LEEWAY = 300 };

enum { LASTS_TRANSACTION, LASTS_SESSION };

static const struct config_enum_entry lasts_values[] = { { "transaction", LASTS_TRANSACTION, false },
                                                         { "session", LASTS_SESSION, false },
                                                         { NULL, 0, false } };

/* A setting's texts as ward takes them. It lies with the value and goes with it. */
struct list {
    size_t count;
    struct ward_text item[MOST_CLIENTS];
    char bytes[FLEXIBLE_ARRAY_MEMBER];
};

static char *issuer, *audience, *clients, *token_type, *scope_claim, *key_file;
static int leeway, lasts;
static struct ward_expect expect;
static void (*on_change)(void);

/* ---- Texts, separated by commas or white space. */

static bool is_separator(char c)
{
    return c == ',' || isspace((unsigned char)c);
}

static struct list *split(const char *value, size_t most, size_t longest)
{
    const size_t size = strlen(value) + 1;
    struct list *const list = allocate_extra(offsetof(struct list, bytes) + size);
    if (list == NULL)
        return NULL;
    list->count = 0;
    memcpy(list->bytes, value, size);
    for (const char *at = list->bytes; *at != '\0';) {
        const char *const begin = at;
        while (*at != '\0' && !is_separator(*at))
            at++;
        if (at > begin) {
            if (list->count == most) {
                GUC_check_errdetail("At most %zu.", most);
                return list;
            }
            list->item[list->count++] = ward_text_of(begin, (size_t)(at - begin));
        }
        while (is_separator(*at))
            at++;
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i].length > longest)
            GUC_check_errdetail("\"%.*s…\" is longer than %zu bytes.", 40, list->item[i].data, longest);
    return list;
}

/* What was wrong with it has been told: then there is a detail. */
static bool check(char **value, void **extra, size_t most, size_t longest)
{
    GUC_check_errdetail_string = NULL;
    *extra = split(*value, most, longest);
    return *extra != NULL && GUC_check_errdetail_string == NULL;
}

static bool check_issuer(char **value, void **extra, GucSource source)
{
    (void)source;
    return check(value, extra, MOST_ISSUERS, LONGEST);
}

static bool check_audience(char **value, void **extra, GucSource source)
{
    (void)source;
    return check(value, extra, MOST_AUDIENCES, LONGEST);
}

static bool check_clients(char **value, void **extra, GucSource source)
{
    (void)source;
    return check(value, extra, MOST_CLIENTS, LONGEST);
}

static bool check_name(char **value, void **extra, GucSource source)
{
    (void)source;
    return check(value, extra, 1, LONGEST_NAME);
}

/* ---- What follows a change. */

static struct ward_texts texts_of(const struct list *list)
{
    const struct ward_texts texts = { list->item, list->count };
    return texts;
}

static struct ward_text first_of(const struct list *list)
{
    return list->count > 0 ? list->item[0] : ward_text_of(NULL, 0);
}

static void assign_issuer(const char *value, void *extra)
{
    (void)value;
    expect.issuers = texts_of(extra);
    on_change();
}

static void assign_audience(const char *value, void *extra)
{
    (void)value;
    expect.audiences = texts_of(extra);
    on_change();
}

static void assign_clients(const char *value, void *extra)
{
    (void)value;
    expect.clients = texts_of(extra);
    on_change();
}

static void assign_token_type(const char *value, void *extra)
{
    (void)value;
    expect.type = first_of(extra);
    on_change();
}

static void assign_scope_claim(const char *value, void *extra)
{
    (void)value;
    expect.scope_claim = first_of(extra);
    on_change();
}

static void assign_key_file(const char *value, void *extra)
{
    (void)value;
    (void)extra;
    on_change();
}

static void assign_leeway(int value, void *extra)
{
    (void)extra;
    expect.leeway = value > 0 ? (uint32_t)value : WARD_NO_LEEWAY;
    on_change();
}

static void assign_lasts(int value, void *extra)
{
    (void)value;
    (void)extra;
    on_change();
}

/* ---- The settings. */

/* Of texts: empty until a superuser says otherwise. */
static void define_text(const char *name, const char *what, char **value, GucStringCheckHook checks,
                        GucStringAssignHook assigns, int flags)
{
    DefineCustomStringVariable(name, what, NULL, value, "", PGC_SUSET, flags, checks, assigns, NULL);
}

void ward_pg_settings_begin(void (*changed)(void))
{
    on_change = changed;
    define_text("ward.issuer", "Issuers whose tokens are taken, at most 4 of one key set.", &issuer, check_issuer,
                assign_issuer, 0);
    define_text("ward.audience", "Audiences of which a token must name one, at most 4.", &audience, check_audience,
                assign_audience, 0);
    define_text("ward.clients", "Clients whose tokens are taken, at most 16; empty: any.", &clients, check_clients,
                assign_clients, 0);
    define_text("ward.token_type", "The typ that a token must have; empty: absent, JWT and at+jwt.", &token_type,
                check_name, assign_token_type, 0);
    define_text("ward.scope_claim", "The claim that holds the scopes; empty: scope.", &scope_claim, check_name,
                assign_scope_claim, 0);
    define_text("ward.key_file", "The file of the issuer's key set (JWKS), read again when it changes.", &key_file,
                NULL, assign_key_file, GUC_SUPERUSER_ONLY);
    DefineCustomIntVariable("ward.leeway", "Seconds by which the issuer's clock may be ahead.", NULL, &leeway,
                            WARD_DEFAULT_LEEWAY, 0, MOST_LEEWAY, PGC_SUSET, GUC_UNIT_S, NULL, assign_leeway, NULL);
    DefineCustomEnumVariable("ward.token_lasts", "For what a token holds: its transaction or its session.", NULL,
                             &lasts, LASTS_TRANSACTION, lasts_values, PGC_SUSET, 0, NULL, assign_lasts, NULL);
    MarkGUCPrefixReserved("ward");
}

const struct ward_expect *ward_pg_settings_expect(void)
{
    return &expect;
}

const char *ward_pg_settings_key_file(void)
{
    return key_file;
}

bool ward_pg_settings_lasts_for_session(void)
{
    return lasts == LASTS_SESSION;
}
