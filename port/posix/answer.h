/* SPDX-License-Identifier: Apache-2.0 */
/* An answer to a fetch as libcurl hands it over: lines of its header, pieces of its body. Private to port/posix. */
#ifndef WARD_PORT_POSIX_ANSWER_H
#define WARD_PORT_POSIX_ANSWER_H

#include <stddef.h>

#include "port/posix/fetch.h"

/** The first reason for which a fetch fails stays. */
void ward_posix_answer_fail(struct ward_posix_fetch *fetch, enum ward_code code);

/** Forgets what an earlier answer's fields have said. */
void ward_posix_answer_begin(struct ward_posix_fetch *fetch);

/** What is wrong with an answer, by its status and its fields; WARD_OK: nothing. */
enum ward_code ward_posix_answer_fault(const struct ward_posix_fetch *fetch);

/** libcurl's callback for a line of the header. */
size_t ward_posix_answer_header(char *data, size_t one, size_t length, void *context);

/** libcurl's callback for a piece of the body, which waits until the one before has been read. */
size_t ward_posix_answer_body(char *data, size_t one, size_t length, void *context);

#endif
