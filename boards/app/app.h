/* SPDX-License-Identifier: Apache-2.0 */
/* The demo application: one gate, one policy, whatever the transport. */
#ifndef APP_H
#define APP_H

#ifndef APP_WITHOUT_GATE
#define APP_WITHOUT_GATE 0
#endif

#include "port/http/request_parser.h"
#include "ward/ward.h"

/** The gate, and what it enforces. */
extern struct ward_gate app_gate;

/** The scratch of the one task that there is: between two calls of ward it holds nothing that is needed. */
extern struct ward_workspace app_work;

/** A response: bytes that the caller gave, and what a log says of it. */
struct app_response {
    size_t length;
    struct ward_status
        decision; /**< the gate's; WARD_NO_RESULT where it was not asked. Not for strangers: it says more than the response */
    uint16_t http;
    bool granted; /**< to the subject of a verified token: not what anybody may have */
};

/** What time it is: each main() has its own answer. */
struct ward_time app_time(void);

/** The platform's clock, whatever is known besides; each main() has its own. */
struct ward_time app_clock(void);

/** The keyring that app_begin() was given; NULL: none. */
extern struct ward_keyring *app_keyring;

/** What every token must show, and whose web pages may call (CORS): expect.c, or what a networked image was configured with. */
extern const struct ward_expect app_expect;
extern const struct ward_texts app_origins;

/**
 * Starts the gate; prints on the console what is wrong if the configuration cannot be used.
 *
 * @param keyring  keys that refresh themselves, begun; NULL: those in flash
 * @param record   what an earlier boot has stored; NULL: nothing
 */
bool app_begin(struct ward_keyring *keyring);

/** What the gate has said of a request; its texts lie in the parser. One for each request that is being read. */
struct app_judged {
    struct ward_status status;
    struct ward_decision decision;
};

/**
 * Asks the gate about a request, once: when its headers have come (WARD_HTTP_REQUEST_HEAD), before its body. True: granted.
 *
 * While a body comes other requests use the workspace, so that of a granted request with one only the texts of
 * ward_claims are kept and no scope or other claim can be looked up.
 */
bool app_judge(struct ward_http_request_parser *parser, bool protected_channel, const struct ward_peer *peer,
               struct app_judged *judged);

/** Answers a request that was judged: writes the response into `out`, which holds every answer of the demo. Of a
 * refused one the body need not have come. */
struct app_response app_serve(struct ward_http_request_parser *parser, const struct app_judged *judged, char *out,
                              size_t size);

/** For measuring what a gate costs: the response of GET /api/foia, to anybody and without one. Never in a device. */
#if APP_WITHOUT_GATE
struct app_response app_serve_anybody(struct ward_http_request_parser *parser, char *out, size_t size);
#endif

#endif
