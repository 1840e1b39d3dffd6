/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "ward/bundle.h"

#include <string.h>

#include "access/bundle_deny.h"
#include "crypto/wipe.h"
#include "encoding/json_find.h"
#include "keys/key.h"
#include "token/claims.h"
#include "token/pipeline.h"

#if WARD_MAX_BUNDLE > 0

static const struct ward_text type = WARD_TEXT(WARD_BUNDLE_TYPE);
static const struct ward_text keys_name = WARD_TEXT("keys");
static const struct ward_text deny_name = WARD_TEXT("deny");
static const struct ward_text seq_name = WARD_TEXT("seq");

/* A bundle between its steps. */
struct taking {
    struct ward_keyring *keyring;
    struct ward_workspace *work;
    struct ward_bundle *next;
    struct ward_expect expect; /* of the bundle itself */
    uint64_t now;
    bool fetched;
    char *payload;
    size_t length;
};

/* What a token's refusal means of a bundle, where what is to be done is another thing. */
static const struct {
    uint16_t of_token;
    uint16_t of_bundle;
} names[] = { { WARD_TOKEN_TOO_LONG, WARD_BUNDLE_TOO_LONG },
              { WARD_KEY_UNKNOWN, WARD_BUNDLE_SIGNER },
              { WARD_ISSUER_REFUSED, WARD_BUNDLE_OPERATOR },
              { WARD_AUDIENCE_REFUSED, WARD_BUNDLE_FLEET },
              { WARD_TOKEN_EXPIRED, WARD_BUNDLE_EXPIRED } };

static struct ward_status name_of(struct ward_status status)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (status.code == names[i].of_token)
            return ward_status_of((enum ward_code)names[i].of_bundle);
    return status;
}

/* ---- The signature. */

static struct ward_status verify(struct taking *taking, char *bundle, size_t length)
{
    struct ward_verification token;
    struct ward_text kid;
    struct ward_bundle_mark *const mark = &taking->next->mark[0];
    struct ward_status status = ward_token_open_bundle(&token, &taking->expect, bundle, length, taking->work);
    if (ward_ok(status))
        status = ward_token_find_key(&token, taking->keyring->config->bundles->keys, &kid);
    if (ward_ok(status))
        status = ward_token_hash(&token);
    if (ward_ok(status))
        status = ward_token_begin_signature(&token);
    while (status.code == WARD_UNFINISHED)
        status = ward_token_step_signature(&token);
    if (!ward_ok(status))
        return status;
    ward_key_fingerprint(ward_token_key(&token), mark->key);
    memcpy(mark->identity, ward_token_digest(&token), sizeof mark->identity);
    return ward_token_payload(&token, &taking->payload, &taking->length);
}

/* ---- The payload. */

/* What was read of the text is blank to the table of claims, which has no room for it. */
static void blank(const struct taking *taking, const struct ward_json_part *part)
{
    for (size_t i = part->begin + 1; i + 1 < part->end; i++)
        taking->payload[i] = ' ';
}

/* False also of what is no JSON: the reader of the keys, and the table of claims, refuse that. */
static bool find(const struct taking *taking, struct ward_text name, struct ward_json_part *part)
{
    memset(part, 0, sizeof *part);
    return ward_ok(ward_json_find(taking->payload, taking->length, name, part));
}

static struct ward_status read_keys(const struct taking *taking)
{
    struct ward_json_part keys;
    const struct ward_status status = ward_bundle_read_keys(taking->keyring, taking->fetched, taking->payload,
                                                            taking->length, taking->work);
    (void)find(taking, keys_name, &keys);
    blank(taking, &keys);
    return status;
}

static struct ward_status read_denials(const struct taking *taking)
{
    const struct ward_expect *const expect = taking->keyring->config->bundles->expect;
    struct ward_json_part deny;
    if (!find(taking, deny_name, &deny))
        return ward_status_of(WARD_OK);
    if (deny.end == deny.begin)
        return ward_status_of(WARD_BUNDLE_DENIALS_INVALID);
    struct ward_status status = ward_bundle_read_denials(taking->payload + deny.begin, deny.end - deny.begin, expect,
                                                         taking->work, taking->next);
    if (ward_ok(status))
        status = ward_bundle_authority(expect, taking->work, taking->next->authority);
    blank(taking, &deny);
    return status;
}

static struct ward_status take_sequence(const struct taking *taking, const struct ward_claims *claims)
{
    struct ward_claim seq;
    int64_t sequence = 0;
    struct ward_status status = ward_claim_find(claims, seq_name, &seq);
    if (ward_ok(status))
        status = ward_claim_integer(&seq, &sequence);
    if (!ward_ok(status) || sequence < 1)
        return ward_status_of(WARD_BUNDLE_SEQUENCE_INVALID);
    taking->next->mark[0].sequence = (uint64_t)sequence;
    return status;
}

static struct ward_status read_claims(const struct taking *taking)
{
    struct ward_claims claims;
    const struct ward_status status = ward_claims_read(&taking->expect, taking->now, taking->payload, taking->length,
                                                       taking->work, &claims);
    if (!ward_ok(status))
        return status;
    if (!ward_text_equal(claims.subject, taking->keyring->config->issuer))
        return ward_status_of(WARD_BUNDLE_ISSUER);
    if (claims.issued == 0)
        return ward_status_of(WARD_ISSUED_MISSING);
    taking->next->issued = claims.issued;
    taking->next->expires = claims.expires;
    return take_sequence(taking, &claims);
}

static struct ward_status read(struct taking *taking, char *bundle, size_t length)
{
    struct ward_status status = verify(taking, bundle, length);
    if (ward_ok(status))
        status = read_keys(taking);
    if (ward_ok(status))
        status = read_denials(taking);
    if (ward_ok(status))
        status = read_claims(taking);
    return status;
}

/* ---- The whole. */

/* Its `iat` may be ahead of a clock that is behind: then it is the clock that is wrong. */
static struct ward_expect expectations(const struct ward_bundle_config *config)
{
    struct ward_expect expect;
    memset(&expect, 0, sizeof expect);
    expect.issuers.item = &config->operator_name;
    expect.issuers.count = 1;
    expect.audiences.item = &config->fleet;
    expect.audiences.count = 1;
    expect.type = type;
    expect.leeway = WARD_NO_LEEWAY;
    expect.issued_ahead = true;
    return expect;
}

/* A bundle in a file is a line: whatever serves or publishes the file sends its end, too. */
static size_t without_line_end(const char *bundle, size_t length)
{
    size_t end = length;
    if (end > 0 && bundle[end - 1] == '\n')
        end--;
    if (end < length && end > 0 && bundle[end - 1] == '\r')
        end--;
    return end;
}

static struct ward_status take(struct taking *taking, char *bundle, size_t length, struct ward_time time,
                               uint32_t uptime)
{
    struct ward_keyring *const keyring = taking->keyring;
    if (!ward_bundle_begin(keyring, time, uptime, &taking->now))
        return ward_status_of(WARD_BUNDLE_BUSY);
    taking->next = ward_bundle_next(keyring);
    taking->expect = expectations(keyring->config->bundles);
    const struct ward_status read_status = read(taking, bundle, without_line_end(bundle, length));
    const struct ward_status status = ward_bundle_end(keyring, read_status, uptime);
    ward_wipe(taking->work, sizeof *taking->work);
    return name_of(status);
}

struct ward_status ward_keyring_bundle(struct ward_keyring *keyring, char *bundle, size_t length, struct ward_time time,
                                       uint32_t uptime, struct ward_workspace *work)
{
    struct taking taking = { .keyring = keyring, .work = work };
    if (keyring->config->bundles == NULL)
        return ward_status_of(WARD_BUNDLE_NOT_CONFIGURED);
    return take(&taking, bundle, length, time, uptime);
}

struct ward_status ward_keyring_fetch_end_bundle(struct ward_keyring *keyring, const struct ward_fetch_answer *answer,
                                                 struct ward_time time, uint32_t uptime, struct ward_workspace *work)
{
    struct ward_status status = ward_bundle_collected(keyring, answer, time, uptime);
    struct taking taking = { .keyring = keyring, .work = work, .fetched = true };
    if (ward_ok(status) && !ward_bundle_is_unchanged(answer))
        status = take(&taking, keyring->config->bundles->buffer, keyring->read, time, uptime);
    ward_bundle_fetch_ended(keyring, answer, status, time, uptime);
    return status;
}

#else

struct ward_status ward_keyring_bundle(struct ward_keyring *keyring, char *bundle, size_t length, struct ward_time time,
                                       uint32_t uptime, struct ward_workspace *work)
{
    (void)keyring;
    (void)bundle;
    (void)length;
    (void)time;
    (void)uptime;
    (void)work;
    return ward_status_of(WARD_BUNDLE_NOT_CONFIGURED);
}

struct ward_status ward_keyring_fetch_end_bundle(struct ward_keyring *keyring, const struct ward_fetch_answer *answer,
                                                 struct ward_time time, uint32_t uptime, struct ward_workspace *work)
{
    (void)work;
    return ward_keyring_fetch_end(keyring, answer, time, uptime);
}

#endif
