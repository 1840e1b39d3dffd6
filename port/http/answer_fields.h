/* SPDX-License-Identifier: Apache-2.0 */
/* What the header fields of a key set's answer say about its coding (`Content-Encoding`: RFC 9110, 8.4), and about time:
 * `Cache-Control: max-age` (RFC 9111, 5.2.2.1), `Retry-After` (RFC 9110, 10.2.3), `Date` (RFC 9110, 6.6.1) and `Age`
 * (RFC 9111, 5.1). Where there are bundles, also its `ETag` (RFC 9110, 8.8.3).
 *
 * A field that stands twice, or is not what its grammar says, counts as absent: it only ever makes a device ask again later
 * or sooner within ward's bounds, or leaves its clock unset. `Age` is not added to `Date`: there are caches that renew `Date` and send
 * `Age` all the same, so that `Date` alone is a time that is surely past. That there is an age at all is told.
 */
#ifndef WARD_PORT_HTTP_ANSWER_FIELDS_H
#define WARD_PORT_HTTP_ANSWER_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/keyring.h"
#include "ward/text.h"

/** What was seen so far. The caller's; private. */
struct ward_http_answer_fields {
    uint64_t date;
    uint64_t now;
    uint32_t max_age;
    uint32_t retry_after;
    uint8_t dates;
    uint8_t max_ages;
    uint8_t retry_afters;
    bool aged;
#if WARD_MAX_BUNDLE > 0
    uint8_t etags;
    uint8_t etag_length;
    char etag[WARD_MAX_ETAG];
#endif
};

/** No field yet. */
void ward_http_answer_fields_begin(struct ward_http_answer_fields *fields);

/** About what time it is, for a `Date` whose year has two digits: a time that is surely past will do. Else 2024. After the begin. */
void ward_http_answer_fields_at(struct ward_http_answer_fields *fields, uint64_t now);

/**
 * The next header field, in any order; those that say nothing about time are passed over.
 *
 * @param name   without the colon, in any case
 * @param value  spaces and tabs around it do no harm
 */
void ward_http_answer_fields_take(struct ward_http_answer_fields *fields, struct ward_text name,
                                  struct ward_text value);

/**
 * Whether this header field says that the body is coded: `Content-Encoding` with any other value than `identity`. An
 * empty one, too: nobody can say what is meant by it.
 */
bool ward_http_answer_field_is_coding(struct ward_text name, struct ward_text value);

/** A header field whose value was too long to be kept: if it says something about time, it counts as one that cannot be read. */
void ward_http_answer_fields_lose(struct ward_http_answer_fields *fields, struct ward_text name);

/**
 * All have come.
 *
 * @param answer  its `max_age` (WARD_NO_MAX_AGE where there is none, several, or no number), `retry_after`, `date`, `aged`
 *                and `etag` are written, the rest is left as it is
 */
void ward_http_answer_fields_end(const struct ward_http_answer_fields *fields, struct ward_fetch_answer *answer);

#endif
