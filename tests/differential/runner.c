/* SPDX-License-Identifier: Apache-2.0 */
/* Answers questions whose answers Python or Node know as well (see line_protocol.h).
 *
 *     base64url HEX    the bytes that a text stands for
 *     stream HEX       the same, a character at a time
 *     date HEX         a JSON text as a NumericDate: whole seconds, and 1 if there is a part of one more
 *     integer HEX      a JSON text as an integer
 *     expect ISSUERS AUDIENCES CLIENTS RULES TYPE SCOPE_CLAIM NUMBERS EXPRESSION
 *                      what `claims` and `token` ask for from now on; lists and NUMBERS (see enum number) are lines
 *     keys HEX         the key set that `token` uses from now on
 *     claims HEX       a payload whose signature holds
 *     token HEX        a token
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/scope.h"
#include "encoding/base64url.h"
#include "encoding/json.h"
#include "line_protocol.h"
#include "token/claims.h"
#include "token/date.h"
#include "ward/ward.h"

enum { MOST_LINES = 16 };

/* The lines of an argument. */
struct lines {
    struct bytes bytes;
    struct ward_text item[MOST_LINES];
    size_t count;
};

enum number {
    NOW,
    LEEWAY,
    MAX_LIFETIME,
    MAX_AGE,
    AUDIENCE_ABSENT,
    SUBJECT_OPTIONAL,
    KID_OPTIONAL,
    SCOPES_FROM,
    ISSUED_AHEAD,
    NUMBERS
};

static struct {
    struct lines issuers, audiences, clients, rules, type, scope_claim, numbers, expression;
    struct ward_claim_rule rule[MOST_LINES / 2];
    uint64_t number[NUMBERS];
    struct ward_expect expect;
} asked;

static struct ward_jwks keys;

static void print_verdict(bool accepted)
{
    fputs(accepted ? "OK" : "REFUSED", stdout);
}

static void answer_base64url(const char *line)
{
    const struct bytes text = argument(&line);
    const bool accepted = ward_base64url_decode(text.data, text.length, (uint8_t *)text.data);
    print_verdict(accepted);
    if (accepted) {
        putchar(' ');
        print_hex(text.data, ward_base64url_decoded_length(text.length));
    }
    free(text.data);
}

static bool decode_stream(struct bytes text, struct bytes *out)
{
    struct ward_base64url decoder;
    ward_base64url_begin(&decoder);
    out->length = 0;
    for (size_t i = 0; i < text.length; i++) {
        uint8_t byte;
        const enum ward_base64url_step step = ward_base64url_feed(&decoder, text.data[i], &byte);
        if (step == WARD_BASE64URL_INVALID)
            return false;
        if (step == WARD_BASE64URL_BYTE)
            out->data[out->length++] = (char)byte;
    }
    return ward_base64url_end(&decoder);
}

static void answer_stream(const char *line)
{
    const struct bytes text = argument(&line);
    struct bytes out = bytes_of(text.length);
    const bool accepted = decode_stream(text, &out);
    print_verdict(accepted);
    if (accepted) {
        putchar(' ');
        print_hex(out.data, out.length);
    }
    free(out.data);
    free(text.data);
}

static void answer_date(const char *line)
{
    const struct bytes text = argument(&line);
    struct ward_json json;
    struct ward_date date = { 0, false };
    const struct ward_status status = ward_json_parse(&json, text.data, text.length, work.part.values,
                                                      WARD_MAX_JSON_VALUES);
    const bool accepted = ward_ok(status) && ward_json_type(&json, 0) == WARD_JSON_NUMBER &&
                          ward_date_read(ward_json_text(&json, 0), &date);
    print_verdict(accepted);
    if (accepted)
        printf(" %" PRIu64 " %d", date.seconds, date.fraction);
    free(text.data);
}

static void answer_integer(const char *line)
{
    const struct bytes text = argument(&line);
    struct ward_json json;
    int64_t integer = 0;
    const struct ward_status status = ward_json_parse(&json, text.data, text.length, work.part.values,
                                                      WARD_MAX_JSON_VALUES);
    bool accepted = false;
    if (ward_ok(status)) {
        const struct ward_claims claims = { .json = json.text, .values = json.values, .count = (uint16_t)json.count };
        const struct ward_claim claim = ward_claim_all(&claims);
        accepted = ward_ok(ward_claim_integer(&claim, &integer));
    }
    print_verdict(accepted);
    if (accepted)
        printf(" %" PRId64, integer);
    free(text.data);
}

/* No bytes are not line. */
static void read_lines(const char **line, struct lines *lines)
{
    free(lines->bytes.data);
    lines->bytes = argument(line);
    lines->count = 0;
    const char *at = lines->bytes.data;
    for (size_t left = lines->bytes.length; left > 0 && lines->count < MOST_LINES;) {
        const char *const end = memchr(at, '\n', left);
        const size_t length = end != NULL ? (size_t)(end - at) : left;
        lines->item[lines->count++] = ward_text_of(at, length);
        at += length + (end != NULL);
        left -= length + (end != NULL);
    }
}

static struct ward_text only_line(const struct lines *lines)
{
    return lines->count > 0 ? lines->item[0] : ward_text_of(NULL, 0);
}

static void read_numbers(void)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        asked.number[i] = 0;
        for (size_t digit = 0; i < asked.numbers.count && digit < asked.numbers.item[i].length; digit++)
            asked.number[i] = asked.number[i] * 10 + (uint64_t)(asked.numbers.item[i].data[digit] - '0');
    }
}

static void make_expect(void)
{
    for (size_t i = 0; i < asked.rules.count / 2; i++) {
        asked.rule[i].name = asked.rules.item[2 * i];
        asked.rule[i].value = asked.rules.item[2 * i + 1];
    }
    const struct ward_expect expect = {
        .issuers = { asked.issuers.item, asked.issuers.count },
        .audiences = { asked.audiences.item, asked.audiences.count },
        .clients = { asked.clients.item, asked.clients.count },
        .claims = asked.rule,
        .claim_count = asked.rules.count / 2,
        .type = only_line(&asked.type),
        .scope_claim = only_line(&asked.scope_claim),
        .leeway = (uint32_t)asked.number[LEEWAY],
        .max_lifetime = (uint32_t)asked.number[MAX_LIFETIME],
        .max_age = (uint32_t)asked.number[MAX_AGE],
        .audience_absent = asked.number[AUDIENCE_ABSENT] != 0,
        .subject_optional = asked.number[SUBJECT_OPTIONAL] != 0,
        .kid_optional = asked.number[KID_OPTIONAL] != 0,
        .issued_ahead = asked.number[ISSUED_AHEAD] != 0,
    };
    asked.expect = expect;
}

static void answer_expect(const char *line)
{
    struct lines *const arguments[] = { &asked.issuers, &asked.audiences,   &asked.clients, &asked.rules,
                                        &asked.type,    &asked.scope_claim, &asked.numbers, &asked.expression };
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++)
        read_lines(&line, arguments[i]);
    read_numbers();
    make_expect();
    print_status(ward_expect_check(&asked.expect));
}

static void answer_keys(const char *line)
{
    const struct bytes json = argument(&line);
    struct ward_jwks_reader reader;
    ward_jwks_begin(&reader, &keys, NULL, ward_text_of(NULL, 0));
    struct ward_status status = ward_jwks_feed(&reader, json.data, json.length, &work);
    if (ward_ok(status))
        status = ward_jwks_end(&reader);
    print_status(status);
    free(json.data);
}

static void print_text(struct ward_text text)
{
    putchar(' ');
    print_hex(text.data, text.length);
}

/* What an accepted token says, then whether its scopes satisfy the expression, then the scopes. */
static void print_claims(const struct ward_claims *claims)
{
    struct ward_text scope;
    print_text(claims->issuer);
    print_text(claims->audience);
    print_text(claims->subject);
    print_text(claims->client);
    printf(" %" PRIu64 " %" PRIu64 " %u ", claims->expires, claims->issued, (unsigned)claims->kind);
    print_status(ward_scope_check_from(claims, (uint8_t)asked.number[SCOPES_FROM], only_line(&asked.expression)));
    size_t at = 0;
    while (ward_ok(ward_scope_next(claims, &at, &scope)))
        print_text(scope);
}

static void answer_claims(const char *line)
{
    const struct bytes payload = argument(&line);
    struct ward_claims claims;
    const struct ward_status status = ward_claims_read(&asked.expect, asked.number[NOW], payload.data, payload.length,
                                                       &work, &claims);
    print_status(status);
    if (ward_ok(status))
        print_claims(&claims);
    free(payload.data);
}

static void answer_token(const char *line)
{
    const struct bytes token = argument(&line);
    struct ward_claims claims;
    const struct ward_status status = ward_verify(&asked.expect, &keys, ward_time_set(asked.number[NOW]), token.data,
                                                  token.length, &work, &claims);
    print_status(status);
    if (ward_ok(status))
        print_claims(&claims);
    free(token.data);
}

int main(void)
{
    static const struct command commands[] = { { "base64url", answer_base64url }, { "stream", answer_stream },
                                               { "date", answer_date },           { "integer", answer_integer },
                                               { "expect", answer_expect },       { "keys", answer_keys },
                                               { "claims", answer_claims },       { "token", answer_token } };
    answer_questions(commands, sizeof commands / sizeof commands[0]);
    return 0;
}
