/* SPDX-License-Identifier: Apache-2.0 */
/* For whom a token is, and by whom it was issued. */
#include "examination.h"

enum { LONGEST = 1024 };

struct ward_text claim_named(const struct examination *examination, const char *name)
{
    return view_member(&examination->view, CLAIMS, text_from(name));
}

bool is_among(struct ward_text value, struct ward_texts texts)
{
    char own[LONGEST];
    return json_is_string(value) && ward_text_among(json_string(value, own, sizeof own), texts);
}

void print_texts(FILE *file, struct ward_texts texts)
{
    for (size_t i = 0; i < texts.count; i++) {
        fputs(i > 0 ? " or " : "", file);
        print_quoted(file, texts.item[i]);
    }
}

static void has_claims(FILE *file, const struct examination *examination, size_t row)
{
    const struct token_part *const part = &examination->view.part[CLAIMS];
    (void)row;
    if (!part->decoded)
        fputs("not base64url", file);
    else
        fprintf(file, "%zu bytes%s", part->json.length, ward_ok(part->status) ? "" : ", not JSON");
}

static void wants_claims(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fprintf(file, "a JSON object of at most %d values (WARD_MAX_JSON_VALUES)", WARD_MAX_JSON_VALUES);
}

static bool has_json(const struct examination *examination, size_t row)
{
    (void)row;
    return ward_ok(examination->view.part[CLAIMS].status);
}

static void has_iss(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_value(file, claim_named(examination, "iss"));
}

static void wants_iss(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_texts(file, examination->expect->issuers);
}

static bool seems_iss(const struct examination *examination, size_t row)
{
    (void)row;
    return is_among(claim_named(examination, "iss"), examination->expect->issuers);
}

static void has_aud(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_value(file, claim_named(examination, "aud"));
}

static void wants_aud(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    if (examination->expect->audience_absent)
        fputs("anything (audience_absent)", file);
    else
        print_texts(file, examination->expect->audiences);
}

static bool seems_aud(const struct examination *examination, size_t row)
{
    (void)row;
    const struct ward_text aud = claim_named(examination, "aud");
    bool found = examination->expect->audience_absent || is_among(aud, examination->expect->audiences);
    struct ward_text item = json_item(aud, 0);
    for (size_t i = 1; item.length > 0; i++) {
        found = found || is_among(item, examination->expect->audiences);
        item = json_item(aud, i);
    }
    return found;
}

const struct rule rules_of_claims[] = {
    { "claims", PARTS, 0, 0, has_claims, wants_claims, has_json, NULL },
    { "iss", CLAIMS, WARD_ISSUER_MISSING, WARD_ISSUER_REFUSED, has_iss, wants_iss, seems_iss, NULL },
    { "aud", CLAIMS, WARD_AUDIENCE_MISSING, WARD_AUDIENCE_REFUSED, has_aud, wants_aud, seems_aud, NULL },
    { NULL, PARTS, 0, 0, NULL, NULL, NULL, NULL }
};
