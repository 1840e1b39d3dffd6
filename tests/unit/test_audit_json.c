/* SPDX-License-Identifier: Apache-2.0 */
/* Events as lines of JSON: valid whatever a subject is called, with all that `ward audit` checks. */
#include "encoding/json.h"
#include "gate.h"

static struct ward_audit_event event;
static uint8_t digest[WARD_AUDIT_DIGEST];
static char line[WARD_AUDIT_LINE];
static size_t length;

static void begin(void)
{
    memset(&event, 0, sizeof event);
    memset(digest, 0xd1, sizeof digest);
    event.seconds = NOW;
    event.trust = WARD_TIME_SET;
    event.sequence = 7;
    event.kind = WARD_AUDIT_REFUSAL;
    event.reason = WARD_SCOPE_INSUFFICIENT;
    event.http = 403;
    event.repeats = 3;
    event.method = WARD_POST;
    event.route = 12;
    event.subject_kind = WARD_SUBJECT_USER;
}

static void set_names(const char *subject, size_t subject_length, const char *client)
{
    memcpy(event.subject, subject, subject_length);
    event.subject_length = (uint8_t)subject_length;
    memcpy(event.client, client, strlen(client));
    event.client_length = (uint8_t)strlen(client);
}

static void write_line(void)
{
    memset(line, 'x', sizeof line);
    CHECK_STATUS(ward_audit_json(&event, digest, line, sizeof line, &length), WARD_OK);
    CHECK_NUMBER(strlen(line), length);
}

static bool has(const char *part)
{
    return strstr(line, part) != NULL;
}

/* ward's own strict reading of a copy: its strings are unescaped in place. */
static struct ward_json parsed;
static char copy[WARD_AUDIT_LINE];

static void parse_line(void)
{
    static uint32_t values[64 * WARD_JSON_WORDS];
    memcpy(copy, line, sizeof copy);
    CHECK_STATUS(ward_json_parse(&parsed, copy, length, values, 64), WARD_OK);
    CHECK_NUMBER(ward_json_type(&parsed, 0), WARD_JSON_OBJECT);
}

static struct ward_text member(const char *name)
{
    return ward_json_text(&parsed, ward_json_member(&parsed, 0, text(name)));
}

TEST(a_line_says_what_happened)
{
    begin();
    set_names("auth0|5", 7, "client");
    write_line();
    CHECK(has(
        "{\"sequence\":7,\"time\":1767225600,\"clock\":\"set\",\"kind\":\"refusal\",\"reason\":\"SCOPE_INSUFFICIENT\","
        "\"status\":403,\"method\":\"POST\",\"route\":12,\"repeats\":3,\"subject_kind\":\"user\",\"subject\":\"auth0|"
        "5\","
        "\"client\":\"client\",\"owner\":\"00000000000000000000000000000000\",\"peer\":\""));
    CHECK(line[length - 1] == '}');
    parse_line();
}

TEST(each_kind_subject_kind_and_trust_has_its_word)
{
    static const char *const kinds[] = { "unknown", "boot", "grant", "refusal", "change", "unknown" };
    static const char *const subjects[] = { "none", "user", "machine", "anonymous", "none", "none" };
    begin();
    for (uint8_t i = 0; i < 6; i++) {
        event.kind = i;
        event.subject_kind = i;
        write_line();
        parse_line();
        CHECK_TEXT(member("kind"), kinds[i]);
        CHECK_TEXT(member("subject_kind"), subjects[i]);
    }
    static const uint32_t trusts[] = { WARD_TIME_UNKNOWN, WARD_TIME_FLOOR, WARD_TIME_SET, 77 };
    static const char *const clocks[] = { "unknown", "floor", "set", "unknown" };
    for (size_t i = 0; i < 4; i++) {
        event.trust = trusts[i];
        write_line();
        parse_line();
        CHECK_TEXT(member("clock"), clocks[i]);
    }
}

TEST(what_is_not_there_is_not_said)
{
    begin();
    write_line();
    CHECK(!has("mixed") && !has("exposed") && has("\"route\":12,") && has("\"subject\":\"\","));
    event.route = WARD_AUDIT_NO_ROUTE;
    event.method = 0;
    event.marks = WARD_AUDIT_MIXED;
    write_line();
    CHECK(!has("\"route\"") && has("\"mixed\":true") && !has("exposed") && has("\"method\":\"\""));
    event.marks = WARD_AUDIT_EXPOSED;
    write_line();
    CHECK(!has("mixed") && has("\"exposed\":true"));
}

TEST(a_name_that_was_cut_is_marked)
{
    begin();
    set_names("auth0|12345678", 14, "clientclientcl");
    event.marks = WARD_AUDIT_SUBJECT_CUT;
    write_line();
    CHECK(has("\"subject\":\"auth0|12345678\xe2\x80\xa6\",\"client\":\"clientclientcl\","));
    event.marks = WARD_AUDIT_CLIENT_CUT;
    write_line();
    CHECK(has("\"subject\":\"auth0|12345678\",\"client\":\"clientclientcl\xe2\x80\xa6\","));
}

TEST(hostile_names_stay_inside_their_string)
{
    static const struct {
        const char *name;
        size_t length;
        const char *written;
    } names[] = { { "\",\"reason\":\"O", 13, "\"subject\":\"\\\",\\\"reason\\\":\\\"O\"" },
                  { "\\\\\\", 3, "\"subject\":\"\\\\\\\\\\\\\"" },
                  { "a\r\nb\t", 5, "\"subject\":\"a\\u000d\\u000ab\\u0009\"" },
                  { "\x1b[31m\x7f", 6, "\"subject\":\"\\u001b[31m\\u007f\"" },
                  { "\xe2\x80\xae"
                    "evil",
                    7, "\"subject\":\"\\u202eevil\"" },
                  { "\xc2\x9b", 2, "\"subject\":\"\\u009b\"" },
                  { "\xff\xfe", 2, NULL },
                  { "\0\0", 2, "\"subject\":\"\\u0000\\u0000\"" } };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        begin();
        set_names(names[i].name, names[i].length, "c");
        write_line();
        CHECK(names[i].written == NULL || has(names[i].written));
        for (size_t j = 0; j < length; j++)
            CHECK((uint8_t)line[j] >= 0x20 && line[j] != 0x7f);
        parse_line();
        CHECK_TEXT(member("reason"), "SCOPE_INSUFFICIENT");
        CHECK_TEXT(member("client"), "c");
    }
}

TEST(a_line_holds_all_that_its_chain_needs)
{
    uint8_t packed[WARD_AUDIT_PACKED];
    char hex[2 * WARD_AUDIT_PACKED + 1];
    static const char digits[] = "0123456789abcdef";
    begin();
    memset(event.previous, 0x9e, sizeof event.previous);
    memset(event.peer, 0x31, sizeof event.peer);
    memset(event.owner, 0xc4, sizeof event.owner);
    write_line();
    parse_line();
    CHECK_NUMBER(member("previous").length, 64);
    CHECK(memcmp(member("previous").data, "9e9e9e9e", 8) == 0);
    CHECK_TEXT(member("peer"), "31313131313131313131313131313131");
    CHECK_TEXT(member("owner"), "c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4");
    CHECK_NUMBER(member("digest").length, 64);
    CHECK(memcmp(member("digest").data, "d1d1d1d1", 8) == 0);
    ward_audit_pack(&event, packed);
    for (size_t i = 0; i < sizeof packed; i++) {
        hex[2 * i] = digits[packed[i] >> 4];
        hex[2 * i + 1] = digits[packed[i] & 15];
    }
    hex[2 * sizeof packed] = '\0';
    CHECK_TEXT(member("packed"), hex);
}

/* The longest of everything. */
static void begin_longest(void)
{
    begin();
    memset(&event, 0xff, sizeof event);
    event.reason = WARD_JWK_OPERATIONS_REFUSED;
    event.method = WARD_OPTIONS;
    event.route = 65534;
    event.subject_kind = WARD_SUBJECT_ANONYMOUS;
    event.kind = WARD_AUDIT_REFUSAL;
    memset(event.subject, 1, sizeof event.subject);
    memset(event.client, 1, sizeof event.client);
    event.subject_length = event.client_length = WARD_AUDIT_NAME;
}

TEST(the_longest_line_fits)
{
    begin_longest();
    write_line();
    CHECK(length > 700);
    parse_line();
}

TEST(a_buffer_too_small_holds_nothing_at_any_size)
{
    static char small[WARD_AUDIT_LINE];
    begin_longest();
    write_line();
    for (size_t size = 0; size <= length; size++) {
        size_t written = 99;
        memset(small, 'x', sizeof small);
        CHECK_STATUS(ward_audit_json(&event, digest, small, size, &written), WARD_BUFFER_TOO_SMALL);
        CHECK_NUMBER(written, 0);
        CHECK(size == 0 ? small[0] == 'x' : small[0] == '\0');
        CHECK_NUMBER(small[size], 'x');
    }
    size_t written = 0;
    CHECK_STATUS(ward_audit_json(&event, digest, small, length + 1, &written), WARD_OK);
    CHECK_NUMBER(written, length);
}

SUITE(audit_json, CASE(a_line_says_what_happened), CASE(each_kind_subject_kind_and_trust_has_its_word),
      CASE(what_is_not_there_is_not_said), CASE(a_name_that_was_cut_is_marked),
      CASE(hostile_names_stay_inside_their_string), CASE(a_line_holds_all_that_its_chain_needs),
      CASE(the_longest_line_fits), CASE(a_buffer_too_small_holds_nothing_at_any_size));
