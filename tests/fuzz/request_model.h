/* SPDX-License-Identifier: Apache-2.0 */
/* What a request must come to, said in another way than src/http says it: by whole strings, slowly. */
#ifndef WARD_FUZZ_REQUEST_MODEL_H
#define WARD_FUZZ_REQUEST_MODEL_H

#include "ward/ward.h"

/** The table that the target enforces. */
extern const struct ward_route model_routes[];
extern const size_t model_route_count;

/** What a verified token may do; none where `verified` is not success. */
struct model_token {
    struct ward_status verified;
    bool read;
    bool write;
};

/**
 * The result that ward_gate_check() must have.
 *
 * @param token  asked for the token after `Bearer`, if it comes to that
 * @param row    written: the row of a grant
 */
enum ward_code model_result(const struct ward_policy *policy, const struct ward_request *request,
                            void (*read_token)(const char *token, size_t length, struct model_token *read),
                            size_t *row);

#endif
