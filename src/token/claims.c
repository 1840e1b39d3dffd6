/* SPDX-License-Identifier: Apache-2.0 */
#include "token/claims.h"

#include <string.h>

#include "encoding/json.h"
#include "token/date.h"

/* Longest `sub` and client. */
enum { LONGEST_NAME = 255 };

static const struct ward_text iss_name = WARD_TEXT("iss");
static const struct ward_text aud_name = WARD_TEXT("aud");
static const struct ward_text exp_name = WARD_TEXT("exp");
static const struct ward_text nbf_name = WARD_TEXT("nbf");
static const struct ward_text iat_name = WARD_TEXT("iat");
static const struct ward_text sub_name = WARD_TEXT("sub");
static const struct ward_text client_id_name = WARD_TEXT("client_id");
static const struct ward_text azp_name = WARD_TEXT("azp");
static const struct ward_text scope_name = WARD_TEXT("scope");
static const struct ward_text cnf_name = WARD_TEXT("cnf");
static const struct ward_text machine_suffix = WARD_TEXT("@clients");
static const struct ward_text anonymous_prefix = WARD_TEXT("anon@");

/* What one reading works on. */
struct reading {
    const struct ward_expect *expect;
    struct ward_json json;
    uint64_t now;
    uint64_t leeway;
    struct ward_claims claims;
};

static bool is_text(const struct reading *reading, size_t value)
{
    return ward_json_type(&reading->json, value) == WARD_JSON_TEXT;
}

static bool is_text_without_nul(const struct reading *reading, size_t value)
{
    const struct ward_text text = ward_json_text(&reading->json, value);
    return is_text(reading, value) && memchr(text.data, '\0', text.length) == NULL;
}

static struct ward_status check_issuer(struct reading *reading)
{
    const size_t iss = ward_json_member(&reading->json, 0, iss_name);
    if (iss == 0)
        return ward_status_of(WARD_ISSUER_MISSING);
    if (!is_text(reading, iss))
        return ward_status_of(WARD_ISSUER_INVALID);
    reading->claims.issuer = ward_json_text(&reading->json, iss);
    const bool right = ward_text_among(reading->claims.issuer, reading->expect->issuers);
    return ward_status_of(right ? WARD_OK : WARD_ISSUER_REFUSED);
}

/* One member of `aud`; the first that is expected is the token's audience. */
static bool take_audience(struct reading *reading, size_t value)
{
    const struct ward_text text = ward_json_text(&reading->json, value);
    if (!is_text(reading, value))
        return false;
    if (reading->claims.audience.length == 0 && ward_text_among(text, reading->expect->audiences))
        reading->claims.audience = text;
    return true;
}

static bool take_audiences(struct reading *reading, size_t aud)
{
    if (ward_json_type(&reading->json, aud) != WARD_JSON_ARRAY)
        return take_audience(reading, aud);
    size_t item = aud + 1;
    for (size_t i = 0; i < ward_json_size(&reading->json, aud); i++) {
        if (!take_audience(reading, item))
            return false;
        item = ward_json_after(&reading->json, item);
    }
    return true;
}

static struct ward_status check_audience(struct reading *reading)
{
    const size_t aud = ward_json_member(&reading->json, 0, aud_name);
    if (reading->expect->audience_absent)
        return ward_status_of(WARD_OK);
    if (aud == 0)
        return ward_status_of(WARD_AUDIENCE_MISSING);
    if (!take_audiences(reading, aud))
        return ward_status_of(WARD_AUDIENCE_INVALID);
    return ward_status_of(reading->claims.audience.length > 0 ? WARD_OK : WARD_AUDIENCE_REFUSED);
}

/* A date among the claims: WARD_OK and there, WARD_CLAIM_MISSING, or the given refusal. */
static struct ward_status read_date(const struct reading *reading, struct ward_text name, enum ward_code refusal,
                                    struct ward_date *date)
{
    const size_t value = ward_json_member(&reading->json, 0, name);
    if (value == 0)
        return ward_status_of(WARD_CLAIM_MISSING);
    const bool right = ward_json_type(&reading->json, value) == WARD_JSON_NUMBER &&
                       ward_date_read(ward_json_text(&reading->json, value), date);
    return ward_status_of(right ? WARD_OK : refusal);
}

static struct ward_status check_expiry(struct reading *reading, struct ward_date *exp)
{
    const struct ward_status status = read_date(reading, exp_name, WARD_EXPIRY_INVALID, exp);
    if (status.code == WARD_CLAIM_MISSING)
        return ward_status_of(WARD_EXPIRY_MISSING);
    if (!ward_ok(status))
        return status;
    reading->claims.expires = exp->seconds;
    return ward_status_of(reading->now >= exp->seconds + reading->leeway ? WARD_TOKEN_EXPIRED : WARD_OK);
}

static struct ward_status check_not_before(const struct reading *reading)
{
    struct ward_date nbf;
    const struct ward_status status = read_date(reading, nbf_name, WARD_NOT_BEFORE_INVALID, &nbf);
    if (status.code == WARD_CLAIM_MISSING)
        return ward_status_of(WARD_OK);
    if (!ward_ok(status))
        return status;
    const bool reached = ward_date_ceiling(nbf) <= reading->now + reading->leeway;
    return ward_status_of(reached ? WARD_OK : WARD_TOKEN_NOT_YET_VALID);
}

static struct ward_status check_lifetime(const struct reading *reading, struct ward_date iat, struct ward_date exp)
{
    const struct ward_expect *const expect = reading->expect;
    if (expect->max_lifetime > 0 && ward_date_ceiling(exp) > iat.seconds + expect->max_lifetime)
        return ward_status_of(WARD_LIFETIME_TOO_LONG);
    if (expect->max_age > 0 && reading->now > iat.seconds + expect->max_age + reading->leeway)
        return ward_status_of(WARD_TOKEN_TOO_OLD);
    return ward_status_of(WARD_OK);
}

static struct ward_status check_issued(struct reading *reading, struct ward_date exp)
{
    struct ward_date iat;
    const bool needed = reading->expect->max_lifetime > 0 || reading->expect->max_age > 0;
    const struct ward_status status = read_date(reading, iat_name, WARD_ISSUED_INVALID, &iat);
    if (status.code == WARD_CLAIM_MISSING)
        return ward_status_of(needed ? WARD_ISSUED_MISSING : WARD_OK);
    if (!ward_ok(status))
        return status;
    reading->claims.issued = iat.seconds;
    if (!reading->expect->issued_ahead && ward_date_ceiling(iat) > reading->now + reading->leeway)
        return ward_status_of(WARD_ISSUED_IN_FUTURE);
    return check_lifetime(reading, iat, exp);
}

static struct ward_status check_times(struct reading *reading)
{
    struct ward_date exp = { 0, false };
    struct ward_status status = check_expiry(reading, &exp);
    if (ward_ok(status))
        status = check_not_before(reading);
    if (ward_ok(status))
        status = check_issued(reading, exp);
    return status;
}

/* A name among the claims: empty where there is none, false where it is not 1 to 255 bytes of text without NUL. */
static bool read_name(const struct reading *reading, struct ward_text claim, struct ward_text *name)
{
    const size_t value = ward_json_member(&reading->json, 0, claim);
    *name = ward_text_of(NULL, 0);
    if (value == 0)
        return true;
    *name = ward_json_text(&reading->json, value);
    return is_text_without_nul(reading, value) && name->length > 0 && name->length <= LONGEST_NAME;
}

static struct ward_status check_subject(struct reading *reading)
{
    if (!read_name(reading, sub_name, &reading->claims.subject))
        return ward_status_of(WARD_SUBJECT_INVALID);
    const bool missing = reading->claims.subject.length == 0 && !reading->expect->subject_optional;
    return ward_status_of(missing ? WARD_SUBJECT_MISSING : WARD_OK);
}

/* Whether a client that the token names is listed; one that it does not name stands in nobody's way. */
static bool is_listed(const struct reading *reading, struct ward_text client)
{
    return client.length == 0 || ward_text_among(client, reading->expect->clients);
}

static struct ward_status check_client(struct reading *reading)
{
    struct ward_text client_id;
    struct ward_text azp;
    if (!read_name(reading, client_id_name, &client_id) || !read_name(reading, azp_name, &azp))
        return ward_status_of(WARD_CLIENT_INVALID);
    reading->claims.client = client_id.length > 0 ? client_id : azp;
    if (reading->expect->clients.count == 0)
        return ward_status_of(WARD_OK);
    if (reading->claims.client.length == 0)
        return ward_status_of(WARD_CLIENT_MISSING);
    /* They may differ: an issuer may write a name of its own into one of them. Neither may name a stranger. */
    const bool listed = is_listed(reading, client_id) && is_listed(reading, azp);
    return ward_status_of(listed ? WARD_OK : WARD_CLIENT_REFUSED);
}

static bool scope_is_valid(const struct reading *reading, size_t scope)
{
    if (ward_json_type(&reading->json, scope) != WARD_JSON_ARRAY)
        return is_text_without_nul(reading, scope);
    size_t item = scope + 1;
    for (size_t i = 0; i < ward_json_size(&reading->json, scope); i++) {
        if (!is_text_without_nul(reading, item))
            return false;
        item = ward_json_after(&reading->json, item);
    }
    return true;
}

static struct ward_status check_scope(struct reading *reading)
{
    const struct ward_text name = reading->expect->scope_claim.length > 0 ? reading->expect->scope_claim : scope_name;
    const size_t scope = ward_json_member(&reading->json, 0, name);
    if (scope != 0 && !scope_is_valid(reading, scope))
        return ward_status_of(WARD_SCOPE_INVALID);
    reading->claims.scope = (uint16_t)scope;
    return ward_status_of(WARD_OK);
}

static struct ward_status check_rules(const struct reading *reading)
{
    for (size_t i = 0; i < reading->expect->claim_count; i++) {
        const struct ward_claim_rule *const rule = &reading->expect->claims[i];
        const size_t value = ward_json_member(&reading->json, 0, rule->name);
        if (value == 0)
            return ward_status_of(WARD_CLAIM_MISSING);
        if (!is_text(reading, value))
            return ward_status_of(WARD_CLAIM_INVALID);
        if (!ward_text_equal(ward_json_text(&reading->json, value), rule->value))
            return ward_status_of(WARD_CLAIM_REFUSED);
    }
    return ward_status_of(WARD_OK);
}

/* RFC 7800: only who shows the key that `cnf` names may use the token; a plain bearer does not. */
static struct ward_status check_bearer(const struct reading *reading)
{
    return ward_status_of(ward_json_member(&reading->json, 0, cnf_name) == 0 ? WARD_OK : WARD_SENDER_CONSTRAINED);
}

static bool begins_with(struct ward_text text, struct ward_text prefix)
{
    return text.length >= prefix.length && ward_text_equal(ward_text_of(text.data, prefix.length), prefix);
}

static bool is_machine(struct ward_text subject, struct ward_text client)
{
    return client.length > 0 && subject.length == client.length + machine_suffix.length &&
           begins_with(subject, client) &&
           ward_text_equal(ward_text_of(subject.data + client.length, machine_suffix.length), machine_suffix);
}

static enum ward_subject_kind kind_of(const struct ward_claims *claims)
{
    if (claims->subject.length == 0)
        return WARD_SUBJECT_NONE;
    if (is_machine(claims->subject, claims->client))
        return WARD_SUBJECT_MACHINE;
    return begins_with(claims->subject, anonymous_prefix) ? WARD_SUBJECT_ANONYMOUS : WARD_SUBJECT_USER;
}

static struct ward_status check_all(struct reading *reading)
{
    if (ward_json_type(&reading->json, 0) != WARD_JSON_OBJECT)
        return ward_status_of(WARD_JSON_NOT_OBJECT);
    struct ward_status status = check_issuer(reading);
    if (ward_ok(status))
        status = check_audience(reading);
    if (ward_ok(status))
        status = check_times(reading);
    if (ward_ok(status))
        status = check_subject(reading);
    if (ward_ok(status))
        status = check_client(reading);
    if (ward_ok(status))
        status = check_rules(reading);
    if (ward_ok(status))
        status = check_bearer(reading);
    if (ward_ok(status))
        status = check_scope(reading);
    return status;
}

static uint64_t leeway_of(const struct ward_expect *expect)
{
    if (expect->leeway == WARD_NO_LEEWAY)
        return 0;
    return expect->leeway > 0 ? expect->leeway : WARD_DEFAULT_LEEWAY;
}

static void begin_reading(struct reading *reading, const struct ward_expect *expect, uint64_t now)
{
    memset(reading, 0, sizeof *reading);
    reading->expect = expect;
    reading->now = now;
    reading->leeway = leeway_of(expect);
}

/* What its JSON says, once that could be read. */
static struct ward_status end_reading(struct reading *reading, struct ward_status status, struct ward_claims *claims)
{
    if (ward_ok(status))
        status = check_all(reading);
    if (!ward_ok(status))
        return status;
    *claims = reading->claims;
    claims->kind = (uint8_t)kind_of(claims);
    claims->json = reading->json.text;
    claims->values = reading->json.values;
    claims->count = (uint16_t)reading->json.count;
    return status;
}

struct ward_status ward_claims_read(const struct ward_expect *expect, uint64_t now, char *payload, size_t length,
                                    struct ward_workspace *work, struct ward_claims *claims)
{
    struct reading reading;
    begin_reading(&reading, expect, now);
    const struct ward_status status = ward_json_parse(&reading.json, payload, length, work->part.values,
                                                      WARD_MAX_JSON_VALUES);
    return end_reading(&reading, status, claims);
}

/*
 * That is safe for exactly the same bytes alone: the cache has compared all of them (src/access/cache.c), they were those of a good
 * signature, and what the bytes mean does not depend on anything that changes: neither the clock nor the expectations nor the keys. All
 * that does is asked again. Whatever the bytes, no read or write leaves their text and the table.
 */
struct ward_status ward_claims_read_again(const struct ward_expect *expect, uint64_t now, char *payload, size_t length,
                                          struct ward_workspace *work, struct ward_claims *claims)
{
    struct reading reading;
    begin_reading(&reading, expect, now);
    const struct ward_status status = ward_json_read_again(&reading.json, payload, length, work->part.values,
                                                           WARD_MAX_JSON_VALUES);
    return end_reading(&reading, status, claims);
}
