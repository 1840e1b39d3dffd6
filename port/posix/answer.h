/* SPDX-License-Identifier: Apache-2.0 */
/* An answer to a fetch as libcurl hands it over: lines of its header, pieces of its body. Private to port/posix. */
#ifndef WARD_PORT_POSIX_ANSWER_H
#define WARD_PORT_POSIX_ANSWER_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/http/answer_fields.h"
#include "ward/status.h"

/** What is known of the answer that is coming, and the piece of its body that has not been read yet. */
struct ward_posix_answer {
    CURL *easy;
    uint64_t now; /* the time at which it is judged */
    struct ward_http_answer_fields fields;
    struct ward_status status;
    size_t header_bytes;
    size_t body_bytes;
    size_t pending; /* bytes of `body`, and how many of them were read */
    size_t given;
    long http;
    bool conditional; /* status 304 is an answer */
    bool fields_are_over;
    bool paused; /* libcurl waits until `body` has been read */
    bool is_coded;
    bool end_is_told;
    bool end_is_doubtful;
    char body[CURL_MAX_WRITE_SIZE];
};

/** The first reason for which a fetch fails stays. */
void ward_posix_answer_fail(struct ward_posix_answer *answer, enum ward_code code);

/** Before a fetch: none has come as yet. */
void ward_posix_answer_begin(struct ward_posix_answer *answer, CURL *easy, uint64_t now);

/** Whether it says that what was asked for is unchanged: there is no body. */
bool ward_posix_answer_is_unchanged(const struct ward_posix_answer *answer);

/** What is wrong with an answer, by its status and its fields; WARD_OK: nothing. */
enum ward_code ward_posix_answer_fault(const struct ward_posix_answer *answer);

/** libcurl's callback for a line of the header. */
size_t ward_posix_answer_header(char *data, size_t one, size_t length, void *context);

/** libcurl's callback for a piece of the body, which waits until the one before has been read. */
size_t ward_posix_answer_body(char *data, size_t one, size_t length, void *context);

#endif
