/* SPDX-License-Identifier: Apache-2.0 */
/* The header fields that say how a request is to be read and whether a server may take it: Host, Content-Length,
 * Transfer-Encoding and Expect (RFC 9112, 3.2 and 6; RFC 9110, 10.1.1).
 *
 * llhttp reads the two in the middle for itself, and where it is lenient, what is read here refuses the request: an
 * empty Transfer-Encoding counts as none with it, and what follows would be the next request to ward and a body to
 * whoever stands in front.
 */
#ifndef WARD_PORT_HTTP_REQUEST_FIELDS_H
#define WARD_PORT_HTTP_REQUEST_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/text.h"

/** Longest value that is looked at, bytes: a name of 253, a colon and a port. A longer one cannot be right. */
#define WARD_HTTP_REQUEST_FIELD_LONGEST 259

/** The fields that are judged. */
enum ward_http_request_field {
    WARD_HTTP_REQUEST_FIELD_HOST,
    WARD_HTTP_REQUEST_FIELD_LENGTH,
    WARD_HTTP_REQUEST_FIELD_CODING,
    WARD_HTTP_REQUEST_FIELD_EXPECT
};

/** What was seen so far; zeroed: nothing. The caller's; private. */
struct ward_http_request_fields {
    bool host; /* there is one */
    bool length;
    bool coding;
    bool broken;    /* one is there twice where it may not be, or is not what its grammar says */
    bool chunked;   /* the coding so far ends in chunked */
    bool unknown;   /* there is a coding that nobody here reads */
    bool continues; /* 100-continue is expected */
    bool unmet;     /* something else is */
};

/** The next field, one of enum ward_http_request_field; spaces and tabs around its value do no harm. `too_long`: it was longer
 * than WARD_HTTP_REQUEST_FIELD_LONGEST, and has no value. */
void ward_http_request_fields_take(struct ward_http_request_fields *fields, uint8_t field, struct ward_text value,
                                   bool too_long);

/**
 * All have come.
 *
 * @param minor  of the version HTTP/1.x: in 1.0 there need not be a Host, no Transfer-Encoding can be trusted, and
 *               Expect says nothing
 *
 * @return 0, or the status to refuse the request with: 400, 417 or 501
 */
uint16_t ward_http_request_fields_judge(const struct ward_http_request_fields *fields, unsigned minor);

#endif
