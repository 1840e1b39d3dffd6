/* SPDX-License-Identifier: Apache-2.0 */
/* CoAP has no Authorization field. As in RFC 9200 a client posts its token to /authz-info first; the server keeps it for
 * the DTLS session and asks ward with a copy of it at each request, so that it expires, is denied and has its budgets. */
#include <netinet/in.h>
#include <stdlib.h>

#include "glue.h"
#include "led.h"
#include "ward/port/sockaddr.h"

enum { LONGEST = 4096 }; /* bytes of a token and a 0 */

/* 401 is 4.01, and so are all that ward answers with: 4.29 is RFC 8516. */
static void answer(coap_pdu_t *response, unsigned http, const char *body)
{
    coap_pdu_set_code(response, COAP_RESPONSE_CODE(http));
    if (*body != '\0')
        (void)coap_add_data(response, strlen(body), (const uint8_t *)body);
}

/* Whether this token grants what the scopes say; otherwise the answer is given. The copy is consumed, once a request. */
static bool is_granted(coap_session_t *session, const char *token, size_t length, struct ward_text scopes,
                       coap_pdu_t *response)
{
    static char copy[LONGEST];
    char body[WARD_ANSWER_SIZE];
    struct ward_decision decision;
    const struct ward_caller caller = led_caller(ward_peer_of_sockaddr(&coap_session_get_addr_remote(session)->addr));
    memcpy(copy, token, length);
    if (ward_ok(ward_authorize(&led_gate, copy, length, scopes, &caller, &led_work, &decision)))
        return true;
    if (!ward_ok(ward_answer_body(&decision.answer, body, sizeof body, &length)))
        body[0] = '\0';
    answer(response, decision.answer.http, body);
    return false;
}

/* ward_authorize() does not ask for the channel: over plain UDP no token is taken, and none counts. */
static bool is_protected(const coap_session_t *session, coap_pdu_t *response)
{
    const bool dtls = coap_session_get_proto(session) == COAP_PROTO_DTLS;
    if (!dtls)
        answer(response, 403, "");
    return dtls;
}

static void take_token(coap_resource_t *resource, coap_session_t *session, const coap_pdu_t *request,
                       const coap_string_t *query, coap_pdu_t *response)
{
    size_t length, offset, total;
    const uint8_t *data;
    char *kept = coap_session_get_app_data(session);
    (void)resource, (void)query;
    if (!is_protected(session, response))
        return;
    if (!coap_get_data_large(request, &length, &data, &offset, &total) || length != total || length >= LONGEST) {
        answer(response, 400, "");
        return;
    }
    if (!is_granted(session, (const char *)data, length, ward_any_scope, response))
        return;
    if (kept == NULL)
        kept = calloc(1, LONGEST);
    if (kept != NULL) {
        memcpy(kept, data, length);
        kept[length] = 0;
    }
    coap_session_set_app_data(session, kept);
    answer(response, kept != NULL ? 201 : 500, "");
}

static void serve_led(coap_resource_t *resource, coap_session_t *session, const coap_pdu_t *request,
                      const coap_string_t *query, coap_pdu_t *response)
{
    char body[64];
    size_t length = 0;
    const uint8_t *data = NULL;
    const char *const token = coap_session_get_app_data(session);
    const bool shows = coap_pdu_get_code(request) == COAP_REQUEST_CODE_GET;
    (void)resource, (void)query;
    if (!is_protected(session, response))
        return;
    if (token == NULL) {
        answer(response, 401, "");
    } else if (is_granted(session, token, strlen(token), shows ? led_read : led_write, response)) {
        (void)coap_get_data(request, &length, &data);
        (void)led_serve(shows ? LED_SHOW : LED_SWITCH, ward_text_of((const char *)data, length), body, sizeof body);
        answer(response, shows ? 205 : 204, body);
    }
}

/* With the DTLS session its token goes. */
static int on_event(coap_session_t *session, const coap_event_t event)
{
    if (event == COAP_EVENT_DTLS_CLOSED || event == COAP_EVENT_SERVER_SESSION_DEL) {
        free(coap_session_get_app_data(session));
        coap_session_set_app_data(session, NULL);
    }
    return 0;
}

void glue_begin(coap_context_t *context)
{
    coap_resource_t *const tokens = coap_resource_init(coap_make_str_const("authz-info"), 0);
    coap_resource_t *const led = coap_resource_init(coap_make_str_const("led"), 0);
    coap_register_handler(tokens, COAP_REQUEST_POST, take_token);
    coap_register_handler(led, COAP_REQUEST_GET, serve_led);
    coap_register_handler(led, COAP_REQUEST_PUT, serve_led);
    coap_add_resource(context, tokens);
    coap_add_resource(context, led);
    coap_register_event_handler(context, on_event);
    coap_context_set_block_mode(context, COAP_BLOCK_USE_LIBCOAP | COAP_BLOCK_SINGLE_BODY);
}
