/* SPDX-License-Identifier: Apache-2.0 */
/* port/http's server and fetch on sockets:
 *
 *     stack CERTIFICATE KEY AUTHORITY        serves requests at a port that it prints; the end of its input ends it
 *     stack CERTIFICATE KEY AUTHORITY URL    fetches it and prints what came, then the reason
 *
 * Files are DER.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "port/http/fetch.h"
#include "port/http/server.h"
#include "port/tls/random.h"
#include "port/tls/setup.h"
#include "sockets.h"

static uint8_t files[3][4096];

static struct ward_tls_der read_file(unsigned number, const char *name)
{
    FILE *const file = fopen(name, "rb");
    struct ward_tls_der der = { files[number], 0 };
    if (file == NULL)
        return der;
    der.length = fread(files[number], 1, sizeof files[number], file);
    fclose(file);
    return der;
}

static bool entropy(void *data, size_t length)
{
    return getrandom(data, length, 0) == (ssize_t)length;
}

static bool judge(void *context, unsigned slot, struct ward_http_request_parser *parser, const struct ward_peer *peer)
{
    (void)context;
    (void)slot;
    (void)parser;
    (void)peer;
    return true;
}

/* Says what it was asked for, so that a test sees that all of it came. */
static void serve(void *context, unsigned slot, struct ward_http_request_parser *parser, char *out, size_t size,
                  struct ward_http_server_answer *answer)
{
    (void)context;
    (void)slot;
    const int length = snprintf(out, size, "HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n%.*s%.*s",
                                (unsigned)(parser->target_text.length + parser->body_text.length),
                                (int)parser->target_text.length, parser->target, (int)parser->body_text.length,
                                parser->body);
    answer->length = length > 0 && (size_t)length < size ? (size_t)length : 0;
}

static const struct ward_http_server_application application = { judge, serve, NULL };

static int run_server(void)
{
    struct pollfd input = { .fd = 0, .events = POLLIN };
    if (!ward_http_server_begin(&application, &sockets_network, 0))
        return 1;
    printf("port %u\n", sockets_port());
    fflush(stdout);
    while (poll(&input, 1, ward_http_server_run() ? 0 : 1) == 0) {
    }
    return 0;
}

static int run_fetch(const char *url)
{
    static char piece[1024];
    struct ward_fetch_answer answer;
    int32_t got = 0;
    ward_http_fetch_prepare(&sockets_network, NULL, NULL);
    const struct ward_status begun = ward_http_fetch_begin(NULL, ward_text_of(url, strlen(url)), (uint64_t)time(NULL));
    if (!ward_ok(begun)) {
        puts(ward_status_name(begun));
        return 0;
    }
    while ((got = ward_http_fetch_read(NULL, piece, sizeof piece)) >= 0) {
        fwrite(piece, 1, (size_t)got, stdout);
        if (got == 0)
            (void)poll(NULL, 0, 1);
    }
    ward_http_fetch_end(NULL, &answer);
    puts(ward_status_name(answer.status));
    return 0;
}

int main(int count, char **words)
{
    if (count < 4 || !ward_tls_random_begin(entropy))
        return 2;
    const struct ward_tls_der certificate = read_file(0, words[1]);
    const struct ward_tls_der key = read_file(1, words[2]);
    const struct ward_tls_der authority = read_file(2, words[3]);
    const struct ward_tls_setup setup = { &authority, 1, &certificate, 1, key };
    if (!ward_tls_begin(&setup, sockets_network.uptime)) {
        puts("a certificate or the key cannot be used");
        return 1;
    }
    return count == 4 ? run_server() : run_fetch(words[4]);
}
