/* SPDX-License-Identifier: Apache-2.0 */
/* A CoAP client of one session: coap_client PORT [AUTHORITY]. With an authority over DTLS, else over UDP. Each line on
 * stdin is `METHOD PATH PAYLOAD`; its answer is `CODE PAYLOAD`, or `none`. */
#include <coap3/coap.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool answered;

static coap_response_t on_answer(coap_session_t *session, const coap_pdu_t *sent, const coap_pdu_t *received,
                                 const coap_mid_t id)
{
    size_t length = 0, offset, total;
    const uint8_t *data = NULL;
    const unsigned code = coap_pdu_get_code(received);
    (void)session, (void)sent, (void)id;
    (void)coap_get_data_large(received, &length, &data, &offset, &total);
    printf("%u.%02u %.*s\n", code >> 5, code & 31u, (int)length, length > 0 ? (const char *)data : "");
    answered = true;
    return COAP_RESPONSE_OK;
}

static void ask(coap_context_t *context, coap_session_t *session, char *line)
{
    const char *const method = strtok(line, " \n");
    char *const path = strtok(NULL, " \n");
    const char *const payload = strtok(NULL, "\n");
    const coap_pdu_code_t code = strcmp(method, "POST") == 0  ? COAP_REQUEST_CODE_POST
                                 : strcmp(method, "PUT") == 0 ? COAP_REQUEST_CODE_PUT
                                                              : COAP_REQUEST_CODE_GET;
    coap_pdu_t *const request = coap_new_pdu(COAP_MESSAGE_CON, code, session);
    uint8_t token[8];
    size_t length;
    coap_session_new_token(session, &length, token);
    (void)coap_add_token(request, length, token);
    (void)coap_add_option(request, COAP_OPTION_URI_PATH, strlen(path), (const uint8_t *)path);
    if (payload != NULL)
        (void)coap_add_data_large_request(session, request, strlen(payload), (const uint8_t *)payload, NULL, NULL);
    answered = false;
    (void)coap_send(session, request);
    for (unsigned i = 0; i < 50 && !answered; i++)
        (void)coap_io_process(context, 100);
    if (!answered)
        printf("none\n");
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    static char line[70000];
    coap_address_t server;
    coap_startup();
    coap_context_t *const context = coap_new_context(NULL);
    if (argc < 2 || context == NULL)
        return 2;
    coap_dtls_pki_t pki = { .version = COAP_DTLS_PKI_SETUP_VERSION,
                            .verify_peer_cert = 1,
                            .check_common_ca = 0,
                            .pki_key = { .key_type = COAP_PKI_KEY_PEM, .key.pem = { .ca_file = NULL } } };
    if (argc > 2)
        (void)coap_context_set_pki_root_cas(context, argv[2], NULL);
    coap_address_init(&server);
    server.size = sizeof server.addr.sin;
    server.addr.sin.sin_family = AF_INET;
    server.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.addr.sin.sin_port = htons((uint16_t)atoi(argv[1]));
    coap_context_set_block_mode(context, COAP_BLOCK_USE_LIBCOAP | COAP_BLOCK_SINGLE_BODY);
    coap_register_response_handler(context, on_answer);
    coap_session_t *const session = argc > 2
                                        ? coap_new_client_session_pki(context, NULL, &server, COAP_PROTO_DTLS, &pki)
                                        : coap_new_client_session(context, NULL, &server, COAP_PROTO_UDP);
    while (session != NULL && fgets(line, sizeof line, stdin) != NULL)
        ask(context, session, line);
    coap_session_release(session);
    coap_free_context(context);
    coap_cleanup();
    return session != NULL ? 0 : 1;
}
