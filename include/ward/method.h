/* SPDX-License-Identifier: Apache-2.0 */
/* ward: request methods (RFC 9110 section 9, RFC 5789). */
#ifndef WARD_METHOD_H
#define WARD_METHOD_H

#include <stdint.h>

#include "ward/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Methods, one bit each; a set of them is their sum. */
enum ward_method {
    WARD_GET = 1,
    WARD_HEAD = 2,
    WARD_POST = 4,
    WARD_PUT = 8,
    WARD_PATCH = 16,
    WARD_DELETE = 32,
    WARD_OPTIONS = 64
};

/** All bits of enum ward_method. */
#define WARD_ALL_METHODS 127

/** The bit of a method by its name, which is case-sensitive; 0 for a method that no route can have. */
uint16_t ward_method_of(struct ward_text name);

/** The name of a single bit; "" for anything else. Static text. */
const char *ward_method_name(uint16_t method);

#ifdef __cplusplus
}
#endif

#endif
