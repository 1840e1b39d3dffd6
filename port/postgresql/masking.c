/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres.h"

#include "parser/analyze.h"
#include "pgstat.h"
#include "tcop/tcopprot.h"
#include "utils/backend_status.h"

#include "port/postgresql/masking.h"

/* A word of three parts of base64url is taken for a token from these lengths on: a signature by HMAC has 43. */
enum { LEAST_PART = 16, LEAST_SIGNATURE = 40 };

static emit_log_hook_type next_log;
static post_parse_analyze_hook_type next_parsed;

static bool is_base64url(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static size_t part_length(const char *text)
{
    size_t length = 0;
    while (is_base64url(text[length]))
        length++;
    return length;
}

/* The bytes of a token that starts here; 0: none does. */
static size_t token_length(const char *text)
{
    const size_t header = part_length(text);
    if (header < LEAST_PART || text[header] != '.')
        return 0;
    const size_t payload = part_length(text + header + 1);
    if (payload < LEAST_PART || text[header + 1 + payload] != '.')
        return 0;
    const size_t signature = part_length(text + header + payload + 2);
    return signature >= LEAST_SIGNATURE ? header + payload + signature + 2 : 0;
}

/* The next token in a text, or NULL. */
static const char *find(const char *text, size_t *length)
{
    while (*text != '\0') {
        *length = token_length(text);
        if (*length > 0)
            return text;
        const size_t word = part_length(text);
        text += word > 0 ? word : 1;
    }
    return NULL;
}

/* In place: what an error says is its own copy, and there may be no memory for another. */
static void mask(char *text)
{
    size_t length = 0;
    const char *found = text != NULL ? find(text, &length) : NULL;
    while (found != NULL) {
        memset(text + (found - text), '*', length);
        found = find(found + length, &length);
    }
}

static bool has_token(const char *text)
{
    size_t length = 0;
    return text != NULL && find(text, &length) != NULL;
}

static void on_log(ErrorData *error)
{
    mask(error->message);
    mask(error->detail);
    mask(error->detail_log);
    mask(error->hint);
    mask(error->context);
    mask(error->internalquery);
    if (has_token(debug_query_string))
        error->hide_stmt = true;
    if (next_log != NULL)
        next_log(error);
}

/* pg_stat_statements replaces the constants of queries alone. Another statement, such as DO, DECLARE or EXPLAIN, it
 * keeps word for word, for everybody of the same role to read, unless it has no identifier. */
static void on_parsed(ParseState *state, Query *query, JumbleState *jumble)
{
    if (next_parsed != NULL)
        next_parsed(state, query, jumble);
    if (query->utilityStmt != NULL && has_token(state->p_sourcetext))
        query->queryId = 0;
}

void ward_pg_masking_begin(void)
{
    next_parsed = post_parse_analyze_hook;
    post_parse_analyze_hook = on_parsed;
    next_log = emit_log_hook;
    emit_log_hook = on_log;
}

void ward_pg_masking_hide_statement(void)
{
    if (has_token(debug_query_string))
        pgstat_report_activity(STATE_RUNNING, "(a statement with a token in it)");
}
