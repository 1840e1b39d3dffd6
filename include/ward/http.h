/* SPDX-License-Identifier: Apache-2.0 */
/* ward: from an HTTP request to a decision, and from a decision to the bytes of an answer. */
#ifndef WARD_HTTP_H
#define WARD_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/access.h"
#include "ward/config.h"
#include "ward/method.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/time.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Mark of a route, beside its methods as in `WARD_GET | WARD_PUBLIC`: anybody may, no token is looked at. Its scopes are WARD_NO_SCOPES. */
#define WARD_PUBLIC 0x100

/** Mark of a route: any verified subject may. Its scopes are WARD_NO_SCOPES. */
#define WARD_AUTHENTICATED 0x200

/** Mark of a route: also over a channel that is not protected. */
#define WARD_ALLOW_CLEARTEXT 0x400

/** Scopes of a route that is marked WARD_PUBLIC or WARD_AUTHENTICATED. */
#define WARD_NO_SCOPES { NULL, 0 }

/**
 * One row of the table of routes; put the table in flash. Nothing is open by default.
 *
 * A pattern is a path (`/led`) or a path that ends in a segment `*`, which stands for any number of segments, none
 * included (`/api/foia/` and a star matches `/api/foia`, `/api/foia/` and `/api/foia/7/text`, not `/api/foiax`). The
 * most specific pattern wins whatever the order of the rows: the exact one, then the longest; only its rows are asked
 * for the method. Several rows may share a pattern with different methods.
 */
struct ward_route {
    uint16_t methods; /**< bits of enum ward_method and marks */
    struct ward_text pattern;
    struct ward_text scopes; /**< scope expression: see scope.h */
};

/**
 * Whether a table of routes can be used; call it once at start.
 *
 * @param row  written: the row that is wrong, counted from 0; count where none is
 *
 * @retval WARD_OK
 * @retval WARD_ROUTE_METHODS    the row has no method, or a bit that is neither method nor mark
 * @retval WARD_ROUTE_PATTERN    its pattern is not a pattern
 * @retval WARD_ROUTE_SCOPES     it has no scopes and no mark that says why, or both, or both marks
 * @retval WARD_SCOPE_EXPRESSION its scopes break the grammar
 * @retval WARD_ROUTE_DUPLICATE  a row before has the same pattern and one of these methods
 */
WARD_MUST_USE struct ward_status ward_routes_check(const struct ward_route *routes, size_t count, size_t *row);

/**
 * Whether a text is a host as `Host` and a URL have it (RFC 9110 section 7.2, RFC 3986 section 3.2.2): a name, an IPv4
 * address or an IPv6 address in brackets, then perhaps a colon and a port. The empty text is not. Whose host it is, is
 * not asked.
 */
bool ward_host_is_valid(struct ward_text host);

/** What a request target says, whatever its form. */
struct ward_target {
    struct ward_text path;  /**< from its first `/` on, not decoded; `*`: the whole server; empty: not a target */
    struct ward_text query; /**< what follows the `?`; empty: nothing */
};

/**
 * Takes a request target apart (RFC 9112 section 3.2). ward_gate_check() does so itself; a firmware that looks into the
 * path of a granted request does it in the same way.
 *
 * Taken are a path with or without a query (`/led?on=1`); an http or https URL without userinfo (`https://device/led`),
 * whose host is only checked for being one, and of which an empty path is `/`, or `*` where the method is OPTIONS and
 * there is no query; and `*` where the method is OPTIONS. Any other has an empty path: CONNECT's `host:port` too, since
 * ward opens no tunnels. Whether the path can be read in one way only is asked by ward_gate_check().
 *
 * @param method  ward_method_of() its name, for 0 any that is not ward's
 * @param target  as it stands in the request line
 *
 * @return texts that point into target or are static
 */
struct ward_target ward_target_of(uint16_t method, struct ward_text target);

/**
 * Makes one target for a server that hands path and query apart.
 *
 * @param path    as it came, nothing decoded
 * @param query   likewise, without its `?`; empty: none
 * @param buffer  where the target is put together; not touched where there is no query
 * @param size    bytes in buffer: those of path and query, and one for the `?`
 * @param target  written on WARD_OK, else emptied: the path itself where there is no query, else it lies in buffer
 *
 * @retval WARD_OK
 * @retval WARD_TARGET_INVALID    the path has a `?` or a `#`: it was decoded, and nobody knows any more what it was. Have
 *                                your server hand out the path as it came
 * @retval WARD_BUFFER_TOO_SMALL  buffer is unchanged
 */
WARD_MUST_USE struct ward_status ward_target_join(struct ward_text path, struct ward_text query, char *buffer,
                                                  size_t size, struct ward_text *target);

/** `authorization_count` of a server that cannot tell how many Authorization headers there were. */
#define WARD_COUNT_UNKNOWN 255

/**
 * A request. Its texts are the caller's and need to stay only during the call, except for `authorization`: what a granted
 * token says lies in there.
 */
struct ward_request {
    uint16_t method;         /**< ward_method_of() its name */
    struct ward_text target; /**< as it stands in the request line, in any form: see ward_target_of() */
    char *authorization;     /**< value of the Authorization header, writable: it is consumed. NULL: there is none */
    size_t authorization_length; /**< its bytes */
    uint8_t authorization_count; /**< how many Authorization headers the request has, or WARD_COUNT_UNKNOWN */
    bool protected_channel;      /**< it came over TLS, or over a wire that nobody else can reach; zeroed: it did not */
    struct ward_text origin;     /**< value of the Origin header, for CORS; empty: there is none */
    uint16_t requested_method;   /**< of Access-Control-Request-Method, for CORS; 0: there is none */
    struct ward_peer peer;       /**< where it came from; zeroed: unknown, and then see struct ward_peer */
    struct ward_time now;
    uint32_t uptime; /**< milliseconds, see struct ward_caller */
};

/**
 * Takes from a header field what ward asks of it: give it each field of a request, and nothing else needs to look for,
 * compare or count them. Fields that ward does not ask for change nothing.
 *
 * Of several Authorization fields the first is kept, the others are wiped, and their number refuses the request. Of
 * several Origin fields none counts; of Access-Control-Request-Method the last does that ward knows.
 *
 * @param request  zeroed before its first field
 * @param name     in any case
 * @param value    without the blanks around it; the caller's, writable, and left where it is until the request is
 *                 decided: the token is consumed, and what a grant says lies in it
 * @param length   bytes of value
 */
void ward_request_field(struct ward_request *request, struct ward_text name, char *value, size_t length);

/**
 * Decides about an HTTP request: the route, the channel, the credential, then what ward_authorize() does. Nothing of it
 * needs the body: call it once a request, when its headers have come, and a refused one costs no body. Not twice: the
 * token is consumed, and a second call would refuse what the first has granted.
 *
 * It succeeds only when the request is granted. decision->answer is always set: when the request is not granted it is the answer to
 * send, written by ward_answer_http() or in parts by the functions below; decision->grant is zeroed unless granted. The Authorization value is
 * wiped on every refusal, also of a route that asks for none.
 *
 * @param gate      its policy's routes have passed ward_routes_check()
 * @param request   not changed, except for the bytes that authorization points to
 * @param work      scratch; holds what decision->grant refers to after a grant
 * @param decision  always written
 *
 * @retval WARD_OK                   granted; decision->route says to which row
 * @retval WARD_TARGET_INVALID       the target is none of a request with this method: see ward_target_of()
 * @retval WARD_PATH_INVALID         the path is refused before anything is asked of it
 * @retval WARD_ROUTE_NOT_FOUND, WARD_METHOD_NOT_ALLOWED, WARD_CHANNEL_UNPROTECTED
 * @retval WARD_PREFLIGHT            a CORS preflight: send the answer
 * @retval WARD_CREDENTIAL_MISSING, WARD_CREDENTIAL_INVALID, WARD_CREDENTIALS_MULTIPLE
 * @retval (others)                  those of ward_authorize()
 */
WARD_MUST_USE struct ward_status ward_gate_check(struct ward_gate *gate, const struct ward_request *request,
                                                 struct ward_workspace *work, struct ward_decision *decision);

/**
 * A request between ward_gate_check_begin() and its last step. The caller's, one for each request that is under way, which has a workspace
 * and a decision of its own as well; private. Zeroed: none is under way.
 */
struct ward_request_check {
    struct ward_check check;
    struct ward_status hidden; /* what a verified subject will be told instead of a grant */
    uint16_t allow;
    bool head;
};

/**
 * Begins what ward_gate_check() does in one go, for a server on a slow processor that has other things to do between two multiplications.
 * What needs no signature check is decided at once: public routes, refusals, tokens that the gate knows.
 *
 *     status = ward_gate_check_begin(&connection->check, &gate, &request, &connection->work, &connection->decision);
 *     …
 *     if (status.code == WARD_UNFINISHED) // once each time round, for each connection that waits
 *         status = ward_gate_check_step(&connection->check, now(), uptime());
 *
 * Of the request only the bytes of `authorization` need to stay until it is decided; what else must stay, and that it must be given up when
 * its connection goes, is said at ward_authorize_begin().
 *
 * What is not named here is as for ward_gate_check().
 *
 * @param running   written; nothing needs to be set in it
 * @param decision  always written: of nothing, until the request is decided
 *
 * @retval WARD_UNFINISHED  it is under way: the steps follow
 * @retval (others)         those of ward_gate_check(): it is decided, and nothing is under way
 */
WARD_MUST_USE struct ward_status ward_gate_check_begin(struct ward_request_check *running, struct ward_gate *gate,
                                                       const struct ward_request *request, struct ward_workspace *work,
                                                       struct ward_decision *decision);

/**
 * Takes one step of it: see ward_authorize_step(), which says what the last one judges anew.
 *
 * @param now, uptime  as they are now, asked anew for each step; those of the request do not count any more
 *
 * @retval WARD_UNFINISHED     take the next one, now or later
 * @retval WARD_NOT_UNDER_WAY  there is nothing to take a step of
 * @retval (others)            those of ward_gate_check() and ward_authorize_step(): it is decided
 */
WARD_MUST_USE struct ward_status ward_gate_check_step(struct ward_request_check *running, struct ward_time now,
                                                      uint32_t uptime);

/** Gives up what was begun: see ward_authorize_abort(). The whole `authorization` is wiped. Nothing where none is under way. */
void ward_gate_check_abort(struct ward_request_check *running);

/** Bytes that hold each answer with its NUL, if scopes, origin and `resource_metadata` have at most 100 bytes each and the
    realm is the default. */
#define WARD_ANSWER_SIZE 1024

/**
 * Writes a whole HTTP/1.1 answer: status line, headers, empty line, and a body of JSON unless the request was HEAD. Never
 * for a grant, whose answer is the firmware's.
 *
 * @param length  written on WARD_OK, else 0: bytes without the NUL
 *
 * @retval WARD_OK
 * @retval WARD_BUFFER_TOO_SMALL  buffer holds the empty string if size > 0: a header is never cut
 */
WARD_MUST_USE struct ward_status ward_answer_http(const struct ward_answer *answer, char *buffer, size_t size,
                                                  size_t *length);

/** Writes the value of WWW-Authenticate (RFC 6750 section 3, RFC 9728 section 5.1), empty where the answer has none. As ward_answer_http(). */
WARD_MUST_USE struct ward_status ward_answer_challenge(const struct ward_answer *answer, char *buffer, size_t size,
                                                       size_t *length);

/** Writes the body, a JSON object; empty for grants and preflights. As ward_answer_http(). */
WARD_MUST_USE struct ward_status ward_answer_body(const struct ward_answer *answer, char *buffer, size_t size,
                                                  size_t *length);

/**
 * Writes the header lines, each ended by CR LF, that mark an answer for CORS; empty where no origin was allowed. A firmware that
 * answers a grant itself sends them too.
 */
WARD_MUST_USE struct ward_status ward_answer_cors(const struct ward_answer *answer, char *buffer, size_t size,
                                                  size_t *length);

/**
 * Writes the value of one of the answer's header fields, for a server that takes them one by one and writes status line
 * and Content-Length itself:
 *
 *     for (size_t i = 0; ward_ok(ward_answer_field(&answer, i, &name, value, sizeof value, &length)) && name != NULL; i++)
 *         set_header(name, value);
 *
 * @param number  counted from 0, in the order of ward_answer_http()
 * @param name    written: static text; NULL: the answer has no more, or buffer is too small
 * @param buffer  the value; WARD_ANSWER_SIZE is enough for each, as it is for all of them
 * @param length  written on WARD_OK, else 0: bytes without the NUL
 *
 * @retval WARD_OK
 * @retval WARD_BUFFER_TOO_SMALL  buffer holds the empty string if size > 0: send no answer without it
 */
WARD_MUST_USE struct ward_status ward_answer_field(const struct ward_answer *answer, size_t number, const char **name,
                                                   char *buffer, size_t size, size_t *length);

/** The reason phrase of a status that ward answers with, such as "Not Found"; "" for others. Static text. */
const char *ward_http_phrase(uint16_t http);

#ifdef __cplusplus
}
#endif

/* The link check: see config.h. */
#ifndef WARD_LIBRARY
#define ward_gate_check(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_gate_check(__VA_ARGS__))
#define ward_gate_check_begin(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_gate_check_begin(__VA_ARGS__))
#endif

#endif
