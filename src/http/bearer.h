/* SPDX-License-Identifier: Apache-2.0 */
/* The Authorization header (RFC 9110 section 11.6.2, RFC 6750 section 2.1). */
#ifndef WARD_HTTP_BEARER_H
#define WARD_HTTP_BEARER_H

#include "ward/http.h"

/**
 * The one bearer token of a request: what follows the scheme. Its characters are looked at where the token is not known: ward_is_b64token().
 *
 * @param token   points into request->authorization
 *
 * @retval WARD_OK
 * @retval WARD_CREDENTIAL_MISSING   no header, or one of another scheme
 * @retval WARD_CREDENTIALS_MULTIPLE  more than one header
 * @retval WARD_CREDENTIAL_INVALID   `Bearer` without a token
 */
WARD_MUST_USE struct ward_status ward_bearer_token(const struct ward_request *request, char **token, size_t *length);

#endif
