/* SPDX-License-Identifier: Apache-2.0 */
#include "http/bearer.h"

static const struct ward_text scheme = WARD_TEXT("Bearer");

/* A scheme is a token of RFC 9110 section 5.6.2; what matters is where it ends. */
static size_t scheme_length(const char *value, size_t length)
{
    size_t end = 0;
    while (end < length && value[end] != ' ' && value[end] != '\t' && value[end] != ',')
        end++;
    return end;
}

static struct ward_status check_count(const struct ward_request *request)
{
    if (request->authorization_count > 1 && request->authorization_count != WARD_COUNT_UNKNOWN)
        return ward_status_of(WARD_CREDENTIALS_MULTIPLE);
    if (request->authorization == NULL || request->authorization_count == 0)
        return ward_status_of(WARD_CREDENTIAL_MISSING);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_bearer_token(const struct ward_request *request, char **token, size_t *length)
{
    const char *const value = request->authorization;
    const struct ward_status status = check_count(request);
    if (!ward_ok(status))
        return status;
    size_t at = scheme_length(value, request->authorization_length);
    if (!ward_text_equal_ignoring_case(ward_text_of(value, at), scheme))
        return ward_status_of(WARD_CREDENTIAL_MISSING);
    const size_t scheme_end = at;
    while (at < request->authorization_length && value[at] == ' ')
        at++;
    if (at == scheme_end || at == request->authorization_length)
        return ward_status_of(WARD_CREDENTIAL_INVALID);
    *token = request->authorization + at;
    *length = request->authorization_length - at;
    return ward_status_of(WARD_OK);
}
