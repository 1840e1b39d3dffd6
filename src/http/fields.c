/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "crypto/wipe.h"
#include "ward/http.h"

static const struct ward_text authorization = WARD_TEXT("authorization");
static const struct ward_text origin = WARD_TEXT("origin");
static const struct ward_text requested_method = WARD_TEXT("access-control-request-method");

/* Counts up to a number that is still no WARD_COUNT_UNKNOWN. */
static void take_authorization(struct ward_request *request, char *value, size_t length)
{
    const bool first = request->authorization_count == 0;
    if (first) {
        request->authorization = value;
        request->authorization_length = length;
    }
    if (!first && length > 0)
        ward_wipe(value, length);
    if (request->authorization_count < WARD_COUNT_UNKNOWN - 1)
        request->authorization_count++;
}

/* A second one leaves an empty text that is somewhere, so that a third is not a first. */
static void take_origin(struct ward_request *request, const char *value, size_t length)
{
    const bool first = request->origin.data == NULL;
    request->origin = ward_text_of(value, first ? length : 0);
}

static void take_requested_method(struct ward_request *request, struct ward_text value)
{
    const uint16_t method = ward_method_of(value);
    if (method != 0)
        request->requested_method = method;
}

void ward_request_field(struct ward_request *request, struct ward_text name, char *value, size_t length)
{
    if (ward_text_equal_ignoring_case(name, authorization))
        take_authorization(request, value, length);
    if (ward_text_equal_ignoring_case(name, origin))
        take_origin(request, value, length);
    if (ward_text_equal_ignoring_case(name, requested_method))
        take_requested_method(request, ward_text_of(value, length));
}
