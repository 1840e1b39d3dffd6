/* SPDX-License-Identifier: Apache-2.0 */
#include "port/posix/judge.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "port/date.h"

/* Of OpenSSL 3. */
#ifndef SSL_R_UNEXPECTED_EOF_WHILE_READING
#define SSL_R_UNEXPECTED_EOF_WHILE_READING 294
#endif

/* Seconds by which the machine's clock may differ from the time to judge at, and is still the one that was meant. */
enum { SAME_TIME = 60 };

/* Where a connection's settings say for which fetch they are. */
static int judge_index = -1;

/* ---- The library. */

/* libcurl hands over settings of the TLS library that it was built with: those of another one are other memory. One
 * that was built with several names those that it does not use in parentheses. */
static bool is_ours(const char *tls)
{
    static const char name[] = "OpenSSL/";
    const char *const at = tls != NULL ? strstr(tls, name) : NULL;
    if (at == NULL || (at > tls && at[-1] == '('))
        return false;
    return (unsigned)(at[sizeof name - 1] - '0') == (unsigned)(OpenSSL_version_num() >> 28);
}

struct ward_status ward_posix_judge_setup(void)
{
    if (!is_ours(curl_version_info(CURLVERSION_NOW)->ssl_version))
        return ward_status_of(WARD_FETCH_TLS_LIBRARY);
    if (judge_index < 0)
        judge_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    return ward_status_of(judge_index >= 0 ? WARD_OK : WARD_FETCH_MEMORY);
}

/* ---- Dates. */

static bool clock_is_meant(uint64_t now)
{
    const uint64_t clock = (uint64_t)time(NULL);
    return clock <= now + SAME_TIME && now <= clock + SAME_TIME;
}

void ward_posix_judge_begin(struct ward_posix_judge *judge, uint64_t now)
{
    judge->now = now;
    judge->allow_newer = !clock_is_meant(now);
    judge->fault = X509_V_OK;
    judge->alert_read = 0;
    judge->alert_sent = 0;
    judge->is_agreed = false;
    judge->is_ended = false;
    judge->error = 0;
    judge->valid_from = 0;
    judge->valid_until = 0;
}

static struct ward_posix_judge *judge_of(const SSL *tls)
{
    return SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), judge_index);
}

/* Called for each certificate of the chain, and for each fault of it. Where the clock is not set the time to judge at
 * is only the latest that is surely past: a certificate may well be newer. */
static int judge_fault(int is_good, X509_STORE_CTX *chain)
{
    const struct ward_posix_judge *const judge = judge_of(
        X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
    if (is_good != 0 || !judge->allow_newer || X509_STORE_CTX_get_error(chain) != X509_V_ERR_CERT_NOT_YET_VALID)
        return is_good;
    X509_STORE_CTX_set_error(chain, X509_V_OK);
    return 1;
}

/* ---- The host's name. */

static bool is_address(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

/* A common name is nobody's, an address is an iPAddress, and a wildcard is a whole first label: RFC 9525. OpenSSL says
 * 1 where it fits. */
static int has_host(X509 *certificate, const char *host)
{
    const unsigned rules = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    if (is_address(host))
        return X509_check_ip_asc(certificate, host, rules);
    return X509_check_host(certificate, host, 0, rules, NULL);
}

static uint64_t seconds_of(const ASN1_TIME *time)
{
    struct tm parts;
    if (ASN1_TIME_to_tm(time, &parts) != 1 || parts.tm_year < 0)
        return 0;
    const struct ward_port_date date = { (uint32_t)parts.tm_year + 1900u, (uint32_t)parts.tm_mon + 1u,
                                         (uint32_t)parts.tm_mday,         (uint32_t)parts.tm_hour,
                                         (uint32_t)parts.tm_min,          (uint32_t)parts.tm_sec };
    return ward_port_date_seconds(&date);
}

/* From when and until when the server's own certificate is good. */
static void keep_validity(struct ward_posix_judge *judge, const X509 *leaf)
{
    judge->valid_from = seconds_of(X509_get0_notBefore(leaf));
    judge->valid_until = seconds_of(X509_get0_notAfter(leaf));
}

/* What is wrong with the chain is worse than another's name in it: the name is looked at last. */
static int judge_chain(X509_STORE_CTX *chain, void *context)
{
    struct ward_posix_judge *const judge = context;
    if (X509_verify_cert(chain) != 1) {
        const int error = X509_STORE_CTX_get_error(chain);
        judge->fault = error != X509_V_OK ? error : X509_V_ERR_UNSPECIFIED;
        return 0;
    }
    const int has = has_host(X509_STORE_CTX_get0_cert(chain), judge->host);
    if (has == 1) {
        keep_validity(judge, X509_STORE_CTX_get0_cert(chain));
        return 1;
    }
    judge->fault = has == 0 ? X509_V_ERR_HOSTNAME_MISMATCH : X509_V_ERR_OUT_OF_MEM;
    X509_STORE_CTX_set_error(chain, judge->fault);
    return 0;
}

/* ---- TLS. */

static void note_alert(struct ward_posix_judge *judge, const SSL *tls, int where, int value)
{
    if (where == SSL_CB_READ_ALERT && (value & 0xff) == SSL_AD_CLOSE_NOTIFY)
        judge->is_ended = true;
    if (value >> 8 != SSL3_AL_FATAL)
        return;
    judge->is_agreed = SSL_get_current_cipher(tls) != NULL;
    if (where == SSL_CB_READ_ALERT)
        judge->alert_read = value & 0xff;
    else if (where == SSL_CB_WRITE_ALERT)
        judge->alert_sent = value & 0xff;
}

/* Called at each turn of the handshake, and for each alert. */
static void note(const SSL *tls, int where, int value)
{
    struct ward_posix_judge *const judge = judge_of(tls);
    if (where == SSL_CB_CONNECT_EXIT)
        judge->error = value <= 0 ? ERR_peek_error() : 0;
    else if ((where & SSL_CB_ALERT) != 0)
        note_alert(judge, tls, where, value);
}

/* NOLINTNEXTLINE(bugprone-easily-swappable-parameters): the parameters are libcurl's. */
CURLcode ward_posix_judge_tls(CURL *easy, void *tls, void *judge)
{
    SSL_CTX *const settings = tls;
    (void)easy;
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(settings), (time_t)((struct ward_posix_judge *)judge)->now);
    SSL_CTX_set_verify(settings, SSL_VERIFY_PEER, judge_fault);
    SSL_CTX_set_cert_verify_callback(settings, judge_chain, judge);
    SSL_CTX_set_info_callback(settings, note);
    return SSL_CTX_set_ex_data(settings, judge_index, judge) == 1 ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

/* ---- What it came to. */

/* What a number of OpenSSL's stands for. The last of a table, 0, is every other one. */
struct known {
    int number;
    enum ward_code code;
};

static enum ward_code code_of(const struct known *known, int number)
{
    while (known->number != 0 && known->number != number)
        known++;
    return known->code;
}

static enum ward_code of_fault(int fault)
{
    static const struct known known[] = {
        { X509_V_ERR_HOSTNAME_MISMATCH, WARD_FETCH_HOST },
        { X509_V_ERR_OUT_OF_MEM, WARD_FETCH_MEMORY },
        { X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, WARD_FETCH_CERTIFICATE_UNREADABLE },
        { X509_V_ERR_INVALID_EXTENSION, WARD_FETCH_CERTIFICATE_UNREADABLE },
        { X509_V_ERR_UNSUPPORTED_EXTENSION_FEATURE, WARD_FETCH_CERTIFICATE_UNREADABLE },
        { X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, WARD_FETCH_CERTIFICATE_UNREADABLE },
        { X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, WARD_FETCH_CERTIFICATE_UNREADABLE },
        { X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, WARD_FETCH_CERTIFICATE_UNREADABLE },
        { X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, WARD_FETCH_CERTIFICATE_UNREADABLE },
        { 0, WARD_FETCH_CERTIFICATE }
    };
    return code_of(known, fault);
}

/* The server says what it misses, if roughly (RFC 8446, 6.2); later the same alert has other causes, such as a client's
 * certificate. */
static enum ward_code of_read(int alert, bool is_agreed)
{
    static const struct known known[] = { { SSL_AD_HANDSHAKE_FAILURE, WARD_FETCH_NOTHING_SHARED },
                                          { SSL_AD_PROTOCOL_VERSION, WARD_FETCH_NOTHING_SHARED },
                                          { SSL_AD_INSUFFICIENT_SECURITY, WARD_FETCH_NOTHING_SHARED },
                                          { 0, WARD_FETCH_ALERT } };
    return is_agreed ? WARD_FETCH_ALERT : code_of(known, alert);
}

/* What OpenSSL tells the server of a failure says it better than its own error. */
static enum ward_code of_sent(int alert)
{
    static const struct known known[] = { { SSL_AD_HANDSHAKE_FAILURE, WARD_FETCH_NOTHING_SHARED },
                                          { SSL_AD_PROTOCOL_VERSION, WARD_FETCH_NOTHING_SHARED },
                                          { SSL_AD_INSUFFICIENT_SECURITY, WARD_FETCH_NOTHING_SHARED },
                                          { SSL_AD_BAD_CERTIFICATE, WARD_FETCH_CERTIFICATE_UNREADABLE },
                                          { SSL_AD_UNSUPPORTED_CERTIFICATE, WARD_FETCH_CERTIFICATE_UNREADABLE },
                                          { 0, WARD_OK } };
    return code_of(known, alert);
}

/* A handshake that ends without an error of TLS is one that the peer has cut. */
static enum ward_code of_error(const struct ward_posix_judge *judge)
{
    if (judge->error == 0 || ERR_GET_REASON(judge->error) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return WARD_FETCH_CUT_OFF;
    return WARD_FETCH_PROTOCOL;
}

enum ward_code ward_posix_judge_reason(const struct ward_posix_judge *judge, CURLcode result)
{
    if (result == CURLE_OUT_OF_MEMORY || ERR_GET_REASON(judge->error) == ERR_R_MALLOC_FAILURE)
        return WARD_FETCH_MEMORY;
    if (judge->fault != X509_V_OK)
        return of_fault(judge->fault);
    const bool was_told = judge->alert_read != 0;
    const enum ward_code alert = was_told ? of_read(judge->alert_read, judge->is_agreed) : of_sent(judge->alert_sent);
    return alert == WARD_OK && result == CURLE_SSL_CONNECT_ERROR ? of_error(judge) : alert;
}
