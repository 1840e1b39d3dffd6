/* SPDX-License-Identifier: Apache-2.0 */
#include "http/bearer.h"

#include "encoding/base64url.h"

static const struct ward_text scheme = WARD_TEXT("Bearer");

/* b64token of RFC 6750 section 2.1, a bit a character: + - . / 0 to 9 = A to Z _ a to z ~. Which of them a JWT may have is left
 * to the token's own rules. */
static const uint32_t token_characters[8] = { 0, 0x23ffe800u, 0x87fffffeu, 0x47fffffeu, 0, 0, 0, 0 };

static bool is_token_character(char c)
{
    const uint8_t byte = (uint8_t)c;
    return (token_characters[byte >> 5] >> (byte & 31u) & 1u) != 0u;
}

/* A scheme is a token of RFC 9110 section 5.6.2; what matters is where it ends. */
static size_t scheme_length(const char *value, size_t length)
{
    size_t end = 0;
    while (end < length && value[end] != ' ' && value[end] != '\t' && value[end] != ',')
        end++;
    return end;
}

static bool are_token_characters(const char *value, size_t from, size_t length)
{
    size_t at = from;
    /* Nearly all of a JWT is base64url, which is passed over faster than a character at a time. */
    while (at < length && is_token_character(value[at])) {
        at++;
        at += ward_base64url_span(value + at, length - at);
    }
    return at == length;
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
    if (!are_token_characters(value, at, request->authorization_length))
        return ward_status_of(WARD_CREDENTIAL_INVALID);
    *token = request->authorization + at;
    *length = request->authorization_length - at;
    return ward_status_of(WARD_OK);
}
