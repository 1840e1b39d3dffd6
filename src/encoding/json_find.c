/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/json_find.h"

#include "ward/config.h"

#if WARD_MAX_BUNDLE > 0

#include <string.h>

/* Depths that the scanner counts. */
enum { OUTERMOST = 1 };

/* The walk over one object. */
struct finding {
    struct ward_json_scan scan;
    struct ward_text name;
    size_t matched; /* bytes of the name that stands here and is the same so far */
    bool differs;
    bool follows; /* the next value is the member's */
    bool inside;  /* it has begun and not ended */
    bool found;
};

static void take_name(struct finding *finding)
{
    const struct ward_json_scan *const scan = &finding->scan;
    const struct ward_text name = finding->name;
    if (scan->event == WARD_JSON_STRING_BEGIN) {
        finding->matched = 0;
        finding->differs = false;
    } else if (scan->event == WARD_JSON_STRING_TEXT) {
        const size_t left = name.length - finding->matched;
        const bool same = scan->text_length <= left &&
                          memcmp(scan->text, name.data + finding->matched, scan->text_length) == 0;
        finding->differs = finding->differs || !same;
        finding->matched += same ? scan->text_length : 0;
    } else {
        finding->follows = !finding->differs && finding->matched == name.length;
    }
}

static bool begins_container(const struct ward_json_scan *scan)
{
    return scan->event == WARD_JSON_OBJECT_BEGIN || scan->event == WARD_JSON_ARRAY_BEGIN;
}

static bool ends_container(const struct ward_json_scan *scan)
{
    return scan->event == WARD_JSON_OBJECT_END || scan->event == WARD_JSON_ARRAY_END;
}

static void take_event(struct finding *finding, size_t at, struct ward_json_part *value)
{
    const struct ward_json_scan *const scan = &finding->scan;
    if (ward_json_is_name(scan) && scan->depth == OUTERMOST) {
        take_name(finding);
    } else if (finding->follows) {
        finding->follows = false;
        finding->found = true;
        finding->inside = begins_container(scan);
        value->begin = at;
        value->end = at;
    } else if (finding->inside && ends_container(scan) && scan->depth == OUTERMOST) {
        finding->inside = false;
        value->end = at + 1;
    }
}

struct ward_status ward_json_find(const char *text, size_t length, struct ward_text name, struct ward_json_part *value)
{
    struct finding finding = { .name = name };
    struct ward_json_part part = { 0, 0 };
    ward_json_scan_begin(&finding.scan);
    for (size_t i = 0; i < length; i++) {
        const struct ward_status status = ward_json_scan_byte(&finding.scan, text[i]);
        if (!ward_ok(status))
            return status;
        if (finding.scan.event != WARD_JSON_NOTHING)
            take_event(&finding, i, &part);
    }
    const struct ward_status status = ward_json_scan_end(&finding.scan);
    if (!ward_ok(status))
        return status;
    *value = part;
    return ward_status_of(finding.found ? WARD_OK : WARD_CLAIM_MISSING);
}

/* At the start the array, in it nothing but objects, and its end. */
static bool is_in_place(const struct ward_json_scan *scan, size_t at)
{
    if (at == 0)
        return scan->event == WARD_JSON_ARRAY_BEGIN;
    return scan->event == WARD_JSON_OBJECT_BEGIN || scan->event == WARD_JSON_ARRAY_END;
}

struct ward_status ward_json_next_object(struct ward_json_scan *scan, const char *text, size_t length,
                                         struct ward_json_part *item)
{
    size_t begin = 0;
    for (size_t i = item->end; i < length; i++) {
        const bool outside = scan->depth <= OUTERMOST;
        const struct ward_status status = ward_json_scan_byte(scan, text[i]);
        if (!ward_ok(status))
            return status;
        if (scan->event == WARD_JSON_OBJECT_END && scan->depth == OUTERMOST) {
            item->begin = begin;
            item->end = i + 1;
            return ward_status_of(WARD_OK);
        }
        if (!outside || scan->event == WARD_JSON_NOTHING)
            continue;
        if (!is_in_place(scan, i))
            return ward_status_of(WARD_JSON_MALFORMED);
        begin = i;
    }
    return ward_status_of(WARD_CLAIM_MISSING);
}

#endif
