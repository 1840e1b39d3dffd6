/* SPDX-License-Identifier: Apache-2.0 */
/* The backend's arithmetic on a board: a digest over its powers, which has to be the one that mbedTLS's have on this machine (compare.c), and
 * what preparing a key and verifying with it take, in instructions. */
#include <string.h>

#include "board.h"
#include "cases.h"
#include "chain.h"
#include "console.h"
#include "ward/port/crypto.h"

/* With the first number of cases.c that comes by chance, at least this many are by chance at 2048 bits. */
#if !defined(KERNEL_CASES)
#define KERNEL_CASES (KERNEL_EDGES + 1000)
#endif
#define BITS 2048
#define COUNTED 64

static struct ward_key key;
static struct ward_rsa_scratch scratch;
static uint8_t signature[WARD_MAX_RSA_BITS / 8];
static const uint8_t digest[WARD_SHA256_SIZE] = { 0x3c };

static uint32_t instructions_since(uint32_t begin)
{
    return (uint32_t)((uint64_t)(board_ticks() - begin) * board_instructions_a_tick / 100u);
}

static void print_count(const char *name, uint32_t number)
{
    console_print(name);
    console_number(number);
    console_print("\n");
}

static bool add_case(struct chain *chain, uint32_t number)
{
    if (kernel_case(BITS, number, &key, signature) && !ward_ok(ward_crypto_key_prepare(&key, &scratch)))
        return false;
    memset(&scratch, 0x5a, sizeof scratch);
    const bool refused = ward_signature_verify(&key, digest, signature, &scratch).code == WARD_SIGNATURE_INVALID;
    chain_add(chain, kernel_is_below(signature, &key) ? scratch.power : NULL, ward_key_words(&key));
    return refused;
}

/* Of one by chance, and of those that follow: what a number costs depends a little on its bits. */
static bool count_instructions(void)
{
    bool good = true;
    uint32_t most = 0;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < COUNTED; i++) {
        kernel_case(BITS, KERNEL_EDGES + i * KERNEL_VALUES_OF_ONE, &key, signature);
        signature[0] = 0;
        uint32_t begin = board_ticks();
        good = ward_ok(ward_crypto_key_prepare(&key, &scratch)) && good;
        if (i == 0)
            print_count("prepare ", instructions_since(begin));
        begin = board_ticks();
        good = ward_signature_verify(&key, digest, signature, &scratch).code == WARD_SIGNATURE_INVALID && good;
        const uint32_t taken = instructions_since(begin);
        most = taken > most ? taken : most;
        sum += taken;
    }
    print_count("most ", most);
    print_count("verify ", (uint32_t)(sum / COUNTED));
    return good;
}

int main(void)
{
    struct chain chain;
    char text[CHAIN_TEXT];
    bool good = count_instructions();
    chain_begin(&chain);
    for (uint32_t number = 0; number < KERNEL_CASES; number++)
        good = add_case(&chain, number) && good;
    chain_end(&chain, text);
    print_count("cases ", KERNEL_CASES);
    console_print("chain ");
    console_print(text);
    console_print(good ? "\nEND\n" : "\nwrong\nEND\n");
    return good ? 0 : 1;
}
