/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <time.h>

#include "bundle.h"
#include "examination.h"

/* ---- What it says. */

static int decode_digit(char c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *const at = c != '\0' ? strchr(alphabet, c) : NULL;
    return at != NULL ? (int)(at - alphabet) : -1;
}

/* A part of the bundle as JSON; false where it is none. */
static bool view_json(struct token_part *part, struct ward_text text, char *out)
{
    uint32_t held = 0;
    unsigned bits = 0;
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        const int digit = decode_digit(text.data[i]);
        if (digit < 0)
            return false;
        held = held << 6 | (uint32_t)digit;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[length++] = (char)(held >> bits);
        }
    }
    part->json = ward_text_of(out, length);
    part->status = json_grammar(part->json, &part->broken);
    return ward_ok(part->status);
}

/* Its first two parts; false where it has no such. */
static bool view_bundle(struct token_view *view, const struct bundle_text *bundle)
{
    static char json[2][LONGEST_BUNDLE];
    const char *const first = memchr(bundle->data, '.', bundle->length);
    memset(view, 0, sizeof *view);
    if (first == NULL)
        return false;
    const size_t header = (size_t)(first - bundle->data);
    const char *const second = memchr(first + 1, '.', bundle->length - header - 1);
    if (second == NULL)
        return false;
    return view_json(&view->part[HEADER], ward_text_of(bundle->data, header), json[0]) &&
           view_json(&view->part[CLAIMS], ward_text_of(first + 1, (size_t)(second - first - 1)), json[1]);
}

static void print_row(const char *name, struct ward_text value)
{
    printf("  %-6s ", name);
    print_value(stdout, value);
    putchar('\n');
}

/* A time, or whatever stands in its place. */
static void print_seconds(struct ward_text value)
{
    char digits[24] = "";
    uint64_t seconds;
    if (value.length > 0 && value.length < sizeof digits)
        memcpy(digits, value.data, value.length);
    if (read_number(digits, UINT64_MAX, &seconds))
        print_moment(stdout, seconds);
    else
        print_value(stdout, value);
    putchar('\n');
}

static void print_time_row(const char *name, struct ward_text value)
{
    printf("  %-6s ", name);
    print_seconds(value);
}

static void print_keys(struct ward_text payload)
{
    static struct ward_jwks_reader reader;
    static struct ward_jwks set;
    static struct ward_workspace work;
    ward_jwks_begin(&reader, &set, NULL, ward_text_of(NULL, 0));
    printf("  keys\n");
    for (size_t i = 0; i < payload.length; i++) {
        const uint16_t before = reader.report.seen;
        const struct ward_status status = ward_jwks_feed(&reader, payload.data + i, 1, &work);
        if (reader.report.seen != before) {
            printf("    ");
            list_key(NULL, &reader.jwk);
        }
        if (!ward_ok(status)) {
            printf("    %s: %s\n", ward_status_name(status), ward_status_sentence(status));
            return;
        }
    }
}

/* Whom, and up to when. */
static void print_denial(struct ward_text item)
{
    static const char *const whom[] = { "sub", "owner", "everybody" };
    static struct token_view entry;
    entry.part[CLAIMS].json = item;
    entry.part[CLAIMS].status = ward_status_of(WARD_OK);
    printf("   ");
    for (size_t i = 0; i < sizeof whom / sizeof whom[0]; i++) {
        const struct ward_text value = view_member(&entry, CLAIMS, text_from(whom[i]));
        if (value.length == 0)
            continue;
        printf(" %s ", whom[i]);
        print_value(stdout, value);
    }
    printf(", issued until ");
    print_seconds(view_member(&entry, CLAIMS, text_from("issued_until")));
}

static void print_denials(struct ward_text deny)
{
    if (deny.length == 0)
        return;
    printf("  deny\n");
    for (size_t i = 0; json_item(deny, i).length > 0; i++)
        print_denial(json_item(deny, i));
}

int show_bundle(const struct command *command, const struct arguments *arguments)
{
    static struct bundle_text bundle;
    static struct token_view view;
    static const char *const names[] = { "iss", "sub", "aud" };
    (void)command;
    const int result = read_bundle_text(arguments->operand[1], &bundle);
    if (result != EXIT_ACCEPTED)
        return result;
    if (!view_bundle(&view, &bundle)) {
        fprintf(stderr, "ward: %s: no bundle: three segments in base64url are needed, the first two of JSON\n",
                arguments->operand[1]);
        return EXIT_INPUT;
    }
    printf("Nothing of this was checked: ward bundle check does.\n");
    print_row("typ", view_member(&view, HEADER, text_from("typ")));
    print_row("kid", view_member(&view, HEADER, text_from("kid")));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        print_row(names[i], view_member(&view, CLAIMS, text_from(names[i])));
    print_time_row("iat", view_member(&view, CLAIMS, text_from("iat")));
    print_time_row("exp", view_member(&view, CLAIMS, text_from("exp")));
    print_row("seq", view_member(&view, CLAIMS, text_from("seq")));
    print_keys(view.part[CLAIMS].json);
    print_denials(view_member(&view, CLAIMS, text_from("deny")));
    return finish_output();
}

/* ---- What a device says to it. */

static int print_taken(const struct bundle_device *device)
{
    const struct ward_bundle_info info = ward_keyring_bundle_info(&device->keyring);
    printf("taken: seq %llu, issued ", (unsigned long long)info.sequence);
    print_moment(stdout, info.issued);
    printf(", keys until ");
    print_moment(stdout, info.expires);
    printf(", %u keys, %u owner ids denied", (unsigned)ward_keyring_keys(&device->keyring)->count,
           (unsigned)info.denials);
    if (info.issued_until > 0) {
        printf(", everybody up to ");
        print_moment(stdout, info.issued_until);
    }
    putchar('\n');
    return finish_output();
}

int check_bundle(const struct command *command, const struct arguments *arguments)
{
    static struct bundle_device device;
    static struct bundle_text bundle;
    uint64_t now = (uint64_t)time(NULL);
    int result = read_bundle_device(command, arguments, true, &device);
    if (result != EXIT_ACCEPTED)
        return result;
    if (!option_number(command, arguments, "--now", (uint64_t)1 << 53, &now))
        return EXIT_USAGE;
    result = read_bundle_text(arguments->operand[1], &bundle);
    if (result != EXIT_ACCEPTED || !begin_bundle_device(&device))
        return EXIT_INPUT;
    const struct ward_status status = give_bundle(&device, &bundle, ward_time_set(now));
    if (ward_ok(status))
        return print_taken(&device);
    fprintf(stderr, "ward: refused: %s: %s\n", ward_status_name(status), ward_status_sentence(status));
    return EXIT_REFUSED;
}
