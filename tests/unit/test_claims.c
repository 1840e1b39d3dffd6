/* SPDX-License-Identifier: Apache-2.0 */
/* What a payload must say; the signature is not looked at here. */
#include "token.h"
#include "token/claims.h"

static char payload[2048];
static struct ward_claims claims;
static struct ward_expect expect;
static uint64_t now;

static const struct ward_texts two_issuers = WARD_TEXTS("https://login.example.com/", ISSUER);
static const struct ward_texts short_audience = WARD_TEXTS("x");
static const struct ward_texts two_clients = WARD_TEXTS("one", "two");

static struct ward_status read_payload(const char *string)
{
    memcpy(payload, string, strlen(string));
    memset(&claims, 0, sizeof claims);
    const struct ward_status status = ward_claims_read(&expect, now, payload, strlen(string), &test_work, &claims);
    if (status.code >= WARD_JSON_MALFORMED && status.code <= WARD_JSON_BYTE_ORDER_MARK)
        return status;
    /* Its JSON is whole: read again, it comes to the same. */
    const struct ward_claims first = claims;
    memcpy(payload, string, strlen(string));
    memset(&claims, 0, sizeof claims);
    CHECK_STATUS(ward_claims_read_again(&expect, now, payload, strlen(string), &test_work, &claims), status.code);
    CHECK(memcmp(&first, &claims, sizeof first) == 0);
    return status;
}

/* Issuer, audience, subject and expiry as they should be, and one thing more. */
#define BASE "\"iss\":\"" ISSUER "\",\"aud\":\"" AUDIENCE "\",\"sub\":\"s\",\"exp\":" EXPIRY_TEXT
#define WITH(more) "{" BASE "," more "}"
#define WITHOUT_AUDIENCE "{\"iss\":\"" ISSUER "\",\"sub\":\"s\",\"exp\":" EXPIRY_TEXT
#define WITHOUT_EXPIRY "{\"iss\":\"" ISSUER "\",\"aud\":\"" AUDIENCE "\",\"sub\":\"s\""
#define WITHOUT_SUBJECT "{\"iss\":\"" ISSUER "\",\"aud\":\"" AUDIENCE "\",\"exp\":" EXPIRY_TEXT

static void begin(void)
{
    expect = usual_expect;
    now = NOW;
}

#define CHECK_PAYLOAD(string, code) CHECK_STATUS(read_payload(string), code)

TEST(reads_a_user_token)
{
    begin();
    CHECK_PAYLOAD(USUAL_PAYLOAD, WARD_OK);
    CHECK_TEXT(claims.issuer, ISSUER);
    CHECK_TEXT(claims.audience, AUDIENCE);
    CHECK_TEXT(claims.subject, "auth0|65f0c0ffee");
    CHECK_TEXT(claims.client, "k2bXJ0c3VpdGUgY2xpZW50");
    CHECK_NUMBER(claims.expires, 1767312000);
    CHECK_NUMBER(claims.issued, NOW);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_USER);
}

TEST(the_payload_is_an_object)
{
    begin();
    CHECK_PAYLOAD("", WARD_JSON_MALFORMED);
    CHECK_PAYLOAD("[]", WARD_JSON_NOT_OBJECT);
    CHECK_PAYLOAD("null", WARD_JSON_NOT_OBJECT);
    CHECK_PAYLOAD("\"iss\"", WARD_JSON_NOT_OBJECT);
    CHECK_PAYLOAD("{" BASE, WARD_JSON_MALFORMED);
    CHECK_PAYLOAD("{" BASE "}{}", WARD_JSON_MALFORMED);
    CHECK_PAYLOAD("{" BASE "}", WARD_OK);
}

TEST(a_claim_stands_once)
{
    begin();
    CHECK_PAYLOAD(WITH("\"iss\":\"" ISSUER "\""), WARD_JSON_DUPLICATE_MEMBER);
    CHECK_PAYLOAD(WITH("\"ex\\u0070\":9999999999"), WARD_JSON_DUPLICATE_MEMBER);
    CHECK_PAYLOAD(WITH("\"x\":{\"a\":[{\"b\":1,\"b\":2}]}"), WARD_JSON_DUPLICATE_MEMBER);
}

TEST(the_issuer_is_compared_whole)
{
    begin();
    CHECK_PAYLOAD("{\"aud\":\"" AUDIENCE "\"}", WARD_ISSUER_MISSING);
    CHECK_PAYLOAD("{\"iss\":null}", WARD_ISSUER_INVALID);
    CHECK_PAYLOAD("{\"iss\":[\"" ISSUER "\"]}", WARD_ISSUER_INVALID);
    CHECK_PAYLOAD("{\"iss\":1}", WARD_ISSUER_INVALID);
    CHECK_PAYLOAD("{\"iss\":\"\"}", WARD_ISSUER_REFUSED);
    CHECK_PAYLOAD("{\"iss\":\"https://dev-4fszoklachwdh46m.us.auth0.com\"}", WARD_ISSUER_REFUSED);
    CHECK_PAYLOAD("{\"iss\":\"" ISSUER "x\"}", WARD_ISSUER_REFUSED);
    CHECK_PAYLOAD("{\"iss\":\"" ISSUER "\\u0000\"}", WARD_ISSUER_REFUSED);
    CHECK_PAYLOAD("{\"iss\":\"https://evil.example/\"}", WARD_ISSUER_REFUSED);
    CHECK_PAYLOAD("{\"issuer\":\"" ISSUER "\",\"is\":\"" ISSUER "\",\"Iss\":\"" ISSUER "\"}", WARD_ISSUER_MISSING);
    CHECK_PAYLOAD("{\"x\":{\"iss\":\"" ISSUER "\"}}", WARD_ISSUER_MISSING);
}

TEST(takes_any_of_several_issuers)
{
    begin();
    expect.issuers = two_issuers;
    CHECK_PAYLOAD("{" BASE "}", WARD_OK);
    CHECK_PAYLOAD("{\"iss\":\"https://login.example.org/\"}", WARD_ISSUER_REFUSED);
}

TEST(the_audience_is_a_string_or_an_array_of_strings)
{
    begin();
    CHECK_PAYLOAD(WITHOUT_AUDIENCE "}", WARD_AUDIENCE_MISSING);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":\"" AUDIENCE "\"}", WARD_OK);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":[\"" AUDIENCE "\"]}", WARD_OK);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":[\"x\",\"" AUDIENCE "\",\"y\"]}", WARD_OK);
    CHECK_TEXT(claims.audience, AUDIENCE);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":null}", WARD_AUDIENCE_INVALID);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":5}", WARD_AUDIENCE_INVALID);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":{\"" AUDIENCE "\":\"" AUDIENCE "\"}}", WARD_AUDIENCE_INVALID);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":[\"" AUDIENCE "\",5]}", WARD_AUDIENCE_INVALID);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":[[\"" AUDIENCE "\"]]}", WARD_AUDIENCE_INVALID);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":[]}", WARD_AUDIENCE_REFUSED);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":[\"x\",\"y\"]}", WARD_AUDIENCE_REFUSED);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":\"" AUDIENCE "/\"}", WARD_AUDIENCE_REFUSED);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":\"" AUDIENCE " x\"}", WARD_AUDIENCE_REFUSED);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":\"\"}", WARD_AUDIENCE_REFUSED);
    expect.audiences = short_audience;
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"aud\":\"x\"}", WARD_OK);
}

TEST(an_absent_audience_passes_only_where_that_is_configured)
{
    static const struct ward_claim_rule rule = { WARD_TEXT("token_use"), WARD_TEXT("access") };
    begin();
    expect.audiences.count = 0;
    expect.audience_absent = true;
    expect.claims = &rule;
    expect.claim_count = 1;
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"token_use\":\"access\"}", WARD_OK);
    CHECK_NUMBER(claims.audience.length, 0);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE ",\"token_use\":\"id\"}", WARD_CLAIM_REFUSED);
    CHECK_PAYLOAD(WITHOUT_AUDIENCE "}", WARD_CLAIM_MISSING);
}

TEST(expires_at_exp_and_leeway)
{
    begin();
    expect.leeway = 60;
    CHECK_PAYLOAD(WITHOUT_EXPIRY "}", WARD_EXPIRY_MISSING);
    now = 1000;
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":941}", WARD_OK);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":940}", WARD_TOKEN_EXPIRED);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":940.9}", WARD_TOKEN_EXPIRED);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":941.1}", WARD_OK);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":0}", WARD_TOKEN_EXPIRED);
    expect.leeway = 0;
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":941}", WARD_OK);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":940}", WARD_TOKEN_EXPIRED);
    expect.leeway = WARD_NO_LEEWAY;
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1001}", WARD_OK);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1000}", WARD_TOKEN_EXPIRED);
    expect.leeway = 300;
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":701}", WARD_OK);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":700}", WARD_TOKEN_EXPIRED);
    expect.leeway = 1;
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1000}", WARD_OK);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":999}", WARD_TOKEN_EXPIRED);
}

TEST(the_expiry_is_a_plain_number)
{
    begin();
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":\"" EXPIRY_TEXT "\"}", WARD_EXPIRY_INVALID);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":null}", WARD_EXPIRY_INVALID);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":true}", WARD_EXPIRY_INVALID);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":[" EXPIRY_TEXT "]}", WARD_EXPIRY_INVALID);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":-1}", WARD_EXPIRY_INVALID);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1e400}", WARD_EXPIRY_INVALID);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1208925819614629174706176}", WARD_EXPIRY_INVALID);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":9007199254740992}", WARD_OK);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":9007199254740993}", WARD_EXPIRY_INVALID);
    CHECK_PAYLOAD("{\"iss\":\"" ISSUER "\",\"aud\":\"" AUDIENCE "\",\"sub\":\"s\",\"expires\":" EXPIRY_TEXT "}",
                  WARD_EXPIRY_MISSING);
}

TEST(dates_may_have_an_exponent)
{
    begin();
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1.767312e+09,\"iat\":1.7672256E9}", WARD_OK);
    CHECK_NUMBER(claims.expires, 1767312000);
    CHECK_NUMBER(claims.issued, 1767225600);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1.76722554e9}", WARD_TOKEN_EXPIRED);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1.7672255409e9}", WARD_TOKEN_EXPIRED);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1.767225541e9}", WARD_OK);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1e16}", WARD_EXPIRY_INVALID);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"exp\":1e-5}", WARD_TOKEN_EXPIRED);
}

TEST(is_not_valid_before_nbf_less_leeway)
{
    begin();
    CHECK_PAYLOAD(WITH("\"nbf\":1767225660"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"nbf\":1767225660.1"), WARD_TOKEN_NOT_YET_VALID);
    CHECK_PAYLOAD(WITH("\"nbf\":1767225661"), WARD_TOKEN_NOT_YET_VALID);
    CHECK_PAYLOAD(WITH("\"nbf\":0"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"nbf\":\"0\""), WARD_NOT_BEFORE_INVALID);
    CHECK_PAYLOAD(WITH("\"nbf\":null"), WARD_NOT_BEFORE_INVALID);
    CHECK_PAYLOAD(WITH("\"nbf\":1e0"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"nbf\":1.76722566e9"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"nbf\":1.7672256601e9"), WARD_TOKEN_NOT_YET_VALID);
    expect.leeway = WARD_NO_LEEWAY;
    CHECK_PAYLOAD(WITH("\"nbf\":1767225600"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"nbf\":1767225601"), WARD_TOKEN_NOT_YET_VALID);
}

TEST(was_not_issued_in_the_future)
{
    begin();
    CHECK_PAYLOAD(WITH("\"iat\":1767225660"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"iat\":1767225660.5"), WARD_ISSUED_IN_FUTURE);
    CHECK_PAYLOAD(WITH("\"iat\":1767225661"), WARD_ISSUED_IN_FUTURE);
    CHECK_PAYLOAD(WITH("\"iat\":\"1\""), WARD_ISSUED_INVALID);
    CHECK_PAYLOAD(WITH("\"iat\":-5"), WARD_ISSUED_INVALID);
    CHECK_PAYLOAD(WITH("\"iat\":false"), WARD_ISSUED_INVALID);
    CHECK_PAYLOAD("{" BASE "}", WARD_OK);
    CHECK_NUMBER(claims.issued, 0);
}

TEST(may_be_issued_ahead_only_where_that_is_configured)
{
    begin();
    expect.issued_ahead = true;
    CHECK_PAYLOAD(WITH("\"iat\":1767225661"), WARD_OK);
    CHECK_NUMBER(claims.issued, 1767225661);
    CHECK_PAYLOAD(WITH("\"iat\":9007199254740992"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"iat\":9007199254740993"), WARD_ISSUED_INVALID);
    CHECK_PAYLOAD(WITH("\"iat\":\"1\""), WARD_ISSUED_INVALID);
    CHECK_PAYLOAD(WITH("\"nbf\":1767225661"), WARD_TOKEN_NOT_YET_VALID);
    expect.max_age = 1;
    CHECK_PAYLOAD("{" BASE "}", WARD_ISSUED_MISSING);
    CHECK_PAYLOAD(WITH("\"iat\":1767225661"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"iat\":1767225538"), WARD_TOKEN_TOO_OLD);
    expect.max_age = 0;
    expect.max_lifetime = 86339;
    CHECK_PAYLOAD(WITH("\"iat\":1767225661"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"iat\":1767225660"), WARD_LIFETIME_TOO_LONG);
}

TEST(lives_no_longer_than_configured)
{
    begin();
    CHECK_PAYLOAD(WITH("\"iat\":1"), WARD_OK);
    expect.max_lifetime = 1;
    CHECK_PAYLOAD("{" BASE "}", WARD_ISSUED_MISSING);
    CHECK_PAYLOAD(WITH("\"iat\":1767225600"), WARD_LIFETIME_TOO_LONG);
    expect.max_lifetime = 86400;
    CHECK_PAYLOAD("{" BASE "}", WARD_ISSUED_MISSING);
    CHECK_PAYLOAD(WITH("\"iat\":1767225600"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"iat\":1767225599"), WARD_LIFETIME_TOO_LONG);
    CHECK_PAYLOAD(WITH("\"iat\":1767225599.9"), WARD_LIFETIME_TOO_LONG);
    CHECK_PAYLOAD(WITHOUT_EXPIRY ",\"iat\":1767225600,\"exp\":1767312000.1}", WARD_LIFETIME_TOO_LONG);
}

TEST(is_no_older_than_configured)
{
    begin();
    CHECK_PAYLOAD(WITH("\"iat\":1767220000"), WARD_OK);
    expect.max_age = 1;
    CHECK_PAYLOAD("{" BASE "}", WARD_ISSUED_MISSING);
    CHECK_PAYLOAD(WITH("\"iat\":1767225538"), WARD_TOKEN_TOO_OLD);
    expect.max_age = 3600;
    CHECK_PAYLOAD("{" BASE "}", WARD_ISSUED_MISSING);
    CHECK_PAYLOAD(WITH("\"iat\":1767221940"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"iat\":1767221939"), WARD_TOKEN_TOO_OLD);
    CHECK_PAYLOAD(WITH("\"iat\":1767221939.9"), WARD_TOKEN_TOO_OLD);
    expect.leeway = WARD_NO_LEEWAY;
    CHECK_PAYLOAD(WITH("\"iat\":1767222000"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"iat\":1767221999"), WARD_TOKEN_TOO_OLD);
}

TEST(the_subject_is_1_to_255_bytes_without_nul)
{
    static char string[1024];
    begin();
    CHECK_PAYLOAD(WITHOUT_SUBJECT "}", WARD_SUBJECT_MISSING);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"\"}", WARD_SUBJECT_INVALID);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":null}", WARD_SUBJECT_INVALID);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":7}", WARD_SUBJECT_INVALID);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":[\"s\"]}", WARD_SUBJECT_INVALID);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"admin\\u0000x\"}", WARD_SUBJECT_INVALID);
    const size_t length = strlen(WITHOUT_SUBJECT ",\"sub\":\"");
    memcpy(string, WITHOUT_SUBJECT ",\"sub\":\"", length);
    memset(string + length, 's', 255);
    memcpy(string + length + 255, "\"}", 3);
    CHECK_PAYLOAD(string, WARD_OK);
    CHECK_NUMBER(claims.subject.length, 255);
    memcpy(string + length + 255, "s\"}", 4);
    CHECK_PAYLOAD(string, WARD_SUBJECT_INVALID);
}

TEST(a_subject_may_be_missing_only_where_that_is_configured)
{
    begin();
    expect.subject_optional = true;
    CHECK_PAYLOAD(WITHOUT_SUBJECT "}", WARD_OK);
    CHECK_NUMBER(claims.subject.length, 0);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_NONE);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":null}", WARD_SUBJECT_INVALID);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"\"}", WARD_SUBJECT_INVALID);
}

TEST(the_client_is_client_id_or_azp)
{
    begin();
    CHECK_PAYLOAD("{" BASE "}", WARD_OK);
    CHECK_NUMBER(claims.client.length, 0);
    CHECK_PAYLOAD(WITH("\"azp\":\"c\""), WARD_OK);
    CHECK_TEXT(claims.client, "c");
    CHECK_PAYLOAD(WITH("\"client_id\":\"c\""), WARD_OK);
    CHECK_TEXT(claims.client, "c");
    CHECK_PAYLOAD(WITH("\"client_id\":\"c\",\"azp\":\"c\""), WARD_OK);
    CHECK_PAYLOAD(WITH("\"client_id\":\"c\",\"azp\":\"d\""), WARD_OK);
    CHECK_TEXT(claims.client, "c");
    CHECK_PAYLOAD(WITH("\"azp\":\"d\",\"client_id\":\"c\""), WARD_OK);
    CHECK_TEXT(claims.client, "c");
    CHECK_PAYLOAD(WITH("\"client_id\":\"c\",\"azp\":\"\""), WARD_CLIENT_INVALID);
    CHECK_PAYLOAD(WITH("\"client_id\":5,\"azp\":\"c\""), WARD_CLIENT_INVALID);
    CHECK_PAYLOAD(WITH("\"client_id\":\"\""), WARD_CLIENT_INVALID);
    CHECK_PAYLOAD(WITH("\"azp\":5"), WARD_CLIENT_INVALID);
    CHECK_PAYLOAD(WITH("\"azp\":null"), WARD_CLIENT_INVALID);
    CHECK_PAYLOAD(WITH("\"azp\":\"c\\u0000\""), WARD_CLIENT_INVALID);
}

TEST(only_listed_clients_call)
{
    begin();
    expect.clients = two_clients;
    CHECK_PAYLOAD("{" BASE "}", WARD_CLIENT_MISSING);
    CHECK_PAYLOAD(WITH("\"azp\":\"two\""), WARD_OK);
    CHECK_PAYLOAD(WITH("\"client_id\":\"one\""), WARD_OK);
    CHECK_PAYLOAD(WITH("\"azp\":\"on\""), WARD_CLIENT_REFUSED);
    CHECK_PAYLOAD(WITH("\"azp\":\"onetwo\""), WARD_CLIENT_REFUSED);
    CHECK_PAYLOAD(WITH("\"client_id\":\"one\",\"azp\":\"one\""), WARD_OK);
    CHECK_PAYLOAD(WITH("\"client_id\":\"one\",\"azp\":\"two\""), WARD_OK);
    CHECK_TEXT(claims.client, "one");
    CHECK_PAYLOAD(WITH("\"client_id\":\"one\",\"azp\":\"three\""), WARD_CLIENT_REFUSED);
    CHECK_PAYLOAD(WITH("\"client_id\":\"three\",\"azp\":\"one\""), WARD_CLIENT_REFUSED);
    CHECK_PAYLOAD(WITH("\"client_id\":\"three\",\"azp\":\"three\""), WARD_CLIENT_REFUSED);
}

TEST(required_claims_have_their_value)
{
    static const struct ward_claim_rule rules[] = { { WARD_TEXT("token_use"), WARD_TEXT("access") },
                                                    { WARD_TEXT("https://api.example/tier"), WARD_TEXT("gold") } };
    begin();
    expect.claims = rules;
    expect.claim_count = 2;
    CHECK_PAYLOAD(WITH("\"token_use\":\"access\",\"https://api.example/tier\":\"gold\""), WARD_OK);
    CHECK_PAYLOAD(WITH("\"token_use\":\"access\""), WARD_CLAIM_MISSING);
    CHECK_PAYLOAD(WITH("\"token_use\":\"id\",\"https://api.example/tier\":\"gold\""), WARD_CLAIM_REFUSED);
    CHECK_PAYLOAD(WITH("\"token_use\":\"accessx\",\"https://api.example/tier\":\"gold\""), WARD_CLAIM_REFUSED);
    CHECK_PAYLOAD(WITH("\"token_use\":[\"access\"],\"https://api.example/tier\":\"gold\""), WARD_CLAIM_INVALID);
    CHECK_PAYLOAD(WITH("\"token_use\":null,\"https://api.example/tier\":\"gold\""), WARD_CLAIM_INVALID);
}

TEST(a_token_bound_to_a_key_is_no_bearer_token)
{
    begin();
    CHECK_PAYLOAD(WITH("\"cnf\":{\"jkt\":\"x\"}"), WARD_SENDER_CONSTRAINED);
    CHECK_PAYLOAD(WITH("\"cnf\":null"), WARD_SENDER_CONSTRAINED);
}

TEST(scopes_are_a_string_or_an_array_of_strings_without_nul)
{
    begin();
    CHECK_PAYLOAD(WITH("\"scope\":\"a b\""), WARD_OK);
    CHECK_PAYLOAD(WITH("\"scope\":\"\""), WARD_OK);
    CHECK_PAYLOAD(WITH("\"scope\":[\"a\",\"b\"]"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"scope\":[]"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"scope\":5"), WARD_SCOPE_INVALID);
    CHECK_PAYLOAD(WITH("\"scope\":null"), WARD_SCOPE_INVALID);
    CHECK_PAYLOAD(WITH("\"scope\":{}"), WARD_SCOPE_INVALID);
    CHECK_PAYLOAD(WITH("\"scope\":[\"a\",5]"), WARD_SCOPE_INVALID);
    CHECK_PAYLOAD(WITH("\"scope\":[[\"a\"]]"), WARD_SCOPE_INVALID);
    CHECK_PAYLOAD(WITH("\"scope\":\"a\\u0000b\""), WARD_SCOPE_INVALID);
    CHECK_PAYLOAD(WITH("\"scope\":[\"a\",\"b\\u0000\"]"), WARD_SCOPE_INVALID);
}

TEST(the_claim_that_holds_scopes_can_be_another)
{
    struct ward_text scope;
    begin();
    expect.scope_claim = text("scp");
    CHECK_PAYLOAD(WITH("\"scope\":\"no\",\"scp\":[\"yes\"]"), WARD_OK);
    CHECK_STATUS(ward_scope_item(&claims, 0, &scope), WARD_OK);
    CHECK_TEXT(scope, "yes");
    CHECK_PAYLOAD(WITH("\"scope\":5"), WARD_OK);
    CHECK_PAYLOAD(WITH("\"scp\":5"), WARD_SCOPE_INVALID);
    expect.scope_claim = text("s");
    CHECK_PAYLOAD(WITH("\"s\":5"), WARD_SCOPE_INVALID);
}

TEST(tells_who_a_token_speaks_for)
{
    begin();
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"c@clients\",\"azp\":\"c\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_MACHINE);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"c@clients\",\"client_id\":\"c\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_MACHINE);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"c@clients\",\"azp\":\"d\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_USER);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"c@clients\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_USER);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"@clients\",\"azp\":\"c\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_USER);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"c@clientsx\",\"azp\":\"c\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_USER);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"c@Clients\",\"azp\":\"c\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_USER);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"anon@x\",\"azp\":\"c\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_ANONYMOUS);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"anon@\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_ANONYMOUS);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"@clients\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_USER);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"anon\",\"azp\":\"c\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_USER);
    CHECK_PAYLOAD(WITHOUT_SUBJECT ",\"sub\":\"anon@c@clients\",\"azp\":\"anon@c\"}", WARD_OK);
    CHECK_NUMBER(claims.kind, WARD_SUBJECT_MACHINE);
}

TEST(writes_nothing_when_it_refuses)
{
    begin();
    CHECK_PAYLOAD(WITH("\"cnf\":1"), WARD_SENDER_CONSTRAINED);
    CHECK_ZERO(claims);
}

SUITE(claims, CASE(reads_a_user_token), CASE(the_payload_is_an_object), CASE(a_claim_stands_once),
      CASE(the_issuer_is_compared_whole), CASE(takes_any_of_several_issuers),
      CASE(the_audience_is_a_string_or_an_array_of_strings),
      CASE(an_absent_audience_passes_only_where_that_is_configured), CASE(expires_at_exp_and_leeway),
      CASE(the_expiry_is_a_plain_number), CASE(dates_may_have_an_exponent), CASE(is_not_valid_before_nbf_less_leeway),
      CASE(was_not_issued_in_the_future), CASE(may_be_issued_ahead_only_where_that_is_configured),
      CASE(lives_no_longer_than_configured), CASE(is_no_older_than_configured),
      CASE(the_subject_is_1_to_255_bytes_without_nul), CASE(a_subject_may_be_missing_only_where_that_is_configured),
      CASE(the_client_is_client_id_or_azp), CASE(only_listed_clients_call), CASE(required_claims_have_their_value),
      CASE(a_token_bound_to_a_key_is_no_bearer_token), CASE(scopes_are_a_string_or_an_array_of_strings_without_nul),
      CASE(the_claim_that_holds_scopes_can_be_another), CASE(tells_who_a_token_speaks_for),
      CASE(writes_nothing_when_it_refuses));
