/* SPDX-License-Identifier: Apache-2.0 */
#include "http/path.h"

static int hex_digit(char c)
{
    const char letter = (char)(c | 0x20);
    if (c >= '0' && c <= '9')
        return c - '0';
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* The byte of the escape at `at`; -1 if it is malformed. */
static int escaped_byte(struct ward_text path, size_t at)
{
    if (path.length - at < 3)
        return -1;
    const int high = hex_digit(path.data[at + 1]);
    const int low = hex_digit(path.data[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* An escape that a server might decode before it looks for segments. */
static bool is_plain_escape(struct ward_text path, size_t at)
{
    const int byte = escaped_byte(path, at);
    return byte > 0 && byte != '/' && byte != '\\' && byte != '.';
}

static bool is_plain_character(char c)
{
    return c > 0x20 && c < 0x7f && c != '#' && c != ';' && c != '\\' && c != '?';
}

/* A segment that begins at `at`: not empty unless it is the last, not one or two dots. */
static bool is_plain_segment(struct ward_text path, size_t at)
{
    size_t end = at;
    while (end < path.length && path.data[end] != '/')
        end++;
    const size_t length = end - at;
    if (length == 0)
        return end == path.length;
    return !(path.data[at] == '.' && (length == 1 || (length == 2 && path.data[at + 1] == '.')));
}

bool ward_path_is_plain(struct ward_text path)
{
    if (path.length == 0 || path.length > WARD_MAX_PATH || path.data[0] != '/')
        return false;
    for (size_t i = 0; i < path.length; i++) {
        const char c = path.data[i];
        if (!is_plain_character(c) || (c == '%' && !is_plain_escape(path, i)))
            return false;
        if (c == '/' && !is_plain_segment(path, i + 1))
            return false;
    }
    return true;
}

/* The character at *at, decoded if asked for; *at moves after it. The path is plain: its escapes are whole. */
static char next_character(struct ward_text path, size_t *at, bool decoded)
{
    if (decoded && path.data[*at] == '%') {
        const int byte = escaped_byte(path, *at);
        *at += 3;
        return (char)byte;
    }
    return path.data[(*at)++];
}

bool ward_pattern_is_open(struct ward_text pattern)
{
    return pattern.length >= 2 && pattern.data[pattern.length - 1] == '*' && pattern.data[pattern.length - 2] == '/';
}

/* Whether a pattern may end here: the path does, or, of an open one, a segment. */
static bool ends_there(struct ward_text path, size_t at, bool open)
{
    return at == path.length || (open && path.data[at] == '/');
}

bool ward_path_matches(struct ward_text pattern, struct ward_text path, bool decoded)
{
    const bool open = ward_pattern_is_open(pattern);
    /* Of an open pattern the part before its last slash must match, and there the path ends or a segment does. */
    const size_t fixed = open ? pattern.length - 2 : pattern.length;
    size_t at = 0;
    /* As it stands a path has a character for each of the pattern's: where it ends, or has no slash, decides about most rows of a table. */
    if (!decoded && (path.length < fixed || !ends_there(path, fixed, open)))
        return false;
    for (size_t i = 0; i < fixed; i++)
        if (at >= path.length || next_character(path, &at, decoded) != pattern.data[i])
            return false;
    return ends_there(path, at, open);
}
