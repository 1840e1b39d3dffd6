/* SPDX-License-Identifier: Apache-2.0 */
/* Private: what a request needs to be granted. Here since a struct ward_check contains it; see src/access/decide.h. */
#ifndef WARD_PRIVATE_DEMAND_H
#define WARD_PRIVATE_DEMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/text.h"

/** What a route demands, and what the audit says of the request. */
struct ward_demand {
    struct ward_text expression; /**< scopes; not looked at with any_scope */
    size_t row;                  /**< of the policy's table, or WARD_NO_ROUTE */
    uint16_t method;
    bool any_scope; /**< any verified subject will do */
    bool exposed;   /**< a credential came over an unprotected channel */
};

#endif
