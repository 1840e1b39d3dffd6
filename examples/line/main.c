/* SPDX-License-Identifier: Apache-2.0 */
/* Lines over a socket behind ward, as a UART has them: line PORT, on this machine only.
 *
 * A line is a command and a token, `get TOKEN`, `on TOKEN` or `off TOKEN`; its answer is a status and JSON. Plain sockets
 * are not a protected channel, and ward_authorize() does not ask: this one listens where nobody else can read it. */
#define _POSIX_C_SOURCE 200809L
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "led.h"
#include "ward/port/sockaddr.h"

extern const struct ward_jwks issuer_keys; /* ward provision jwks.json --c issuer_keys */

/* The next word of a line; the rest stays. */
static struct ward_text cut_word(struct ward_text *line)
{
    struct ward_text word = ward_text_of(line->data, 0);
    while (word.length < line->length && word.data[word.length] != ' ')
        word.length++;
    const size_t used = word.length < line->length ? word.length + 1 : word.length;
    *line = ward_text_of(line->data + used, line->length - used);
    return word;
}

/* One line: one question. The token is consumed where it lies. */
static size_t answer_line(char *line, size_t length, const struct ward_peer *peer, char *out, size_t size)
{
    static const struct ward_text get = WARD_TEXT("get");
    struct ward_decision decision;
    struct ward_text rest = ward_text_of(line, length);
    const struct ward_text command = cut_word(&rest);
    const size_t route = ward_text_equal(command, get) ? LED_SHOW : LED_SWITCH;
    const struct ward_caller caller = led_caller(*peer);
    char *const token = line + (length - rest.length);
    size_t bytes;
    if (ward_ok(ward_authorize(&led_gate, token, rest.length, route == LED_SHOW ? led_read : led_write, &caller,
                               &led_work, &decision))) {
        bytes = (size_t)snprintf(out, size, "200 ");
        bytes += led_serve(route, command, out + bytes, size - bytes);
    } else {
        bytes = (size_t)snprintf(out, size, "%u ", (unsigned)decision.answer.http);
        size_t body;
        if (ward_ok(ward_answer_body(&decision.answer, out + bytes, size - bytes, &body)))
            bytes += body;
    }
    out[bytes] = '\n';
    return bytes + 1;
}

/* Until the other side ends, says too much or nothing. */
static void serve(int connection, const struct ward_peer *peer)
{
    static char line[WARD_MAX_TOKEN + 8];
    char answer[WARD_ANSWER_SIZE + 8];
    size_t length = 0;
    while (length < sizeof line && recv(connection, line + length, 1, 0) == 1) {
        if (line[length++] != '\n')
            continue;
        const size_t bytes = answer_line(line, length - 1, peer, answer, sizeof answer);
        if (send(connection, answer, bytes, MSG_NOSIGNAL) != (ssize_t)bytes)
            break;
        length = 0;
    }
    memset(line, 0, sizeof line);
}

int main(int argc, char **argv)
{
    const struct timeval patience = { .tv_sec = 10 };
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 2 || !led_begin(&issuer_keys))
        return 2;
    address.sin_port = htons((uint16_t)atoi(argv[1]));
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4) != 0)
        return 1;
    for (;;) {
        socklen_t length = sizeof address;
        const int connection = accept(listener, (struct sockaddr *)&address, &length);
        const struct ward_peer peer = ward_peer_of_sockaddr(&address);
        if (connection < 0)
            continue;
        (void)setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        serve(connection, &peer);
        (void)close(connection);
    }
}
