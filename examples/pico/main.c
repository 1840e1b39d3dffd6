/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies tokens that come on the Pico's standard input (UART), one a line: the time, a space, the token. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pico/stdlib.h"
#include "ward/ward.h"

extern const struct ward_jwks issuer_keys;

static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://dev-4fszoklachwdh46m.us.auth0.com/"),
                                           .audiences = WARD_TEXTS("https://api.theholefoundation.org") };
static struct ward_workspace work;
static char line[24 + WARD_MAX_TOKEN];

/* A line without its end, cut where it is too long: ward refuses a token that was cut. */
static size_t read_line(void)
{
    size_t length = 0;
    for (int c = getchar(); c != '\n' && c != '\r'; c = getchar())
        if (c >= 0 && length < sizeof line - 1)
            line[length++] = (char)c;
    line[length] = '\0';
    return length;
}

int main(void)
{
    stdio_init_all();
    for (;;) {
        const size_t length = read_line();
        char *token = NULL;
        const uint64_t seconds = strtoull(line, &token, 10);
        if (length == 0)
            continue;
        token += *token == ' ';
        struct ward_claims claims;
        const struct ward_status status = ward_verify(&expect, &issuer_keys,
                                                      seconds > 0 ? ward_time_set(seconds) : (struct ward_time){ 0 },
                                                      token, length - (size_t)(token - line), &work, &claims);
        printf("%s\n", ward_status_sentence(status));
    }
}
