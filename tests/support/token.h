/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and key sets for the tests. */
#ifndef WARD_TEST_TOKEN_H
#define WARD_TEST_TOKEN_H

#include "check.h"
#include "keys.h"

#define ISSUER "https://dev-4fszoklachwdh46m.us.auth0.com/"
#define AUDIENCE "https://api.theholefoundation.org"

/** The time at which the tests check, and what the usual payload says about it. */
#define NOW 1767225600u
#define NOW_TEXT "1767225600"
#define EXPIRY_TEXT "1767312000"

#define USUAL_HEADER "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"a\"}"
#define CLAIMS_BUT_SCOPE                                                                                               \
    "\"iss\":\"" ISSUER "\",\"sub\":\"auth0|65f0c0ffee\",\"aud\":[\"" AUDIENCE "\",\"" ISSUER "userinfo\"],"           \
    "\"iat\":" NOW_TEXT ",\"exp\":" EXPIRY_TEXT ",\"azp\":\"k2bXJ0c3VpdGUgY2xpZW50\""
#define USUAL_PAYLOAD "{" CLAIMS_BUT_SCOPE ",\"scope\":\"read:foia write:foia\"}"

/** Expectations that the usual token satisfies. */
extern const struct ward_expect usual_expect;

/** A token, or a bundle, and room for what is too long. */
struct test_token {
    char data[(WARD_MAX_TOKEN > WARD_MAX_BUNDLE ? WARD_MAX_TOKEN : WARD_MAX_BUNDLE) + 1024];
    size_t length;
};

/** Appends bytes, or their base64url. */
void token_append(struct test_token *token, const char *data, size_t length);
void token_append_base64url(struct test_token *token, const void *data, size_t length);

/** Appends a dot and the signature over all that is there so far. */
void token_append_signature(struct test_token *token, enum test_key key);

/** A whole token. */
void token_make(struct test_token *token, enum test_key key, const char *header, const char *payload);

/** The usual token under KEY_A. */
void token_make_usual(struct test_token *token);

/** Appends one key of a set as JSON, with members in front such as "\"kid\":\"a\"," . */
size_t jwk_write(char *out, enum test_key key, const char *members);

/** A set of KEY_A as "a" and KEY_B as "b". */
const struct ward_jwks *usual_keys(void);

/** Reads a key set in one piece. */
struct ward_status jwks_read(const char *json, size_t length, struct ward_jwks *set, struct ward_jwks_report *report);

/** ward_verify() of a token at NOW, in memory that ends where the token ends; the token is consumed. */
struct ward_status verify_with(const struct ward_jwks *keys, struct test_token *token, const struct ward_expect *expect,
                               struct ward_claims *claims);

/** The same with the usual keys. */
struct ward_status verify(struct test_token *token, const struct ward_expect *expect, struct ward_claims *claims);

/** What a token with this header and payload comes to under KEY_A and the usual expectations. */
struct ward_status verify_made(const char *header, const char *payload);

/** The workspace of verify(). */
extern struct ward_workspace test_work;

#endif
