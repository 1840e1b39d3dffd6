/* SPDX-License-Identifier: Apache-2.0 */
#include "ward/http.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex_digit(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static struct ward_text from(struct ward_text text, size_t at)
{
    return ward_text_of(text.data + at, text.length - at);
}

/* ---- reg-name: RFC 3986 section 3.2.2. An IPv4 address is one too. */

/* unreserved and sub-delims without letters and digits. The NUL that ends the list is not a character of a name. */
static bool is_mark(char c)
{
    static const char marks[] = "-._~!$&'()*+,;=";
    size_t i = 0;
    while (marks[i] != '\0' && marks[i] != c)
        i++;
    return marks[i] != '\0';
}

/* Bytes of the name that a text starts with. */
static size_t name_length(struct ward_text text)
{
    size_t at = 0;
    while (at < text.length) {
        const char c = text.data[at];
        if (is_letter(c) || is_digit(c) || is_mark(c))
            at++;
        else if (c == '%' && text.length - at > 2 && is_hex_digit(text.data[at + 1]) && is_hex_digit(text.data[at + 2]))
            at += 3;
        else
            break;
    }
    return at;
}

/* ---- IPv6address, likewise. */

/* Digits of the group that a text starts with, or of the decimal number: 0 if there are none or more than `most`. */
static size_t run_length(struct ward_text text, size_t most, bool (*belongs)(char c))
{
    size_t length = 0;
    while (length < text.length && belongs(text.data[length]))
        length++;
    return length <= most ? length : 0;
}

/* A number of 0 to 255 without leading zeros. */
static bool is_octet(struct ward_text digits)
{
    uint32_t number = 0;
    for (size_t i = 0; i < digits.length; i++)
        number = number * 10u + (uint32_t)(digits.data[i] - '0');
    return number <= 255u && (digits.length == 1 || digits.data[0] != '0');
}

static bool is_ipv4(struct ward_text text)
{
    size_t at = 0;
    for (unsigned octet = 0; octet < 4; octet++) {
        if (octet > 0) {
            if (at == text.length || text.data[at] != '.')
                return false;
            at++;
        }
        const size_t length = run_length(from(text, at), 3, is_digit);
        if (length == 0 || !is_octet(ward_text_of(text.data + at, length)))
            return false;
        at += length;
    }
    return at == text.length;
}

/* Takes one group and the colon that follows it; the number of groups that it stands for, 0: it is none. What is left
 * at the end of the address may be an IPv4 address, which stands for two. */
static unsigned take_group(struct ward_text text, size_t *at)
{
    const struct ward_text rest = from(text, *at);
    const size_t length = run_length(rest, 4, is_hex_digit);
    if (is_ipv4(rest)) {
        *at = text.length;
        return 2;
    }
    if (length == 0 || (length < rest.length && rest.data[length] != ':') || length + 1 == rest.length)
        return 0;
    *at += length < rest.length ? length + 1 : length;
    return 1;
}

/* `::` in place of at least one group, once at most. */
static bool is_ipv6(struct ward_text text)
{
    unsigned groups = 0;
    bool gap = false;
    size_t at = 0;
    if (text.length >= 2 && text.data[0] == ':' && text.data[1] == ':') {
        gap = true;
        at = 2;
    }
    while (at < text.length) {
        if (text.data[at] == ':') {
            if (gap || at == 0)
                return false;
            gap = true;
            at++;
            continue;
        }
        const unsigned taken = take_group(text, &at);
        if (taken == 0)
            return false;
        groups += taken;
    }
    return gap ? groups <= 7 : groups == 8;
}

/* ---- Together. */

/* Bytes of an address in brackets, which the text starts with; 0: it is not one. */
static size_t bracket_length(struct ward_text text)
{
    size_t end = 1;
    while (end < text.length && text.data[end] != ']')
        end++;
    if (end == text.length || !is_ipv6(ward_text_of(text.data + 1, end - 1)))
        return 0;
    return end + 1;
}

bool ward_host_is_valid(struct ward_text host)
{
    if (host.length == 0)
        return false;
    size_t at = host.data[0] == '[' ? bracket_length(host) : name_length(host);
    if (at == 0 || (at < host.length && host.data[at] != ':'))
        return false;
    while (at + 1 < host.length && is_digit(host.data[at + 1]))
        at++;
    return at + 1 >= host.length;
}
