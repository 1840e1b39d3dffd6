/* SPDX-License-Identifier: Apache-2.0 */
#include "framing_model.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 16384 };

/* ---- Lines. */

/* The bytes of a line that ends in CR LF, without them; false where CR or LF stands alone before that. */
static bool read_line(struct ward_text text, size_t from, struct ward_text *line)
{
    size_t at = from;
    while (at < text.length && text.data[at] != '\r' && text.data[at] != '\n')
        at++;
    *line = ward_text_of(text.data + from, at - from);
    return at + 1 < text.length && text.data[at] == '\r' && text.data[at + 1] == '\n';
}

size_t model_head_length(struct ward_text request)
{
    struct ward_text line;
    bool first = true;
    for (size_t at = 0; read_line(request, at, &line);) {
        at += line.length + 2;
        if (line.length == 0 && !first)
            return at;
        first = first && line.length == 0;
    }
    return 0;
}

static bool matches(struct ward_text text, const char *expression)
{
    static char copy[LONGEST];
    regex_t compiled;
    if (text.length >= sizeof copy || memchr(text.data, '\0', text.length) != NULL)
        return false;
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    if (regcomp(&compiled, expression, REG_EXTENDED | REG_ICASE | REG_NOSUB) != 0)
        abort();
    const bool found = regexec(&compiled, copy, 0, NULL, 0) == 0;
    regfree(&compiled);
    return found;
}

/* ---- Fields. */

/* What the fields of a head said: how many of each name, and the value of the last one without the space around it. */
struct field {
    const char *name;
    unsigned count;
    struct ward_text value;
};

enum { HOST, CODING, LENGTH, EXPECT, FIELDS };

struct head {
    struct ward_text first;
    struct field fields[FIELDS];
    bool expects_other;
    bool broken;
};

static struct ward_text without_space(struct ward_text text)
{
    while (text.length > 0 && memchr(" \t", text.data[0], 2) != NULL)
        text = ward_text_of(text.data + 1, text.length - 1);
    while (text.length > 0 && memchr(" \t", text.data[text.length - 1], 2) != NULL)
        text.length--;
    return text;
}

static void read_field(struct head *head, struct ward_text line)
{
    const char *const colon = line.length > 0 ? memchr(line.data, ':', line.length) : NULL;
    if (colon == NULL || colon == line.data || memchr(line.data, '\0', line.length) != NULL) {
        head->broken = true;
        return;
    }
    const struct ward_text name = ward_text_of(line.data, (size_t)(colon - line.data));
    head->broken = head->broken || !matches(name, "^[!#$%&'*+.^_`|~0-9a-z-]+$");
    for (int i = 0; i < FIELDS; i++) {
        struct field *const field = &head->fields[i];
        const struct ward_text wanted = ward_text_of(field->name, strlen(field->name));
        if (!ward_text_equal_ignoring_case(name, wanted))
            continue;
        field->count++;
        field->value = without_space(ward_text_of(colon + 1, line.length - name.length - 1));
        if (i == EXPECT && !matches(field->value, "^[ \t,]*((100-continue)[ \t]*(,[ \t,]*|$))*$"))
            head->expects_other = true;
    }
}

static void read_head(struct ward_text text, struct head *head)
{
    static const char *const names[FIELDS] = { "host", "transfer-encoding", "content-length", "expect" };
    struct ward_text line;
    memset(head, 0, sizeof *head);
    for (int i = 0; i < FIELDS; i++)
        head->fields[i].name = names[i];
    for (size_t at = 0; read_line(text, at, &line); at += line.length + 2) {
        if (head->first.length == 0)
            head->first = line;
        else if (line.length > 0)
            read_field(head, line);
    }
}

static bool is_1_1(const struct head *head)
{
    return matches(head->first, " HTTP/1\\.1$");
}

/* ---- Rules. */

bool model_host(struct ward_text text)
{
    char address[INET6_ADDRSTRLEN + 16];
    struct in6_addr bytes;
    if (matches(text, "^([-a-z0-9._~!$&'()*+,;=]|%[0-9a-f]{2})+(:[0-9]*)?$"))
        return true;
    if (!matches(text, "^\\[[0-9a-f:.]+\\](:[0-9]*)?$"))
        return false;
    const size_t length = (size_t)((const char *)memchr(text.data, ']', text.length) - text.data) - 1;
    if (length >= sizeof address)
        return false;
    memcpy(address, text.data + 1, length);
    address[length] = '\0';
    return inet_pton(AF_INET6, address, &bytes) == 1;
}

static bool takes_first(const struct head *head)
{
    return matches(head->first, "^[a-z-]+ [^ ]+ HTTP/1\\.[01]$");
}

static bool takes_host(const struct head *head)
{
    const struct field *const host = &head->fields[HOST];
    if (host->count == 0)
        return !is_1_1(head);
    return host->count == 1 && model_host(host->value);
}

static bool takes_framing(const struct head *head)
{
    const struct field *const coding = &head->fields[CODING];
    const struct field *const length = &head->fields[LENGTH];
    if (coding->count > 0)
        return coding->count == 1 && length->count == 0 && is_1_1(head) && matches(coding->value, "^chunked$");
    return length->count == 0 || (length->count == 1 && matches(length->value, "^[0-9]+$"));
}

bool model_takes(struct ward_text text)
{
    struct head head;
    read_head(text, &head);
    return !head.broken && takes_first(&head) && takes_host(&head) && takes_framing(&head) &&
           !(head.expects_other && is_1_1(&head));
}

bool model_closes(struct ward_text text)
{
    struct head head;
    read_head(text, &head);
    return !is_1_1(&head) || matches(head.first, "^CONNECT ");
}

/* ---- Where a request ends. */

/* Chunks, the last one, fields and an empty line; bytes of all that, 0: they are not there. */
static size_t read_chunks(struct ward_text text, char *body, size_t *length)
{
    struct ward_text line;
    size_t at = 0;
    *length = 0;
    for (;;) {
        if (!read_line(text, at, &line) || !matches(line, "^[0-9a-f]+([ ;].*)?$"))
            return 0;
        const size_t size = strtoul(line.data, NULL, 16);
        at += line.length + 2;
        if (size == 0)
            break;
        if (size > LONGEST - *length || text.length - at < size + 2 || memcmp(text.data + at + size, "\r\n", 2) != 0)
            return 0;
        memcpy(body + *length, text.data + at, size);
        *length += size;
        at += size + 2;
    }
    do {
        if (!read_line(text, at, &line))
            return 0;
        at += line.length + 2;
    } while (line.length > 0);
    return at;
}

bool model_ends(struct ward_text request, struct ward_text body)
{
    static char chunks[LONGEST];
    struct head head;
    size_t length;
    const size_t begin = model_head_length(request);
    const struct ward_text rest = ward_text_of(request.data + begin, request.length - begin);
    if (begin == 0)
        return false;
    read_head(ward_text_of(request.data, begin), &head);
    if (head.fields[CODING].count > 0)
        return read_chunks(rest, chunks, &length) == rest.length && ward_text_equal(ward_text_of(chunks, length), body);
    length = head.fields[LENGTH].count > 0 ? strtoul(head.fields[LENGTH].value.data, NULL, 10) : 0;
    return rest.length == length && ward_text_equal(rest, body);
}
