/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "encoding/json.h"
#include "ward/token.h"

/* The largest integer on which every JSON library agrees: RFC 8259 section 6. */
static const int64_t largest = (int64_t)1 << 53;

/* A claim's type is its value's. */
WARD_STATIC_ASSERT((int)WARD_CLAIM_NONE == (int)WARD_JSON_NONE && (int)WARD_CLAIM_TEXT == (int)WARD_JSON_TEXT &&
                       (int)WARD_CLAIM_NUMBER == (int)WARD_JSON_NUMBER &&
                       (int)WARD_CLAIM_BOOLEAN == (int)WARD_JSON_BOOLEAN &&
                       (int)WARD_CLAIM_NULL == (int)WARD_JSON_NULL && (int)WARD_CLAIM_OBJECT == (int)WARD_JSON_OBJECT &&
                       (int)WARD_CLAIM_ARRAY == (int)WARD_JSON_ARRAY,
                   "the numbers of both enumerations are the same");

static struct ward_json json_of(const struct ward_claims *claims)
{
    const struct ward_json json = { claims->json, claims->values, claims->count };
    return json;
}

static struct ward_claim no_claim(void)
{
    const struct ward_claim none = { NULL, 0, WARD_CLAIM_NONE, 0 };
    return none;
}

static struct ward_claim claim_at(const struct ward_claims *claims, size_t value)
{
    const struct ward_json json = json_of(claims);
    const struct ward_claim claim = { claims, (uint16_t)value, (uint16_t)ward_json_type(&json, value),
                                      (uint16_t)ward_json_size(&json, value) };
    return claim;
}

struct ward_claim ward_claim_all(const struct ward_claims *claims)
{
    return claims->count > 0 ? claim_at(claims, 0) : no_claim();
}

struct ward_status ward_claim_member(const struct ward_claim *object, struct ward_text name, struct ward_claim *claim)
{
    const struct ward_claim from = *object;
    memset(claim, 0, sizeof *claim);
    if (from.type != WARD_CLAIM_OBJECT)
        return ward_status_of(WARD_CLAIM_INVALID);
    const struct ward_json json = json_of(from.claims);
    const size_t value = ward_json_member(&json, from.index, name);
    if (value == 0)
        return ward_status_of(WARD_CLAIM_MISSING);
    *claim = claim_at(from.claims, value);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_claim_find(const struct ward_claims *claims, struct ward_text name, struct ward_claim *claim)
{
    const struct ward_claim all = ward_claim_all(claims);
    const struct ward_status status = ward_claim_member(&all, name, claim);
    return status.code == WARD_CLAIM_INVALID ? ward_status_of(WARD_CLAIM_MISSING) : status;
}

/* Whether a value lies in a container: their places in the text tell. */
static bool lies_in(const struct ward_json *json, size_t value, size_t container)
{
    const struct ward_text outer = ward_json_text(json, container);
    return value < json->count && ward_json_text(json, value).data < outer.data + outer.length;
}

struct ward_status ward_claim_next(const struct ward_claim *container, size_t *at, struct ward_text *name,
                                   struct ward_claim *claim)
{
    const struct ward_claim from = *container;
    const bool object = from.type == WARD_CLAIM_OBJECT;
    memset(claim, 0, sizeof *claim);
    if (name != NULL)
        *name = ward_text_of(NULL, 0);
    if (!object && from.type != WARD_CLAIM_ARRAY)
        return ward_status_of(WARD_CLAIM_INVALID);
    const struct ward_json json = json_of(from.claims);
    const size_t first = *at > 0 ? *at : from.index + 1u;
    if (!lies_in(&json, first, from.index))
        return ward_status_of(WARD_CLAIM_MISSING);
    const size_t value = object ? first + 1 : first;
    if (name != NULL && object)
        *name = ward_json_text(&json, first);
    *claim = claim_at(from.claims, value);
    *at = ward_json_after(&json, value);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_claim_item(const struct ward_claim *container, size_t number, struct ward_text *name,
                                   struct ward_claim *claim)
{
    const struct ward_claim from = *container;
    size_t at = 0;
    struct ward_status status = ward_claim_next(&from, &at, name, claim);
    for (size_t i = 0; i < number && ward_ok(status); i++)
        status = ward_claim_next(&from, &at, name, claim);
    return status;
}

struct ward_status ward_claim_literal(const struct ward_claim *claim, struct ward_text *literal)
{
    *literal = ward_text_of(NULL, 0);
    if (claim->type == WARD_CLAIM_NONE || claim->type == WARD_CLAIM_OBJECT || claim->type == WARD_CLAIM_ARRAY)
        return ward_status_of(WARD_CLAIM_INVALID);
    const struct ward_json json = json_of(claim->claims);
    *literal = ward_json_text(&json, claim->index);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_claim_text(const struct ward_claim *claim, struct ward_text *text)
{
    struct ward_text literal;
    *text = ward_text_of(NULL, 0);
    const struct ward_status status = ward_claim_literal(claim, &literal);
    if (!ward_ok(status) || claim->type != WARD_CLAIM_TEXT)
        return ward_status_of(WARD_CLAIM_INVALID);
    if (memchr(literal.data, '\0', literal.length) != NULL)
        return ward_status_of(WARD_CLAIM_INVALID);
    *text = literal;
    return ward_status_of(WARD_OK);
}

static bool read_integer(struct ward_text literal, int64_t *integer)
{
    const size_t sign = literal.data[0] == '-' ? 1u : 0u;
    int64_t value = 0;
    for (size_t i = sign; i < literal.length; i++) {
        if (literal.data[i] < '0' || literal.data[i] > '9')
            return false;
        value = value * 10 + (literal.data[i] - '0');
        if (value > largest)
            return false;
    }
    *integer = sign != 0 ? -value : value;
    return true;
}

struct ward_status ward_claim_integer(const struct ward_claim *claim, int64_t *integer)
{
    struct ward_text literal;
    *integer = 0;
    const struct ward_status status = ward_claim_literal(claim, &literal);
    if (!ward_ok(status) || claim->type != WARD_CLAIM_NUMBER || !read_integer(literal, integer))
        return ward_status_of(WARD_CLAIM_INVALID);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_claim_boolean(const struct ward_claim *claim, bool *truth)
{
    struct ward_text literal;
    *truth = false;
    const struct ward_status status = ward_claim_literal(claim, &literal);
    if (!ward_ok(status) || claim->type != WARD_CLAIM_BOOLEAN)
        return ward_status_of(WARD_CLAIM_INVALID);
    *truth = literal.data[0] == 't';
    return ward_status_of(WARD_OK);
}

struct ward_status ward_claim_has(const struct ward_claim *claim, struct ward_text text)
{
    bool found = false;
    if (claim->type == WARD_CLAIM_TEXT || claim->type == WARD_CLAIM_NONE) {
        struct ward_text own;
        const struct ward_status status = ward_claim_text(claim, &own);
        if (!ward_ok(status))
            return status;
        return ward_status_of(ward_text_equal(own, text) ? WARD_OK : WARD_CLAIM_MISSING);
    }
    if (claim->type != WARD_CLAIM_ARRAY)
        return ward_status_of(WARD_CLAIM_INVALID);
    const struct ward_json json = json_of(claim->claims);
    size_t value = claim->index + 1u;
    for (size_t i = 0; i < claim->size; i++) {
        const struct ward_claim item = claim_at(claim->claims, value);
        struct ward_text own;
        const struct ward_status status = ward_claim_text(&item, &own);
        if (!ward_ok(status))
            return status;
        found = found || ward_text_equal(own, text);
        value = ward_json_after(&json, value);
    }
    return ward_status_of(found ? WARD_OK : WARD_CLAIM_MISSING);
}
