#include "fetch.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <time.h>

#include "http_date.h"
#include "ward/config.h"
#include "ward/port/platform.h"

enum { CONNECT_TIMEOUT = 10000, TIMEOUT = 30000 };

/* Seconds by which the machine's clock may differ from the time to judge at, and is still the one that was meant. */
enum { SAME_TIME = 60 };

/* ---- Which certificates. */

/* Where a connection's settings say for which fetch they are. */
static int fetch_index = -1;

static struct posix_fetch *fetch_of(const X509_STORE_CTX *chain)
{
    const SSL *const tls = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
    return SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), fetch_index);
}

static uint64_t seconds_of(const ASN1_TIME *time)
{
    struct tm parts;
    if (ASN1_TIME_to_tm(time, &parts) != 1 || parts.tm_year < 0)
        return 0;
    const struct http_date date = { (uint32_t)parts.tm_year + 1900u, (uint32_t)parts.tm_mon + 1u, (uint32_t)parts.tm_mday,
                                    (uint32_t)parts.tm_hour, (uint32_t)parts.tm_min, (uint32_t)parts.tm_sec };
    return http_date_seconds(&date);
}

/* From when and until when the server's own certificate is good. */
static void keep_validity(struct posix_fetch *fetch, X509_STORE_CTX *chain)
{
    const X509 *const leaf = X509_STORE_CTX_get0_cert(chain);
    fetch->valid_from = seconds_of(X509_get0_notBefore(leaf));
    fetch->valid_until = seconds_of(X509_get0_notAfter(leaf));
}

/* Called for each certificate of the chain, and for each fault of it; the host's name is libcurl's to check. */
static int judge_chain(int is_good, X509_STORE_CTX *chain)
{
    struct posix_fetch *const fetch = fetch_of(chain);
    keep_validity(fetch, chain);
    if (is_good == 0 && fetch->allow_newer && X509_STORE_CTX_get_error(chain) == X509_V_ERR_CERT_NOT_YET_VALID) {
        X509_STORE_CTX_set_error(chain, X509_V_OK);
        return 1;
    }
    if (is_good == 0)
        fetch->chain_is_bad = true;
    return is_good;
}

static bool clock_is_meant(uint64_t now)
{
    const uint64_t clock = (uint64_t)time(NULL);
    return clock <= now + SAME_TIME && now <= clock + SAME_TIME;
}

/* Where the clock is not set the time to judge at is only the latest that is surely past: a certificate may well be newer. */
/* NOLINTNEXTLINE(bugprone-easily-swappable-parameters): the parameters are libcurl's. */
static CURLcode set_judge(CURL *easy, void *tls, void *context)
{
    struct posix_fetch *const fetch = context;
    SSL_CTX *const settings = tls;
    (void)easy;
    fetch->allow_newer = !clock_is_meant(fetch->now);
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(settings), (time_t)fetch->now);
    SSL_CTX_set_verify(settings, SSL_VERIFY_PEER, judge_chain);
    return SSL_CTX_set_ex_data(settings, fetch_index, fetch) == 1 ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

static struct ward_status check_authorities(const char *path)
{
    X509_STORE *const store = X509_STORE_new();
    const bool found = store != NULL && X509_STORE_load_locations(store, path, NULL) == 1;
    X509_STORE_free(store);
    return ward_status_of(found ? WARD_OK : WARD_FETCH_AUTHORITIES);
}

/* ---- What comes. */

static void fail(struct posix_fetch *fetch, enum ward_code code)
{
    if (ward_ok(fetch->status))
        fetch->status = ward_status_of(code);
}

static struct ward_text without_line_end(struct ward_text line)
{
    while (line.length > 0 && (line.data[line.length - 1] == '\n' || line.data[line.length - 1] == '\r'))
        line.length--;
    return line;
}

static bool begins_with(struct ward_text text, struct ward_text begin)
{
    return text.length >= begin.length && memcmp(text.data, begin.data, begin.length) == 0;
}

/* A line of the header. What comes behind the empty one are trailers; an answer before the answer (status 1xx) has a header of its
 * own.
 */
static void take_line(struct posix_fetch *fetch, struct ward_text line)
{
    static const struct ward_text status_line = WARD_TEXT("HTTP/");
    size_t colon = 0;
    if (begins_with(line, status_line)) {
        answer_fields_begin(&fetch->fields);
        answer_fields_at(&fetch->fields, fetch->now);
        fetch->fields_are_over = false;
    } else if (line.length == 0) {
        fetch->fields_are_over = true;
    } else if (!fetch->fields_are_over) {
        while (colon < line.length && line.data[colon] != ':')
            colon++;
        if (colon < line.length)
            answer_fields_take(&fetch->fields, ward_text_of(line.data, colon),
                               ward_text_of(line.data + colon + 1, line.length - colon - 1));
    }
}

static size_t take_header(char *data, size_t one, size_t length, void *context)
{
    struct posix_fetch *const fetch = context;
    (void)one;
    if (length > POSIX_FETCH_HEADERS - fetch->header_bytes) {
        fail(fetch, WARD_FETCH_TOO_LONG);
        return 0;
    }
    fetch->header_bytes += length;
    take_line(fetch, without_line_end(ward_text_of(data, length)));
    return length;
}

static size_t take_body(char *data, size_t one, size_t length, void *context)
{
    struct posix_fetch *const fetch = context;
    (void)one;
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &fetch->http);
    if (fetch->http != 200) {
        fail(fetch, WARD_FETCH_HTTP_STATUS);
        return 0;
    }
    if (length > WARD_MAX_JWKS - fetch->body_bytes || length > sizeof fetch->body) {
        fail(fetch, WARD_FETCH_TOO_LONG);
        return 0;
    }
    if (fetch->given < fetch->pending) {
        fetch->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    memcpy(fetch->body, data, length);
    fetch->body_bytes += length;
    fetch->pending = length;
    fetch->given = 0;
    return length;
}

/* ---- What went wrong. */

static enum ward_code code_of(const struct posix_fetch *fetch, CURLcode result)
{
    static const struct {
        CURLcode result;
        enum ward_code code;
    } known[] = { { CURLE_OPERATION_TIMEDOUT, WARD_FETCH_TIMED_OUT },   { CURLE_COULDNT_RESOLVE_HOST, WARD_FETCH_UNREACHABLE },
                  { CURLE_COULDNT_CONNECT, WARD_FETCH_UNREACHABLE },    { CURLE_SSL_CACERT_BADFILE, WARD_FETCH_AUTHORITIES },
                  { CURLE_PARTIAL_FILE, WARD_FETCH_CUT_OFF },           { CURLE_GOT_NOTHING, WARD_FETCH_CUT_OFF },
                  { CURLE_RECV_ERROR, WARD_FETCH_CUT_OFF },             { CURLE_SEND_ERROR, WARD_FETCH_CUT_OFF },
                  { CURLE_FILESIZE_EXCEEDED, WARD_FETCH_TOO_LONG } };
    if (result == CURLE_PEER_FAILED_VERIFICATION)
        return fetch->chain_is_bad ? WARD_FETCH_CERTIFICATE : WARD_FETCH_HOST;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].result == result)
            return known[i].code;
    return WARD_FETCH_PROTOCOL;
}

static void conclude(struct posix_fetch *fetch, CURLcode result)
{
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &fetch->http);
    if (result != CURLE_OK)
        fail(fetch, code_of(fetch, result));
    else if (!fetch->fields_are_over)
        fail(fetch, WARD_FETCH_CUT_OFF);
    else if (fetch->http != 200)
        fail(fetch, WARD_FETCH_HTTP_STATUS);
    fetch->end = ward_ok(fetch->status) ? WARD_FETCH_END : WARD_FETCH_BROKEN;
}

/* ---- Setting up. */

struct ward_status posix_fetch_setup(struct posix_fetch *fetch, const struct posix_fetch_config *config)
{
    memset(fetch, 0, sizeof *fetch);
    fetch->config = config;
    if (config->authorities != NULL) {
        const struct ward_status status = check_authorities(config->authorities);
        if (!ward_ok(status))
            return status;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ward_status_of(WARD_NOT_PROVIDED);
    if (fetch_index < 0)
        fetch_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    const char *const tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
    fetch->multi = fetch_index >= 0 && tls != NULL && strncmp(tls, "OpenSSL", 7) == 0 ? curl_multi_init() : NULL;
    return ward_status_of(fetch->multi != NULL ? WARD_OK : WARD_NOT_PROVIDED);
}

void posix_fetch_close(struct posix_fetch *fetch)
{
    struct ward_fetch_answer answer;
    if (fetch->easy != NULL)
        posix_fetch_end(fetch, &answer);
    if (fetch->multi != NULL)
        (void)curl_multi_cleanup(fetch->multi);
    fetch->multi = NULL;
}

/* Sets an option and remembers whether that failed. */
#define SET(option, value) (result = result != CURLE_OK ? result : curl_easy_setopt(easy, option, value))

static CURLcode set_target(CURL *easy, const struct posix_fetch *fetch)
{
    CURLcode result = CURLE_OK;
    SET(CURLOPT_URL, fetch->url);
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "https");
#else
    SET(CURLOPT_PROTOCOLS, (long)CURLPROTO_HTTPS);
#endif
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_HTTP09_ALLOWED, 0L);
    SET(CURLOPT_FRESH_CONNECT, 1L);
    SET(CURLOPT_FORBID_REUSE, 1L);
    return result;
}

/* The folder of authorities that libcurl was built with would be trusted beside the file. */
static CURLcode set_trust(CURL *easy, struct posix_fetch *fetch)
{
    CURLcode result = CURLE_OK;
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_SESSIONID_CACHE, 0L);
    if (fetch->config->authorities != NULL) {
        SET(CURLOPT_CAINFO, fetch->config->authorities);
        SET(CURLOPT_CAPATH, NULL);
    }
    SET(CURLOPT_SSL_CTX_FUNCTION, set_judge);
    SET(CURLOPT_SSL_CTX_DATA, fetch);
    return result;
}

static CURLcode set_bounds(CURL *easy, const struct posix_fetch_config *config)
{
    CURLcode result = CURLE_OK;
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)(config->connect_timeout != 0 ? config->connect_timeout : CONNECT_TIMEOUT));
    SET(CURLOPT_TIMEOUT_MS, (long)(config->timeout != 0 ? config->timeout : TIMEOUT));
    SET(CURLOPT_MAXFILESIZE, (long)WARD_MAX_JWKS);
#if LIBCURL_VERSION_NUM >= 0x075700
    SET(CURLOPT_QUICK_EXIT, 1L);
#endif
    return result;
}

static CURLcode set_callbacks(CURL *easy, struct posix_fetch *fetch)
{
    CURLcode result = CURLE_OK;
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, fetch);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, fetch);
    return result;
}

static bool set_all(CURL *easy, struct posix_fetch *fetch)
{
    return set_target(easy, fetch) == CURLE_OK && set_trust(easy, fetch) == CURLE_OK &&
           set_bounds(easy, fetch->config) == CURLE_OK && set_callbacks(easy, fetch) == CURLE_OK;
}

/* ---- Fetching. */

/* A host, no user's name before it, no fragment behind it: what libcurl would quietly leave out. */
static bool is_fetchable(struct posix_fetch *fetch, struct ward_text url)
{
    static const char scheme[] = "https://";
    const size_t scheme_length = sizeof scheme - 1;
    CURLU *const parts = curl_url();
    char *user = NULL;
    char *fragment = NULL;
    if (parts == NULL || url.length >= sizeof fetch->url || url.length <= scheme_length ||
        memcmp(url.data, scheme, scheme_length) != 0 || memchr(url.data, '\0', url.length) != NULL) {
        curl_url_cleanup(parts);
        return false;
    }
    memcpy(fetch->url, url.data, url.length);
    fetch->url[url.length] = '\0';
    const bool good = curl_url_set(parts, CURLUPART_URL, fetch->url, 0) == CURLUE_OK &&
                      curl_url_get(parts, CURLUPART_USER, &user, 0) != CURLUE_OK &&
                      curl_url_get(parts, CURLUPART_FRAGMENT, &fragment, 0) != CURLUE_OK;
    curl_free(user);
    curl_free(fragment);
    curl_url_cleanup(parts);
    return good;
}

struct ward_status posix_fetch_begin(struct posix_fetch *fetch, struct ward_text url, uint64_t now)
{
    if (!is_fetchable(fetch, url))
        return ward_status_of(WARD_FETCH_URL);
    fetch->easy = curl_easy_init();
    fetch->status = ward_status_of(WARD_OK);
    fetch->now = now;
    fetch->valid_from = 0;
    fetch->valid_until = 0;
    fetch->header_bytes = 0;
    fetch->body_bytes = 0;
    fetch->pending = 0;
    fetch->given = 0;
    fetch->http = 0;
    fetch->end = WARD_FETCH_WAIT;
    fetch->fields_are_over = false;
    fetch->chain_is_bad = false;
    fetch->paused = false;
    answer_fields_begin(&fetch->fields);
    if (fetch->easy != NULL && set_all(fetch->easy, fetch) && curl_multi_add_handle(fetch->multi, fetch->easy) == CURLM_OK)
        return ward_status_of(WARD_OK);
    curl_easy_cleanup(fetch->easy);
    fetch->easy = NULL;
    return ward_status_of(WARD_FETCH_UNREACHABLE);
}

/* Takes what has come of the answer, and its end. */
static void step(struct posix_fetch *fetch)
{
    int running = 0;
    int left = 0;
    if (fetch->paused) {
        fetch->paused = false;
        (void)curl_easy_pause(fetch->easy, CURLPAUSE_CONT);
    }
    if (curl_multi_perform(fetch->multi, &running) != CURLM_OK) {
        conclude(fetch, CURLE_FAILED_INIT);
        return;
    }
    for (const CURLMsg *message = curl_multi_info_read(fetch->multi, &left); message != NULL;
         message = curl_multi_info_read(fetch->multi, &left))
        if (message->msg == CURLMSG_DONE)
            conclude(fetch, message->data.result);
}

static int32_t give(struct posix_fetch *fetch, char *buffer, size_t size)
{
    const size_t left = fetch->pending - fetch->given;
    const size_t length = left < size ? left : size;
    memcpy(buffer, fetch->body + fetch->given, length);
    fetch->given += length;
    return (int32_t)length;
}

int32_t posix_fetch_read(struct posix_fetch *fetch, char *buffer, size_t size)
{
    if (fetch->given == fetch->pending && fetch->end == WARD_FETCH_WAIT)
        step(fetch);
    if (fetch->given < fetch->pending)
        return give(fetch, buffer, size);
    return fetch->end;
}

void posix_fetch_end(struct posix_fetch *fetch, struct ward_fetch_answer *answer)
{
    memset(answer, 0, sizeof *answer);
    answer_fields_end(&fetch->fields, answer);
    answer->http = fetch->http >= 100 && fetch->http <= 999 ? (uint16_t)fetch->http : 0;
    answer->status = fetch->status;
    answer->valid_from = fetch->valid_from;
    answer->valid_until = fetch->valid_until;
    /* Given up before its end. */
    if (ward_ok(answer->status) && fetch->end != WARD_FETCH_END)
        answer->status = ward_status_of(WARD_FETCH_CUT_OFF);
    (void)curl_multi_remove_handle(fetch->multi, fetch->easy);
    curl_easy_cleanup(fetch->easy);
    fetch->easy = NULL;
}
