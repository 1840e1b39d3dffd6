#include <string.h>

#include "crypto/wipe.h"
#include "ward/http.h"

static bool is_named(struct ward_text name, const char *lower, size_t length)
{
    return ward_text_equal_ignoring_case(name, ward_text_of(lower, length));
}

#define IS_NAMED(name, literal) is_named((name), "" literal, sizeof(literal) - 1)

/* Counts up to a number that is still no WARD_COUNT_UNKNOWN. */
static void take_authorization(struct ward_request *request, char *value, size_t length)
{
    if (request->authorization_count == 0) {
        request->authorization = value;
        request->authorization_length = length;
    } else if (length > 0) {
        ward_wipe(value, length);
    }
    if (request->authorization_count < WARD_COUNT_UNKNOWN - 1)
        request->authorization_count++;
}

/* A second one leaves an empty text that is somewhere, so that a third is no first. */
static void take_origin(struct ward_request *request, const char *value, size_t length)
{
    const bool first = request->origin.data == NULL;
    request->origin = ward_text_of(value, first ? length : 0);
}

void ward_request_field(struct ward_request *request, struct ward_text name, char *value, size_t length)
{
    if (IS_NAMED(name, "authorization")) {
        take_authorization(request, value, length);
    } else if (IS_NAMED(name, "origin")) {
        take_origin(request, value, length);
    } else if (IS_NAMED(name, "access-control-request-method")) {
        const uint16_t method = ward_method_of(ward_text_of(value, length));
        if (method != 0)
            request->requested_method = method;
    }
}
