/* SPDX-License-Identifier: Apache-2.0 */
/* A gateway with libmicrohttpd behind ward: microhttpd PORT CERTIFICATE KEY, both PEM; with only PORT over plain
 * HTTP, where every protected route answers 403. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "glue.h"
#include "led.h"

extern const struct ward_jwks issuer_keys; /* ward provision jwks.json --c issuer_keys */

static char *read_file(const char *path)
{
    static char text[2][16384];
    static size_t files;
    FILE *const file = fopen(path, "r");
    if (file == NULL || fread(text[files], 1, sizeof text[0] - 1, file) == 0)
        exit(2);
    (void)fclose(file);
    return text[files++];
}

int main(int argc, char **argv)
{
    if ((argc != 2 && argc != 4) || !led_begin(&issuer_keys))
        return 2;
    const char *const certificate = argc == 4 ? read_file(argv[2]) : NULL;
    const char *const key = argc == 4 ? read_file(argv[3]) : NULL;
    const unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_DUAL_STACK | (argc == 4 ? MHD_USE_TLS : 0);
    struct MHD_Daemon *const server = MHD_start_daemon(flags, (uint16_t)atoi(argv[1]), NULL, NULL, glue_serve, NULL,
                                                       MHD_OPTION_URI_LOG_CALLBACK, glue_begin, NULL,
                                                       MHD_OPTION_NOTIFY_COMPLETED, glue_end, NULL,
                                                       argc == 4 ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END,
                                                       certificate, MHD_OPTION_HTTPS_MEM_KEY, key, MHD_OPTION_END);
    while (server != NULL)
        (void)pause(); /* one thread of MHD's serves all: one gate and one workspace */
    return 1;
}
