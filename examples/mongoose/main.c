/* SPDX-License-Identifier: Apache-2.0 */
/* A Mongoose server behind ward: mongoose https://127.0.0.1:8443 CERTIFICATE KEY, both PEM with a P-256 key. */
#include "led.h"
#include "mongoose.h"

extern const struct ward_jwks issuer_keys; /* ward provision jwks.json --c issuer_keys */

/* What is known of a connection's request, in c->data: Mongoose says MG_EV_HTTP_HDRS again whenever more of a body
 * comes, and ward is asked once. */
enum { NOT_ASKED, REFUSED, GRANTED };

static struct ward_text text_of(struct mg_str text)
{
    return ward_text_of(text.buf, text.len);
}

/* Mongoose reads its buffer again when the body comes: the token, which is consumed, is taken out of it. */
static bool take_out(struct ward_request *request)
{
    static char credential[WARD_MAX_TOKEN + 8];
    if (request->authorization_length > sizeof credential)
        return false;
    if (request->authorization_length > 0) {
        memcpy(credential, request->authorization, request->authorization_length);
        memset(request->authorization, 'x', request->authorization_length);
        request->authorization = credential;
    }
    return true;
}

static void refuse(struct mg_connection *c, const struct ward_answer *answer)
{
    char bytes[WARD_ANSWER_SIZE];
    size_t length;
    if (ward_ok(ward_answer_http(answer, bytes, sizeof bytes, &length)))
        mg_send(c, bytes, length);
    c->is_draining = 1; /* its body was not read, and is not waited for */
}

/* The headers have come. */
static void ask(struct mg_connection *c, struct mg_http_message *message)
{
    char target[WARD_MAX_PATH + 512];
    struct ward_decision decision;
    struct ward_request request = { .method = ward_method_of(text_of(message->method)),
                                    .peer = c->rem.is_ip6 ? ward_peer_of_ipv6(c->rem.addr.ip)
                                                          : ward_peer_of_ipv4(c->rem.addr.ip),
                                    .protected_channel = c->is_tls,
                                    .now = led_time(),
                                    .uptime = led_uptime() };
    for (size_t i = 0; i < MG_MAX_HTTP_HEADERS && message->headers[i].name.len > 0; i++)
        ward_request_field(&request, text_of(message->headers[i].name), message->headers[i].value.buf,
                           message->headers[i].value.len);
    const bool fits = ward_ok(
        ward_target_join(text_of(message->uri), text_of(message->query), target, sizeof target, &request.target));
    c->data[0] = REFUSED;
    if (!fits || !take_out(&request)) {
        mg_http_reply(c, 400, "", "");
        c->is_draining = 1;
    } else if (ward_ok(ward_gate_check(&led_gate, &request, &led_work, &decision))) {
        c->data[0] = GRANTED;
        c->data[1] = (char)decision.route; /* grant's texts do not live until the body has come: copy what you need */
    } else {
        refuse(c, &decision.answer);
    }
}

static void serve(struct mg_connection *c, struct mg_http_message *message)
{
    char body[64];
    (void)led_serve((size_t)c->data[1], text_of(message->body), body, sizeof body);
    mg_http_reply(c, 200, "Content-Type: application/json\r\nCache-Control: no-store\r\n", "%s", body);
    c->data[0] = NOT_ASKED; /* the connection's next request */
}

static void on_event(struct mg_connection *c, int event, void *data)
{
    if (event == MG_EV_ACCEPT && c->is_tls)
        mg_tls_init(c, c->fn_data);
    else if (event == MG_EV_HTTP_HDRS && c->data[0] == NOT_ASKED)
        ask(c, data);
    else if (event == MG_EV_HTTP_MSG && c->data[0] == GRANTED)
        serve(c, data);
}

int main(int argc, char **argv)
{
    struct mg_mgr manager;
    struct mg_tls_opts tls = { 0 };
    if (argc != 4 || !led_begin(&issuer_keys))
        return 2;
    tls.cert = mg_file_read(&mg_fs_posix, argv[2]);
    tls.key = mg_file_read(&mg_fs_posix, argv[3]);
    mg_mgr_init(&manager);
    if (mg_http_listen(&manager, argv[1], on_event, &tls) == NULL)
        return 1;
    for (;;)
        mg_mgr_poll(&manager, 1000);
}
