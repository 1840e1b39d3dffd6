/* SPDX-License-Identifier: Apache-2.0 */
/* What a token's form, header and signature must be. */
#include <string.h>

#include "examination.h"

static struct ward_text header(const struct examination *examination, const char *name)
{
    return view_member(&examination->view, HEADER, text_from(name));
}

static bool is_text(struct ward_text value, const char *expected)
{
    char own[256];
    return json_is_string(value) && ward_text_equal(json_string(value, own, sizeof own), text_from(expected));
}

static void has_length(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    fprintf(file, "%zu bytes", examination->view.length);
}

static void wants_length(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fprintf(file, "1 to %d (WARD_MAX_TOKEN)", WARD_MAX_TOKEN);
}

static bool has_seemly_length(const struct examination *examination, size_t row)
{
    (void)row;
    return examination->view.length > 0 && examination->view.length <= WARD_MAX_TOKEN;
}

static void has_segments(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    fprintf(file, "%zu segment%s", examination->view.segments, examination->view.segments == 1 ? "" : "s");
}

static void wants_segments(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fputs("3, with dots between", file);
}

static bool has_three_segments(const struct examination *examination, size_t row)
{
    (void)row;
    return examination->view.segments == PARTS;
}

static void has_header(FILE *file, const struct examination *examination, size_t row)
{
    const struct token_part *const part = &examination->view.part[HEADER];
    (void)row;
    if (!part->decoded)
        fputs("not base64url", file);
    else
        fprintf(file, "%zu bytes%s", part->json.length, ward_ok(part->status) ? "" : ", not JSON");
}

static void wants_header(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fprintf(file, "a JSON object of at most %d bytes (WARD_MAX_HEADER)", WARD_MAX_HEADER);
}

static bool has_object(const struct examination *examination, size_t row)
{
    (void)row;
    return examination->view.part[HEADER].decoded && ward_ok(examination->view.part[HEADER].status);
}

static void has_alg(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_value(file, header(examination, "alg"));
}

static void wants_alg(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fputs("\"RS256\"", file);
}

static bool has_rs256(const struct examination *examination, size_t row)
{
    (void)row;
    return is_text(header(examination, "alg"), "RS256");
}

static const char *const refused[] = { "crit", "b64", "enc", "cty" };
enum { REFUSED = sizeof refused / sizeof refused[0] };

static void has_refused(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    const char *between = "";
    for (size_t i = 0; i < REFUSED; i++) {
        if (header(examination, refused[i]).length == 0)
            continue;
        fprintf(file, "%s%s", between, refused[i]);
        between = ", ";
    }
    fputs(*between == '\0' ? "(none)" : "", file);
}

static void wants_refused(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fputs("no crit, b64, enc, cty", file);
}

static bool has_no_refused(const struct examination *examination, size_t row)
{
    (void)row;
    for (size_t i = 0; i < REFUSED; i++)
        if (header(examination, refused[i]).length > 0)
            return false;
    return true;
}

static void has_typ(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_value(file, header(examination, "typ"));
}

static void wants_typ(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    if (examination->expect->type.length > 0)
        print_quoted(file, examination->expect->type);
    else
        fputs("JWT or at+jwt, or none", file);
}

static struct ward_text without_application(struct ward_text type)
{
    static const struct ward_text prefix = WARD_TEXT("application/");
    if (type.length > prefix.length && ward_text_equal_ignoring_case(ward_text_of(type.data, prefix.length), prefix))
        return ward_text_of(type.data + prefix.length, type.length - prefix.length);
    return type;
}

static bool has_usual_typ(const struct examination *examination, size_t row)
{
    (void)row;
    char own[256];
    const struct ward_text value = header(examination, "typ");
    const struct ward_text asked = examination->expect->type;
    if (value.length == 0)
        return asked.length == 0;
    const struct ward_text type = without_application(json_string(value, own, sizeof own));
    if (asked.length > 0)
        return ward_text_equal_ignoring_case(type, without_application(asked));
    return ward_text_equal_ignoring_case(type, text_from("JWT")) ||
           ward_text_equal_ignoring_case(type, text_from("at+jwt"));
}

static void has_kid(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_value(file, header(examination, "kid"));
}

static void wants_kid(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    fputs(examination->expect->kid_optional ? "1 to 128 bytes; none where the set has one key"
                                            : "1 to 128 bytes (or kid_optional)",
          file);
}

static bool has_a_kid(const struct examination *examination, size_t row)
{
    (void)row;
    const struct ward_text kid = header(examination, "kid");
    return kid.length > 0 ? json_is_string(kid) : examination->expect->kid_optional && examination->keys->count == 1;
}

static void has_key(FILE *file, const struct examination *examination, size_t row)
{
    const struct wanted_key *const wanted = examination->wanted;
    (void)row;
    if (wanted->kid.length == 0)
        fputs("(no kid)", file);
    else if (ward_jwks_find(examination->keys, wanted->kid) != NULL)
        fputs("a usable key of this kid", file);
    else if (wanted->usable > 1)
        fputs("different keys of this kid", file);
    else if (wanted->usable == 1)
        fputs("a key of this kid, left out", file);
    else
        fputs(wanted->seen > 0 ? "a key of this kid, skipped" : "no key of this kid", file);
}

static void wants_key(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    const struct ward_jwks *const keys = examination->keys;
    enum { MOST_KEYS = WARD_MAX_KEYS < 6 ? WARD_MAX_KEYS : 6 };
    fputs(keys->count == 1 ? "the key of the set: " : "one of the set: ", file);
    for (size_t i = 0; i < keys->count && i < MOST_KEYS; i++) {
        fputs(i > 0 ? ", " : "", file);
        if (keys->key[i].kid_length > 0)
            print_quoted(file, ward_text_of(keys->key[i].kid, keys->key[i].kid_length));
        else
            fputs("one without kid", file);
    }
    fputs(keys->count > MOST_KEYS ? ", …" : "", file);
}

static bool has_a_key(const struct examination *examination, size_t row)
{
    (void)row;
    return examination->wanted->kid.length == 0 || ward_jwks_find(examination->keys, examination->wanted->kid) != NULL;
}

static void has_signature(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    if (!examination->view.part[SIGNATURE].decoded) {
        fputs("not base64url", file);
        return;
    }
    switch (signature_verdict(examination)) {
    case KEPT: fputs("holds under that key", file); break;
    case BROKEN: fputs("DOES NOT HOLD", file); break;
    default: fputs("NOT CHECKED", file); break;
    }
}

static void wants_signature(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fputs("RS256 of header and claims", file);
}

const struct rule rules_of_form[] = {
    { "length", PARTS, WARD_TOKEN_EMPTY, WARD_TOKEN_TOO_LONG, has_length, wants_length, has_seemly_length, NULL },
    { "segments", PARTS, WARD_TOKEN_OPAQUE, WARD_TOKEN_MALFORMED, has_segments, wants_segments, has_three_segments,
      NULL },
    { "header", PARTS, WARD_HEADER_TOO_LONG, WARD_HEADER_TOO_LONG, has_header, wants_header, has_object, NULL },
    { "alg", HEADER, WARD_ALGORITHM_MISSING, WARD_ALGORITHM_REFUSED, has_alg, wants_alg, has_rs256, NULL },
    { "other header", HEADER, WARD_HEADER_MEMBER_REFUSED, WARD_HEADER_MEMBER_REFUSED, has_refused, wants_refused,
      has_no_refused, NULL },
    { "typ", HEADER, WARD_TYPE_MISSING, WARD_TYPE_REFUSED, has_typ, wants_typ, has_usual_typ, NULL },
    { "kid", HEADER, WARD_KID_MISSING, WARD_KID_INVALID, has_kid, wants_kid, has_a_kid, NULL },
    { "key", HEADER, WARD_KEY_UNKNOWN, WARD_KEYS_ABSENT, has_key, wants_key, has_a_key, NULL },
    { "signature", PARTS, WARD_SIGNATURE_LENGTH, WARD_CRYPTO_FAILED, has_signature, wants_signature, NULL, NULL },
    { NULL, PARTS, 0, 0, NULL, NULL, NULL, NULL }
};
