/* SPDX-License-Identifier: Apache-2.0 */
/* One token on its way through the gate. */
#ifndef WARD_ACCESS_CHECK_H
#define WARD_ACCESS_CHECK_H

#include "ward/access.h"

/** What the steps hand on to each other. */
struct ward_check {
    struct ward_gate *gate;
    const struct ward_caller *caller;
    struct ward_workspace *work;
    struct ward_decision *decision;
    const struct ward_jwks *keys; /**< those in use when the check began */
    const struct ward_key *key;   /**< that the token names */
    struct ward_bucket *stranger; /**< the budget of its own from which a stranger has paid */
    uint8_t digest[32];           /**< what the token is known by */
    bool reserved;                /**< the peer's reserve has paid */
    bool hit;                     /**< the signature was known to be good */
};

#endif
