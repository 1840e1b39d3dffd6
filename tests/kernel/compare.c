/* SPDX-License-Identifier: Apache-2.0 */
/* compare BITS:COUNT …: the backend against mbedTLS's arithmetic, number by number, for so many moduli and signatures of each length: first
 * those at the edges (cases.c), then by chance. compare --chain BITS COUNT: a digest over all that mbedTLS says, for other
 * machines; compare --powers BITS COUNT: the same over what the backend says.
 * compare --print BITS COUNT: modulus, signature and power of so many cases by chance, for whoever can raise to a power. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "chain.h"
#include "reference.h"
#include "ward/port/crypto.h"

static struct ward_key key;
static struct ward_rsa_scratch scratch;
static uint8_t signature[WARD_MAX_RSA_BITS / 8];
static uint32_t power[WARD_RSA_WORDS];

static bool prepare(void)
{
    return ward_ok(ward_crypto_key_prepare(&key, &scratch)) && reference_is_prepared(&key);
}

/* The backend's power is left where its last multiplication was, and refused, since no block of PKCS#1 comes by chance. */
static bool is_refused(void)
{
    static const uint8_t digest[WARD_SHA256_SIZE] = { 0x3c };
    memset(&scratch, 0x5a, sizeof scratch);
    return ward_signature_verify(&key, digest, signature, &scratch).code == WARD_SIGNATURE_INVALID;
}

static bool is_the_same(void)
{
    const bool below = reference_power(power, &key, signature);
    return is_refused() && (!below || memcmp(power, scratch.power, 4 * ward_key_words(&key)) == 0);
}

static bool compare(int number, const char *text)
{
    char *end = NULL;
    const unsigned bits = (unsigned)strtoul(text, &end, 10);
    const uint32_t count = (uint32_t)strtoul(*end == ':' ? end + 1 : end, NULL, 10) + KERNEL_EDGES;
    uint32_t at = 0;
    bool good = true;
    while (good && at < count) {
        if (kernel_case(bits, at, &key, signature))
            good = prepare();
        good = good && is_the_same();
        at += good;
    }
    if (!good)
        printf("# case %u of %u bits differs\n", (unsigned)at, bits);
    printf("%s %d - %u bits: %u powers are mbedTLS's, word for word\n", good ? "ok" : "not ok", number, bits,
           (unsigned)at);
    fflush(stdout);
    return good;
}

static const uint32_t *power_by_mbedtls(void)
{
    return reference_power(power, &key, signature) ? power : NULL;
}

static const uint32_t *power_by_backend(void)
{
    return is_refused() && kernel_is_below(signature, &key) ? scratch.power : NULL;
}

static int print_chain(unsigned bits, uint32_t count, const uint32_t *(*power_of_case)(void))
{
    struct chain chain;
    chain_begin(&chain);
    for (uint32_t at = 0; at < count; at++) {
        if (kernel_case(bits, at, &key, signature) && !prepare())
            return EXIT_FAILURE;
        chain_add(&chain, power_of_case(), ward_key_words(&key));
    }
    char text[CHAIN_TEXT];
    chain_end(&chain, text);
    printf("chain %s\n", text);
    return EXIT_SUCCESS;
}

static void print_number(const uint32_t *words)
{
    for (size_t i = WARD_RSA_WORDS; i > 0; i--)
        printf("%08x", (unsigned)words[i - 1]);
    printf("\n");
}

static int print_cases(unsigned bits, uint32_t count)
{
    for (uint32_t at = KERNEL_EDGES; at < KERNEL_EDGES + count * KERNEL_VALUES_OF_ONE; at++) {
        if (!kernel_case(bits, at, &key, signature))
            continue;
        const bool below = prepare() && reference_power(power, &key, signature);
        print_number(key.n);
        for (size_t i = 0; i < ward_key_signature_length(&key); i++)
            printf("%02x", signature[i]);
        printf("\n");
        print_number(below ? power : (const uint32_t[WARD_RSA_WORDS]){ 0 });
    }
    return EXIT_SUCCESS;
}

int main(int count, char **words)
{
    if (count == 4 && strcmp(words[1], "--chain") == 0)
        return print_chain((unsigned)atoi(words[2]), (uint32_t)atoi(words[3]), power_by_mbedtls);
    if (count == 4 && strcmp(words[1], "--powers") == 0)
        return print_chain((unsigned)atoi(words[2]), (uint32_t)atoi(words[3]), power_by_backend);
    if (count == 4 && strcmp(words[1], "--print") == 0)
        return print_cases((unsigned)atoi(words[2]), (uint32_t)atoi(words[3]));
    int failed = 0;
    for (int i = 1; i < count; i++)
        failed += compare(i, words[i]) ? 0 : 1;
    printf("1..%d\n", count - 1);
    return failed == 0 && count > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
