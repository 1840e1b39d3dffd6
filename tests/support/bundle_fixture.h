/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of an operator, and a keyring with a gate that take them. */
#ifndef WARD_TEST_BUNDLE_FIXTURE_H
#define WARD_TEST_BUNDLE_FIXTURE_H

#include "gate.h"
#include "keyring_fixture.h"

#define OPERATOR "https://fleet.example/"
#define FLEET "thermostats"
#define BUNDLE_HEADER(kid) "{\"alg\":\"RS256\",\"typ\":\"jwk-set+jwt\",\"kid\":\"" kid "\"}"

/** What a bundle says; `text` members are JSON as it stands, NULL: the member is left out. */
struct bundle_words {
    const char *header;
    const char *iss;
    const char *sub;
    const char *aud;
    uint64_t iat;
    uint64_t exp;
    uint64_t seq;
    const char *keys; /* such as "ab" */
    const char *deny; /* an array, or what shall stand there */
    const char *more; /* members after all others, each after a comma */
    enum test_key signer;
};

/** The words of the next bundle, which a test may change after bundle_usual(). */
extern struct bundle_words words;

/** The configuration that bundle_begin() gives the keyring; the operator's keys are KEY_C as "c" and KEY_D as "d". */
extern struct ward_bundle_config bundle_config;
extern struct ward_jwks bundle_keys;

/** A bundle of the issuer's keys a, of KEY_C, number 1, from NOW until a day later; it denies nobody. */
void bundle_usual(void);

/** The usual keyring, which takes bundles and has a URL but no keys; a gate on it; the usual words. */
void bundle_begin(void);

/** A gate on the keyring, whatever came of it. */
struct ward_status bundle_start_gate(void);

/** The bundle of the words; valid until the next call. */
struct test_token *bundle_make(void);

/** Gives a bundle to the keyring, in memory that ends where it ends. */
struct ward_status bundle_give(const struct test_token *bundle);

/** bundle_give() of bundle_make(). */
struct ward_status bundle_take(void);

/** What the gate says to a token of this subject, under KEY_A. */
struct ward_status bundle_ask(const char *subject);

/** What the keyring knows, of which a refused bundle changes nothing. */
struct bundle_known {
    const struct ward_jwks *set;
    struct ward_jwks keys;
    struct ward_bundle_info info;
    struct ward_time time;
    uint64_t fetched_at;
    uint8_t change;
};
void bundle_know(struct bundle_known *known);

/** Gives the bundle of the words, which must be refused with this code and change nothing. */
void bundle_refuse(enum ward_code code);

/** The words of the next bundle: number, time of issue and signer. */
void bundle_follow(uint64_t seq, uint64_t iat, enum test_key signer);

#endif
