/* SPDX-License-Identifier: Apache-2.0 */
/* Every size of every buffer that a caller gives, from none to more than enough; each ends where writable memory ends. */
#include "guard.h"
#include "token.h"

/* A buffer of just this size, full of something else. */
static char *buffer_of(size_t size)
{
    static char paint[1024];
    CHECK(size <= sizeof paint);
    memset(paint, 0x5a, sizeof paint);
    return guard_copy(paint, size);
}

/* A text and what each of its characters becomes. */
static const char raw[] = "a\"\\\n\x7f\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xc2\x85\xe2\x80\xae\xff"
                          "z";
static const char *const pieces[] = { "a",       "\\\"",     "\\\\",         "\\u000a",
                                      "\\u007f", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                                      "\\u0085", "\\u202e",  "\\ufffd",      "z" };
enum { PIECES = sizeof pieces / sizeof pieces[0] };

/* As many whole pieces as fit before the NUL; once one does not, none after it does. */
static size_t expected_escape(size_t size, char *out)
{
    size_t length = 0;
    for (size_t i = 0; i < PIECES && length + strlen(pieces[i]) < size; i++) {
        memcpy(out + length, pieces[i], strlen(pieces[i]));
        length += strlen(pieces[i]);
    }
    out[length] = '\0';
    return length;
}

TEST(escaped_text_is_cut_at_a_whole_piece_in_every_size)
{
    char whole[128];
    const size_t needed = expected_escape(sizeof whole, whole);
    for (size_t size = 0; size <= needed + 2; size++) {
        char expected[128];
        const size_t length = expected_escape(size, expected);
        char *const out = buffer_of(size);
        CHECK_NUMBER(ward_text_escape(ward_text_of(guard_copy(raw, sizeof raw - 1), sizeof raw - 1), out, size),
                     needed);
        CHECK(size == 0 || memcmp(out, expected, length + 1) == 0);
        for (size_t i = length + 1; i < size; i++)
            CHECK_NUMBER(out[i], 0x5a);
    }
}

/* The event whose line is the longest: each field at its longest, each character of a name an escape. */
static struct ward_audit_event longest_event(void)
{
    struct ward_audit_event event;
    memset(&event, 0xff, sizeof event);
    event.seconds = 0xffffffffffffu;
    event.reason = WARD_POLICY_SUBJECT_RATE;
    event.route = WARD_AUDIT_NO_ROUTE - 1;
    event.method = WARD_OPTIONS;
    event.kind = WARD_AUDIT_REFUSAL;
    event.subject_kind = WARD_SUBJECT_ANONYMOUS;
    event.subject_length = WARD_AUDIT_NAME;
    event.client_length = WARD_AUDIT_NAME;
    memset(event.subject, 0x01, sizeof event.subject);
    memset(event.client, 0x01, sizeof event.client);
    return event;
}

/* The reason with the longest name. */
static uint32_t longest_reason(void)
{
    uint32_t longest = 0;
    for (uint32_t code = 0; code < 0x1000; code++)
        if (strlen(ward_status_name((struct ward_status){ code })) >
            strlen(ward_status_name((struct ward_status){ longest })))
            longest = code;
    return longest;
}

TEST(an_audit_line_is_whole_or_empty_in_every_size)
{
    static char line[WARD_AUDIT_LINE];
    static const uint8_t digest[WARD_AUDIT_DIGEST] = { 1 };
    struct ward_audit_event event = longest_event();
    size_t needed = 0;
    event.reason = longest_reason();
    CHECK_STATUS(ward_audit_json(&event, digest, line, sizeof line, &needed), WARD_OK);
    CHECK_NUMBER(needed, strlen(line));
    for (size_t size = 0; size <= needed + 2; size++) {
        char *const out = buffer_of(size);
        size_t length = 1;
        const struct ward_status status = ward_audit_json(&event, digest, out, size, &length);
        CHECK_STATUS(status, size > needed ? WARD_OK : WARD_BUFFER_TOO_SMALL);
        CHECK_NUMBER(length, size > needed ? needed : 0);
        CHECK(size == 0 || strcmp(out, size > needed ? line : "") == 0);
    }
}

SUITE(buffer_sizes, CASE(escaped_text_is_cut_at_a_whole_piece_in_every_size),
      CASE(an_audit_line_is_whole_or_empty_in_every_size));
