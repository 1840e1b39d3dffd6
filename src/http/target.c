/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ward/http.h"

static const struct ward_text slash = WARD_TEXT("/");
static const struct ward_text asterisk = WARD_TEXT("*");

static struct ward_text from(struct ward_text text, size_t at)
{
    return ward_text_of(text.data + at, text.length - at);
}

/* Where a text ends, or the first of these two characters stands. */
static size_t find_either(struct ward_text text, char one, char other)
{
    size_t at = 0;
    while (at < text.length && text.data[at] != one && text.data[at] != other)
        at++;
    return at;
}

/* Path and query. */
static struct ward_target split(struct ward_text text)
{
    struct ward_target target = { text, { NULL, 0 } };
    target.path.length = find_either(text, '?', '?');
    if (target.path.length < text.length)
        target.query = from(text, target.path.length + 1u);
    return target;
}

/* Bytes of the scheme http or https and its two slashes, in any case; 0: it starts with neither. */
static size_t scheme_length(struct ward_text text)
{
    static const struct ward_text schemes[] = { WARD_TEXT("http://"), WARD_TEXT("https://") };
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (text.length >= schemes[i].length &&
            ward_text_equal_ignoring_case(ward_text_of(text.data, schemes[i].length), schemes[i]))
            return schemes[i].length;
    return 0;
}

/* Absolute-form, after its scheme. Userinfo makes the host one that is not valid. */
static struct ward_target read_absolute(uint16_t method, struct ward_text rest)
{
    struct ward_target target = { { NULL, 0 }, { NULL, 0 } };
    const size_t end = find_either(rest, '/', '?');
    if (!ward_host_is_valid(ward_text_of(rest.data, end)))
        return target;
    if (end == rest.length) {
        target.path = method == WARD_OPTIONS ? asterisk : slash;
        return target;
    }
    target = split(from(rest, end));
    if (target.path.length == 0)
        target.path = slash;
    return target;
}

struct ward_target ward_target_of(uint16_t method, struct ward_text target)
{
    static const struct ward_target none = { { NULL, 0 }, { NULL, 0 } };
    const size_t scheme = scheme_length(target);
    if (scheme > 0)
        return read_absolute(method, from(target, scheme));
    if (ward_text_equal(target, asterisk))
        return method == WARD_OPTIONS ? split(asterisk) : none;
    if (target.length > 0 && target.data[0] == '/')
        return split(target);
    return none;
}

struct ward_status ward_target_join(struct ward_text path, struct ward_text query, char *buffer, size_t size,
                                    struct ward_text *target)
{
    *target = ward_text_of(NULL, 0);
    if (find_either(path, '?', '#') < path.length)
        return ward_status_of(WARD_TARGET_INVALID);
    if (query.length == 0) {
        *target = path;
        return ward_status_of(WARD_OK);
    }
    /* Neither sum can wrap around: each text lies in memory, and what is subtracted is not more. */
    if (size <= path.length || size - path.length - 1u < query.length)
        return ward_status_of(WARD_BUFFER_TOO_SMALL);
    if (path.length > 0)
        memcpy(buffer, path.data, path.length);
    buffer[path.length] = '?';
    memcpy(buffer + path.length + 1u, query.data, query.length);
    *target = ward_text_of(buffer, path.length + 1u + query.length);
    return ward_status_of(WARD_OK);
}
