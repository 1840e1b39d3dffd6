/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "access/bundle_deny.h"

#if WARD_MAX_BUNDLE > 0

#include <string.h>

#include "encoding/json.h"
#include "encoding/json_find.h"
#include "token/date.h"
#include "ward/access.h"
#include "ward/denials.h"

/* Longest `sub`, as of a token. */
enum { LONGEST_SUBJECT = 255 };

/* Members of an entry: whom, and up to when. */
enum { MEMBERS = 2 };

static const struct ward_text sub_name = WARD_TEXT("sub");
static const struct ward_text owner_name = WARD_TEXT("owner");
static const struct ward_text everybody_name = WARD_TEXT("everybody");
static const struct ward_text issued_until_name = WARD_TEXT("issued_until");
static const struct ward_text always = WARD_TEXT("always");
static const struct ward_text true_literal = WARD_TEXT("true");

/* Where the entries go. */
struct reading {
    const struct ward_expect *expect;
    struct ward_workspace *work;
    struct ward_bundle *bundle;
};

static struct ward_status invalid(void)
{
    return ward_status_of(WARD_BUNDLE_DENIALS_INVALID);
}

static bool read_until(const struct ward_json *entry, uint64_t *until)
{
    const size_t value = ward_json_member(entry, 0, issued_until_name);
    const struct ward_text text = value > 0 ? ward_json_text(entry, value) : ward_text_of(NULL, 0);
    struct ward_date date;
    *until = WARD_DENY_ALWAYS;
    if (value > 0 && ward_json_type(entry, value) == WARD_JSON_TEXT)
        return ward_text_equal(text, always);
    if (value == 0 || ward_json_type(entry, value) != WARD_JSON_NUMBER || !ward_date_read(text, &date))
        return false;
    /* 0 would be a free entry; what it means is who does not say when. */
    *until = date.seconds > 0 ? date.seconds : 1;
    return !date.fraction;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_owner(struct ward_text text, uint8_t owner[WARD_OWNER_SIZE])
{
    enum { DIGITS = 2 * WARD_OWNER_SIZE };
    if (text.length != DIGITS)
        return false;
    for (size_t i = 0; i < DIGITS; i += 2) {
        const int high = hex_digit(text.data[i]);
        const int low = hex_digit(text.data[i + 1]);
        if (high < 0 || low < 0)
            return false;
        owner[i / 2] = (uint8_t)(16 * high + low);
    }
    return true;
}

static struct ward_status add(const struct reading *reading, const uint8_t owner[WARD_OWNER_SIZE], uint64_t until)
{
    const struct ward_status status = ward_denial_add(reading->bundle->denials, owner, until);
    return ward_ok(status) ? status : ward_status_of(WARD_BUNDLE_DENIALS_FULL);
}

/* Under each name. The entry's table is gone with the first id. */
static struct ward_status deny_subject(const struct reading *reading, struct ward_text subject, uint64_t until)
{
    const struct ward_expect *const expect = reading->expect;
    const size_t count = expect->authority.length > 0 ? 1 : expect->issuers.count;
    struct ward_status status = ward_status_of(WARD_OK);
    for (size_t i = 0; i < count && ward_ok(status); i++) {
        uint8_t owner[WARD_OWNER_SIZE];
        status = ward_owner_id(ward_authority_of(expect, expect->issuers.item[i]), subject, reading->work, owner);
        if (ward_ok(status))
            status = add(reading, owner, until);
    }
    return status;
}

static bool subject_is_valid(struct ward_text subject)
{
    return subject.length <= LONGEST_SUBJECT && memchr(subject.data, '\0', subject.length) == NULL;
}

static bool is_true(const struct ward_json *entry, size_t value)
{
    return ward_json_type(entry, value) == WARD_JSON_BOOLEAN &&
           ward_text_equal(ward_json_text(entry, value), true_literal);
}

/* One of three members says whom. */
static struct ward_status deny_whom(const struct reading *reading, const struct ward_json *entry, uint64_t until)
{
    const size_t sub = ward_json_member(entry, 0, sub_name);
    const size_t owner = ward_json_member(entry, 0, owner_name);
    const size_t everybody = ward_json_member(entry, 0, everybody_name); /* 0, where there is none, is an object */
    uint8_t id[WARD_OWNER_SIZE];
    if (sub > 0 && ward_json_type(entry, sub) == WARD_JSON_TEXT && subject_is_valid(ward_json_text(entry, sub)))
        return deny_subject(reading, ward_json_text(entry, sub), until);
    if (owner > 0 && ward_json_type(entry, owner) == WARD_JSON_TEXT && read_owner(ward_json_text(entry, owner), id))
        return add(reading, id, until);
    if (!is_true(entry, everybody))
        return invalid();
    if (until > reading->bundle->issued_until)
        reading->bundle->issued_until = until;
    return ward_status_of(WARD_OK);
}

static struct ward_status read_entry(const struct reading *reading, char *text, size_t length)
{
    struct ward_json entry;
    uint64_t until;
    const struct ward_status status = ward_json_parse(&entry, text, length, reading->work->part.values,
                                                      WARD_MAX_JSON_VALUES);
    if (!ward_ok(status))
        return status;
    if (ward_json_size(&entry, 0) != MEMBERS || !read_until(&entry, &until))
        return invalid();
    return deny_whom(reading, &entry, until);
}

struct ward_status ward_bundle_read_denials(char *text, size_t length, const struct ward_expect *expect,
                                            struct ward_workspace *work, struct ward_bundle *bundle)
{
    const struct reading reading = { expect, work, bundle };
    struct ward_json_part item = { 0, 0 };
    struct ward_json_scan scan;
    ward_json_scan_begin(&scan);
    struct ward_status status = ward_json_next_object(&scan, text, length, &item);
    while (ward_ok(status)) {
        status = read_entry(&reading, text + item.begin, item.end - item.begin);
        if (ward_ok(status))
            status = ward_json_next_object(&scan, text, length, &item);
    }
    if (status.code == WARD_CLAIM_MISSING)
        return ward_status_of(WARD_OK);
    return status.code == WARD_JSON_MALFORMED ? invalid() : status;
}

struct ward_status ward_bundle_authority(const struct ward_expect *expect, struct ward_workspace *work,
                                         uint8_t mark[WARD_DENIAL_OWNER])
{
    memset(mark, 0, WARD_DENIAL_OWNER);
    if (expect->authority.length == 0)
        return ward_status_of(WARD_OK);
    return ward_owner_id(expect->authority, ward_text_of(NULL, 0), work, mark);
}

#endif
