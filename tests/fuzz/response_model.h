/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer must come to, said in another way than port/http says it: with all of the stream at hand, line by line. */
#ifndef WARD_FUZZ_RESPONSE_MODEL_H
#define WARD_FUZZ_RESPONSE_MODEL_H

#include "port/http/answer_fields.h"

/** What a stream and then the connection's end come to. */
struct model_answer {
    enum ward_code code; /**< WARD_OK, WARD_FETCH_HTTP_STATUS, WARD_FETCH_TOO_LONG, WARD_FETCH_CODING;
                            WARD_FETCH_PROTOCOL also for what is cut off */
    bool strange; /**< it has chunk extensions or fields after the body, whose grammar the model does not judge */
    bool known;   /**< `http` and `fields` are those of the answer */
    unsigned http;
    struct ward_http_answer_fields fields;
    size_t used; /**< bytes of the answer, where `code` is WARD_OK */
    size_t body_length;
    char body[65536];
};

/**
 * @param clean        the peer said that it closes. The stream is shorter than any bound on headers
 * @param conditional  the request had a condition, so that 304 is an answer
 */
void model_answer(const char *stream, size_t length, bool clean, bool conditional, struct model_answer *answer);

#endif
