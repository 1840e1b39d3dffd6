/* SPDX-License-Identifier: Apache-2.0 */
#include "token_view.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t first_wrong(struct ward_text text)
{
    size_t at = 0;
    while (at < text.length && text.data[at] != '\0' && strchr(alphabet, text.data[at]) != NULL)
        at++;
    return at;
}

/* Whether the characters make whole bytes and leave no bit over; `out` then holds the bytes. */
static bool decode(struct ward_text text, char *out, size_t *length)
{
    uint32_t held = 0;
    unsigned bits = 0;
    *length = 0;
    for (size_t i = 0; i < text.length; i++) {
        held = held << 6 | (uint32_t)(strchr(alphabet, text.data[i]) - alphabet);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[(*length)++] = (char)(held >> bits);
        }
    }
    return bits < 6 && (held & ((1u << bits) - 1u)) == 0;
}

static void view_part(struct token_view *view, enum token_part_name name, struct ward_text text)
{
    struct token_part *const part = &view->part[name];
    static char bytes[WARD_MAX_TOKEN];
    char *const out = name == SIGNATURE ? bytes : view->json[name];
    size_t length = 0;
    part->text = text;
    part->wrong = first_wrong(text);
    part->decoded = part->wrong == text.length && decode(text, out, &length);
    part->status = ward_status_of(WARD_TOKEN_NOT_BASE64URL);
    if (!part->decoded || name == SIGNATURE)
        return;
    part->json = ward_text_of(out, length);
    part->status = json_grammar(part->json, &part->broken);
}

static size_t count_segments(struct ward_text text)
{
    size_t segments = 1;
    for (size_t i = 0; i < text.length; i++)
        segments += text.data[i] == '.';
    return segments;
}

void view_token(struct token_view *view, const char *token, size_t length)
{
    static const enum token_part_name order[] = { HEADER, CLAIMS, SIGNATURE };
    memset(view, 0, sizeof *view);
    view->length = length;
    if (length > sizeof view->text)
        return;
    memcpy(view->text, token, length);
    const struct ward_text text = ward_text_of(view->text, length);
    view->segments = length > 0 ? count_segments(text) : 0;
    size_t begin = 0;
    for (size_t i = 0; view->segments == PARTS && i < PARTS; i++) {
        const char *const dot = memchr(text.data + begin, '.', length - begin);
        const size_t end = dot != NULL ? (size_t)(dot - text.data) : length;
        view_part(view, order[i], ward_text_of(text.data + begin, end - begin));
        begin = end + 1;
    }
}
