/* SPDX-License-Identifier: Apache-2.0 */
/* Which certificates a fetch by libcurl takes: the rules of OpenSSL at the time that the keyring says, and RFC 9525 for
 * the host's name, as in port/lwip. libcurl has no options for either, so this sits in the settings of its OpenSSL.
 * Private to port/posix.
 */
#ifndef WARD_PORT_POSIX_JUDGE_H
#define WARD_PORT_POSIX_JUDGE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "ward/status.h"

/** What one fetch's certificates are judged by, and what TLS came to. The caller's; private, except for `host`. */
struct ward_posix_judge {
    uint64_t now;
    bool allow_newer;
    int fault; /* X509_V_ERR_… of the chain */
    int alert_read;
    int alert_sent;
    unsigned long error; /* OpenSSL's of the handshake; 0: none */
    uint64_t valid_from; /**< what a good certificate says of when it is good, in seconds since 1970; 0: not known */
    uint64_t valid_until;
    bool is_ended;  /**< the server has ended TLS in order */
    bool is_agreed; /* on version and suite, when an alert came */
    char host[256]; /**< a name, or an address without brackets; written before ward_posix_judge_begin() */
};

/**
 * Once in a program, before the first fetch.
 *
 * @retval WARD_OK
 * @retval WARD_FETCH_TLS_LIBRARY  libcurl's TLS is not by the OpenSSL that this program is linked with
 * @retval WARD_FETCH_MEMORY
 */
WARD_MUST_USE struct ward_status ward_posix_judge_setup(void);

/** A fetch starts. Where the machine's clock shows another time than `now`, certificates may begin later than that. */
void ward_posix_judge_begin(struct ward_posix_judge *judge, uint64_t now);

/** CURLOPT_SSL_CTX_FUNCTION; its data is the judge. */
CURLcode ward_posix_judge_tls(CURL *easy, void *tls, void *judge);

/** Why a fetch failed that libcurl ended so, if it was TLS; WARD_OK where it was not, or that is not known. */
enum ward_code ward_posix_judge_reason(const struct ward_posix_judge *judge, CURLcode result);

#endif
