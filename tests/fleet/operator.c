/* SPDX-License-Identifier: Apache-2.0 */
#include "operator.h"

#include "base64url_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer.h"

enum { SIGN_AGAIN = 6 * 60 * 60, LIFETIME = 7 * 24 * 60 * 60, COPY_IS_GOOD = 10000, OPERATORS_KEY = 1000000 };

struct signer signer;
struct cache cache;

static struct ward_jwks keys;
static char buffer[4096];
static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://issuer.example/"),
                                           .audiences = WARD_TEXTS("https://api.example") };
static const struct ward_bundle_config config = { .operator_name = WARD_TEXT("https://fleet.example/"),
                                                  .fleet = WARD_TEXT("thermostats"),
                                                  .keys = &keys,
                                                  .expect = &expect,
                                                  .buffer = buffer,
                                                  .size = sizeof buffer };

static void sign(uint64_t seconds)
{
    static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"jwk-set+jwt\",\"kid\":\"key-1000000\"}";
    char payload[3072];
    struct bundle *const bundle = &signer.bundle;
    bundle->sequence++;
    signer.key = issuer.key;
    signer.denied = signer.denies;
    signer.signed_at = seconds;
    const int length = sprintf(
        payload,
        "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"iat\":%llu,\"exp\":%llu,\"seq\":%u,\"deny\":[%s],%.*s",
        config.operator_name.data, expect.issuers.item[0].data, config.fleet.data, (unsigned long long)seconds,
        (unsigned long long)seconds + LIFETIME, bundle->sequence,
        signer.denies ? "{\"owner\":\"00112233445566778899aabbccddeeff\",\"issued_until\":\"always\"}" : "",
        (int)issuer.length - 1, issuer.set + 1);
    bundle->length = base64url_text(bundle->text, header, sizeof header - 1);
    bundle->text[bundle->length++] = '.';
    bundle->length += base64url_text(bundle->text + bundle->length, payload, (size_t)length);
    bundle->text[bundle->length++] = '.';
    /* 256 bytes of a signature. */
    memset(bundle->text + bundle->length, 'A', 342);
    bundle->length += 342;
}

const struct ward_bundle_config *operator_begin(uint64_t seconds)
{
    static struct ward_jwks_reader reader;
    static struct ward_workspace work;
    char set[1024];
    int length = sprintf(set, "{\"keys\":[");
    length += put_key(set + length, OPERATORS_KEY);
    length += sprintf(set + length, "]}");
    ward_jwks_begin(&reader, &keys, NULL, ward_text_of(NULL, 0));
    if (!ward_ok(ward_jwks_feed(&reader, set, (size_t)length, &work)) || !ward_ok(ward_jwks_end(&reader)))
        exit(1);
    cache.max_age = 300;
    sign(seconds);
    return &config;
}

void operator_run(uint64_t seconds)
{
    signer.asks_issuer++;
    const bool rotated = !issuer.down && issuer.key != signer.key;
    if (rotated || signer.denies != signer.denied || seconds - signer.signed_at >= SIGN_AGAIN)
        sign(seconds);
}

const struct bundle *cache_ask(uint64_t now)
{
    if (cache.bundle.length == 0 || now - cache.asked_at >= COPY_IS_GOOD) {
        cache.asks_operator++;
        cache.asked_at = now;
        cache.bundle = signer.bundle;
    }
    return &cache.bundle;
}
