/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/uuid.h"

#include "port/postgresql/claims.h"

/* 32 digits and four hyphens. */
enum { UUID_LENGTH = 36 };

/* ---- Text. */

/* The server's copy, or the token's own bytes where nothing had to be changed. */
static char *converted(struct ward_text words, int *length)
{
    char *const found = pg_any_to_server(words.data, (int)words.length, PG_UTF8);
    *length = found == words.data ? (int)words.length : (int)strlen(found);
    return found;
}

text *ward_pg_claims_text(struct ward_text words)
{
    int length = 0;
    const char *const found = converted(words, &length);
    return cstring_to_text_with_len(found, length);
}

static bool is_hyphen_at(size_t place)
{
    return place == 8 || place == 13 || place == 18 || place == 23;
}

bool ward_pg_claims_uuid(struct ward_text subject, pg_uuid_t *uuid)
{
    size_t digits = 0;
    memset(uuid, 0, sizeof *uuid);
    if (subject.length != UUID_LENGTH)
        return false;
    for (size_t i = 0; i < subject.length; i++) {
        const char c = subject.data[i];
        if (is_hyphen_at(i) ? c != '-' : !isxdigit((unsigned char)c))
            return false;
        if (is_hyphen_at(i))
            continue;
        const int value = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        uuid->data[digits / 2] |= (unsigned char)(digits % 2 == 0 ? value << 4 : value);
        digits++;
    }
    return true;
}

/* ---- jsonb. */

static JsonbValue json_text(struct ward_text words)
{
    JsonbValue value;
    int length = 0;
    value.type = jbvString;
    value.val.string.val = converted(words, &length);
    value.val.string.len = length;
    return value;
}

static JsonbValue json_number(struct ward_text digits)
{
    JsonbValue value;
    const Datum number = DirectFunctionCall3(numeric_in, CStringGetDatum(pnstrdup(digits.data, digits.length)),
                                             ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
    value.type = jbvNumeric;
    value.val.numeric = DatumGetNumeric(number);
    return value;
}

/* A value that holds no others. */
static JsonbValue json_value(const struct ward_claim *claim)
{
    JsonbValue value;
    struct ward_text literal;
    memset(&value, 0, sizeof value);
    const struct ward_status status = ward_claim_literal(claim, &literal);
    if (!ward_ok(status))
        elog(ERROR, "ward: a claim of type %d has no literal", claim->type);
    if (claim->type == WARD_CLAIM_TEXT)
        return json_text(literal);
    if (claim->type == WARD_CLAIM_NUMBER)
        return json_number(literal);
    value.type = claim->type == WARD_CLAIM_NULL ? jbvNull : jbvBool;
    if (value.type == jbvBool)
        value.val.boolean = literal.data[0] == 't';
    return value;
}

/* A container that is being gone through, and how far. */
struct level {
    struct ward_claim container;
    size_t at;
};

static bool is_object(const struct level *level)
{
    return level->container.type == WARD_CLAIM_OBJECT;
}

static bool is_container(const struct ward_claim *claim)
{
    return claim->type == WARD_CLAIM_OBJECT || claim->type == WARD_CLAIM_ARRAY;
}

static void open_level(JsonbParseState **state, struct level *level, struct ward_claim container)
{
    level->container = container;
    level->at = 0;
    pushJsonbValue(state, is_object(level) ? WJB_BEGIN_OBJECT : WJB_BEGIN_ARRAY, NULL);
}

/* The next of a level: a value is put in its place, a container is left to be opened. False: that was the last. */
static bool next_of(JsonbParseState **state, struct level *level, struct ward_claim *claim)
{
    struct ward_text name;
    if (!ward_ok(ward_claim_next(&level->container, &level->at, &name, claim)))
        return false;
    if (is_object(level)) {
        JsonbValue key = json_text(name);
        pushJsonbValue(state, WJB_KEY, &key);
    }
    if (!is_container(claim)) {
        JsonbValue value = json_value(claim);
        pushJsonbValue(state, is_object(level) ? WJB_VALUE : WJB_ELEM, &value);
    }
    return true;
}

Jsonb *ward_pg_claims_jsonb(const struct ward_claims *claims)
{
    struct level level[WARD_MAX_JSON_DEPTH + 1];
    JsonbParseState *state = NULL;
    JsonbValue *whole = NULL;
    size_t depth = 1;
    open_level(&state, &level[0], ward_claim_all(claims));
    while (depth > 0) {
        struct ward_claim claim;
        if (!next_of(&state, &level[depth - 1], &claim)) {
            depth--;
            whole = pushJsonbValue(&state, is_object(&level[depth]) ? WJB_END_OBJECT : WJB_END_ARRAY, NULL);
        } else if (is_container(&claim)) {
            if (depth > WARD_MAX_JSON_DEPTH)
                elog(ERROR, "ward: claims are nested deeper than WARD_MAX_JSON_DEPTH");
            open_level(&state, &level[depth], claim);
            depth++;
        }
    }
    return JsonbValueToJsonb(whole);
}
