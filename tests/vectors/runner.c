/* SPDX-License-Identifier: Apache-2.0 */
/* Answers questions about test vectors, a line for a line, so that a script can ask thousands of one process.
 *
 *     json HEX                  the table of a JSON text, as ward_json_parse() makes it
 *     scan HEX                  the scanner's verdict alone
 *     wrapped HEX               `json` of the text as a claim's value: {"a":TEXT}
 *     jwks HEX                  a key set: keys, seen, skipped, and why the last one was
 *     jws JWKS_HEX TOKEN_HEX    a token up to its decoded payload, which need not be JSON
 *     verify JWKS_HEX TOKEN_HEX the same by ward_verify(), and what became of the token's buffer
 *     rs256 JWKS_HEX MESSAGE_HEX SIGNATURE_HEX   the crypto seam, with the first key of a set
 *
 * Arguments are separated by one space and may be empty. An answer begins with the name of a status. Every input lies in a
 * block of exactly its size, so that a sanitizer sees a byte too far.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encoding/json.h"
#include "encoding/json_scan.h"
#include "line_protocol.h"
#include "token/jws.h"
#include "ward/port/crypto.h"
#include "ward/ward.h"

/* One word a value: o or a and how many are in it, else s, n, b or z and the bytes. */
static void print_table(const struct ward_json *json)
{
    static const char letters[] = "-snbzoa";
    for (size_t i = 0; i < json->count; i++) {
        const enum ward_json_kind type = ward_json_type(json, i);
        const struct ward_text text = ward_json_text(json, i);
        printf(" %c", letters[type]);
        if (type == WARD_JSON_OBJECT || type == WARD_JSON_ARRAY)
            printf("%zu", ward_json_size(json, i));
        else
            print_hex(text.data, text.length);
    }
}

static void parse(struct bytes text)
{
    struct ward_json json;
    const struct ward_status status = ward_json_parse(&json, text.data, text.length, work.part.values,
                                                      WARD_MAX_JSON_VALUES);
    print_status(status);
    if (ward_ok(status))
        print_table(&json);
}

static void answer_json(const char *line)
{
    const struct bytes text = argument(&line);
    parse(text);
    free(text.data);
}

static void answer_wrapped(const char *line)
{
    static const char head[] = "{\"a\":";
    const size_t before = sizeof head - 1;
    const struct bytes text = argument(&line);
    const struct bytes object = bytes_of(before + text.length + 1);
    memcpy(object.data, head, before);
    memcpy(object.data + before, text.data, text.length);
    object.data[object.length - 1] = '}';
    parse(object);
    free(object.data);
    free(text.data);
}

static void answer_scan(const char *line)
{
    const struct bytes text = argument(&line);
    struct ward_json_scan scan;
    struct ward_status status = ward_status_of(WARD_OK);
    ward_json_scan_begin(&scan);
    for (size_t i = 0; i < text.length && ward_ok(status); i++)
        status = ward_json_scan_byte(&scan, text.data[i]);
    print_status(ward_ok(status) ? ward_json_scan_end(&scan) : status);
    free(text.data);
}

static struct ward_status read_keys(struct bytes json, struct ward_jwks *set, struct ward_jwks_report *report)
{
    struct ward_jwks_reader reader;
    ward_jwks_begin(&reader, set, NULL, ward_text_of(NULL, 0));
    struct ward_status status = ward_jwks_feed(&reader, json.data, json.length, &work);
    if (ward_ok(status))
        status = ward_jwks_end(&reader);
    *report = reader.report;
    return status;
}

static void answer_jwks(const char *line)
{
    const struct bytes json = argument(&line);
    struct ward_jwks set;
    struct ward_jwks_report report;
    print_status(read_keys(json, &set, &report));
    printf(" %u %u %u ", (unsigned)set.count, (unsigned)report.seen, (unsigned)report.skipped);
    print_status(report.last_skipped);
    free(json.data);
}

/* Everything that a header may say is allowed: the vectors are about signatures. */
static const struct ward_expect lenient = { .issuers = WARD_TEXTS("issuer"),
                                            .audiences = WARD_TEXTS("audience"),
                                            .kid_optional = true };

static struct ward_status check_token(const struct ward_jwks *keys, struct bytes token, char **payload, size_t *length)
{
    struct ward_jws jws;
    struct ward_status status = ward_jws_split(&jws, token.data, token.length);
    if (ward_ok(status))
        status = ward_jws_read_header(&jws, &lenient, keys, &work);
    if (ward_ok(status))
        status = ward_jws_hash(&jws, &work);
    if (ward_ok(status))
        status = ward_signature_verify(jws.key, jws.digest, ward_jws_signature(&jws), &work.part.check.scratch.rsa);
    if (ward_ok(status))
        status = ward_jws_decode_payload(&jws, payload, length);
    return status;
}

static void answer_jws(const char *line)
{
    const struct bytes json = argument(&line);
    const struct bytes token = argument(&line);
    struct ward_jwks set;
    struct ward_jwks_report report;
    char *payload = NULL;
    size_t length = 0;
    struct ward_status status = read_keys(json, &set, &report);
    if (ward_ok(status))
        status = check_token(&set, token, &payload, &length);
    print_status(status);
    if (ward_ok(status)) {
        printf(" ");
        print_hex(payload, length);
    }
    free(token.data);
    free(json.data);
}

static const char *fate(struct bytes token, const char *before)
{
    size_t zeros = 0;
    if (token.length == 0 || memcmp(token.data, before, token.length) == 0)
        return "kept";
    while (zeros < token.length && token.data[zeros] == 0)
        zeros++;
    return zeros == token.length ? "wiped" : "changed";
}

static void answer_verify(const char *line)
{
    const struct bytes json = argument(&line);
    const struct bytes token = argument(&line);
    const struct bytes before = bytes_of(token.length);
    struct ward_jwks set;
    struct ward_jwks_report report;
    struct ward_claims claims;
    if (token.length > 0)
        memcpy(before.data, token.data, token.length);
    struct ward_status status = read_keys(json, &set, &report);
    if (ward_ok(status))
        status = ward_verify(&lenient, &set, ward_time_set(0), token.data, token.length, &work, &claims);
    print_status(status);
    printf(" %s", fate(token, before.data));
    free(before.data);
    free(token.data);
    free(json.data);
}

static struct ward_status check_message(const struct ward_key *key, struct bytes message, struct bytes signature)
{
    struct ward_sha256 sha;
    uint8_t digest[WARD_SHA256_SIZE];
    struct ward_status status = ward_crypto_sha256_start(&sha);
    if (ward_ok(status))
        status = ward_crypto_sha256_update(&sha, message.data, message.length);
    if (ward_ok(status))
        status = ward_crypto_sha256_end(&sha, digest);
    if (!ward_ok(status))
        ward_crypto_sha256_abort(&sha);
    if (ward_ok(status) && signature.length != ward_key_signature_length(key))
        status = ward_status_of(WARD_SIGNATURE_LENGTH);
    if (ward_ok(status))
        status = ward_signature_verify(key, digest, (const uint8_t *)signature.data, &work.part.check.scratch.rsa);
    return status;
}

static void answer_rs256(const char *line)
{
    const struct bytes json = argument(&line);
    const struct bytes message = argument(&line);
    const struct bytes signature = argument(&line);
    struct ward_jwks set;
    struct ward_jwks_report report;
    struct ward_status status = read_keys(json, &set, &report);
    if (ward_ok(status))
        status = check_message(&set.key[0], message, signature);
    else if (status.code == WARD_JWKS_NO_USABLE_KEY)
        status = report.last_skipped;
    print_status(status);
    free(signature.data);
    free(message.data);
    free(json.data);
}

int main(void)
{
    static const struct command commands[] = { { "json", answer_json },       { "scan", answer_scan },
                                               { "wrapped", answer_wrapped }, { "jwks", answer_jwks },
                                               { "jws", answer_jws },         { "verify", answer_verify },
                                               { "rs256", answer_rs256 } };
    answer_questions(commands, sizeof commands / sizeof commands[0]);
    return 0;
}
