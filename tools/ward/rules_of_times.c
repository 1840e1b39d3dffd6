/* SPDX-License-Identifier: Apache-2.0 */
/* When a token holds. */
#include <stdlib.h>
#include <string.h>

#include "examination.h"

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

static void has_exp(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_date(file, claim_named(examination, "exp"));
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
    return read_date(claim_named(examination, "exp"), &exp) && examination->now.seconds < exp + leeway(examination);
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
    const struct ward_text value = claim_named(examination, name);
    return value.length == 0 || (read_date(value, &date) && date <= examination->now.seconds + leeway(examination));
}

static void has_nbf(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_date(file, claim_named(examination, "nbf"));
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
    return claim_named(examination, "nbf").length > 0;
}

static bool needs_iat(const struct examination *examination)
{
    return examination->expect->max_lifetime > 0 || examination->expect->max_age > 0;
}

static void has_iat(FILE *file, const struct examination *examination, size_t row)
{
    (void)row;
    print_date(file, claim_named(examination, "iat"));
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
    if (claim_named(examination, "iat").length == 0)
        return !needs_iat(examination);
    return examination->expect->issued_ahead || is_reached(examination, "iat");
}

static size_t rows_iat(const struct examination *examination)
{
    return needs_iat(examination) || claim_named(examination, "iat").length > 0;
}

/* Seconds from `iat` to a time; false where `iat` or the time cannot be read. */
static bool since_iat(const struct examination *examination, bool read, uint64_t time, int64_t *seconds)
{
    uint64_t iat;
    if (!read || !read_date(claim_named(examination, "iat"), &iat))
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
    const bool read = read_date(claim_named(examination, "exp"), &exp);
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
    fprintf(file, "at most %lu s (max_lifetime)", (unsigned long)examination->expect->max_lifetime);
}

static bool seems_lifetime(const struct examination *examination, size_t row)
{
    int64_t seconds;
    (void)row;
    return lifetime(examination, &seconds) && seconds <= (int64_t)examination->expect->max_lifetime;
}

static size_t rows_lifetime(const struct examination *examination)
{
    return examination->expect->max_lifetime > 0;
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
    fprintf(file, "at most %lu s (max_age) and %llu s", (unsigned long)examination->expect->max_age,
            (unsigned long long)leeway(examination));
}

static bool seems_age(const struct examination *examination, size_t row)
{
    int64_t seconds;
    const int64_t most = (int64_t)examination->expect->max_age + (int64_t)leeway(examination);
    (void)row;
    return since_iat(examination, true, examination->now.seconds, &seconds) && seconds <= most;
}

static size_t rows_age(const struct examination *examination)
{
    return examination->expect->max_age > 0;
}

const struct rule rules_of_times[] = {
    { "exp", CLAIMS, WARD_EXPIRY_MISSING, WARD_TOKEN_EXPIRED, has_exp, wants_exp, seems_exp, NULL },
    { "nbf", CLAIMS, WARD_NOT_BEFORE_INVALID, WARD_TOKEN_NOT_YET_VALID, has_nbf, wants_nbf, seems_nbf, rows_nbf },
    { "iat", CLAIMS, WARD_ISSUED_MISSING, WARD_ISSUED_IN_FUTURE, has_iat, wants_iat, seems_iat, rows_iat },
    { "lifetime", CLAIMS, WARD_LIFETIME_TOO_LONG, WARD_LIFETIME_TOO_LONG, has_lifetime, wants_lifetime, seems_lifetime,
      rows_lifetime },
    { "age", CLAIMS, WARD_TOKEN_TOO_OLD, WARD_TOKEN_TOO_OLD, has_age, wants_age, seems_age, rows_age },
    { NULL, PARTS, 0, 0, NULL, NULL, NULL, NULL }
};
