/* SPDX-License-Identifier: Apache-2.0 */
#include "token.h"

#include "base64url_text.h"
#include "guard.h"
#include "ward/port/crypto.h"

struct ward_workspace test_work;

const struct ward_expect usual_expect = { .issuers = WARD_TEXTS(ISSUER), .audiences = WARD_TEXTS(AUDIENCE) };

void token_append(struct test_token *token, const char *data, size_t length)
{
    CHECK(token->length + length <= sizeof token->data);
    memcpy(token->data + token->length, data, length);
    token->length += length;
}

void token_append_base64url(struct test_token *token, const void *data, size_t length)
{
    CHECK(token->length + (length * 4 + 2) / 3 <= sizeof token->data);
    token->length += base64url_text(token->data + token->length, data, length);
}

void token_append_signature(struct test_token *token, enum test_key key)
{
    struct ward_sha256 sha;
    uint8_t digest[32];
    uint8_t signature[512];
    CHECK_STATUS(ward_crypto_sha256_start(&sha), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_update(&sha, token->data, token->length), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_end(&sha, digest), WARD_OK);
    const size_t length = test_sign(key, digest, signature);
    token_append(token, ".", 1);
    token_append_base64url(token, signature, length);
}

void token_make(struct test_token *token, enum test_key key, const char *header, const char *payload)
{
    token->length = 0;
    token_append_base64url(token, header, strlen(header));
    token_append(token, ".", 1);
    token_append_base64url(token, payload, strlen(payload));
    token_append_signature(token, key);
}

void token_make_usual(struct test_token *token)
{
    token_make(token, KEY_A, USUAL_HEADER, USUAL_PAYLOAD);
}

static size_t put(char *out, size_t at, const char *string)
{
    const size_t length = strlen(string);
    memcpy(out + at, string, length + 1);
    return at + length;
}

size_t jwk_write(char *out, enum test_key key, const char *members)
{
    size_t at = put(out, 0, "{");
    at = put(out, at, members);
    at = put(out, at, "\"kty\":\"RSA\",\"n\":\"");
    at = put(out, at, test_public_keys[key].n);
    at = put(out, at, "\",\"e\":\"");
    at = put(out, at, test_public_keys[key].e);
    return put(out, at, "\"}");
}

struct ward_status jwks_read(const char *json, size_t length, struct ward_jwks *set, struct ward_jwks_report *report)
{
    static struct ward_jwks_reader reader;
    ward_jwks_begin(&reader, set, NULL, ward_text_of(NULL, 0));
    struct ward_status status = ward_jwks_feed(&reader, guard_copy(json, length), length, &test_work);
    if (ward_ok(status))
        status = ward_jwks_end(&reader);
    if (report != NULL)
        *report = reader.report;
    return status;
}

const struct ward_jwks *usual_keys(void)
{
    static struct ward_jwks set;
    static char json[2048];
    if (set.count > 0)
        return &set;
    size_t at = put(json, 0, "{\"keys\":[");
    at += jwk_write(json + at, KEY_A, "\"kid\":\"a\",\"use\":\"sig\",\"alg\":\"RS256\",");
    at = put(json, at, ",");
    at += jwk_write(json + at, KEY_B, "\"kid\":\"b\",\"use\":\"sig\",\"alg\":\"RS256\",");
    at = put(json, at, "]}");
    CHECK_STATUS(jwks_read(json, at, &set, NULL), WARD_OK);
    return &set;
}

/* Where the claims point after a check: the token's bytes as the check left them are copied back. */
static void move(struct ward_text *text, const char *from, char *to)
{
    if (text->data != NULL)
        text->data = to + (text->data - from);
}

struct ward_status verify_with(const struct ward_jwks *keys, struct test_token *token, const struct ward_expect *expect,
                               struct ward_claims *claims)
{
    char *const copy = guard_copy(token->data, token->length);
    const struct ward_status status = ward_verify(expect, keys, ward_time_set(NOW), copy, token->length, &test_work,
                                                  claims);
    memcpy(token->data, copy, token->length);
    move(&claims->issuer, copy, token->data);
    move(&claims->audience, copy, token->data);
    move(&claims->subject, copy, token->data);
    move(&claims->client, copy, token->data);
    if (claims->json != NULL)
        claims->json = token->data + (claims->json - copy);
    return status;
}

struct ward_status verify(struct test_token *token, const struct ward_expect *expect, struct ward_claims *claims)
{
    return verify_with(usual_keys(), token, expect, claims);
}

struct ward_status verify_made(const char *header, const char *payload)
{
    static struct test_token token;
    struct ward_claims claims;
    token_make(&token, KEY_A, header, payload);
    return verify(&token, &usual_expect, &claims);
}
