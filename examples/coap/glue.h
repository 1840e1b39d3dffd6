/* SPDX-License-Identifier: Apache-2.0 */
/* libcoap's requests and ward. */
#ifndef GLUE_H
#define GLUE_H

#include <coap3/coap.h>

/** Gives a server its resources: /authz-info takes tokens, /led is what they are for. */
void glue_begin(coap_context_t *context);

#endif
