/* SPDX-License-Identifier: Apache-2.0 */
/* A CoAP server with libcoap behind ward: coap PORT CERTIFICATE KEY, both PEM, on this machine only: DTLS at the port,
 * plain UDP at the next one, where nobody is granted. */
#include <netinet/in.h>
#include <stdlib.h>

#include "glue.h"
#include "led.h"

extern const struct ward_jwks issuer_keys; /* ward provision jwks.json --c issuer_keys */

static bool listen_at(coap_context_t *context, int port, coap_proto_t protocol)
{
    coap_address_t address;
    coap_address_init(&address);
    address.size = sizeof address.addr.sin;
    address.addr.sin.sin_family = AF_INET;
    address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.addr.sin.sin_port = htons((uint16_t)port);
    return coap_new_endpoint(context, &address, protocol) != NULL;
}

int main(int argc, char **argv)
{
    coap_startup();
    coap_context_t *const context = coap_new_context(NULL);
    if (argc != 4 || context == NULL || !led_begin(&issuer_keys))
        return 2;
    coap_dtls_pki_t pki = { .version = COAP_DTLS_PKI_SETUP_VERSION,
                            .pki_key = { .key_type = COAP_PKI_KEY_PEM,
                                         .key.pem = { .public_cert = argv[2], .private_key = argv[3] } } };
    const int port = atoi(argv[1]);
    if (!coap_context_set_pki(context, &pki) || !listen_at(context, port, COAP_PROTO_DTLS) ||
        !listen_at(context, port + 1, COAP_PROTO_UDP))
        return 1;
    glue_begin(context);
    while (coap_io_process(context, 1000) >= 0) {
    }
    return 1;
}
