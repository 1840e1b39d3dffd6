/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTPS GET in steps, by libcurl: what the fetch_…() calls of a platform promise (ward/port/platform.h).
 *
 * Only https (or http, where the configuration allows it), only this URL: no redirect, no proxy, no cookie, no stored
 * password. TLS 1.2 or newer; chain and host name are checked again each time, against these authorities and no others.
 * libcurl must be built with OpenSSL, which judges the dates of certificates at the time that the keyring says, and
 * their names by RFC 9525: a common name counts for nothing (judge.h).
 *
 * A body without a length (neither Content-Length nor chunks) ends with TLS: where the connection ends without that it
 * is cut off, whole or not.
 */
#ifndef WARD_PORT_POSIX_FETCH_H
#define WARD_PORT_POSIX_FETCH_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/posix/answer.h"
#include "port/posix/judge.h"
#include "ward/keyring.h"
#include "ward/port/config.h"

/** How to fetch; must stay. */
struct ward_posix_fetch_config {
    const char *user_agent;   /**< who asks: 1 to 64 printable characters (RFC 9110, 10.1.5); NULL: WARD_USER_AGENT */
    const char *authorities;  /**< a file of PEM certificates, the only ones that are trusted; NULL: the system's */
    uint32_t connect_timeout; /**< milliseconds for name, connection and TLS; 0: 10,000 */
    uint32_t timeout;         /**< milliseconds for all of it; 0: 30,000 */
    bool cleartext;           /**< `http://` is fetched, too: for bundles, which are signed, and nothing else */
};

/** A fetch. The caller's, tens of kilobytes; private. libcurl allocates what it needs itself. */
struct ward_posix_fetch {
    const struct ward_posix_fetch_config *config;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *request_fields;
    struct curl_slist *condition;
    struct ward_posix_judge judge;
    struct ward_posix_answer answer;
    int32_t end;
    bool is_plain;
    char url[256];
    char condition_text[WARD_MAX_ETAG + 16];
};

/**
 * The first call. Reads the file of authorities once, to see that it is one.
 *
 * @retval WARD_OK
 * @retval WARD_FETCH_AUTHORITIES  the file cannot be read, or holds no certificate
 * @retval WARD_FETCH_USER_AGENT   it is not one
 * @retval WARD_FETCH_TLS_LIBRARY  libcurl is built with another TLS library than OpenSSL, or another OpenSSL than this
 *                                 program: asked at run time, since libcurl is shared
 * @retval WARD_FETCH_MEMORY       libcurl or OpenSSL has none
 */
WARD_MUST_USE struct ward_status ward_posix_fetch_setup(struct ward_posix_fetch *fetch,
                                                        const struct ward_posix_fetch_config *config);

/** The last call; ends a fetch that is under way. */
void ward_posix_fetch_close(struct ward_posix_fetch *fetch);

/**
 * fetch_begin() of a platform. WARD_FETCH_URL: no https URL (nor http, where that is allowed) with a host, or one with
 * a user's name or fragment, or over 255 bytes. WARD_FETCH_MEMORY: libcurl has none. The host may be an IPv6 address,
 * in brackets.
 */
WARD_MUST_USE struct ward_status ward_posix_fetch_begin(struct ward_posix_fetch *fetch, struct ward_text url,
                                                        uint64_t now);

#if WARD_MAX_BUNDLE > 0
/** fetch_unless() of a platform. */
void ward_posix_fetch_unless(struct ward_posix_fetch *fetch, struct ward_text etag);
#endif

/** fetch_read() of a platform. */
int32_t ward_posix_fetch_read(struct ward_posix_fetch *fetch, char *buffer, size_t size);

/** fetch_end() of a platform. */
void ward_posix_fetch_end(struct ward_posix_fetch *fetch, struct ward_fetch_answer *answer);

#endif
