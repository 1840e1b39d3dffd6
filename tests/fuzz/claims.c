/* SPDX-License-Identifier: Apache-2.0 */
#include "claims.h"

#include "fuzz.h"

/* Where texts may lie. */
struct buffer {
    const char *begin;
    size_t length;
};

static void check_inside(const struct buffer *buffer, struct ward_text span)
{
    if (span.length == 0)
        return;
    CHECK(span.data >= buffer->begin && span.data < buffer->begin + buffer->length);
    CHECK(span.length <= (size_t)(buffer->begin + buffer->length - span.data));
}

static bool has_nul(struct ward_text span)
{
    return span.length > 0 && memchr(span.data, '\0', span.length) != NULL;
}

static bool is_one_of(struct ward_text span, struct ward_texts several)
{
    for (size_t i = 0; i < several.count; i++)
        if (ward_text_equal(span, several.item[i]))
            return true;
    return false;
}

/* The claim as text; empty where there is none or it is not a text. */
static struct ward_text claim(const struct ward_claims *claims, const char *name)
{
    struct ward_claim found;
    struct ward_text value = ward_text_of(NULL, 0);
    if (ward_ok(ward_claim_find(claims, text(name), &found)) && !ward_ok(ward_claim_text(&found, &value)))
        CHECK_NUMBER(value.length, 0);
    return value;
}

static bool has(const struct ward_claims *claims, const char *name)
{
    struct ward_claim found;
    return ward_ok(ward_claim_find(claims, text(name), &found));
}

static void check_name(const struct buffer *buffer, struct ward_text name)
{
    check_inside(buffer, name);
    CHECK(!has_nul(name));
    CHECK(name.length <= 255);
}

static uint8_t kind_of(struct ward_text subject, struct ward_text client)
{
    static const struct ward_text suffix = WARD_TEXT("@clients");
    static const char anonymous[] = "anon@";
    char machine[255 + 8];
    if (subject.length == 0)
        return WARD_SUBJECT_NONE;
    if (client.length > 0) {
        memcpy(machine, client.data, client.length);
        memcpy(machine + client.length, suffix.data, suffix.length);
        if (ward_text_equal(subject, ward_text_of(machine, client.length + suffix.length)))
            return WARD_SUBJECT_MACHINE;
    }
    return subject.length >= 5 && memcmp(subject.data, anonymous, 5) == 0 ? WARD_SUBJECT_ANONYMOUS : WARD_SUBJECT_USER;
}

static void check_names(const struct ward_claims *claims, const struct ward_expect *expect, const struct buffer *buffer)
{
    const struct ward_text client_id = claim(claims, "client_id");
    check_name(buffer, claims->subject);
    check_name(buffer, claims->client);
    CHECK(claims->subject.length > 0 || (expect->subject_optional && !has(claims, "sub")));
    CHECK(ward_text_equal(claims->subject, claim(claims, "sub")));
    CHECK(ward_text_equal(claims->client, client_id.length > 0 ? client_id : claim(claims, "azp")));
    CHECK(expect->clients.count == 0 || is_one_of(claims->client, expect->clients));
    CHECK(expect->clients.count == 0 || !has(claims, "azp") || is_one_of(claim(claims, "azp"), expect->clients));
    CHECK_NUMBER(claims->kind, kind_of(claims->subject, claims->client));
}

static void check_audience(const struct ward_claims *claims, const struct ward_expect *expect)
{
    struct ward_claim aud;
    if (expect->audience_absent) {
        CHECK_NUMBER(claims->audience.length, 0);
        return;
    }
    CHECK(is_one_of(claims->audience, expect->audiences));
    CHECK_STATUS(ward_claim_find(claims, text("aud"), &aud), WARD_OK);
    CHECK(aud.type == WARD_CLAIM_TEXT || aud.type == WARD_CLAIM_ARRAY);
}

static void check_times(const struct ward_claims *claims, const struct ward_expect *expect, struct ward_time now)
{
    const uint64_t leeway = expect->leeway == WARD_NO_LEEWAY ? 0 : expect->leeway > 0 ? expect->leeway : 60;
    CHECK(now.trust == WARD_TIME_SET);
    CHECK(claims->expires <= (uint64_t)1 << 53);
    CHECK(now.seconds < claims->expires + leeway);
    CHECK(expect->issued_ahead || claims->issued <= now.seconds + leeway);
    if (expect->max_lifetime > 0) {
        CHECK(has(claims, "iat"));
        CHECK(claims->expires <= claims->issued + expect->max_lifetime);
    }
    if (expect->max_age > 0) {
        CHECK(has(claims, "iat"));
        CHECK(now.seconds <= claims->issued + expect->max_age + leeway);
    }
}

static void check_rules(const struct ward_claims *claims, const struct ward_expect *expect)
{
    for (size_t i = 0; i < expect->claim_count; i++) {
        struct ward_claim found;
        CHECK_STATUS(ward_claim_find(claims, expect->claims[i].name, &found), WARD_OK);
        CHECK_STATUS(ward_claim_has(&found, expect->claims[i].value), WARD_OK);
        CHECK(found.type == WARD_CLAIM_TEXT);
    }
    CHECK(!has(claims, "cnf"));
}

/* A word of a string, separated by spaces; the empty text after the last. */
static struct ward_text word(struct ward_text words, size_t number)
{
    size_t begin = 0;
    for (;; number--) {
        while (begin < words.length && words.data[begin] == ' ')
            begin++;
        size_t end = begin;
        while (end < words.length && words.data[end] != ' ')
            end++;
        if (number == 0 || end == words.length)
            return number == 0 ? ward_text_of(words.data + begin, end - begin) : ward_text_of(NULL, 0);
        begin = end;
    }
}

/* What ward_scope_item() is to give, from the claim itself; false after the last. */
static bool scope_at(const struct ward_claim *scopes, size_t number, struct ward_text *scope)
{
    struct ward_claim item;
    if (scopes->type == WARD_CLAIM_ARRAY)
        return ward_ok(ward_claim_item(scopes, number, NULL, &item)) && ward_ok(ward_claim_text(&item, scope));
    if (!ward_ok(ward_claim_text(scopes, scope)))
        return false;
    *scope = word(*scope, number);
    return scope->length > 0;
}

static void check_scopes(const struct ward_claims *claims, const struct ward_expect *expect,
                         const struct buffer *buffer)
{
    const struct ward_text name = expect->scope_claim.length > 0 ? expect->scope_claim : text("scope");
    struct ward_claim scopes;
    struct ward_text scope;
    struct ward_text expected;
    bool read = false;
    bool write = false;
    size_t count = 0;
    size_t at = 0;
    CHECK(ward_ok(ward_claim_find(claims, name, &scopes)) == (claims->scope > 0));
    for (; scope_at(&scopes, count, &expected); count++) {
        CHECK_STATUS(ward_scope_item(claims, count, &scope), WARD_OK);
        CHECK(ward_text_equal(scope, expected));
        CHECK_STATUS(ward_scope_next(claims, &at, &scope), WARD_OK);
        CHECK(ward_text_equal(scope, expected));
        CHECK(!has_nul(scope));
        check_inside(buffer, scope);
        read = read || ward_text_equal(scope, text("read:foia"));
        write = write || ward_text_equal(scope, text("write:foia"));
    }
    CHECK_STATUS(ward_scope_item(claims, count, &scope), WARD_CLAIM_MISSING);
    CHECK_STATUS(ward_scope_next(claims, &at, &scope), WARD_CLAIM_MISSING);
    CHECK(ward_ok(ward_scope_check(claims, text("read:foia"))) == read);
    CHECK(ward_ok(ward_scope_check(claims, text("read:foia write:foia"))) == (read && write));
    CHECK(ward_ok(ward_scope_check(claims, text("write:foia|read:foia"))) == (read || write));
    CHECK_STATUS(ward_scope_check(claims, text("read:foia ")), WARD_SCOPE_EXPRESSION);
}

/* Each question has an answer that agrees with the type, and an output that agrees with the answer. */
static void check_scalar(const struct buffer *buffer, const struct ward_claim *one)
{
    struct ward_text literal;
    struct ward_text value;
    int64_t integer;
    bool truth;
    const bool scalar = one->type != WARD_CLAIM_OBJECT && one->type != WARD_CLAIM_ARRAY;
    CHECK(ward_ok(ward_claim_literal(one, &literal)) == scalar);
    check_inside(buffer, literal);
    CHECK(ward_ok(ward_claim_text(one, &value)) == (one->type == WARD_CLAIM_TEXT && !has_nul(literal)));
    CHECK(value.length == 0 || ward_text_equal(value, literal));
    CHECK(ward_ok(ward_claim_boolean(one, &truth)) == (one->type == WARD_CLAIM_BOOLEAN));
    CHECK(truth == (one->type == WARD_CLAIM_BOOLEAN && literal.length == 4));
    const bool whole = ward_ok(ward_claim_integer(one, &integer));
    CHECK(!whole || one->type == WARD_CLAIM_NUMBER);
    CHECK(whole || integer == 0);
    CHECK(integer >= -((int64_t)1 << 53) && integer <= (int64_t)1 << 53);
}

static void walk(const struct buffer *buffer, const struct ward_claim *container, unsigned depth)
{
    struct ward_claim inner;
    struct ward_claim same;
    struct ward_text name;
    size_t at = 0;
    /* Only containers count as a level. */
    CHECK(depth <= WARD_MAX_JSON_DEPTH + (container->type < WARD_CLAIM_OBJECT ? 1u : 0u));
    check_scalar(buffer, container);
    for (size_t i = 0; i < container->size; i++) {
        CHECK_STATUS(ward_claim_item(container, i, &name, &inner), WARD_OK);
        CHECK_STATUS(ward_claim_next(container, &at, &name, &same), WARD_OK);
        CHECK_NUMBER(same.index, inner.index);
        check_inside(buffer, name);
        if (container->type == WARD_CLAIM_OBJECT) {
            CHECK_STATUS(ward_claim_member(container, name, &same), WARD_OK);
            CHECK_NUMBER(same.index, inner.index);
        } else {
            CHECK_NUMBER(name.length, 0);
            CHECK_STATUS(ward_claim_member(container, text("x"), &same), WARD_CLAIM_INVALID);
        }
        walk(buffer, &inner, depth + 1);
    }
    CHECK(!ward_ok(ward_claim_next(container, &at, &name, &same)));
    CHECK(!ward_ok(ward_claim_item(container, container->size, &name, &inner)));
    CHECK_ZERO(inner);
    (void)ward_ok(ward_claim_has(container, text("read:foia")));
}

void claims_check(const struct ward_claims *claims, const struct ward_expect *expect, struct ward_time now,
                  const char *token, size_t length)
{
    const struct buffer buffer = { token, length };
    const struct ward_claim all = ward_claim_all(claims);
    check_inside(&buffer, claims->issuer);
    check_inside(&buffer, claims->audience);
    CHECK(is_one_of(claims->issuer, expect->issuers));
    CHECK(ward_text_equal(claims->issuer, claim(claims, "iss")));
    check_audience(claims, expect);
    check_times(claims, expect, now);
    check_names(claims, expect, &buffer);
    check_rules(claims, expect);
    check_scopes(claims, expect, &buffer);
    CHECK(all.type == WARD_CLAIM_OBJECT);
    walk(&buffer, &all, 1);
}
