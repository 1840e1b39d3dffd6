/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include <stdlib.h>

#include "fuzz.h"

struct parser {
    struct reference *into;
    const uint8_t *at;
    const uint8_t *end;
    char *out;
    unsigned depth_left;
};

static bool value(struct parser *p);

static bool take(struct parser *p, char c)
{
    if (p->at == p->end || *p->at != (uint8_t)c)
        return false;
    p->at++;
    return true;
}

static void spaces(struct parser *p)
{
    while (take(p, ' ') || take(p, '\t') || take(p, '\n') || take(p, '\r'))
        ;
}

static size_t digits(struct parser *p)
{
    size_t count = 0;
    for (; p->at < p->end && *p->at >= '0' && *p->at <= '9'; p->at++)
        count++;
    return count;
}

static bool number(struct parser *p)
{
    take(p, '-');
    if (!take(p, '0') && digits(p) == 0)
        return false;
    if (take(p, '.') && digits(p) == 0)
        return false;
    if (take(p, 'e') || take(p, 'E')) {
        if (!take(p, '+'))
            take(p, '-');
        return digits(p) > 0;
    }
    return true;
}

static bool literal(struct parser *p, const char *word)
{
    for (; *word != '\0'; word++)
        if (!take(p, *word))
            return false;
    return true;
}

static void put(struct parser *p, uint32_t code)
{
    static const struct {
        uint32_t below;
        uint8_t first;
    } forms[] = { { 0x80, 0 }, { 0x800, 0xc0 }, { 0x10000, 0xe0 }, { 0x110000, 0xf0 } };
    unsigned more = 0;
    while (code >= forms[more].below)
        more++;
    *p->out++ = (char)(forms[more].first | code >> 6 * more);
    while (more-- > 0)
        *p->out++ = (char)(0x80u | (code >> 6 * more & 0x3fu));
}

static bool hex(struct parser *p, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        const char text[2] = { p->at < p->end ? (char)*p->at : '\0', '\0' };
        char *after;
        const unsigned long digit = strtoul(text, &after, 16);
        if (*after != '\0' || after == text)
            return false;
        *unit = *unit * 16 + (uint32_t)digit;
        p->at++;
    }
    return true;
}

static bool is_surrogate(uint32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdfff;
}

static bool escaped(struct parser *p)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    uint32_t unit;
    uint32_t low;
    for (size_t i = 0; letters[i] != '\0'; i++)
        if (take(p, letters[i])) {
            put(p, (uint32_t)meanings[i]);
            return true;
        }
    if (!take(p, 'u') || !hex(p, &unit))
        return false;
    if (is_surrogate(unit)) {
        if (unit >= 0xdc00 || !take(p, '\\') || !take(p, 'u') || !hex(p, &low) || low < 0xdc00 || low > 0xdfff)
            return false;
        unit = 0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00);
    }
    put(p, unit);
    return true;
}

/* Decodes by arithmetic and judges the number, where ward judges byte by byte. */
static bool beyond_ascii(struct parser *p)
{
    static const uint32_t smallest[] = { 0, 0x80, 0x800, 0x10000 };
    const uint8_t first = *p->at++;
    const unsigned more = first >= 0xf8 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    uint32_t code = more > 0 ? first & (0x3fu >> more) : 0;
    for (unsigned i = 0; i < more; i++) {
        if (p->at == p->end || *p->at < 0x80 || *p->at > 0xbf)
            return false;
        code = code << 6 | (*p->at++ & 0x3fu);
    }
    if (more == 0 || code < smallest[more] || code > 0x10ffff || is_surrogate(code))
        return false;
    put(p, code);
    return true;
}

static bool character(struct parser *p)
{
    if (p->at == p->end || *p->at < 0x20)
        return false;
    if (take(p, '\\'))
        return escaped(p);
    if (*p->at >= 0x80)
        return beyond_ascii(p);
    *p->out++ = (char)*p->at++;
    return true;
}

static bool string(struct parser *p)
{
    const char *const begin = p->out;
    if (!take(p, '"'))
        return false;
    while (!take(p, '"'))
        if (!character(p))
            return false;
    p->into->strings[p->into->string_count++] = ward_text_of(begin, (size_t)(p->out - begin));
    p->into->values++;
    return true;
}

static bool array(struct parser *p)
{
    spaces(p);
    if (take(p, ']'))
        return true;
    do {
        if (!value(p))
            return false;
    } while (take(p, ','));
    return take(p, ']');
}

/* The names of one object: a list on the stack, since `strings` holds those of inner objects too. */
struct names {
    struct ward_text name;
    const struct names *before;
};

static bool members(struct parser *p, const struct names *before)
{
    struct names own;
    spaces(p);
    if (!string(p))
        return false;
    own.name = p->into->strings[p->into->string_count - 1];
    own.before = before;
    for (const struct names *n = before; n != NULL; n = n->before)
        p->into->duplicate = p->into->duplicate || ward_text_equal(n->name, own.name);
    spaces(p);
    if (!take(p, ':') || !value(p))
        return false;
    return take(p, ',') ? members(p, &own) : take(p, '}');
}

static bool object(struct parser *p)
{
    spaces(p);
    return take(p, '}') || members(p, NULL);
}

static bool container(struct parser *p, bool (*inside)(struct parser *p))
{
    if (p->depth_left == 0)
        return false;
    p->into->values++;
    p->depth_left--;
    const bool right = inside(p);
    p->depth_left++;
    return right;
}

static bool scalar(struct parser *p)
{
    const uint8_t first = p->at < p->end ? *p->at : 0;
    p->into->values++;
    switch (first) {
    case 't': return literal(p, "true");
    case 'f': return literal(p, "false");
    case 'n': return literal(p, "null");
    default: return number(p);
    }
}

static bool value(struct parser *p)
{
    bool right;
    spaces(p);
    if (take(p, '{'))
        right = container(p, object);
    else if (take(p, '['))
        right = container(p, array);
    else if (p->at < p->end && *p->at == '"')
        right = string(p);
    else
        right = scalar(p);
    spaces(p);
    return right;
}

void reference_read(struct reference *reference, const char *text, size_t length, unsigned most_depth)
{
    struct parser p = { reference, (const uint8_t *)text, (const uint8_t *)text + length, NULL, most_depth };
    memset(reference, 0, sizeof *reference);
    reference->strings = malloc((length + 1) * sizeof *reference->strings);
    reference->memory = fuzz_block(length + 1);
    p.out = reference->memory;
    CHECK(reference->strings != NULL);
    reference->right = value(&p) && p.at == p.end;
}

void reference_free(struct reference *reference)
{
    free(reference->strings);
    free(reference->memory);
}
