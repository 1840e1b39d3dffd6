/* SPDX-License-Identifier: Apache-2.0 */
/* What stands where a token's form is broken, which limit was too small, and what can be done. */
#include <string.h>

#include "examination.h"

static void print_character(FILE *file, char c)
{
    static const struct {
        char c;
        const char *name;
    } names[] = { { '\n', "a line end (LF)" },
                  { '\r', "a carriage return (CR)" },
                  { ' ', "a blank" },
                  { '\t', "a tab" },
                  { '=', "padding (=)" },
                  { '"', "a quote" },
                  { '\'', "a quote" },
                  { '+', "a + of plain base64" },
                  { '/', "a / of plain base64" } };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].c == c) {
            fputs(names[i].name, file);
            return;
        }
    fprintf(file, "0x%02x", (unsigned)(uint8_t)c);
}

static const char *name_of(enum token_part_name part)
{
    static const char *const names[] = { "header", "claims", "signature" };
    return names[part];
}

static size_t count(struct ward_text text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += text.data[i] == c;
    return count;
}

static bool begins_with(struct ward_text text, const char *prefix)
{
    return text.length >= strlen(prefix) &&
           ward_text_equal_ignoring_case(ward_text_of(text.data, strlen(prefix)), text_from(prefix));
}

static void print_scheme(FILE *file, const struct token_view *view)
{
    if (begins_with(ward_text_of(view->text, view->length), "Bearer "))
        fputs("  'Bearer' is the scheme of the Authorization header: leave it and the blank out\n", file);
}

/* Of UTF-8, as some editors write it, or of UTF-16, as PowerShell does. */
static void print_mark(FILE *file, struct ward_text text)
{
    if (begins_with(text, "\xef\xbb\xbf") || begins_with(text, "\xff\xfe") || begins_with(text, "\xfe\xff"))
        fputs("  it starts with a byte order mark: write it as UTF-8 without one\n", file);
}

/* ward checks the signature before the claims; a person wants to know of the first character that is wrong. */
static enum token_part_name first_wrong_part(const struct token_view *view, enum token_part_name part)
{
    for (size_t i = 0; i < PARTS; i++)
        if (view->part[i].wrong < view->part[i].text.length)
            return (enum token_part_name)i;
    return part;
}

/* Places are counted from 1, as people and editors do. */
static void print_base64url(FILE *file, const struct examination *examination, enum token_part_name broken)
{
    const struct token_view *const view = &examination->view;
    const enum token_part_name part = first_wrong_part(view, broken);
    const struct ward_text text = view->part[part].text;
    const struct ward_text whole = ward_text_of(view->text, view->length);
    const size_t wrong = view->part[part].wrong;
    const size_t breaks = count(whole, '\n') + count(whole, '\r');
    if (wrong == text.length) {
        fprintf(file,
                "  the %s has only characters of base64url, but cannot end as it does: some are missing or were "
                "changed\n",
                name_of(part));
        return;
    }
    fprintf(file, "  byte %zu of %zu, in the %s: ", (size_t)(text.data - view->text) + wrong + 1, view->length,
            name_of(part));
    print_character(file, text.data[wrong]);
    fputs("\n", file);
    print_scheme(file, view);
    print_mark(file, whole);
    if (breaks > 0)
        fprintf(file, "  CR and LF in all: %zu; `tr -d '\\r\\n'` takes them out\n", breaks);
}

static void print_json(FILE *file, const struct examination *examination, enum token_part_name name)
{
    const struct token_part *const part = &examination->view.part[name];
    if (part->status.code != examination->status.code)
        fprintf(file, "  in the %s\n", name_of(name));
    else if (part->broken == part->json.length)
        fprintf(file, "  in the %s, which ends too early after its %zu bytes\n", name_of(name), part->json.length);
    else
        fprintf(file, "  at byte %zu of the %s (decoded): 0x%02x\n", part->broken + 1, name_of(name),
                (unsigned)(uint8_t)part->json.data[part->broken]);
}

/* Limits that were too small, and what the token has of it. */
static void print_limit(FILE *file, const struct examination *examination, enum token_part_name part)
{
    const struct token_view *const view = &examination->view;
    switch (examination->status.code) {
    case WARD_TOKEN_TOO_LONG:
        fprintf(file, "  it has %zu bytes, WARD_MAX_TOKEN is %d here\n", view->length, WARD_MAX_TOKEN);
        break;
    case WARD_HEADER_TOO_LONG:
        fprintf(file, "  it has %zu bytes, WARD_MAX_HEADER is %d here\n", view->part[HEADER].json.length,
                WARD_MAX_HEADER);
        break;
    case WARD_JSON_TOO_DEEP: fprintf(file, "  WARD_MAX_JSON_DEPTH is %d here\n", WARD_MAX_JSON_DEPTH); break;
    case WARD_JSON_TOO_MANY_VALUES:
        fprintf(file, part == HEADER ? "  WARD_MAX_HEADER_VALUES is %d here\n" : "  WARD_MAX_JSON_VALUES is %d here\n",
                part == HEADER ? WARD_MAX_HEADER_VALUES : WARD_MAX_JSON_VALUES);
        break;
    default: break;
    }
}

static void print_form(FILE *file, const struct examination *examination)
{
    const struct token_view *const view = &examination->view;
    const uint32_t code = examination->status.code;
    if (code != WARD_TOKEN_OPAQUE && code != WARD_TOKEN_MALFORMED && code != WARD_TOKEN_ENCRYPTED)
        return;
    fprintf(file, "  it has %zu bytes and %zu segment%s\n", view->length, view->segments,
            view->segments == 1 ? "" : "s");
    print_scheme(file, view);
}

static void print_key(FILE *file, const struct examination *examination)
{
    const struct wanted_key *const wanted = examination->wanted;
    if (examination->status.code != WARD_KEY_UNKNOWN || wanted->kid.length == 0)
        return;
    fputs("  kid ", file);
    print_quoted(file, wanted->kid);
    if (wanted->usable > 1)
        fputs(": the set has different keys of this kid, so which one is meant is open\n", file);
    else if (wanted->usable == 1)
        fprintf(file, ": the set has a key of it that was left out: raise WARD_MAX_KEYS, which is %d here\n",
                WARD_MAX_KEYS);
    else if (wanted->seen > 0)
        fprintf(file, ": the set has a key of it that cannot be used: %s: %s\n", ward_status_name(wanted->refusal),
                ward_status_sentence(wanted->refusal));
    else
        fputs(": the set has no key of it\n", file);
}

/* Microsoft signs tokens for Graph with another nonce than it sends: ISSUERS.md. */
static void print_nonce(FILE *file, const struct examination *examination)
{
    if (examination->status.code == WARD_SIGNATURE_INVALID &&
        view_member(&examination->view, HEADER, text_from("nonce")).length > 0)
        fputs("  the header has a nonce: is it a token for Microsoft Graph? Those verify for nobody else; ask for one "
              "for this "
              "API\n",
              file);
}

static void print_scope(FILE *file, const struct examination *examination)
{
    if (examination->status.code == WARD_SCOPE_INSUFFICIENT && count(examination->scope, ',') > 0)
        fputs("  the expression has a comma, which here is a part of a scope's name: separate with a blank (all) or "
              "with |\n"
              "  (either)\n",
              file);
}

void print_hints(FILE *file, const struct examination *examination)
{
    const enum token_part_name part = part_of_status(examination);
    print_form(file, examination);
    if (examination->status.code == WARD_TOKEN_NOT_BASE64URL && part != PARTS)
        print_base64url(file, examination, part);
    else if (part != PARTS)
        print_json(file, examination, part);
    print_limit(file, examination, part);
    print_key(file, examination);
    print_nonce(file, examination);
    print_scope(file, examination);
}
