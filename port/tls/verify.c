/* SPDX-License-Identifier: Apache-2.0 */
#include "port/tls/verify.h"

#include <string.h>
#include <time.h>

#include "port/date.h"
#include "mbedtls/ecp.h"
#include "mbedtls/oid.h"
#include "mbedtls/platform_time.h"
#include "mbedtls/platform_util.h"
#include "mbedtls/x509_crt.h"
#include "port/tls/configs.h"

static int64_t judged_at;
static bool judged_at_least;
static uint64_t valid_from; /* of the server's certificate */
static uint64_t valid_until;
static mbedtls_x509_crt_restart_ctx restart;

void ward_tls_verify_at(uint64_t seconds, bool at_least)
{
    judged_at = (int64_t)seconds;
    judged_at_least = at_least;
}

int64_t ward_tls_time(int64_t *time)
{
    if (time != NULL)
        *time = judged_at;
    return judged_at;
}

/* Days are counted from the first of March of the year 0, so that a leap day is the last of its year. */
struct tm *mbedtls_platform_gmtime_r(const mbedtls_time_t *seconds, struct tm *out)
{
    const uint64_t day_seconds = (uint64_t)*seconds % 86400u;
    const uint32_t days = (uint32_t)((uint64_t)*seconds / 86400u) + 719468u;
    const uint32_t era_day = days % 146097u;
    const uint32_t year = (era_day - era_day / 1460u + era_day / 36524u - era_day / 146096u) / 365u;
    const uint32_t day = era_day - (365u * year + year / 4u - year / 100u);
    const uint32_t month = (5u * day + 2u) / 153u;
    memset(out, 0, sizeof *out);
    out->tm_mday = (int)(day - (153u * month + 2u) / 5u + 1u);
    out->tm_mon = (int)(month < 10u ? month + 2u : month - 10u);
    out->tm_year = (int)(days / 146097u * 400u + year + (month < 10u ? 0u : 1u)) - 1900;
    out->tm_hour = (int)(day_seconds / 3600u);
    out->tm_min = (int)(day_seconds / 60u % 60u);
    out->tm_sec = (int)(day_seconds % 60u);
    return out;
}

/* A device whose clock is not set knows only a time that is surely past: a certificate that is newer than that is none from the future. */
static int judge(void *context, mbedtls_x509_crt *certificate, int depth, uint32_t *flags)
{
    (void)context;
    (void)certificate;
    (void)depth;
    if (judged_at_least)
        *flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_FUTURE;
    return 0;
}

/* What the certificate itself says that it is for. */
static uint32_t wrong_use(const mbedtls_x509_crt *certificate)
{
    static const char server[] = MBEDTLS_OID_SERVER_AUTH;
    uint32_t faults = 0;
    if (mbedtls_x509_crt_check_key_usage(certificate, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) != 0)
        faults |= MBEDTLS_X509_BADCERT_KEY_USAGE;
    if (mbedtls_x509_crt_check_extended_key_usage(certificate, server, sizeof server - 1) != 0)
        faults |= MBEDTLS_X509_BADCERT_EXT_KEY_USAGE;
    return faults;
}

static bool has_address(const mbedtls_x509_crt *certificate, const void *address, size_t length)
{
    for (const mbedtls_x509_sequence *name = &certificate->subject_alt_names; name != NULL; name = name->next) {
        const int type = name->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK;
        if (type == MBEDTLS_X509_SAN_IP_ADDRESS && name->buf.len == length && memcmp(name->buf.p, address, length) == 0)
            return true;
    }
    return false;
}

bool ward_tls_verify_is_address(const char *host)
{
    uint32_t address[4];
    return mbedtls_x509_crt_parse_cn_inet_pton(host, address) != 0;
}

/* mbedTLS takes a name that reads like the address for the address, `*.0.2.2` too, and a common name where there is no other. RFC 9525 has
 * neither: an address is an iPAddress, and a common name is nobody's. */
static uint32_t wrong_name(const mbedtls_x509_crt *certificate, const char *host)
{
    uint32_t address[4];
    const size_t length = mbedtls_x509_crt_parse_cn_inet_pton(host, address);
    const bool named = mbedtls_x509_crt_has_ext_type(certificate, MBEDTLS_X509_EXT_SUBJECT_ALT_NAME) != 0;
    return named && (length == 0 || has_address(certificate, address, length)) ? 0 : MBEDTLS_X509_BADCERT_CN_MISMATCH;
}

static uint64_t seconds_of(const mbedtls_x509_time *time)
{
    const struct ward_port_date date = { (uint32_t)time->year, (uint32_t)time->mon, (uint32_t)time->day,
                                         (uint32_t)time->hour, (uint32_t)time->min, (uint32_t)time->sec };
    return ward_port_date_seconds(&date);
}

void ward_tls_verify_begin(void)
{
    valid_from = 0;
    valid_until = 0;
    mbedtls_x509_crt_restart_init(&restart);
}

void ward_tls_verify_end(void)
{
    mbedtls_x509_crt_restart_free(&restart);
}

bool ward_tls_verify_step(const mbedtls_ssl_context *ssl, const char *host, uint32_t *faults)
{
    const mbedtls_x509_crt *const peer = mbedtls_ssl_get_peer_cert(ssl);
    uint32_t found = MBEDTLS_X509_BADCERT_MISSING;
    int error = MBEDTLS_ERR_X509_CERT_VERIFY_FAILED;
    if (peer != NULL) {
        /* mbedTLS takes it as one that it may change, and does not. */
        mbedtls_x509_crt *const chain = (mbedtls_x509_crt *)(uintptr_t)peer;
        error = mbedtls_x509_crt_verify_restartable(chain, &ward_tls_authorities, NULL,
                                                    &mbedtls_x509_crt_profile_default, host, &found, judge, NULL,
                                                    &restart);
    }
    if (error == MBEDTLS_ERR_ECP_IN_PROGRESS)
        return false;
    if (error == 0 && found == 0) {
        found = wrong_use(peer) | wrong_name(peer, host);
        valid_from = seconds_of(&peer->valid_from);
        valid_until = seconds_of(&peer->valid_to);
    } else if (found == 0) {
        found = MBEDTLS_X509_BADCERT_OTHER;
    }
    *faults = found;
    return true;
}

void ward_tls_verify_validity(uint64_t *from, uint64_t *until)
{
    *from = valid_from;
    *until = valid_until;
}
