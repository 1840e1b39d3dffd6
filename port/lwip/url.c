#include "url.h"

#include <string.h>

enum { HTTPS = 443 };

static bool is_host(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/* A fragment is never sent; space, controls and 8-bit bytes would break the request line. */
static bool is_target(char c)
{
    return c > ' ' && c < 0x7f && c != '#';
}

static size_t span(struct ward_text text, size_t from, bool (*is)(char))
{
    size_t at = from;
    while (at < text.length && is(text.data[at]))
        at++;
    return at;
}

/* Digits of a port; 0 if it is none. */
static uint16_t port_of(struct ward_text digits)
{
    uint32_t port = 0;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9' || port > 6553)
            return 0;
        port = port * 10u + (uint32_t)(digits.data[i] - '0');
    }
    return port <= 65535 ? (uint16_t)port : 0;
}

bool url_parse(struct ward_text text, struct url *url)
{
    static const struct ward_text scheme = WARD_TEXT("https://");
    if (text.length <= scheme.length || !ward_text_equal_ignoring_case(ward_text_of(text.data, scheme.length), scheme))
        return false;
    const size_t begin = scheme.length;
    const size_t host_end = span(text, begin, is_host);
    size_t end = host_end;
    url->port = HTTPS;
    if (end < text.length && text.data[end] == ':') {
        end = span(text, end + 1, is_host);
        url->port = port_of(ward_text_of(text.data + host_end + 1, end - host_end - 1));
    }
    url->host = ward_text_of(text.data + begin, host_end - begin);
    url->authority = ward_text_of(text.data + begin, end - begin);
    url->target = ward_text_of(text.data + end, text.length - end);
    if (url->host.length == 0 || url->port == 0 || span(text, end, is_target) != text.length)
        return false;
    return end == text.length || text.data[end] == '/' || text.data[end] == '?';
}
