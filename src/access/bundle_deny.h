/* SPDX-License-Identifier: Apache-2.0 */
/* The member `deny` of a bundle. */
#ifndef WARD_ACCESS_BUNDLE_DENY_H
#define WARD_ACCESS_BUNDLE_DENY_H

#include "keys/bundle.h"
#include "ward/token.h"

#if WARD_MAX_BUNDLE > 0

/**
 * Reads whom a bundle denies.
 *
 * @param text    the value of `deny`; its entries' strings are unescaped in place
 * @param expect  under whose names a subject is known
 * @param bundle  written, also on a refusal
 *
 * @retval WARD_OK, WARD_JSON_…, WARD_BUNDLE_DENIALS_INVALID, WARD_BUNDLE_DENIALS_FULL, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_bundle_read_denials(char *text, size_t length, const struct ward_expect *expect,
                                                          struct ward_workspace *work, struct ward_bundle *bundle);

/** A mark of the name under which a subject's owner ids are; zero: that of the issuers. WARD_OK, WARD_CRYPTO_FAILED. */
WARD_MUST_USE struct ward_status ward_bundle_authority(const struct ward_expect *expect, struct ward_workspace *work,
                                                       uint8_t mark[WARD_DENIAL_OWNER]);

#endif

#endif
