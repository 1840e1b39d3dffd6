/* What a token's claims must be. */
#include <stdlib.h>
#include <string.h>

#include "examination.h"

enum { LONGEST = 1024 };

static struct ward_text claim(const struct examination *examination, const char *name)
{
    return view_member(&examination->view, CLAIMS, text_from(name));
}

static bool is_among(struct ward_text value, struct ward_texts texts)
{
    char own[LONGEST];
    return json_is_string(value) && ward_text_among(json_string(value, own, sizeof own), texts);
}

static void print_texts(FILE *file, struct ward_texts texts, const char *between)
{
    for (size_t i = 0; i < texts.count; i++) {
        fputs(i > 0 ? between : "", file);
        print_quoted(file, texts.item[i]);
    }
}

static uint64_t leeway(const struct examination *examination)
{
    const uint32_t own = examination->expect->leeway;
    return own == WARD_NO_LEEWAY ? 0 : own > 0 ? own : WARD_DEFAULT_LEEWAY;
}

/* The seconds of a date as far as a person needs them; false where it is not one. */
static bool read_date(struct ward_text value, uint64_t *seconds)
{
    char text[64];
    char *end;
    if (value.length == 0 || value.length >= sizeof text || value.data[0] < '0' || value.data[0] > '9')
        return false;
    memcpy(text, value.data, value.length);
    text[value.length] = '\0';
    const long double date = strtold(text, &end);
    if (*end != '\0' || date > 9007199254740992.0L)
        return false;
    *seconds = (uint64_t)date;
    return true;
}

static void print_date(FILE *file, struct ward_text value)
{
    uint64_t seconds;
    char plain[32];
    const bool is_date = read_date(value, &seconds);
    const int length = is_date ? snprintf(plain, sizeof plain, "%llu", (unsigned long long)seconds) : 0;
    if (!is_date || !ward_text_equal(value, ward_text_of(plain, (size_t)length)))
        print_value(file, value);
    if (is_date && ward_text_equal(value, ward_text_of(plain, (size_t)length)))
        print_moment(file, seconds);
    else if (is_date) {
        fputs(" = ", file);
        print_moment(file, seconds);
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
    print_value(file, claim(examination, "iss"));
}

static void wants_iss(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_texts(file, examination->expect->issuers, " or ");
}

static bool seems_iss(const struct examination *examination, size_t row)
{
    (void)row;
    return is_among(claim(examination, "iss"), examination->expect->issuers);
}

static void has_aud(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_value(file, claim(examination, "aud"));
}

static void wants_aud(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    if (examination->expect->audience_absent)
        fputs("anything (audience_absent)", file);
    else
        print_texts(file, examination->expect->audiences, " or ");
}

static bool seems_aud(const struct examination *examination, size_t row)
{
    (void)row;
    const struct ward_text aud = claim(examination, "aud");
    bool found = examination->expect->audience_absent || is_among(aud, examination->expect->audiences);
    struct ward_text item = json_item(aud, 0);
    for (size_t i = 1; item.length > 0; i++) {
        found = found || is_among(item, examination->expect->audiences);
        item = json_item(aud, i);
    }
    return found;
}

static void has_exp(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_date(file, claim(examination, "exp"));
}

static void wants_exp(FILE *file, const struct examination *examination, size_t row)
{
    const uint64_t before = leeway(examination);
    const uint64_t now = examination->now.seconds;
    (void)row;
    fputs("after ", file);
    print_moment(file, now > before ? now - before : 0);
    fprintf(file, ", now less %llu s", (unsigned long long)before);
}

static bool seems_exp(const struct examination *examination, size_t row)
{
    uint64_t exp;
    (void)row;
    return read_date(claim(examination, "exp"), &exp) && examination->now.seconds < exp + leeway(examination);
}

static void wants_now(FILE *file, const struct examination *examination)
{
    fputs("up to ", file);
    print_moment(file, examination->now.seconds + leeway(examination));
    fprintf(file, ", now and %llu s", (unsigned long long)leeway(examination));
}

static bool is_reached(const struct examination *examination, const char *name)
{
    uint64_t date;
    const struct ward_text value = claim(examination, name);
    return value.length == 0 || (read_date(value, &date) && date <= examination->now.seconds + leeway(examination));
}

static void has_nbf(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_date(file, claim(examination, "nbf"));
}

static void wants_nbf(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    wants_now(file, examination);
}

static bool seems_nbf(const struct examination *examination, size_t row)
{
    (void)row;
    return is_reached(examination, "nbf");
}

static size_t rows_nbf(const struct examination *examination)
{
    return claim(examination, "nbf").length > 0;
}

static bool needs_iat(const struct examination *examination)
{
    return examination->expect->longest_lifetime > 0 || examination->expect->longest_age > 0;
}

static void has_iat(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_date(file, claim(examination, "iat"));
}

static void wants_iat(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    if (examination->expect->issued_ahead)
        fputs("any time (issued_ahead)", file);
    else
        wants_now(file, examination);
}

static bool seems_iat(const struct examination *examination, size_t row)
{
    (void)row;
    if (claim(examination, "iat").length == 0)
        return !needs_iat(examination);
    return examination->expect->issued_ahead || is_reached(examination, "iat");
}

static size_t rows_iat(const struct examination *examination)
{
    return needs_iat(examination) || claim(examination, "iat").length > 0;
}

/* Seconds from `iat` to a time; false where `iat` or the time cannot be read. */
static bool since_iat(const struct examination *examination, bool read, uint64_t time, int64_t *seconds)
{
    uint64_t iat;
    if (!read || !read_date(claim(examination, "iat"), &iat))
        return false;
    *seconds = (int64_t)time - (int64_t)iat;
    return true;
}

static void print_seconds(FILE *file, bool read, int64_t seconds)
{
    if (read)
        fprintf(file, "%lld s", (long long)seconds);
    else
        fputs("(cannot be told)", file);
}

static bool lifetime(const struct examination *examination, int64_t *seconds)
{
    uint64_t exp = 0;
    const bool read = read_date(claim(examination, "exp"), &exp);
    return since_iat(examination, read, exp, seconds);
}

static void has_lifetime(FILE *file, const struct examination *examination, size_t row)
{
    int64_t seconds = 0;
    (void)row;
    const bool read = lifetime(examination, &seconds);
    print_seconds(file, read, seconds);
}

static void wants_lifetime(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    fprintf(file, "at most %lu s (longest_lifetime)", (unsigned long)examination->expect->longest_lifetime);
}

static bool seems_lifetime(const struct examination *examination, size_t row)
{
    int64_t seconds;
    (void)row;
    return lifetime(examination, &seconds) && seconds <= (int64_t)examination->expect->longest_lifetime;
}

static size_t rows_lifetime(const struct examination *examination)
{
    return examination->expect->longest_lifetime > 0;
}

static void has_age(FILE *file, const struct examination *examination, size_t row)
{
    int64_t seconds = 0;
    (void)row;
    const bool read = since_iat(examination, true, examination->now.seconds, &seconds);
    print_seconds(file, read, seconds);
}

static void wants_age(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    fprintf(file, "at most %lu s (longest_age) and %llu s", (unsigned long)examination->expect->longest_age,
            (unsigned long long)leeway(examination));
}

static bool seems_age(const struct examination *examination, size_t row)
{
    int64_t seconds;
    const int64_t most = (int64_t)examination->expect->longest_age + (int64_t)leeway(examination);
    (void)row;
    return since_iat(examination, true, examination->now.seconds, &seconds) && seconds <= most;
}

static size_t rows_age(const struct examination *examination)
{
    return examination->expect->longest_age > 0;
}

static bool is_name(struct ward_text value)
{
    char own[LONGEST];
    const struct ward_text name = json_string(value, own, sizeof own);
    return json_is_string(value) && name.length > 0 && name.length <= 255 && memchr(name.data, '\0', name.length) == NULL;
}

static void has_sub(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_value(file, claim(examination, "sub"));
}

static void wants_sub(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    fputs(examination->expect->subject_optional ? "1 to 255 bytes, or none (subject_optional)" : "1 to 255 bytes", file);
}

static bool seems_sub(const struct examination *examination, size_t row)
{
    (void)row;
    const struct ward_text sub = claim(examination, "sub");
    return sub.length > 0 ? is_name(sub) : examination->expect->subject_optional;
}

static void has_client(FILE *file, const struct examination *examination, size_t row)
{
    const struct ward_text client_id = claim(examination, "client_id");
    const struct ward_text azp = claim(examination, "azp");
    (void)row;
    if (client_id.length == 0 && azp.length == 0)
        fputs("(none)", file);
    if (client_id.length > 0) {
        fputs("client_id ", file);
        print_value(file, client_id);
    }
    if (azp.length > 0) {
        fputs(client_id.length > 0 ? ", azp " : "azp ", file);
        print_value(file, azp);
    }
}

static void wants_client(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    if (examination->expect->clients.count == 0)
        fputs("anyone", file);
    else
        print_texts(file, examination->expect->clients, " or ");
}

static bool seems_client(const struct examination *examination, size_t row)
{
    const struct ward_texts clients = examination->expect->clients;
    const struct ward_text named[] = { claim(examination, "client_id"), claim(examination, "azp") };
    (void)row;
    for (size_t i = 0; i < 2; i++)
        if (named[i].length > 0 && (!is_name(named[i]) || (clients.count > 0 && !is_among(named[i], clients))))
            return false;
    return clients.count == 0 || named[0].length + named[1].length > 0;
}

static void has_rule(FILE *file, const struct examination *examination, size_t row)
{
    const struct ward_claim_rule *const rule = &examination->expect->claims[row];
    print_text(file, rule->name);
    fputc(' ', file);
    print_value(file, view_member(&examination->view, CLAIMS, rule->name));
}

static void wants_rule(FILE *file, const struct examination *examination, size_t row)
{
    print_quoted(file, examination->expect->claims[row].value);
}

static bool seems_rule(const struct examination *examination, size_t row)
{
    char own[LONGEST];
    const struct ward_claim_rule *const rule = &examination->expect->claims[row];
    const struct ward_text value = view_member(&examination->view, CLAIMS, rule->name);
    return json_is_string(value) && ward_text_equal(json_string(value, own, sizeof own), rule->value);
}

static size_t rows_rule(const struct examination *examination)
{
    return examination->expect->claim_count;
}

static void has_cnf(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_value(file, claim(examination, "cnf"));
}

static void wants_cnf(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fputs("none: a bearer shows no key", file);
}

static bool seems_cnf(const struct examination *examination, size_t row)
{
    (void)row;
    return claim(examination, "cnf").length == 0;
}

static struct ward_text scope_name(const struct examination *examination)
{
    const struct ward_text own = examination->expect->scope_claim;
    return own.length > 0 ? own : text_from("scope");
}

static void has_scope(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_text(file, scope_name(examination));
    fputc(' ', file);
    print_value(file, view_member(&examination->view, CLAIMS, scope_name(examination)));
}

static void wants_scope(FILE *file, const struct examination *examination, size_t row)
{
    (void)examination;
    (void)row;
    fputs("words, or an array of words", file);
}

static bool seems_scope(const struct examination *examination, size_t row)
{
    (void)row;
    const struct ward_text scope = view_member(&examination->view, CLAIMS, scope_name(examination));
    return scope.length == 0 || json_is_string(scope) || scope.data[0] == '[';
}

static void wants_scopes(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_quoted(file, examination->scope);
}

static size_t rows_scopes(const struct examination *examination)
{
    return examination->scope.length > 0;
}

/* Cuts the next word off a text, up to one of the separators. */
static struct ward_text cut_word(struct ward_text *rest, char separator)
{
    const char *const end = rest->length > 0 ? memchr(rest->data, separator, rest->length) : NULL;
    const size_t length = end != NULL ? (size_t)(end - rest->data) : rest->length;
    const struct ward_text word = ward_text_of(rest->data, length);
    const size_t cut = end != NULL ? length + 1 : length;
    *rest = ward_text_of(rest->data + cut, rest->length - cut);
    return word;
}

static bool has_word(struct ward_text scope, struct ward_text word)
{
    char own[WARD_MAX_TOKEN];
    struct ward_text words = json_string(scope, own, sizeof own);
    struct ward_text item = json_item(scope, 0);
    while (words.length > 0)
        if (ward_text_equal(cut_word(&words, ' '), word))
            return true;
    for (size_t i = 1; item.length > 0; item = json_item(scope, i++))
        if (ward_text_equal(json_string(item, own, sizeof own), word))
            return true;
    return false;
}

static bool seems_scopes(const struct examination *examination, size_t row)
{
    const struct ward_text scope = view_member(&examination->view, CLAIMS, scope_name(examination));
    struct ward_text expression = examination->scope;
    (void)row;
    while (expression.length > 0) {
        struct ward_text words = cut_word(&expression, '|');
        bool all = true;
        while (words.length > 0)
            all = has_word(scope, cut_word(&words, ' ')) && all;
        if (all)
            return true;
    }
    return false;
}

const struct rule rules_of_claims[] = {
    { "claims", PARTS, 0, 0, has_claims, wants_claims, has_json, NULL },
    { "iss", CLAIMS, WARD_ISSUER_MISSING, WARD_ISSUER_REFUSED, has_iss, wants_iss, seems_iss, NULL },
    { "aud", CLAIMS, WARD_AUDIENCE_MISSING, WARD_AUDIENCE_REFUSED, has_aud, wants_aud, seems_aud, NULL },
    { "exp", CLAIMS, WARD_EXPIRY_MISSING, WARD_TOKEN_EXPIRED, has_exp, wants_exp, seems_exp, NULL },
    { "nbf", CLAIMS, WARD_NOT_BEFORE_INVALID, WARD_TOKEN_NOT_YET_VALID, has_nbf, wants_nbf, seems_nbf, rows_nbf },
    { "iat", CLAIMS, WARD_ISSUED_MISSING, WARD_ISSUED_IN_FUTURE, has_iat, wants_iat, seems_iat, rows_iat },
    { "lifetime", CLAIMS, WARD_LIFETIME_TOO_LONG, WARD_LIFETIME_TOO_LONG, has_lifetime, wants_lifetime, seems_lifetime, rows_lifetime },
    { "age", CLAIMS, WARD_TOKEN_TOO_OLD, WARD_TOKEN_TOO_OLD, has_age, wants_age, seems_age, rows_age },
    { "sub", CLAIMS, WARD_SUBJECT_MISSING, WARD_SUBJECT_INVALID, has_sub, wants_sub, seems_sub, NULL },
    { "client", CLAIMS, WARD_CLIENT_MISSING, WARD_CLIENT_REFUSED, has_client, wants_client, seems_client, NULL },
    { "claim", CLAIMS, WARD_CLAIM_MISSING, WARD_CLAIM_REFUSED, has_rule, wants_rule, seems_rule, rows_rule },
    { "cnf", CLAIMS, WARD_SENDER_CONSTRAINED, WARD_SENDER_CONSTRAINED, has_cnf, wants_cnf, seems_cnf, NULL },
    { "scope claim", CLAIMS, WARD_SCOPE_INVALID, WARD_SCOPE_INVALID, has_scope, wants_scope, seems_scope, NULL },
    { "scopes", CLAIMS, WARD_SCOPE_INSUFFICIENT, WARD_SCOPE_INSUFFICIENT, has_scope, wants_scopes, seems_scopes, rows_scopes },
    { NULL, PARTS, 0, 0, NULL, NULL, NULL, NULL }
};
