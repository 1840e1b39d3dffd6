/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "description.h"

static const struct ward_text https = WARD_TEXT("https://");
static const struct ward_text http = WARD_TEXT("http://");
static const struct ward_text well_known = WARD_TEXT("/.well-known/oauth-protected-resource");

static bool begins_with(struct ward_text text, struct ward_text begin)
{
    return text.length >= begin.length && ward_text_equal(ward_text_of(text.data, begin.length), begin);
}

static bool has(struct ward_text text, char c)
{
    return text.length > 0 && memchr(text.data, c, text.length) != NULL;
}

static size_t scheme_length(struct ward_text url)
{
    return begins_with(url, https) ? https.length : begins_with(url, http) ? http.length : 0;
}

size_t url_path(struct ward_text url)
{
    size_t at = scheme_length(url);
    while (at < url.length && url.data[at] != '/' && url.data[at] != '?')
        at++;
    return at;
}

/* Of either scheme: what can stand in a header between quotes, and names a host. */
static bool is_url(struct ward_text url)
{
    const size_t scheme = scheme_length(url);
    if (scheme == 0 || url.length > LONGEST_URL)
        return false;
    for (size_t i = 0; i < url.length; i++)
        if (url.data[i] <= ' ' || url.data[i] > '~' || strchr("\"\\#", url.data[i]) != NULL)
            return false;
    return ward_host_is_valid(ward_text_of(url.data + scheme, url_path(url) - scheme));
}

bool url_is_https(struct ward_text url)
{
    return begins_with(url, https) && is_url(url);
}

bool url_is_issuer(struct ward_text url)
{
    return url_is_https(url) && !has(url, '?');
}

/* A brace would begin a variable of the document's, which has none. */
bool url_is_server(struct ward_text url)
{
    return is_url(url) && !has(url, '?') && !has(url, '{') && !has(url, '}') && url.data[url.length - 1] != '/';
}

static void append(char *out, size_t *length, struct ward_text text)
{
    /* Compared without a sum: one that wraps would write in front of `out`, and gcc 14 says so. */
    if (text.length > 0 && *length <= LONGEST_URL && text.length <= LONGEST_URL - *length)
        memcpy(out + *length, text.data, text.length);
    *length += text.length;
}

/* Between the host and what follows it, of which a slash alone does not count. */
struct ward_text url_of_metadata(struct ward_text resource, char out[LONGEST_URL + 1])
{
    const size_t host = url_path(resource);
    struct ward_text rest = ward_text_of(resource.data + host, resource.length - host);
    size_t length = 0;
    if (rest.length > 0 && rest.data[0] == '/' && (rest.length == 1 || rest.data[1] == '?'))
        rest = ward_text_of(rest.data + 1, rest.length - 1);
    append(out, &length, ward_text_of(resource.data, host));
    append(out, &length, well_known);
    append(out, &length, rest);
    return ward_text_of(out, length <= LONGEST_URL ? length : 0);
}
