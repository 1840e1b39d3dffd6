/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/fetch.h"

#include <string.h>

#include "port/tls/arena.h"
#include "port/http/response_parser.h"
#include "port/tls/session.h"
#include "port/tls/reason.h"
#include "port/tls/verify.h"
#include "port/http/url.h"
#include "ward/config.h"

enum step { WAITING, CONNECTING, HANDSHAKE, ASKING, READING, ENDED };

static struct {
    struct ward_tls_session session;
    struct ward_http_response_parser parser;
    struct ward_status status; /* WARD_OK once the answer is whole */
    uint64_t now;              /* to judge certificates at, when it was wanted */
    uint32_t began;
    uint32_t connect_began;
    uint16_t port;
    uint16_t request_length;
    enum step step;
    bool only_12; /* without TLS 1.3, since that did not work */
#if WARD_FETCH_CLEARTEXT
    bool plain;    /* without TLS */
    uint16_t sent; /* bytes of the request */
#endif
    char host[WARD_FETCH_MAX_HOST + 1];
    char request[WARD_FETCH_MAX_REQUEST];
} fetch;

static const struct ward_network *network;
static struct ward_time (*clock_of)(void *context);
static void *clock_context;
static int tls_error;
static bool was_online; /* the network has been there */
#if WARD_MAX_BUNDLE > 0
static struct ward_text etag; /* for the next request */
#endif

void ward_http_fetch_prepare(const struct ward_network *by, struct ward_time (*clock)(void *context), void *context)
{
    network = by;
    clock_of = clock;
    clock_context = context;
}

int ward_http_fetch_tls_error(void)
{
    return tls_error;
}

#if WARD_MAX_BUNDLE > 0
void ward_http_fetch_unless(void *context, struct ward_text known)
{
    (void)context;
    etag = known;
}
#endif

static int32_t broken(uint32_t code)
{
    fetch.status.code = code;
    fetch.step = ENDED;
    return WARD_FETCH_BROKEN;
}

/* ---- The request. */

static bool put(struct ward_text text)
{
    if (text.length > sizeof fetch.request - fetch.request_length)
        return false;
    memcpy(fetch.request + fetch.request_length, text.data, text.length);
    fetch.request_length = (uint16_t)(fetch.request_length + text.length);
    return true;
}

WARD_STATIC_ASSERT(sizeof WARD_USER_AGENT > 1 && sizeof WARD_USER_AGENT <= WARD_FETCH_MAX_AGENT + 1,
                   "WARD_USER_AGENT: 1 to 64 characters");

/* Issuers refuse who leaves one of these out: 406, 403, or a body that is compressed. */
#define FETCH_FIELDS                                                                                                   \
    "\r\nAccept: " WARD_FETCH_ACCEPT "\r\nAccept-Encoding: " WARD_FETCH_ACCEPT_ENCODING                                \
    "\r\nUser-Agent: " WARD_USER_AGENT "\r\nConnection: close\r\n\r\n"

/* Where it does not fit the request goes without, and all of it comes. */
static void put_condition(void)
{
#if WARD_MAX_BUNDLE > 0
    static const struct ward_text field = WARD_TEXT("\r\nIf-None-Match: ");
    const uint16_t before = fetch.request_length;
    if (etag.length == 0)
        return;
    if (put(field) && put(etag) && sizeof fetch.request - fetch.request_length >= sizeof FETCH_FIELDS - 1)
        ward_http_response_parser_conditional(&fetch.parser);
    else
        fetch.request_length = before;
#endif
}

static bool write_request(const struct ward_http_url *url)
{
    static const struct ward_text get = WARD_TEXT("GET ");
    static const struct ward_text slash = WARD_TEXT("/");
    static const struct ward_text host = WARD_TEXT(" HTTP/1.1\r\nHost: ");
    static const struct ward_text rest = WARD_TEXT(FETCH_FIELDS);
    const bool rooted = url->target.length > 0 && url->target.data[0] == '/';
    fetch.request_length = 0;
    if (!put(get) || !(rooted || put(slash)) || !put(url->target) || !put(host) || !put(url->authority))
        return false;
    put_condition();
    return put(rest);
}

/* ---- Whether it goes without TLS: what comes is signed then. */

static bool is_plain(void)
{
#if WARD_FETCH_CLEARTEXT
    return fetch.plain;
#else
    return false;
#endif
}

static void set_plain(bool plain)
{
#if WARD_FETCH_CLEARTEXT
    fetch.plain = plain;
    fetch.sent = 0;
#else
    (void)plain;
#endif
}

/* ---- Name and connection. */

/* Whether the time to judge at is what the platform's clock shows. A clock that is before the floor, such as one whose battery is empty, is as
 * good as none: certificates that begin after the floor must pass, or the device could never fetch again. */
static bool clock_counts(uint64_t now)
{
    if (clock_of == NULL)
        return false;
    const struct ward_time clock = clock_of(clock_context);
    return clock.trust == WARD_TIME_SET && clock.seconds >= now;
}

struct ward_status ward_http_fetch_begin(void *context, struct ward_text text, uint64_t now)
{
    struct ward_http_url url;
    (void)context;
    const struct ward_status parsed = ward_http_url_parse(text, &url);
    if (!ward_ok(parsed))
        return parsed;
    ward_http_response_parser_begin(&fetch.parser);
    ward_http_response_parser_at(&fetch.parser, now);
    if (url.host.length > WARD_FETCH_MAX_HOST || !write_request(&url))
        return ward_status_of(WARD_FETCH_URL);
    memcpy(fetch.host, url.host.data, url.host.length);
    fetch.host[url.host.length] = '\0';
    fetch.port = url.port;
    fetch.now = now;
    fetch.began = network->uptime();
    fetch.only_12 = false;
    fetch.step = WAITING;
    fetch.status = ward_status_of(WARD_FETCH_CUT_OFF);
    set_plain(url.cleartext);
    ward_tls_clear(&fetch.session, WARD_TLS_ARENA_FETCH);
    return ward_status_of(WARD_OK);
}

static int32_t dial(void)
{
    ward_tls_clear(&fetch.session, WARD_TLS_ARENA_FETCH);
    fetch.step = CONNECTING;
    const enum ward_code code = network->dial(&fetch.session.stream, fetch.host, fetch.port);
    return code == WARD_OK ? WARD_FETCH_WAIT : broken(code);
}

/* A device may be started long before its cable is plugged in: then the first fetch waits for that, however long. Else it fails, and is tried
 * again later and later. */
static int32_t wait_for_network(void)
{
    const uint32_t waited = network->uptime() - fetch.began;
    if (!network->ready())
        return was_online && waited >= WARD_FETCH_CONNECT_MS ? broken(WARD_FETCH_UNREACHABLE) : WARD_FETCH_WAIT;
    const uint64_t now = fetch.now + waited / 1000u;
    was_online = true;
    fetch.began = network->uptime();
    fetch.connect_began = fetch.began;
    ward_tls_verify_at(now, !clock_counts(fetch.now));
    return dial();
}

static int32_t connect(void)
{
    const enum ward_code code = network->dialled(&fetch.session.stream);
    if (code == WARD_NO_RESULT)
        return WARD_FETCH_WAIT;
    if (code != WARD_OK)
        return broken(code);
    fetch.step = is_plain() ? ASKING : HANDSHAKE;
    if (is_plain())
        return WARD_FETCH_WAIT;
    return ward_tls_start_client(&fetch.session, fetch.host, fetch.only_12) ? WARD_FETCH_WAIT
                                                                            : broken(WARD_FETCH_MEMORY);
}

/* ---- TLS. */

static int32_t connect_anew(void)
{
    ward_tls_end(&fetch.session);
    ward_tls_disconnect(&fetch.session, true);
    fetch.only_12 = true;
    fetch.connect_began = network->uptime();
    return dial();
}

static int32_t failed(enum ward_tls_result result)
{
    const enum ward_code reason = ward_tls_reason(&fetch.session, result);
    if (reason == WARD_FETCH_PROTOCOL && !fetch.only_12 && ward_tls_needs_12(&fetch.session))
        return connect_anew();
    tls_error = result == WARD_TLS_FAILED ? fetch.session.error : 0;
    return broken(reason);
}

/* Its issuer has answered: from now on nobody borrows what the handshake will need, and who has must give it back. What only was asked for,
 * by whomever, and an issuer that says nothing take nothing from anybody. */
static bool has_memory(void)
{
    if (!ward_tls_arena_claimed() && ward_tls_unread(&fetch.session) == 0)
        return true;
    ward_tls_arena_share(WARD_TLS_ARENA_FETCH, WARD_ARENA_FETCH_SHARE);
    ward_tls_arena_claim(true);
    return ward_tls_arena_covers();
}

static int32_t handshake(void)
{
    if (!has_memory())
        return WARD_FETCH_WAIT;
    const enum ward_tls_result result = ward_tls_handshake(&fetch.session);
    if (result == WARD_TLS_DONE)
        fetch.step = ASKING;
    else if (result != WARD_TLS_AGAIN && result != WARD_TLS_WAIT)
        return failed(result);
    return WARD_FETCH_WAIT;
}

static int32_t ask(void)
{
    const enum ward_tls_result result = ward_tls_write(&fetch.session, fetch.request, fetch.request_length);
    if (result == WARD_TLS_DONE)
        fetch.step = READING;
    else if (result != WARD_TLS_AGAIN && result != WARD_TLS_WAIT)
        return failed(result);
    return WARD_FETCH_WAIT;
}

/* ---- The answer. */

static int32_t conclude(enum ward_http_response_state state, size_t length)
{
    struct ward_fetch_answer answer;
    if (state == WARD_HTTP_RESPONSE_MORE)
        return (int32_t)length;
    ward_http_response_parser_answer(&fetch.parser, &answer);
    fetch.status = answer.status;
    fetch.step = ENDED;
    if (state == WARD_HTTP_RESPONSE_BROKEN)
        return WARD_FETCH_BROKEN;
    return length > 0 ? (int32_t)length : WARD_FETCH_END;
}

static int32_t take(char *buffer, size_t got, size_t size)
{
    size_t used;
    size_t length;
    const enum ward_http_response_state state = ward_http_response_parser_feed(&fetch.parser, buffer, got, &used,
                                                                               buffer, size, &length);
    return conclude(state, length);
}

static int32_t read(char *buffer, size_t size)
{
    size_t got;
    const enum ward_tls_result result = ward_tls_read(&fetch.session, buffer, size, &got);
    if (result == WARD_TLS_AGAIN || result == WARD_TLS_WAIT)
        return WARD_FETCH_WAIT;
    if (result == WARD_TLS_FAILED)
        return failed(result);
    if (result != WARD_TLS_DONE)
        return conclude(ward_http_response_parser_closed(&fetch.parser, result == WARD_TLS_CLOSED), 0);
    return take(buffer, got, size);
}

#if WARD_FETCH_CLEARTEXT
static int32_t ask_plainly(void)
{
    struct ward_stream *const stream = &fetch.session.stream;
    const int32_t sent = stream->calls->send(stream, fetch.request + fetch.sent,
                                             (size_t)fetch.request_length - fetch.sent);
    if (sent < 0)
        return broken(WARD_FETCH_CUT_OFF);
    fetch.sent = (uint16_t)(fetch.sent + sent);
    stream->calls->flush(stream);
    if (fetch.sent == fetch.request_length)
        fetch.step = READING;
    return WARD_FETCH_WAIT;
}

/* The end of the connection does not say that a body is whole. */
static int32_t read_plainly(char *buffer, size_t size)
{
    struct ward_stream *const stream = &fetch.session.stream;
    const int32_t got = stream->calls->receive(stream, buffer, size);
    if (got == WARD_STREAM_NOTHING)
        return WARD_FETCH_WAIT;
    return got > 0 ? take(buffer, (size_t)got, size)
                   : conclude(ward_http_response_parser_closed(&fetch.parser, false), 0);
}
#endif

/* Where it waits for memory that others have, that is why. */
static int32_t give_up(void)
{
    const bool starved = ward_tls_out_of_memory(&fetch.session) ||
                         (ward_tls_arena_claimed() && !ward_tls_arena_covers());
    return broken(starved ? WARD_FETCH_MEMORY : WARD_FETCH_TIMED_OUT);
}

static bool too_late(void)
{
    const uint32_t now = network->uptime();
    if (fetch.step == WAITING || fetch.step == ENDED)
        return false;
    return now - fetch.began >= WARD_FETCH_WHOLE_MS ||
           (fetch.step <= CONNECTING && now - fetch.connect_began >= WARD_FETCH_CONNECT_MS);
}

static int32_t go_on(char *buffer, size_t size)
{
    switch (fetch.step) {
    case WAITING: return wait_for_network();
    case CONNECTING: return connect();
    case HANDSHAKE: return handshake();
    case ASKING: return ask();
    case READING: return read(buffer, size);
    default: return ward_ok(fetch.status) ? WARD_FETCH_END : WARD_FETCH_BROKEN;
    }
}

int32_t ward_http_fetch_read(void *context, char *buffer, size_t size)
{
    (void)context;
    if (too_late())
        return give_up();
#if WARD_FETCH_CLEARTEXT
    if (fetch.plain && fetch.step == ASKING)
        return ask_plainly();
    if (fetch.plain && fetch.step == READING)
        return read_plainly(buffer, size);
#endif
    return go_on(buffer, size);
}

void ward_http_fetch_end(void *context, struct ward_fetch_answer *answer)
{
    (void)context;
    ward_http_response_parser_answer(&fetch.parser, answer);
    answer->status = fetch.status;
    ward_tls_verify_validity(&answer->valid_from, &answer->valid_until);
#if WARD_FETCH_CLEARTEXT
    /* Of another fetch's certificate. */
    if (fetch.plain) {
        answer->valid_from = 0;
        answer->valid_until = 0;
    }
#endif
    fetch.step = ENDED;
    ward_tls_end(&fetch.session);
    ward_tls_disconnect(&fetch.session, false);
    ward_tls_arena_claim(false);
    ward_tls_arena_share(WARD_TLS_ARENA_FETCH, WARD_ARENA_HELLO_SHARE);
}
