/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/url.h"

enum { HTTP = 80, HTTPS = 443 };

static bool is_host(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
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

/* ---- A host that ends in a number. */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == 'x' || c == 'X';
}

/* Whether somebody could take it for an address: its last part is a number, also one in the notation of C. */
static bool ends_in_number(struct ward_text host)
{
    size_t from = host.length;
    while (from > 0 && host.data[from - 1] != '.')
        from--;
    const bool hex = host.length - from >= 2 && host.data[from] == '0' && (host.data[from + 1] | 0x20) == 'x';
    return span(host, from, hex ? is_hex : is_digit) == host.length;
}

/* A number of one to three digits up to 255, without zeros in front; where it ends, 0 if it is none. */
static size_t octet_end(struct ward_text host, size_t from)
{
    const size_t end = span(host, from, is_digit);
    unsigned octet = 0;
    if (end == from || end - from > 3 || (host.data[from] == '0' && end - from > 1))
        return 0;
    for (size_t i = from; i < end; i++)
        octet = octet * 10u + (unsigned)(host.data[i] - '0');
    return octet <= 255 ? end : 0;
}

static bool is_ipv4(struct ward_text host)
{
    size_t at = 0;
    for (unsigned part = 0; part < 4; part++) {
        if (part > 0) {
            if (at >= host.length || host.data[at] != '.')
                return false;
            at++;
        }
        at = octet_end(host, at);
        if (at == 0)
            return false;
    }
    return at == host.length;
}

/* ---- The whole. */

static bool parse_host(struct ward_text host, struct ward_http_url *url)
{
    if (host.length > 1 && host.data[host.length - 1] == '.')
        host.length--;
    url->host = host;
    return host.length > 0 && (!ends_in_number(host) || is_ipv4(host));
}

static bool parse_after_scheme(struct ward_text text, size_t begin, struct ward_http_url *url)
{
    const size_t host_end = span(text, begin, is_host);
    size_t end = host_end;
    url->port = url->cleartext ? HTTP : HTTPS;
    if (end < text.length && text.data[end] == ':') {
        end = span(text, end + 1, is_host);
        url->port = port_of(ward_text_of(text.data + host_end + 1, end - host_end - 1));
    }
    url->authority = ward_text_of(text.data + begin, end - begin);
    url->target = ward_text_of(text.data + end, text.length - end);
    if (!parse_host(ward_text_of(text.data + begin, host_end - begin), url) || url->port == 0 ||
        span(text, end, is_target) != text.length)
        return false;
    return end == text.length || text.data[end] == '/' || text.data[end] == '?';
}

static bool begins_with(struct ward_text text, struct ward_text scheme)
{
    return text.length > scheme.length && ward_text_equal_ignoring_case(ward_text_of(text.data, scheme.length), scheme);
}

/* 0: another scheme, or nothing behind it. */
static size_t scheme_length(struct ward_text text, struct ward_http_url *url)
{
    static const struct ward_text https = WARD_TEXT("https://");
    url->cleartext = false;
    if (begins_with(text, https))
        return https.length;
#if WARD_FETCH_CLEARTEXT
    static const struct ward_text http = WARD_TEXT("http://");
    url->cleartext = begins_with(text, http);
    if (url->cleartext)
        return http.length;
#endif
    return 0;
}

struct ward_status ward_http_url_parse(struct ward_text text, struct ward_http_url *url)
{
    const size_t begin = scheme_length(text, url);
    if (begin == 0)
        return ward_status_of(WARD_FETCH_URL);
    if (text.data[begin] == '[')
        return ward_status_of(WARD_FETCH_IPV6);
    return ward_status_of(parse_after_scheme(text, begin, url) ? WARD_OK : WARD_FETCH_URL);
}
