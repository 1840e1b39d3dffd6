/* SPDX-License-Identifier: Apache-2.0 */
/* What every port asks the issuer's server for (RFC 9110, 12.5). Servers differ in what they refuse: some answer 406 to
 * who takes application/json alone (RFC 7517 registers application/jwk-set+json), some compress unless told not to.
 */
#ifndef WARD_PORT_HTTP_FETCH_FIELDS_H
#define WARD_PORT_HTTP_FETCH_FIELDS_H

/** The value of `Accept`: a key set, else JSON, else whatever the server has. */
#define WARD_FETCH_ACCEPT "application/jwk-set+json, application/json;q=0.9, */*;q=0.1"

/** The value of `Accept-Encoding`: no compression, which would need memory to undo. */
#define WARD_FETCH_ACCEPT_ENCODING "identity"

#endif
