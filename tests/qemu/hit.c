/* What a token costs that the gate has seen before, in instructions: QEMU's `-icount shift=0` counts them by the timer.
 * The promise: no RSA, and at most SHA-256's own instructions and 50 more for each byte of the token, and 5,000 for the
 * request. SHA-256 is measured in the same image.
 *
 * On the host this source only makes the tokens, so that their signatures can be recorded for the board. */
#include "gate.h"

enum { TOKENS = 3, A_BYTE = 50, A_REQUEST = 5000 };

static struct test_token tokens[TOKENS];

/* What Auth0 issues to a machine, to a person, and to a person with many permissions. */
static void make_tokens(void)
{
    token_make_with(&tokens[0], "client@clients", "read:foia", ",\"gty\":\"client-credentials\"");
    token_make_with(&tokens[1], "auth0|65f0c0ffee65f0c0ffee65f0", "openid profile email read:foia",
                    ",\"permissions\":[\"read:foia\",\"write:foia\"]");
    token_make_with(&tokens[2], "auth0|65f0c0ffee65f0c0ffee65f0", "openid profile email read:foia write:foia",
                    ",\"permissions\":[\"read:foia\",\"write:foia\",\"read:database\",\"read:storage\",\"write:storage\","
                    "\"read:vectors\",\"write:vectors\",\"read:projects\",\"write:projects\",\"chat:assistant\","
                    "\"compile:documents\",\"execute:workflows\",\"read:transparency\"]");
}

#if WARD_HOSTED

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    make_tokens();
    return 0;
}

void check_failed(const char *file, int line, const char *what, const char *actual, const char *expected)
{
    fprintf(stderr, "%s:%d: %s is %s, not %s\n", file, line, what, actual, expected);
    exit(1);
}

#else

#include "board.h"
#include "console.h"
#include "crypto_faults.h"
#include "platform.h"
#include "ward/port/crypto.h"

static char buffer[WARD_MAX_TOKEN];

static void print_number(const char *name, uint64_t number)
{
    console_print(name);
    console_number(number);
}

static uint32_t instructions_since(uint32_t begin)
{
    return (uint32_t)((uint64_t)(board_ticks() - begin) * board_instructions_a_tick / 100u);
}

/* Of hashing the token by itself, start and end included. */
static uint32_t measure_sha(size_t length)
{
    static struct ward_sha256 sha;
    uint8_t digest[32];
    const uint32_t begin = board_ticks();
    const bool good = ward_ok(ward_crypto_sha256_start(&sha)) && ward_ok(ward_crypto_sha256_update(&sha, buffer, length)) &&
                      ward_ok(ward_crypto_sha256_end(&sha, digest));
    const uint32_t instructions = instructions_since(begin);
    CHECK(good);
    return instructions;
}

static uint32_t measure_request(const struct test_token *token)
{
    memcpy(buffer, token->data, token->length);
    const uint32_t begin = board_ticks();
    const struct ward_status status = ward_authorize(&test_gate, buffer, token->length, text("read:foia"), &test_caller,
                                                     &test_work, &test_decision);
    const uint32_t instructions = instructions_since(begin);
    CHECK_STATUS(status, WARD_OK);
    return instructions;
}

static bool is_within(const struct test_token *token)
{
    const uint32_t length = (uint32_t)token->length;
    memcpy(buffer, token->data, token->length);
    const uint32_t sha = measure_sha(length);
    crypto_fail_at(0, 0);
    const uint32_t miss = measure_request(token);
    CHECK_NUMBER(crypto_rsa_calls(), 1);
    crypto_fail_at(0, 0);
    const uint32_t hit = measure_request(token);
    CHECK_NUMBER(crypto_rsa_calls(), 0);
    const uint32_t most = sha + A_BYTE * length + A_REQUEST;
    print_number("token ", length);
    print_number(" sha ", sha);
    print_number(" miss ", miss);
    print_number(" hit ", hit);
    print_number(" most ", most);
    console_print("\n");
    return hit <= most;
}

int main(void)
{
    bool good = true;
    platform_begin();
    gate_start(&usual_policy);
    ask_from(1);
    make_tokens();
    for (size_t i = 0; i < TOKENS; i++)
        good = is_within(&tokens[i]) && good;
    console_print(good ? "within its bounds\nEND\n" : "over its bounds\nEND\n");
    return good ? 0 : 1;
}

void check_failed(const char *file, int line, const char *what, const char *actual, const char *expected)
{
    console_print(file);
    console_print(":");
    console_number((uint64_t)line);
    console_print(": ");
    console_print(what);
    console_print(" is ");
    console_print(actual);
    console_print(", not ");
    console_print(expected);
    console_print("\nEND\n");
    board_exit(1);
}

#endif
