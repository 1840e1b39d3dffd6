/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd's requests and ward: what main.c gives to MHD_start_daemon(). */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "glue.h"
#include "led.h"
#include "ward/port/sockaddr.h"

/* A request from its first line to its end. */
struct ask {
    struct ward_request request;
    struct ward_decision decision;
    bool asked, too_long;
    size_t field_bytes, body_bytes;
    char target[WARD_MAX_PATH + 512];  /* as it came: afterwards MHD decodes the path and takes the query away */
    char fields[WARD_MAX_TOKEN + 512]; /* MHD's own are const, and the token is consumed */
    char body[64];
};

void *glue_begin(void *context, const char *target, struct MHD_Connection *connection)
{
    struct ask *const ask = calloc(1, sizeof *ask);
    (void)context, (void)connection;
    /* What does not fit is query: a path of more than WARD_MAX_PATH is refused. */
    if (ask != NULL)
        (void)snprintf(ask->target, sizeof ask->target, "%s", target);
    return ask;
}

void glue_end(void *context, struct MHD_Connection *connection, void **ask, enum MHD_RequestTerminationCode why)
{
    (void)context, (void)connection, (void)why;
    free(*ask);
}

static enum MHD_Result take_field(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length,
                                  const char *value, size_t length)
{
    struct ask *const ask = context;
    char *const copy = ask->fields + ask->field_bytes;
    (void)kind;
    ask->too_long = ask->too_long || length > sizeof ask->fields - ask->field_bytes;
    if (ask->too_long)
        return MHD_NO;
    memcpy(copy, value, length);
    ask->field_bytes += length;
    ward_request_field(&ask->request, ward_text_of(name, name_length), copy, length);
    return MHD_YES;
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, const struct ward_answer *answer, char *body)
{
    char value[WARD_ANSWER_SIZE];
    const char *name;
    size_t length;
    struct MHD_Response *const response = MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_COPY);
    for (size_t i = 0; ward_ok(ward_answer_field(answer, i, &name, value, sizeof value, &length)) && name != NULL; i++)
        (void)MHD_add_response_header(response, name, value);
    const enum MHD_Result queued = MHD_queue_response(connection, answer->http, response);
    MHD_destroy_response(response);
    return queued;
}

/* The headers have come: MHD calls once before the body. */
static enum MHD_Result judge(struct ask *ask, struct MHD_Connection *connection, const char *method)
{
    char body[WARD_ANSWER_SIZE];
    size_t length;
    ask->asked = true;
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take_field, ask);
    ask->request.target = ward_text_of(ask->target, strlen(ask->target));
    ask->request.method = ward_method_of(ward_text_of(method, strlen(method)));
    ask->request.peer = ward_peer_of_sockaddr(
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    ask->request.protected_channel = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_PROTOCOL) != NULL;
    ask->request.now = led_time();
    ask->request.uptime = led_uptime();
    if (ask->too_long)
        return MHD_NO; /* closes */
    if (ward_ok(ward_gate_check(&led_gate, &ask->request, &led_work, &ask->decision)))
        return MHD_YES; /* the grant's texts live until the next request is judged: copy what you need of them */
    if (!ward_ok(ward_answer_body(&ask->decision.answer, body, sizeof body, &length)))
        return MHD_NO;
    return send_answer(connection, &ask->decision.answer, body);
}

enum MHD_Result glue_serve(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                           const char *version, const char *data, size_t *length, void **kept)
{
    struct ask *const ask = *kept;
    char body[64];
    (void)context, (void)path, (void)version;
    if (ask == NULL)
        return MHD_NO;
    if (!ask->asked)
        return judge(ask, connection, method);
    if (*length > sizeof ask->body - ask->body_bytes)
        return MHD_NO; /* closes: a LED takes less */
    if (*length > 0) {
        memcpy(ask->body + ask->body_bytes, data, *length);
        ask->body_bytes += *length;
        *length = 0;
        return MHD_YES;
    }
    (void)led_serve(ask->decision.route, ward_text_of(ask->body, ask->body_bytes), body, sizeof body);
    return send_answer(connection, &ask->decision.answer, body);
}
