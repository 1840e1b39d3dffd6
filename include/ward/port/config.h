/* SPDX-License-Identifier: Apache-2.0 */
/* ward: the limits of the ports, as ward/config.h has those of the library: each can be set on the compiler's
 * command line or in the header that WARD_CONFIG_FILE names, is a plain decimal number, and has a range. Port, lwIP,
 * mbedTLS and application are built with the same ones; where their structs would differ they do not link
 * (port/http/limits.h).
 *
 * What they cost: a slot 6.8 KB beside its share of the arena, a place to wait 0.9 KB.
 */
#ifndef WARD_PORT_CONFIG_H
#define WARD_PORT_CONFIG_H

#include "ward/config.h"

/* ---- The server (port/http/server.h). */

/** Connections that are served at the same time. Range 1 to 16. */
#ifndef WARD_SERVER_SLOTS
#define WARD_SERVER_SLOTS 3
#endif

/**
 * Connections that may wait for a slot, silent ones among them. Each that comes when all places are taken costs one
 * its place: a silent one, then one of the address that has most of them. Range 2 to 32.
 */
#ifndef WARD_SERVER_WAITING
#define WARD_SERVER_WAITING 5
#endif

/** Milliseconds for the first bytes and for a handshake; for a request from its first byte to its last; for an
 * answer to be taken. What comes in between makes none of them longer; what the device computes does not count.
 * Range 1000 to 120000. */
#ifndef WARD_SERVER_HANDSHAKE_MS
#define WARD_SERVER_HANDSHAKE_MS 10000
#endif
#ifndef WARD_SERVER_REQUEST_MS
#define WARD_SERVER_REQUEST_MS 10000
#endif
#ifndef WARD_SERVER_WRITE_MS
#define WARD_SERVER_WRITE_MS 10000
#endif

/** Milliseconds of silence between two requests. Range 1000 to 600000. */
#ifndef WARD_SERVER_IDLE_MS
#define WARD_SERVER_IDLE_MS 30000
#endif

/** What one connection may have in all: milliseconds, range 10000 to 3600000, and requests, range 1 to 65535. */
#ifndef WARD_SERVER_CONNECTION_MS
#define WARD_SERVER_CONNECTION_MS 300000
#endif
#ifndef WARD_SERVER_CONNECTION_REQUESTS
#define WARD_SERVER_CONNECTION_REQUESTS 10000
#endif

/**
 * While somebody waits for a slot: milliseconds for a handshake, a request and its answer together, when one waits;
 * and when all places are taken. A client on a slow network needs four round trips. Range 250 to 120000, at most
 * WARD_SERVER_REQUEST_MS, the second at most the first.
 */
#ifndef WARD_SERVER_CROWDED_MS
#define WARD_SERVER_CROWDED_MS 2500
#endif
#ifndef WARD_SERVER_LEAST_MS
#define WARD_SERVER_LEAST_MS 1250
#endif

/** While somebody waits: milliseconds in which a first request starts after the handshake. Range 100 to 120000, at most
    WARD_SERVER_CROWDED_MS. */
#ifndef WARD_SERVER_FIRST_MS
#define WARD_SERVER_FIRST_MS 750
#endif

/** Longest response, bytes, sent as one record. Range 512 to 4096. */
#ifndef WARD_SERVER_RESPONSE
#define WARD_SERVER_RESPONSE 2304
#endif

/* ---- Requests (port/http/request_parser.h). */

/** Longest request target that is kept, bytes. A longer one is answered by 414. Range 64 to 8192, at least
    WARD_MAX_PATH; default 1024, or WARD_MAX_PATH if that is more. */
#ifndef WARD_MAX_TARGET
#if WARD_MAX_PATH > 1024
#define WARD_MAX_TARGET WARD_MAX_PATH
#else
#define WARD_MAX_TARGET 1024
#endif
#endif

/** Longest Authorization value: the scheme and a token. A longer one is answered by 431. Range 64 to 65535. */
#ifndef WARD_MAX_AUTHORIZATION
#define WARD_MAX_AUTHORIZATION (WARD_MAX_TOKEN + 64)
#define WARD_HTTP_AUTHORIZATION_LIMIT unset
#else
#define WARD_HTTP_AUTHORIZATION_LIMIT WARD_MAX_AUTHORIZATION
#endif

/** All header fields of a request together, bytes: a token and more. More are answered by 431. Range 4096 to 65536. */
#ifndef WARD_MAX_HEADERS
#define WARD_MAX_HEADERS (WARD_MAX_TOKEN + 4096)
#endif

/** Longest body, bytes. A longer one is answered by 413. Range 0 to 65535. */
#ifndef WARD_MAX_BODY
#define WARD_MAX_BODY 512
#endif

/**
 * All bytes of a request: what is read and not kept (spaces before a value, extensions of chunks) is bounded too. A request that
 * goes on is answered by 431 before its headers end, by 413 behind.
 */
#define WARD_MAX_REQUEST (WARD_MAX_TARGET + 2 * WARD_MAX_HEADERS + 8 * WARD_MAX_BODY)

/* ---- Answers (port/http/response_parser.h). */

/**
 * Status line and header fields of the answer and of the interim ones before it, bytes. None are kept: this bounds time, not memory.
 * Range 4096 to 65536.
 */
#ifndef WARD_MAX_ANSWER_HEADERS
#define WARD_MAX_ANSWER_HEADERS 16384
#endif

/** Longest body of an answer: a key set, or a bundle. */
#if WARD_MAX_BUNDLE > WARD_MAX_JWKS
#define WARD_FETCH_MAX_BODY WARD_MAX_BUNDLE
#else
#define WARD_FETCH_MAX_BODY WARD_MAX_JWKS
#endif

/**
 * All bytes of an answer: what is read and is neither header nor body (chunks' sizes, their extensions, fields after the body) is
 * bounded too.
 */
#define WARD_MAX_ANSWER (WARD_MAX_ANSWER_HEADERS + 8 * WARD_FETCH_MAX_BODY)

/* ---- The fetch (port/http/fetch.h). */

/** Milliseconds for name and connection; for the whole fetch. Range 1000 to 120000, the first at most the second. */
#ifndef WARD_FETCH_CONNECT_MS
#define WARD_FETCH_CONNECT_MS 10000
#endif
#ifndef WARD_FETCH_WHOLE_MS
#define WARD_FETCH_WHOLE_MS 30000
#endif

/**
 * Whether a fetch may go over `http://`, for bundles, which are signed: 1 or 0. The keyring's configuration has to say so as well
 * (`cleartext` of struct ward_bundle_config). Needs WARD_MAX_BUNDLE above 0. Range 0 to 1.
 */
#ifndef WARD_FETCH_CLEARTEXT
#define WARD_FETCH_CLEARTEXT 0
#endif

/** Longest host name, range 16 to 253, and longest request, range 128 to 4096 and at most WARD_SERVER_RESPONSE,
 * bytes. A URL that needs more is WARD_FETCH_URL. */
#ifndef WARD_FETCH_MAX_HOST
#define WARD_FETCH_MAX_HOST 127
#endif
#ifndef WARD_FETCH_MAX_REQUEST
#define WARD_FETCH_MAX_REQUEST 512
#endif

/** Longest `User-Agent` (WARD_USER_AGENT of ward/config.h), bytes. */
#define WARD_FETCH_MAX_AGENT 64

/* ---- The fetch by libcurl (port/posix/fetch.h). */

/** Longest header of an answer, all its fields together, bytes. Range 4096 to 1048576. */
#ifndef WARD_POSIX_FETCH_HEADERS
#define WARD_POSIX_FETCH_HEADERS 32768
#endif

/* ---- The memory of TLS (port/tls/arena.h). */

/**
 * Bytes of the arena; what of it a client's session is sure of, a fetch once its issuer has answered, and a fetch
 * before: enough for a handshake and a request of 4 KB, for a chain of RSA of 4096 bits and a record of 16 KB one
 * after the other, for a client's first message. Measured: tests/e2e/test_network.py, test_hostile.py. Range of the
 * arena 16384 to 1048576, a multiple of 8; of a share 4096 to 65536. Together they fit the arena, and leave room for
 * the device's own certificates, key and authorities.
 */
#ifndef WARD_ARENA_SIZE
#define WARD_ARENA_SIZE 53248
#endif
#ifndef WARD_ARENA_SLOT_SHARE
#define WARD_ARENA_SLOT_SHARE 8704
#endif
#ifndef WARD_ARENA_FETCH_SHARE
#define WARD_ARENA_FETCH_SHARE 24576
#endif
#ifndef WARD_ARENA_HELLO_SHARE
#define WARD_ARENA_HELLO_SHARE 8704
#endif

/** What certificates, key and authorities take of the arena at least. ward_tls_begin() checks what they really take. */
#define WARD_ARENA_SHARED_LEAST 1024

#if WARD_SERVER_SLOTS < 1 || WARD_SERVER_SLOTS > 16
#error "WARD_SERVER_SLOTS: 1 to 16 connections"
#endif
#if WARD_SERVER_WAITING < 2 || WARD_SERVER_WAITING > 32
#error "WARD_SERVER_WAITING: 2 to 32 connections"
#endif
#if WARD_SERVER_HANDSHAKE_MS < 1000 || WARD_SERVER_HANDSHAKE_MS > 120000
#error "WARD_SERVER_HANDSHAKE_MS: 1000 to 120000 milliseconds"
#endif
#if WARD_SERVER_REQUEST_MS < 1000 || WARD_SERVER_REQUEST_MS > 120000
#error "WARD_SERVER_REQUEST_MS: 1000 to 120000 milliseconds"
#endif
#if WARD_SERVER_WRITE_MS < 1000 || WARD_SERVER_WRITE_MS > 120000
#error "WARD_SERVER_WRITE_MS: 1000 to 120000 milliseconds"
#endif
#if WARD_SERVER_IDLE_MS < 1000 || WARD_SERVER_IDLE_MS > 600000
#error "WARD_SERVER_IDLE_MS: 1000 to 600000 milliseconds"
#endif
#if WARD_SERVER_CONNECTION_MS < 10000 || WARD_SERVER_CONNECTION_MS > 3600000
#error "WARD_SERVER_CONNECTION_MS: 10000 to 3600000 milliseconds"
#endif
#if WARD_SERVER_CONNECTION_REQUESTS < 1 || WARD_SERVER_CONNECTION_REQUESTS > 65535
#error "WARD_SERVER_CONNECTION_REQUESTS: 1 to 65535 requests"
#endif
#if WARD_SERVER_CROWDED_MS < 250 || WARD_SERVER_CROWDED_MS > 120000
#error "WARD_SERVER_CROWDED_MS: 250 to 120000 milliseconds"
#endif
#if WARD_SERVER_LEAST_MS < 250 || WARD_SERVER_LEAST_MS > 120000
#error "WARD_SERVER_LEAST_MS: 250 to 120000 milliseconds"
#endif
#if WARD_SERVER_FIRST_MS < 100 || WARD_SERVER_FIRST_MS > 120000
#error "WARD_SERVER_FIRST_MS: 100 to 120000 milliseconds"
#endif
#if WARD_SERVER_RESPONSE < 512 || WARD_SERVER_RESPONSE > 4096
#error "WARD_SERVER_RESPONSE: 512 to 4096 bytes"
#endif
#if WARD_MAX_TARGET < 64 || WARD_MAX_TARGET > 8192
#error "WARD_MAX_TARGET: 64 to 8192 bytes"
#endif
#if WARD_MAX_AUTHORIZATION < 64 || WARD_MAX_AUTHORIZATION > 65535
#error "WARD_MAX_AUTHORIZATION: 64 to 65535 bytes"
#endif
#if WARD_MAX_HEADERS < 4096 || WARD_MAX_HEADERS > 65536
#error "WARD_MAX_HEADERS: 4096 to 65536 bytes"
#endif
#if WARD_MAX_BODY < 0 || WARD_MAX_BODY > 65535
#error "WARD_MAX_BODY: 0 to 65535 bytes"
#endif
#if WARD_MAX_ANSWER_HEADERS < 4096 || WARD_MAX_ANSWER_HEADERS > 65536
#error "WARD_MAX_ANSWER_HEADERS: 4096 to 65536 bytes"
#endif
#if WARD_FETCH_CONNECT_MS < 1000 || WARD_FETCH_CONNECT_MS > 120000
#error "WARD_FETCH_CONNECT_MS: 1000 to 120000 milliseconds"
#endif
#if WARD_FETCH_WHOLE_MS < 1000 || WARD_FETCH_WHOLE_MS > 120000
#error "WARD_FETCH_WHOLE_MS: 1000 to 120000 milliseconds"
#endif
#if WARD_FETCH_CLEARTEXT < 0 || WARD_FETCH_CLEARTEXT > 1
#error "WARD_FETCH_CLEARTEXT: 0 to 1, whether bundles may be fetched over http"
#endif
#if WARD_FETCH_CLEARTEXT > WARD_MAX_BUNDLE
#error "WARD_FETCH_CLEARTEXT: only bundles may be fetched over http: give WARD_MAX_BUNDLE a length"
#endif
#if WARD_FETCH_MAX_HOST < 16 || WARD_FETCH_MAX_HOST > 253
#error "WARD_FETCH_MAX_HOST: 16 to 253 bytes"
#endif
#if WARD_FETCH_MAX_REQUEST < 128 || WARD_FETCH_MAX_REQUEST > 4096
#error "WARD_FETCH_MAX_REQUEST: 128 to 4096 bytes"
#endif
#if WARD_POSIX_FETCH_HEADERS < 4096 || WARD_POSIX_FETCH_HEADERS > 1048576
#error "WARD_POSIX_FETCH_HEADERS: 4096 to 1048576 bytes"
#endif
#if WARD_ARENA_SIZE < 16384 || WARD_ARENA_SIZE > 1048576
#error "WARD_ARENA_SIZE: 16384 to 1048576 bytes"
#endif
#if WARD_ARENA_SLOT_SHARE < 4096 || WARD_ARENA_SLOT_SHARE > 65536
#error "WARD_ARENA_SLOT_SHARE: 4096 to 65536 bytes"
#endif
#if WARD_ARENA_FETCH_SHARE < 4096 || WARD_ARENA_FETCH_SHARE > 65536
#error "WARD_ARENA_FETCH_SHARE: 4096 to 65536 bytes"
#endif
#if WARD_ARENA_HELLO_SHARE < 4096 || WARD_ARENA_HELLO_SHARE > 65536
#error "WARD_ARENA_HELLO_SHARE: 4096 to 65536 bytes"
#endif

/* ---- What must fit together. */

#if WARD_MAX_TARGET < WARD_MAX_PATH
#error "WARD_MAX_TARGET: at least WARD_MAX_PATH"
#endif

#if WARD_SERVER_CROWDED_MS > WARD_SERVER_REQUEST_MS
#error "WARD_SERVER_CROWDED_MS: at most WARD_SERVER_REQUEST_MS"
#endif
#if WARD_SERVER_LEAST_MS > WARD_SERVER_CROWDED_MS
#error "WARD_SERVER_LEAST_MS: at most WARD_SERVER_CROWDED_MS"
#endif
#if WARD_SERVER_FIRST_MS > WARD_SERVER_CROWDED_MS
#error "WARD_SERVER_FIRST_MS: at most WARD_SERVER_CROWDED_MS"
#endif
#if WARD_FETCH_CONNECT_MS > WARD_FETCH_WHOLE_MS
#error "WARD_FETCH_CONNECT_MS: at most WARD_FETCH_WHOLE_MS"
#endif
#if WARD_FETCH_MAX_REQUEST > WARD_SERVER_RESPONSE
#error "WARD_FETCH_MAX_REQUEST: at most WARD_SERVER_RESPONSE, the longest record that is sent"
#endif
#if WARD_ARENA_SIZE % 8 != 0
#error "WARD_ARENA_SIZE: a multiple of 8"
#endif
#if WARD_ARENA_HELLO_SHARE > WARD_ARENA_FETCH_SHARE
#error "WARD_ARENA_HELLO_SHARE: at most WARD_ARENA_FETCH_SHARE"
#endif
#if WARD_ARENA_SHARED_LEAST + WARD_ARENA_FETCH_SHARE + WARD_SERVER_SLOTS * WARD_ARENA_SLOT_SHARE > WARD_ARENA_SIZE
#error "WARD_ARENA_SIZE: room for the shares of a fetch and of WARD_SERVER_SLOTS sessions, and 1024 bytes"
#endif

#endif
