/* SPDX-License-Identifier: Apache-2.0 */
/* Which requests a server may take and where they end, said in another way than port/http says it: line by line, over
 * the whole text, with POSIX' regular expressions and inet_pton(). RFC 9112. */
#ifndef WARD_FUZZ_FRAMING_MODEL_H
#define WARD_FUZZ_FRAMING_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "ward/text.h"

/** Bytes of a request from its first to the end of the empty line after its fields; 0: there is none, or a line is
 * broken. */
size_t model_head_length(struct ward_text request);

/** Whether a server may take a request with this head: its lines, its Host, the fields that frame its body, its
 * expectations. */
bool model_takes(struct ward_text head);

/** Whether a connection must end after a request with this head, whatever `Connection` says. */
bool model_closes(struct ward_text head);

/**
 * Whether a request ends where its own words say, with the body that they say. What is one byte off would be read as
 * the begin of the next request.
 *
 * @param request  the bytes that the parser took for one that is whole
 */
bool model_ends(struct ward_text request, struct ward_text body);

/** Whether a text is a host with or without a port. */
bool model_host(struct ward_text text);

#endif
