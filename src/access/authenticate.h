/* SPDX-License-Identifier: Apache-2.0 */
/* Steps 5 to 8 of a request. */
#ifndef WARD_ACCESS_AUTHENTICATE_H
#define WARD_ACCESS_AUTHENTICATE_H

#include "access/check.h"

/**
 * The token's form, header and key, its signature or the memory of it, and the claims, which are the grant's on WARD_OK.
 * A hit has the grant's owner as well. Takes the lock.
 */
WARD_MUST_USE struct ward_status ward_authenticate(struct ward_check *check, char *token, size_t length);

#endif
