/* SPDX-License-Identifier: Apache-2.0 */
/* An answer's ETag, and status 304, which says that nothing has changed since. */
#include "guard.h"
#include "response_feed.h"

#if WARD_MAX_BUNDLE > 0

static struct ward_http_answer_fields fields;
static struct ward_fetch_answer answer;

static void begin(void)
{
    ward_http_answer_fields_begin(&fields);
}

/* A value ends where its memory ends. */
static void take(const char *value)
{
    ward_http_answer_fields_take(&fields, text("etag"), ward_text_of(guard_copy(value, strlen(value)), strlen(value)));
}

static void end(void)
{
    memset(&answer, 0x5a, sizeof answer);
    ward_http_answer_fields_end(&fields, &answer);
}

/* What is kept of this ETag. */
static struct ward_text etag(const char *value)
{
    begin();
    take(value);
    end();
    return ward_text_of(answer.etag, answer.etag_length);
}

TEST(an_etag_is_kept_as_it_is_where_it_is_one)
{
    static char value[90];
    CHECK_TEXT(etag("\"5f3-62a\""), "\"5f3-62a\"");
    CHECK_TEXT(etag(" W/\"a!~\"\t"), "W/\"a!~\"");
    CHECK_TEXT(etag("\"\""), "\"\"");
    CHECK_TEXT(etag("W/\"\""), "W/\"\"");
    static const char *const none[] = { "",     "\"",  "W",   "W/",       "W/\"",    "w/\"a\"",   "W \"a\"",
                                        "a",    "\"a", "a\"", "\"a\"b\"", "\"a b\"", "\"a\x7f\"", "\"a\xc3\xa4\"",
                                        "W/a\"" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        CHECK_NUMBER(etag(none[i]).length, 0);
    memset(value, 'a', WARD_MAX_ETAG + 1);
    value[0] = '"';
    value[WARD_MAX_ETAG - 1] = '"';
    value[WARD_MAX_ETAG] = '\0';
    CHECK_TEXT(etag(value), value);
    value[WARD_MAX_ETAG - 1] = 'a';
    value[WARD_MAX_ETAG] = '"';
    CHECK_NUMBER(etag(value).length, 0);
    begin();
    take("\"a\"");
    take("\"a\"");
    end();
    CHECK_NUMBER(answer.etag_length, 0);
    begin();
    ward_http_answer_fields_lose(&fields, text("ETag"));
    end();
    CHECK_NUMBER(answer.etag_length, 0);
}

/* Unchanged, as this request asked for: whole, and without a body. */
static void check_unchanged(const char *stream)
{
    feed_conditional = true;
    CHECK_NUMBER(feed_in_every_way(stream), WARD_HTTP_RESPONSE_COMPLETE);
    feed_know();
    CHECK_STATUS(fed.answer.status, WARD_OK);
    CHECK_NUMBER(fed.body_length, 0);
    CHECK_NUMBER(fed.answer.http, 304);
    CHECK_TEXT(ward_text_of(fed.answer.etag, fed.answer.etag_length), "\"x\"");
    CHECK_NUMBER(fed.answer.max_age, 60);
    feed_conditional = false;
    CHECK_BROKEN(stream, WARD_FETCH_HTTP_STATUS, 304);
}

TEST(unchanged_is_an_answer_where_it_was_asked_for_and_has_no_body)
{
    check_unchanged("HTTP/1.1 304 No\r\nETag: \"x\"\r\nCache-Control: max-age=60\r\n\r\n");
    check_unchanged("HTTP/1.1 304 No\r\nETag: \"x\"\r\nContent-Length: 4000\r\nCache-Control: max-age=60\r\n\r\n" OK);
    check_unchanged(
        "HTTP/1.1 304 No\r\nETag: \"x\"\r\nTransfer-Encoding: chunked\r\nCache-Control: max-age=60\r\n\r\n2\r\n");
    check_unchanged("HTTP/1.0 304 No\r\nContent-Encoding: gzip\r\nETag: \"x\"\r\nCache-Control: max-age=60\r\n\r\n");
    feed_conditional = true;
    CHECK_BODY(OK TWO "ETag: \"x\"\r\n\r\n{}", "{}");
    CHECK_BROKEN("HTTP/1.1 302 Found\r\n\r\n", WARD_FETCH_HTTP_STATUS, 302);
    feed_conditional = false;
}

SUITE(unchanged, CASE(an_etag_is_kept_as_it_is_where_it_is_one),
      CASE(unchanged_is_an_answer_where_it_was_asked_for_and_has_no_body));

#else

TEST(without_bundles_304_is_no_answer)
{
    CHECK_BROKEN("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", WARD_FETCH_HTTP_STATUS, 304);
}

SUITE(unchanged, CASE(without_bundles_304_is_no_answer));

#endif
