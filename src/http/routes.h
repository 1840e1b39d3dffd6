/* SPDX-License-Identifier: Apache-2.0 */
/* The table of routes: path first, the most specific pattern wins. */
#ifndef WARD_HTTP_ROUTES_H
#define WARD_HTTP_ROUTES_H

#include "ward/http.h"

/** Where a request leads. */
struct ward_match {
    size_t row;       /**< of the table, where method and path match; else WARD_NO_ROUTE */
    uint16_t allowed; /**< methods of all rows with the pattern that won */
};

/**
 * Finds the row of a request.
 *
 * @param path  of ward_target_of()
 *
 * @retval WARD_OK                  match->row
 * @retval WARD_PATH_INVALID        the path can be read in more than one way
 * @retval WARD_ROUTE_NOT_FOUND            no pattern matches
 * @retval WARD_METHOD_NOT_ALLOWED  match->allowed says what is
 */
WARD_MUST_USE struct ward_status ward_routes_find(const struct ward_policy *policy, struct ward_text path,
                                                  uint16_t method, struct ward_match *match);

#endif
