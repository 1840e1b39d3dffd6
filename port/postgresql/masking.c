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

/* The next token in a text up to its end, or NULL. */
static const char *find(const char *text, const char *end, size_t *length)
{
    while (text < end) {
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
    if (text == NULL)
        return;
    const char *const end = text + strlen(text);
    size_t length = 0;
    for (const char *found = find(text, end, &length); found != NULL; found = find(found + length, end, &length))
        memset(text + (found - text), '*', length);
}

static bool has_token(const char *text)
{
    size_t length = 0;
    return text != NULL && find(text, text + strlen(text), &length) != NULL;
}

static void on_log(ErrorData *error)
{
    mask(error->message);
    mask(error->detail);
    mask(error->detail_log);
    mask(error->hint);
    mask(error->context);
    mask(error->internalquery);
    if (has_token(debug_query_string)) {
        error->hide_stmt = true;
        /* A statement that failed would stay in pg_stat_activity until the next one. */
        if (error->elevel >= ERROR)
            ward_pg_masking_hide_statement();
    }
    if (next_log != NULL)
        next_log(error);
}

/* Of a text with many statements this one alone: so each is looked at once. */
static bool statement_has_token(const char *source, const Query *query)
{
    size_t length = 0;
    const char *const begin = source + Max(query->stmt_location, 0);
    return find(begin, begin + (query->stmt_len > 0 ? (size_t)query->stmt_len : strlen(begin)), &length) != NULL;
}

/* pg_stat_statements replaces the constants of queries alone. Another statement, such as DO, DECLARE or EXPLAIN, it
 * keeps word for word, for everybody of the same role to read, unless it has no identifier. */
static void on_parsed(ParseState *state, Query *query, JumbleState *jumble)
{
    if (next_parsed != NULL)
        next_parsed(state, query, jumble);
    if (query->utilityStmt != NULL && state->p_sourcetext != NULL && statement_has_token(state->p_sourcetext, query))
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
