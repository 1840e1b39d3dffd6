/* SPDX-License-Identifier: Apache-2.0 */
/* The peak of RAM of one whole verification, measured: RS256 under a 2048-bit key, a token of which 1,024 bytes are
 * signed, a set of two keys. The unused stack is painted before ward_verify() and looked at after it. What is counted
 * is what stays with ward during the call: workspace, key set, stack. The token is the firmware's own receive buffer.
 *
 * On the host this source only makes the token, so that its signature can be recorded for the board. */
#include "keys.h"
#include "token.h"

enum { SIGNED_BYTES = 1024, MOST_RAM = 4096, MOST_STACK = 700 };

/* Auth0's kids have 21 characters. */
#define KID "kQ3xV0cJ8mT5rLz2Yw7hN"
#define HEADER "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" KID "\"}"

static struct test_token token;

static size_t put(char *out, size_t at, const char *string)
{
    memcpy(out + at, string, strlen(string));
    return at + strlen(string);
}

/* Characters of base64url for this many bytes, and the reverse. */
static size_t encoded(size_t bytes)
{
    return (bytes * 4u + 2u) / 3u;
}

static size_t decoded(size_t characters)
{
    return characters * 3u / 4u;
}

/* The usual claims, twelve permissions, and a string that fills the token up. */
static size_t make_payload(char *payload, size_t length)
{
    size_t at = put(payload, 0,
                    "{" CLAIMS_BUT_SCOPE ",\"scope\":\"read:foia write:foia\",\"permissions\":[\"read:foia\"");
    for (int i = 0; i < 11; i++)
        at = put(payload, at, ",\"write:vectors\"");
    at = put(payload, at, "],\"filler\":\"");
    while (at < length - 2)
        at = put(payload, at, "f");
    return put(payload, at, "\"}");
}

static void make_token(void)
{
    char payload[SIGNED_BYTES];
    const size_t length = decoded(SIGNED_BYTES - encoded(strlen(HEADER)) - 1);
    CHECK_NUMBER(make_payload(payload, length), length);
    token_append_base64url(&token, HEADER, strlen(HEADER));
    token_append(&token, ".", 1);
    token_append_base64url(&token, payload, length);
    CHECK_NUMBER(token.length, SIGNED_BYTES);
    token_append_signature(&token, KEY_A);
}

#if WARD_HOSTED

int main(void)
{
    make_token();
    return 0;
}

#else

#include "board.h"
#include "console.h"
#include "platform.h"

/* A word that no code leaves on the stack. */
#define PAINT 0x9a1d7eadu

static struct ward_jwks keys;
static struct ward_workspace work;
static struct ward_claims claims;
static struct ward_status status;

static void print_row(const char *name, size_t number)
{
    console_print(name);
    console_print(" ");
    console_number(number);
    console_print("\n");
}

static void read_keys(void)
{
    static char json[2048];
    size_t at = put(json, 0, "{\"keys\":[");
    at += jwk_write(json + at, KEY_A, "\"kid\":\"" KID "\",");
    at = put(json, at, ",");
    at += jwk_write(json + at, KEY_B, "\"kid\":\"b\",");
    at = put(json, at, "]}");
    CHECK_STATUS(jwks_read(json, at, &keys, NULL), WARD_OK);
    CHECK_NUMBER(keys.count, 2);
    CHECK_NUMBER(keys.key[0].bits, 2048);
}

static inline uint32_t *stack_pointer(void)
{
    uint32_t *pointer;
    __asm__ volatile("mov %0, sp" : "=r"(pointer));
    return pointer;
}

/* Bytes of stack below this function's own frame that ward_verify() used. All of it happens in one function, so that
 * the stack pointer of the call is the one that was painted up to. */
__attribute__((noinline)) static size_t measure(void)
{
    uint32_t *const top = stack_pointer();
    for (volatile uint32_t *word = board_stack_begin; word < top; word++)
        *word = PAINT;
    status = ward_verify(&usual_expect, &keys, ward_time_set(NOW), token.data, token.length, &work, &claims);
    const volatile uint32_t *lowest = board_stack_begin;
    while (lowest < top && *lowest == PAINT)
        lowest++;
    CHECK(lowest > board_stack_begin);
    return (size_t)((const volatile char *)top - (const volatile char *)lowest);
}

int main(void)
{
    platform_begin();
    read_keys();
    make_token();
    const size_t stack = measure();
    const size_t sum = sizeof work + sizeof keys + stack;
    print_row("workspace", sizeof work);
    print_row("key set", sizeof keys);
    print_row("stack", stack);
    print_row("sum", sum);
    CHECK_STATUS(status, WARD_OK);
    CHECK_TEXT(claims.issuer, ISSUER);
    console_print(sum <= MOST_RAM && stack <= MOST_STACK ? "within its bounds\n" : "over its bounds\n");
    console_print("END\n");
    return sum <= MOST_RAM && stack <= MOST_STACK ? 0 : 1;
}

#endif
