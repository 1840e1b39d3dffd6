/* SPDX-License-Identifier: Apache-2.0 */
/* What a request needs to be granted. */
#ifndef WARD_ACCESS_DEMAND_H
#define WARD_ACCESS_DEMAND_H

#include "ward/access.h"

/** What a route demands, and what the audit says of the request. */
struct ward_demand {
    struct ward_text expression; /**< scopes; not looked at with any_scope */
    bool any_scope;              /**< any verified subject will do */
    bool exposed;                /**< a credential came over an unprotected channel */
    uint16_t method;
    size_t row; /**< of the policy's table, or WARD_NO_ROUTE */
};

#endif
