/* SPDX-License-Identifier: Apache-2.0 */
/* ward: every compile-time limit.
 *
 * Each limit can be set on the compiler's command line, or in a header of the firmware's own that
 * WARD_CONFIG_FILE names (`-DWARD_CONFIG_FILE='"my_ward_config.h"'`). A limit is a plain decimal number, without
 * suffix or parentheses, since a name is made from it (see WARD_LIMITS).
 *
 * Two sets of defaults: a hosted system (Linux, macOS, Windows) reads what any issuer publishes, a board is sized
 * for Auth0's RSA-2048 keys. Library and application must be built with the same limits; if they are not, they
 * fail to link.
 */
#ifndef WARD_CONFIG_H
#define WARD_CONFIG_H

#include "ward/version.h"

#ifdef WARD_CONFIG_FILE
#include WARD_CONFIG_FILE
#endif

/** Whether the defaults are those of a hosted system: 1, or 0 for those of a board. */
#ifndef WARD_HOSTED
#if defined(__linux__) || defined(__APPLE__) || defined(_WIN32)
#define WARD_HOSTED 1
#else
#define WARD_HOSTED 0
#endif
#endif

/**
 * Longest compact token that is looked at, bytes. Auth0's have 790 to 1,820; 200 groups by their identifiers make
 * 11,000, a chain of three certificates in the header (`x5c`) 9,000 more. Range 512 to 61440.
 */
#ifndef WARD_MAX_TOKEN
#if WARD_HOSTED
#define WARD_MAX_TOKEN 32768
#else
#define WARD_MAX_TOKEN 4096
#endif
#endif

/**
 * Longest token header, bytes once decoded; it is copied into the workspace. Auth0's have 70; a certificate in it
 * (`x5c`) takes about 2,200. Range 128 to 16384.
 */
#ifndef WARD_MAX_HEADER
#if WARD_HOSTED
#define WARD_MAX_HEADER 8192
#else
#define WARD_MAX_HEADER 512
#endif
#endif

/** Most JSON values in a token's header, where an object counts 1 and a member 2 (name and value). Range 8 to 128. */
#ifndef WARD_MAX_HEADER_VALUES
#define WARD_MAX_HEADER_VALUES 24
#endif

/**
 * Most JSON values in a token's payload, counted as in the header: an Auth0 user token with ten members, two
 * audiences and twenty permissions has 43. Each costs 16 bytes of workspace. Range 16 to 4096.
 */
#ifndef WARD_MAX_JSON_VALUES
#if WARD_HOSTED
#define WARD_MAX_JSON_VALUES 512
#else
#define WARD_MAX_JSON_VALUES 96
#endif
#endif

/** Deepest nesting of objects and arrays, in tokens and key sets alike. Range 4 to 16. */
#ifndef WARD_MAX_JSON_DEPTH
#define WARD_MAX_JSON_DEPTH 8
#endif

/** Largest RSA modulus, bits. Each key takes a quarter of it in bytes. Range 2048 to 4096, a multiple of 64. */
#ifndef WARD_MAX_RSA_BITS
#if WARD_HOSTED
#define WARD_MAX_RSA_BITS 4096
#else
#define WARD_MAX_RSA_BITS 2048
#endif
#endif

/** Keys a set holds. Auth0 publishes two, Entra ID up to nine. Range 1 to 32. */
#ifndef WARD_MAX_KEYS
#if WARD_HOSTED
#define WARD_MAX_KEYS 16
#else
#define WARD_MAX_KEYS 4
#endif
#endif

/**
 * Longest `kid` that is stored, bytes. Auth0's have 21, its older ones 54, WSO2's up to 92. A key with a longer one
 * is left out and counted. Range 1 to 128, which is also the longest a token may name.
 */
#ifndef WARD_MAX_KID
#if WARD_HOSTED
#define WARD_MAX_KID 128
#else
#define WARD_MAX_KID 64
#endif
#endif

/** Longest key set that a keyring reads to its end, bytes. Auth0's have 1,555 for each key. Range 4096 to 1048576. */
#ifndef WARD_MAX_JWKS
#define WARD_MAX_JWKS 65536
#endif

/** Whether the crypto backend is port/crypto/psa.c: 1 or 0, which decides the default of WARD_SHA256_STATE alone. */
#ifndef WARD_CRYPTO_PSA
#define WARD_CRYPTO_PSA 0
#endif

/**
 * Room for the crypto backend's SHA-256 state, bytes; the backend asserts that it fits. PSA's has the room of its largest
 * hash, 232 bytes where SHA-512 is built in. Range 104 to 512, a multiple of 8.
 */
#ifndef WARD_SHA256_STATE
#if WARD_CRYPTO_PSA
#define WARD_SHA256_STATE 256
#else
#define WARD_SHA256_STATE 112
#endif
#endif

/**
 * Room that each key has for the crypto backend's constants, 32-bit words; the backend asserts that it suffices. 0: as many
 * as the modulus has, which R² of Montgomery's multiplication takes; a backend that keeps nothing is content with 1. Range
 * 0 to 512.
 */
#ifndef WARD_PREPARED_WORDS
#define WARD_PREPARED_WORDS 0
#endif

/** Tokens of which a gate remembers that their signature is good: 80 bytes each. 0: none. Range 0 to 64. */
#ifndef WARD_CACHE_SLOTS
#define WARD_CACHE_SLOTS 8
#endif

/**
 * By what a gate knows a token again. 1: each slot keeps the signature besides, WARD_MAX_RSA_BITS / 8 bytes more, and a
 * token that is known costs least: only what was signed is hashed. 0: by a hash of the whole token, which its signature
 * nearly doubles. Range 0 to 1.
 */
#ifndef WARD_CACHE_SIGNATURES
#if WARD_HOSTED
#define WARD_CACHE_SIGNATURES 1
#else
#define WARD_CACHE_SIGNATURES 0
#endif
#endif

/**
 * Characters of a token that a slot keeps besides: a token that is no longer is known by its text once it was known by its
 * hash, and is hashed no more. So many bytes more a slot, and RAM that holds whole tokens: see SECURITY.md, "Side channels".
 * 0: none. Range 0 to 4096.
 */
#ifndef WARD_CACHE_TEXT
#define WARD_CACHE_TEXT 0
#endif

/**
 * Peers with a budget of signature checks of their own: so many strangers, and as many that a verified token was
 * granted to; four times as many of these are remembered beyond. 56 bytes each. Range 1 to 256.
 */
#ifndef WARD_PEER_SLOTS
#define WARD_PEER_SLOTS 8
#endif

/** Subjects with a budget of requests of their own; more share those of who asks least. 20 bytes each. Range 1 to 256. */
#ifndef WARD_SUBJECT_SLOTS
#define WARD_SUBJECT_SLOTS 16
#endif

/** Entries of the deny list, 24 bytes each. Range 1 to 256. */
#ifndef WARD_DENY_SLOTS
#define WARD_DENY_SLOTS 16
#endif

/** Events that the audit keeps, 128 bytes each. Range 4 to 1024. */
#ifndef WARD_AUDIT_EVENTS
#define WARD_AUDIT_EVENTS 32
#endif

/** Longest path of a request, bytes up to the `?`. Range 64 to 4096. */
#ifndef WARD_MAX_PATH
#define WARD_MAX_PATH 512
#endif

/**
 * Longest signed bundle of keys and denials that is looked at, bytes (ward/bundle.h); the buffer is the firmware's own. One of two
 * keys and ten denials has 2,700. 0: no bundles, and nothing of them costs flash or memory; with them a keyring has room for two
 * more deny lists. It needs WARD_MAX_JSON_VALUES of 24 at least. Range 0 to 1048576.
 */
#ifndef WARD_MAX_BUNDLE
#if WARD_HOSTED
#define WARD_MAX_BUNDLE 65536
#else
#define WARD_MAX_BUNDLE 0
#endif
#endif

#if WARD_MAX_TOKEN < 512 || WARD_MAX_TOKEN > 61440
#error "WARD_MAX_TOKEN: 512 to 61440 bytes"
#endif
#if WARD_MAX_HEADER < 128 || WARD_MAX_HEADER > 16384
#error "WARD_MAX_HEADER: 128 to 16384 bytes"
#endif
#if WARD_MAX_HEADER_VALUES < 8 || WARD_MAX_HEADER_VALUES > 128
#error "WARD_MAX_HEADER_VALUES: 8 to 128 values"
#endif
#if WARD_MAX_JSON_VALUES < 16 || WARD_MAX_JSON_VALUES > 4096
#error "WARD_MAX_JSON_VALUES: 16 to 4096 values"
#endif
#if WARD_MAX_JSON_DEPTH < 4 || WARD_MAX_JSON_DEPTH > 16
#error "WARD_MAX_JSON_DEPTH: 4 to 16 levels"
#endif
#if WARD_MAX_RSA_BITS < 2048 || WARD_MAX_RSA_BITS > 4096 || WARD_MAX_RSA_BITS % 64 != 0
#error "WARD_MAX_RSA_BITS: 2048 to 4096 bits, a multiple of 64"
#endif
#if WARD_MAX_KEYS < 1 || WARD_MAX_KEYS > 32
#error "WARD_MAX_KEYS: 1 to 32 keys"
#endif
#if WARD_MAX_KID < 1 || WARD_MAX_KID > 128
#error "WARD_MAX_KID: 1 to 128 bytes"
#endif
#if WARD_MAX_JWKS < 4096 || WARD_MAX_JWKS > 1048576
#error "WARD_MAX_JWKS: 4096 to 1048576 bytes"
#endif
#if WARD_SHA256_STATE < 104 || WARD_SHA256_STATE > 512 || WARD_SHA256_STATE % 8 != 0
#error "WARD_SHA256_STATE: 104 to 512 bytes, a multiple of 8"
#endif
#if WARD_PREPARED_WORDS < 0 || WARD_PREPARED_WORDS > 512
#error "WARD_PREPARED_WORDS: 0 to 512 words"
#endif

#if WARD_CACHE_SLOTS < 0 || WARD_CACHE_SLOTS > 64
#error "WARD_CACHE_SLOTS: 0 to 64 tokens"
#endif
#if WARD_CACHE_SIGNATURES < 0 || WARD_CACHE_SIGNATURES > 1
#error "WARD_CACHE_SIGNATURES: 0 to 1, whether a slot keeps the signature"
#endif
#if WARD_CACHE_TEXT < 0 || WARD_CACHE_TEXT > 4096
#error "WARD_CACHE_TEXT: 0 to 4096 characters of a token"
#endif
#if WARD_PEER_SLOTS < 1 || WARD_PEER_SLOTS > 256
#error "WARD_PEER_SLOTS: 1 to 256 peers"
#endif
#if WARD_SUBJECT_SLOTS < 1 || WARD_SUBJECT_SLOTS > 256
#error "WARD_SUBJECT_SLOTS: 1 to 256 subjects"
#endif
#if WARD_DENY_SLOTS < 1 || WARD_DENY_SLOTS > 256
#error "WARD_DENY_SLOTS: 1 to 256 entries"
#endif
#if WARD_AUDIT_EVENTS < 4 || WARD_AUDIT_EVENTS > 1024
#error "WARD_AUDIT_EVENTS: 4 to 1024 events"
#endif
#if WARD_MAX_PATH < 64 || WARD_MAX_PATH > 4096
#error "WARD_MAX_PATH: 64 to 4096 bytes"
#endif
#if WARD_MAX_BUNDLE < 0 || WARD_MAX_BUNDLE > 1048576
#error "WARD_MAX_BUNDLE: 0 to 1048576 bytes"
#endif

/*
 * The link check. In the library lie two objects of data that nothing but this needs, and their names end in its limits:
 * ward_limits_token4096_header512x24_json96x8_rsa2048_keys4_kid64_sha112_prepared0, and one with those of gates, keyrings
 * and audits as well. Each call that starts an object whose size depends on the limits, or may be the first that is given
 * one (a workspace has no start), reads the object of those limits with which its own file was compiled. If they are
 * others, there is none in the library and the linker names it: these are the application's limits, and
 * `nm libward.a | grep ward_limits` says the library's. The functions keep their names; after its declaration each has a
 * macro of the same name. A call through a pointer is not checked.
 *
 * What has limits of its own, as a port, does likewise: an object whose name ends in them, and WARD_CHECKED() around the
 * calls that see its memory first.
 */
#define WARD_PASTE_LIMITS(name, t, h, hv, v, d, r, k, kid, s, p)                                                       \
    name##_token##t##_header##h##x##hv##_json##v##x##d##_rsa##r##_keys##k##_kid##kid##_sha##s##_prepared##p
#define WARD_EXPAND_LIMITS(name, t, h, hv, v, d, r, k, kid, s, p)                                                      \
    WARD_PASTE_LIMITS(name, t, h, hv, v, d, r, k, kid, s, p)
#define WARD_PASTE_GATE_LIMITS(name, cache, by, text, peers, subjects, denials, events, path, bundle)                  \
    name##_cache##cache##x##by##x##text##_peers##peers##_subjects##subjects##_deny##denials##_audit##events##_path##path##_bundle##bundle
#define WARD_EXPAND_GATE_LIMITS(name, cache, by, text, peers, subjects, denials, events, path, bundle)                 \
    WARD_PASTE_GATE_LIMITS(name, cache, by, text, peers, subjects, denials, events, path, bundle)

/** The object of the limits of workspaces, key sets and digests. */
#define WARD_LIMITS                                                                                                    \
    WARD_EXPAND_LIMITS(ward_limits, WARD_MAX_TOKEN, WARD_MAX_HEADER, WARD_MAX_HEADER_VALUES, WARD_MAX_JSON_VALUES,     \
                       WARD_MAX_JSON_DEPTH, WARD_MAX_RSA_BITS, WARD_MAX_KEYS, WARD_MAX_KID, WARD_SHA256_STATE,         \
                       WARD_PREPARED_WORDS)

/** The object of these and of the limits of gates, keyrings, their records and audits. */
#define WARD_GATE_LIMITS                                                                                               \
    WARD_EXPAND_GATE_LIMITS(WARD_LIMITS, WARD_CACHE_SLOTS, WARD_CACHE_SIGNATURES, WARD_CACHE_TEXT, WARD_PEER_SLOTS,    \
                            WARD_SUBJECT_SLOTS, WARD_DENY_SLOTS, WARD_AUDIT_EVENTS, WARD_MAX_PATH, WARD_MAX_BUNDLE)

#ifdef __cplusplus
extern "C" {
#endif

extern const char WARD_LIMITS;
extern const char WARD_GATE_LIMITS;

/** Private: a read that no compiler leaves out, so that the linker needs what is read. */
static inline char ward_read_limits(const volatile char *limits)
{
    return *limits;
}

#ifdef __cplusplus
}
#endif

/** Private: a call that refers to an object of limits. The library's own files define WARD_LIBRARY and call directly. */
#define WARD_CHECKED(limits, call) ((void)ward_read_limits(&(limits)), (call))

/**
 * What the ports call themselves to the issuer's server (`User-Agent`, RFC 9110 section 10.1.5): product and version, 1
 * to 64 printable ASCII characters. A firmware that names itself is found in its issuer's log. Some firewalls answer
 * 403 to who has none.
 */
#ifndef WARD_USER_AGENT
#define WARD_USER_AGENT "ward/" WARD_VERSION
#endif

/** A check at compile time; without C11 or a GNU compiler it checks nothing. */
#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define WARD_STATIC_ASSERT(condition, rule) _Static_assert(condition, rule)
#else
#define WARD_STATIC_ASSERT(condition, rule) struct ward_static_assert
#endif

/** A result that must be looked at: ignoring it is a warning, in ward's own build an error. */
#if defined(__GNUC__)
#define WARD_MUST_USE __attribute__((warn_unused_result))
#else
#define WARD_MUST_USE
#endif

#endif
