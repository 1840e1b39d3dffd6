/* SPDX-License-Identifier: Apache-2.0 */
/* host count NAME TIMES: checks a token so often in bench_counted(), for valgrind, after all that happens once only.
 * host time: checks it often by each, in turns, and prints the least nanoseconds of the processor's time that one check took: other
 * programs that run beside it take as much of each. */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench_vectors.h"

enum { TOKEN = 1, ROUNDS = 250, CHECKS = 4 };

static void begin_nothing(const struct bench_key *key)
{
    (void)key;
}

static bool say_yes(char *token, size_t length)
{
    return token[0] != 0 && length > 0;
}

/* The last one takes any token: it is there to be found out, and only by its name. */
static const struct host_peer yes = { "says yes", begin_nothing, say_yes };
static const struct host_peer *const peers[] = { &host_ward, &host_openssl_kept, &host_openssl_anew, &host_libjwt,
                                                 &yes };
enum { PEERS = sizeof peers / sizeof peers[0] - 1 };
static const struct host_peer *peer;
static char buffer[8192];
static size_t length;
static bool is_good;

/* All that is counted: tests/bench/peers.py names it to callgrind. */
void bench_counted(void);
__attribute__((noinline)) void bench_counted(void)
{
    is_good = peer->check(buffer, length);
}

static void take(const char *token)
{
    length = strlen(token);
    memcpy(buffer, token, length + 1);
}

/* Another character in what is signed, or in the signature. */
static void need_refusal(const char *token, size_t place)
{
    char changed[sizeof buffer];
    memcpy(changed, token, strlen(token) + 1);
    changed[place] = changed[place] == 'B' ? 'C' : 'B';
    take(changed);
    is_good = peer->check(buffer, length);
    if (is_good) {
        fprintf(stderr, "%s takes a token that was changed at character %zu\n", peer->name, place);
        exit(1);
    }
}

static void need_it_to_be_good(void)
{
    if (!is_good) {
        fprintf(stderr, "%s refuses the token\n", peer->name);
        exit(1);
    }
}

static void need_good(const char *token)
{
    take(token);
    is_good = peer->check(buffer, length);
    need_it_to_be_good();
}

static void count_one(const char *token)
{
    take(token);
    bench_counted();
    need_it_to_be_good();
}

static void begin(const struct host_peer *next)
{
    const char *const token = bench_tokens[TOKEN].token;
    peer = next;
    peer->begin(&bench_keys[0]);
    need_good(token);
    need_refusal(token, (size_t)(strrchr(token, '.') - token) - 40);
    need_refusal(token, (size_t)(strrchr(token, '.') - token) + 100);
    need_good(token);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void measure_time(void)
{
    uint64_t least[PEERS];
    memset(least, 0xff, sizeof least);
    for (unsigned turn = 0; turn < ROUNDS * PEERS; turn++) {
        peer = peers[turn % PEERS];
        const uint64_t start = now();
        for (unsigned i = 0; i < CHECKS; i++)
            need_good(bench_tokens[TOKEN].token);
        const uint64_t took = now() - start;
        if (took < least[turn % PEERS])
            least[turn % PEERS] = took;
    }
    for (size_t i = 0; i < PEERS; i++)
        printf("TIME %s: %llu\n", peers[i]->name, (unsigned long long)(least[i] / CHECKS));
}

int main(int count, char **words)
{
    const char *const name = count == 4 && strcmp(words[1], "count") == 0 ? words[2] : NULL;
    if (name == NULL && (count != 2 || strcmp(words[1], "time") != 0))
        return 2;
    for (size_t i = 0; i <= PEERS; i++)
        if (name == NULL ? i < PEERS : strcmp(name, peers[i]->name) == 0)
            begin(peers[i]);
    if (peer == NULL)
        return 2;
    if (name == NULL)
        measure_time();
    else
        for (int times = atoi(words[3]); times > 0; times--)
            count_one(bench_tokens[TOKEN].token);
    puts("END");
    return 0;
}
