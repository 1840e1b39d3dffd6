/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a bundle: a compact JWS. */
#include <stdio.h>
#include <string.h>

#include "operator.h"
#include "rules.h"
#include "signature.h"

static void put_header(struct text *header, const struct bundle *bundle)
{
    static const char *const others[] = { "", "\"typ\":\"JWT\",", "\"typ\":\"at+jwt\",", "\"typ\":7," };
    char kid[KID_LENGTH + 1] = "";
    kid_write(kid, bundle->fault == OF_ISSUER ? bundle->keys.key[0].kid : operator_key(bundle->signer).kid);
    text_put(header, "{\"alg\":\"RS256\",");
    text_put(header, bundle->fault == OF_OTHER_TYPE ? ONE_OF(others) : "\"typ\":\"jwk-set+jwt\",");
    text_put(header, "\"kid\":\"");
    text_put(header, kid);
    text_put(header, "\"}");
}

static void put_audience(struct text *payload, bool right)
{
    static const char *const fleets[] = { "\"thermostats\"", "[\"thermostats\"]", "[\"kettles\",\"thermostats\"]" };
    static const char *const others[] = { "\"kettles\"", "[\"kettles\"]", "\"Thermostats\"", "\"thermostats2\"" };
    text_put(payload, ",\"aud\":");
    text_put(payload, right ? ONE_OF(fleets) : ONE_OF(others));
}

static void put_sequence(struct text *payload, const struct bundle *bundle)
{
    static const char *const others[] = { "", ",\"seq\":0", ",\"seq\":-1", ",\"seq\":9007199254740993",
                                          ",\"seq\":\"7\"" };
    if (bundle->fault == WITHOUT_SEQUENCE) {
        text_put(payload, ONE_OF(others));
        return;
    }
    text_put(payload, ",\"seq\":");
    text_put_number(payload, bundle->sequence);
}

static void put_whom(struct text *payload, const struct denial *denial)
{
    uint8_t owner[16];
    char text[64];
    owner_write(denial->who, owner);
    if (denial->whom == SUBJECT) {
        (void)sprintf(text, "{\"sub\":\"s%u\"", denial->who);
        text_put(payload, text);
    } else if (denial->whom == OWNER) {
        text_put(payload, "{\"owner\":\"");
        for (unsigned i = 0; i < sizeof owner; i++)
            payload->length += (size_t)sprintf(payload->bytes + payload->length, "%02x", owner[i]);
        text_put(payload, "\"");
    } else {
        text_put(payload, "{\"everybody\":true");
    }
}

static void put_denial(struct text *payload, const struct denial *denial)
{
    put_whom(payload, denial);
    text_put(payload, ",\"issued_until\":");
    if (denial->until == ALWAYS)
        text_put(payload, "\"always\"");
    else
        text_put_number(payload, denial->until);
    text_put(payload, "}");
}

static void put_denials(struct text *payload, const struct bundle *bundle)
{
    static const char *const others[] = { "{\"sub\":\"s1\"}",
                                          "{\"owner\":\"00\",\"issued_until\":\"always\"}",
                                          "{\"everybody\":false,\"issued_until\":\"always\"}",
                                          "{\"sub\":\"s1\",\"issued_until\":\"never\"}",
                                          "{\"sub\":\"s1\",\"issued_until\":1.5}",
                                          "7" };
    if (bundle->denials == 0 && bundle->fault != WITHOUT_WHOM && one_in(2))
        return;
    text_put(payload, ",\"deny\":[");
    for (unsigned i = 0; i < bundle->denials; i++) {
        text_put(payload, i > 0 ? "," : "");
        put_denial(payload, &bundle->denial[i]);
    }
    if (bundle->fault == WITHOUT_WHOM) {
        text_put(payload, bundle->denials > 0 ? "," : "");
        text_put(payload, ONE_OF(others));
    }
    text_put(payload, "]");
}

static void put_keys(struct text *payload, const struct bundle *bundle)
{
    static const char *const others[] = {
        "", ",\"keys\":[]", ",\"keys\":{}", ",\"keys\":[{\"kty\":\"EC\"}]", ",\"keys\":[[", ",\"keys\":[1]"
    };
    const size_t brace = payload->length;
    if (bundle->fault == WITHOUT_KEYS) {
        text_put(payload, ONE_OF(others));
        return;
    }
    /* `{"keys":[…]}` without its end, and with a comma in place of its beginning. */
    text_put_set(payload, &bundle->keys, one_in(4) ? 1 : 0);
    payload->bytes[brace] = ',';
    payload->length--;
}

static void put_payload(struct text *payload, const struct bundle *bundle)
{
    text_put(payload, bundle->fault == OF_OTHER_OPERATOR ? "{\"iss\":\"https://thief.example/\",\"sub\":\""
                                                         : "{\"iss\":\"https://fleet.example/\",\"sub\":\"");
    text_put(payload, issuer_name[bundle->issuer]);
    text_put(payload, "\"");
    put_audience(payload, bundle->fault != OF_OTHER_FLEET);
    if (bundle->fault != WITHOUT_TIME) {
        text_put(payload, ",\"iat\":");
        text_put_number(payload, bundle->issued);
    }
    text_put(payload, ",\"exp\":");
    text_put_number(payload, bundle->expires);
    put_sequence(payload, bundle);
    text_put(payload, ",\"jti\":\"");
    text_put_number(payload, bundle->number);
    text_put(payload, "\"");
    put_denials(payload, bundle);
    put_keys(payload, bundle);
    text_put(payload, "}");
    for (unsigned blanks = bundle->fault == TOO_LONG ? WARD_MAX_BUNDLE / 4 * 3 : 0; payload->length < blanks;)
        text_put(payload, " ");
}

static uint16_t signing_number(const struct bundle *bundle)
{
    if (bundle->fault == OF_STRANGER)
        return one_in(2) ? bundle->keys.key[0].number : operator_key((bundle->signer + 1) % OPERATOR_KEYS).number;
    return bundle->fault == OF_ISSUER ? bundle->keys.key[0].number : operator_key(bundle->signer).number;
}

void bundle_write(struct bundle *bundle)
{
    static struct text part;
    struct text *const text = &bundle->text;
    uint8_t signature[SIGNATURE_SIZE];
    text->length = 0;
    part.length = 0;
    put_header(&part, bundle);
    text_put_base64url(text, part.bytes, part.length);
    text_put(text, ".");
    part.length = 0;
    put_payload(&part, bundle);
    text_put_base64url(text, part.bytes, part.length);
    signature_make(signing_number(bundle), text->bytes, text->length, signature);
    text_put(text, ".");
    text_put_base64url(text, signature, sizeof signature);
}
