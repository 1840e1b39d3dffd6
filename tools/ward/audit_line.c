/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "audit.h"
#include "tool.h"

static int hex_digit(char c)
{
    const char *const digits = "0123456789abcdef";
    const char *const found = c != '\0' ? strchr(digits, c) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

bool read_hex(const char *text, size_t length, uint8_t *bytes, size_t count)
{
    if (length != 2 * count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const int high = hex_digit(text[2 * i]);
        const int low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

bool audit_broken(const struct audit_chain *chain, const char *what)
{
    fprintf(stderr, "ward: %s:%u: %s\n", chain->path, chain->line, what);
    return false;
}

/* Nothing that ward_audit_json() writes is one; to a person it may hide what follows it. */
static bool is_control(int c)
{
    return c < 0x20 || c == 0x7f;
}

static bool refuse(const struct audit_chain *chain, const char *what, bool *good)
{
    *good = false;
    return audit_broken(chain, what);
}

bool audit_read_line(FILE *file, struct audit_chain *chain, char line[WARD_AUDIT_LINE], size_t *length, bool *good)
{
    int c = getc(file);
    *good = true;
    *length = 0;
    if (c == EOF)
        return false;
    chain->line++;
    for (; c != EOF && c != '\n'; c = getc(file)) {
        if (is_control(c))
            return refuse(chain, "a control character: no line of an audit has one, nor does it end in CR LF", good);
        if (*length == WARD_AUDIT_LINE - 1)
            return refuse(chain, "this is not a line of an audit: it is too long", good);
        line[(*length)++] = (char)c;
    }
    line[*length] = '\0';
    return true;
}

/* The bytes of a member whose value is hexadecimal. */
static bool read_member(const char *line, const char *name, uint8_t *bytes, size_t count)
{
    const char *const at = strstr(line, name);
    if (at == NULL)
        return false;
    const char *const value = at + strlen(name);
    const char *const end = strchr(value, '"');
    return end != NULL && read_hex(value, (size_t)(end - value), bytes, count);
}

/*
 * A line is read by its last members only, and then written again from them: unless that gives the same line, byte for byte,
 * somebody has changed what a person reads.
 */
bool audit_read_event(const struct audit_chain *chain, const char *line, size_t length, struct ward_audit_event *event,
                      uint8_t digest[WARD_AUDIT_DIGEST])
{
    struct ward_sha256 sha;
    uint8_t packed[WARD_AUDIT_PACKED];
    char again[WARD_AUDIT_LINE];
    size_t written;
    if (!read_member(line, "\"packed\":\"", packed, sizeof packed))
        return audit_broken(chain, "this is not a line of an audit");
    ward_audit_unpack(packed, event);
    if (!read_member(line, "\"previous\":\"", event->previous, sizeof event->previous))
        return audit_broken(chain, "this is not a line of an audit");
    if (!ward_ok(ward_audit_digest(event, &sha, digest)) ||
        !ward_ok(ward_audit_json(event, digest, again, sizeof again, &written)) || written != length ||
        memcmp(line, again, length) != 0)
        return audit_broken(chain, "the event was changed: its words or its digest are not those of its bytes");
    return true;
}
