/* SPDX-License-Identifier: Apache-2.0 */
#include "port/posix/fetch.h"

#include <errno.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "port/http/fetch_fields.h"
#include "port/posix/answer.h"
#include "ward/config.h"
#include "ward/port/platform.h"

enum { CONNECT_TIMEOUT = 10000, TIMEOUT = 30000, USER_AGENT = 64 };

/* ---- Whom to trust. */

static struct ward_status check_authorities(const char *path)
{
    X509_STORE *const store = X509_STORE_new();
    const bool found = store != NULL && X509_STORE_load_locations(store, path, NULL) == 1;
    X509_STORE_free(store);
    return ward_status_of(found ? WARD_OK : WARD_FETCH_AUTHORITIES);
}

/* ---- What went wrong. */

static bool was_refused(CURL *easy, CURLcode result)
{
    long error = 0;
    return result == CURLE_COULDNT_CONNECT && curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error) == CURLE_OK &&
           error == ECONNREFUSED;
}

static enum ward_code code_of(const struct ward_posix_fetch *fetch, CURLcode result)
{
    static const struct {
        CURLcode result;
        enum ward_code code;
    } known[] = {
        { CURLE_OPERATION_TIMEDOUT, WARD_FETCH_TIMED_OUT }, { CURLE_COULDNT_RESOLVE_HOST, WARD_FETCH_NAME },
        { CURLE_COULDNT_CONNECT, WARD_FETCH_UNREACHABLE },  { CURLE_SSL_CACERT_BADFILE, WARD_FETCH_AUTHORITIES },
        { CURLE_PARTIAL_FILE, WARD_FETCH_CUT_OFF },         { CURLE_GOT_NOTHING, WARD_FETCH_CUT_OFF },
        { CURLE_RECV_ERROR, WARD_FETCH_CUT_OFF },           { CURLE_SEND_ERROR, WARD_FETCH_CUT_OFF },
        { CURLE_FILESIZE_EXCEEDED, WARD_FETCH_TOO_LONG },   { CURLE_FAILED_INIT, WARD_FETCH_MEMORY },
        { CURLE_PEER_FAILED_VERIFICATION, WARD_FETCH_HOST }
    };
    const enum ward_code judged = ward_posix_judge_reason(&fetch->judge, result);
    if (judged != WARD_OK)
        return judged;
    if (was_refused(fetch->easy, result))
        return WARD_FETCH_REFUSED;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].result == result)
            return known[i].code;
    return WARD_FETCH_PROTOCOL;
}

/* Whether the end of the body is known, and not only that of the connection. */
static bool has_end(const struct ward_posix_fetch *fetch)
{
    return fetch->answer.end_is_told || fetch->judge.is_ended || ward_posix_answer_is_unchanged(&fetch->answer);
}

static void finish(struct ward_posix_fetch *fetch, CURLcode result)
{
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &fetch->answer.http);
    if (result != CURLE_OK)
        ward_posix_answer_fail(&fetch->answer, code_of(fetch, result));
    else if (fetch->answer.fields_are_over && ward_posix_answer_fault(&fetch->answer) != WARD_OK)
        ward_posix_answer_fail(&fetch->answer, ward_posix_answer_fault(&fetch->answer));
    else if (!fetch->answer.fields_are_over || !has_end(fetch))
        ward_posix_answer_fail(&fetch->answer, WARD_FETCH_CUT_OFF);
    fetch->end = ward_ok(fetch->answer.status) ? WARD_FETCH_END : WARD_FETCH_BROKEN;
}

/* ---- Setting up. */

static const char *user_agent(const struct ward_posix_fetch_config *config)
{
    return config->user_agent != NULL ? config->user_agent : WARD_USER_AGENT;
}

/* libcurl sends what it is given, line ends too. */
static bool is_user_agent(const char *text)
{
    size_t length = 0;
    while (length <= USER_AGENT && text[length] >= ' ' && text[length] < 0x7f)
        length++;
    return length > 0 && length <= USER_AGENT && text[length] == '\0';
}

static bool add_request_fields(struct ward_posix_fetch *fetch)
{
    static const char *const fields[] = { "Accept: " WARD_FETCH_ACCEPT,
                                          "Accept-Encoding: " WARD_FETCH_ACCEPT_ENCODING };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct curl_slist *const longer = curl_slist_append(fetch->request_fields, fields[i]);
        if (longer == NULL)
            return false;
        fetch->request_fields = longer;
    }
    return true;
}

struct ward_status ward_posix_fetch_setup(struct ward_posix_fetch *fetch, const struct ward_posix_fetch_config *config)
{
    memset(fetch, 0, sizeof *fetch);
    fetch->config = config;
    if (config->authorities != NULL) {
        const struct ward_status status = check_authorities(config->authorities);
        if (!ward_ok(status))
            return status;
    }
    if (!is_user_agent(user_agent(config)))
        return ward_status_of(WARD_FETCH_USER_AGENT);
    /* Does nothing where libcurl has one TLS library. */
    (void)curl_global_sslset(CURLSSLBACKEND_OPENSSL, NULL, NULL);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ward_status_of(WARD_FETCH_MEMORY);
    const struct ward_status judge = ward_posix_judge_setup();
    if (!ward_ok(judge))
        return judge;
    fetch->multi = curl_multi_init();
    if (fetch->multi != NULL && add_request_fields(fetch))
        return ward_status_of(WARD_OK);
    ward_posix_fetch_close(fetch);
    return ward_status_of(WARD_FETCH_MEMORY);
}

void ward_posix_fetch_close(struct ward_posix_fetch *fetch)
{
    struct ward_fetch_answer answer;
    if (fetch->easy != NULL)
        ward_posix_fetch_end(fetch, &answer);
    if (fetch->multi != NULL)
        (void)curl_multi_cleanup(fetch->multi);
    fetch->multi = NULL;
    curl_slist_free_all(fetch->request_fields);
    fetch->request_fields = NULL;
}

/* Sets an option and remembers whether that failed. */
#define SET(option, value) (result = result != CURLE_OK ? result : curl_easy_setopt(easy, option, value))

static CURLcode set_target(CURL *easy, const struct ward_posix_fetch *fetch)
{
    CURLcode result = CURLE_OK;
    SET(CURLOPT_URL, fetch->url);
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, fetch->is_plain ? "http" : "https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(fetch->is_plain ? CURLPROTO_HTTP : CURLPROTO_HTTPS));
#endif
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_HTTP09_ALLOWED, 0L);
    SET(CURLOPT_HTTPHEADER, fetch->condition != NULL ? fetch->condition : fetch->request_fields);
    SET(CURLOPT_USERAGENT, user_agent(fetch->config));
    SET(CURLOPT_FRESH_CONNECT, 1L);
    SET(CURLOPT_FORBID_REUSE, 1L);
    return result;
}

/* The folder of authorities that libcurl was built with would be trusted beside the file. */
static CURLcode set_trust(CURL *easy, struct ward_posix_fetch *fetch)
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
    SET(CURLOPT_SSL_CTX_FUNCTION, ward_posix_judge_tls);
    SET(CURLOPT_SSL_CTX_DATA, &fetch->judge);
    return result;
}

static CURLcode set_bounds(CURL *easy, const struct ward_posix_fetch_config *config)
{
    CURLcode result = CURLE_OK;
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)(config->connect_timeout != 0 ? config->connect_timeout : CONNECT_TIMEOUT));
    SET(CURLOPT_TIMEOUT_MS, (long)(config->timeout != 0 ? config->timeout : TIMEOUT));
    SET(CURLOPT_MAXFILESIZE, (long)WARD_FETCH_MAX_BODY);
#if LIBCURL_VERSION_NUM >= 0x075700
    SET(CURLOPT_QUICK_EXIT, 1L);
#endif
    return result;
}

static CURLcode set_callbacks(CURL *easy, struct ward_posix_fetch *fetch)
{
    CURLcode result = CURLE_OK;
    SET(CURLOPT_HEADERFUNCTION, ward_posix_answer_header);
    SET(CURLOPT_HEADERDATA, &fetch->answer);
    SET(CURLOPT_WRITEFUNCTION, ward_posix_answer_body);
    SET(CURLOPT_WRITEDATA, &fetch->answer);
    return result;
}

static bool set_all(CURL *easy, struct ward_posix_fetch *fetch)
{
    return set_target(easy, fetch) == CURLE_OK && set_trust(easy, fetch) == CURLE_OK &&
           set_bounds(easy, fetch->config) == CURLE_OK && set_callbacks(easy, fetch) == CURLE_OK;
}

/* ---- Fetching. */

/* The host as certificates name it: an address without brackets, a name without the dot that may end it. One that
 * begins with a dot would be any name of a domain to OpenSSL. */
static bool keep_host(struct ward_posix_judge *judge, const char *host)
{
    const bool bracketed = host[0] == '[';
    const char *const from = bracketed ? host + 1 : host;
    size_t length = strlen(from);
    if (bracketed || (length > 1 && from[length - 1] == '.'))
        length--;
    if (length == 0 || length >= sizeof judge->host || from[0] == '.')
        return false;
    memcpy(judge->host, from, length);
    judge->host[length] = '\0';
    return true;
}

static bool has_part(CURLU *parts, CURLUPart part)
{
    char *text = NULL;
    const bool has = curl_url_get(parts, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return has;
}

/* A host, no user's name before it, no fragment after it: what libcurl would quietly leave out. */
static bool take_parts(struct ward_posix_fetch *fetch, CURLU *parts)
{
    char *host = NULL;
    if (curl_url_set(parts, CURLUPART_URL, fetch->url, 0) != CURLUE_OK || has_part(parts, CURLUPART_USER) ||
        has_part(parts, CURLUPART_FRAGMENT) || curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return false;
    const bool good = keep_host(&fetch->judge, host);
    curl_free(host);
    return good;
}

static bool begins_with(struct ward_text url, struct ward_text scheme)
{
    return url.length > scheme.length && memcmp(url.data, scheme.data, scheme.length) == 0;
}

static bool is_fetchable(struct ward_posix_fetch *fetch, struct ward_text url)
{
    static const struct ward_text https = WARD_TEXT("https://");
    static const struct ward_text http = WARD_TEXT("http://");
    fetch->is_plain = fetch->config->cleartext && begins_with(url, http);
    if (url.length >= sizeof fetch->url || (!fetch->is_plain && !begins_with(url, https)) ||
        memchr(url.data, '\0', url.length) != NULL)
        return false;
    memcpy(fetch->url, url.data, url.length);
    fetch->url[url.length] = '\0';
    CURLU *const parts = curl_url();
    const bool good = parts != NULL && take_parts(fetch, parts);
    curl_url_cleanup(parts);
    return good;
}

#if WARD_MAX_BUNDLE > 0
void ward_posix_fetch_unless(struct ward_posix_fetch *fetch, struct ward_text etag)
{
    static const char name[] = "If-None-Match: ";
    fetch->condition_text[0] = '\0';
    if (etag.length == 0 || etag.length > WARD_MAX_ETAG)
        return;
    memcpy(fetch->condition_text, name, sizeof name - 1);
    memcpy(fetch->condition_text + sizeof name - 1, etag.data, etag.length);
    fetch->condition_text[sizeof name - 1 + etag.length] = '\0';
}
#endif

/* The fields of a request with a condition: a list of its own, which ends in that of all requests. */
static bool add_condition(struct ward_posix_fetch *fetch)
{
    if (fetch->condition_text[0] == '\0')
        return true;
    fetch->condition = curl_slist_append(NULL, fetch->condition_text);
    if (fetch->condition == NULL)
        return false;
    fetch->condition->next = fetch->request_fields;
    fetch->answer.conditional = true;
    return true;
}

static void drop_condition(struct ward_posix_fetch *fetch)
{
    if (fetch->condition != NULL)
        fetch->condition->next = NULL;
    curl_slist_free_all(fetch->condition);
    fetch->condition = NULL;
}

static void end_handle(struct ward_posix_fetch *fetch)
{
    curl_easy_cleanup(fetch->easy);
    fetch->easy = NULL;
    drop_condition(fetch);
}

struct ward_status ward_posix_fetch_begin(struct ward_posix_fetch *fetch, struct ward_text url, uint64_t now)
{
    if (!is_fetchable(fetch, url))
        return ward_status_of(WARD_FETCH_URL);
    fetch->easy = curl_easy_init();
    fetch->end = WARD_FETCH_WAIT;
    ward_posix_answer_begin(&fetch->answer, fetch->easy, now);
    ward_posix_judge_begin(&fetch->judge, now);
    if (fetch->easy != NULL && add_condition(fetch) && set_all(fetch->easy, fetch) &&
        curl_multi_add_handle(fetch->multi, fetch->easy) == CURLM_OK)
        return ward_status_of(WARD_OK);
    end_handle(fetch);
    return ward_status_of(WARD_FETCH_MEMORY);
}

/* Takes what has come of the answer, and its end. */
static void step(struct ward_posix_fetch *fetch)
{
    int running = 0;
    int left = 0;
    if (fetch->answer.paused) {
        fetch->answer.paused = false;
        (void)curl_easy_pause(fetch->easy, CURLPAUSE_CONT);
    }
    if (curl_multi_perform(fetch->multi, &running) != CURLM_OK) {
        finish(fetch, CURLE_FAILED_INIT);
        return;
    }
    for (const CURLMsg *message = curl_multi_info_read(fetch->multi, &left); message != NULL;
         message = curl_multi_info_read(fetch->multi, &left))
        if (message->msg == CURLMSG_DONE)
            finish(fetch, message->data.result);
}

static int32_t give(struct ward_posix_fetch *fetch, char *buffer, size_t size)
{
    const size_t left = fetch->answer.pending - fetch->answer.given;
    const size_t length = left < size ? left : size;
    memcpy(buffer, fetch->answer.body + fetch->answer.given, length);
    fetch->answer.given += length;
    return (int32_t)length;
}

int32_t ward_posix_fetch_read(struct ward_posix_fetch *fetch, char *buffer, size_t size)
{
    if (fetch->answer.given == fetch->answer.pending && fetch->end == WARD_FETCH_WAIT)
        step(fetch);
    if (fetch->answer.given < fetch->answer.pending)
        return give(fetch, buffer, size);
    return fetch->end;
}

void ward_posix_fetch_end(struct ward_posix_fetch *fetch, struct ward_fetch_answer *answer)
{
    memset(answer, 0, sizeof *answer);
    ward_http_answer_fields_end(&fetch->answer.fields, answer);
    answer->http = fetch->answer.http >= 100 && fetch->answer.http <= 999 ? (uint16_t)fetch->answer.http : 0;
    answer->status = fetch->answer.status;
    answer->valid_from = fetch->judge.valid_from;
    answer->valid_until = fetch->judge.valid_until;
    /* Given up before its end. */
    if (ward_ok(answer->status) && fetch->end != WARD_FETCH_END)
        answer->status = ward_status_of(WARD_FETCH_CUT_OFF);
    (void)curl_multi_remove_handle(fetch->multi, fetch->easy);
    end_handle(fetch);
}
