/* SPDX-License-Identifier: Apache-2.0 */
/* Runs random schedules, each from a seed of its own, and says which rule one has broken.
 *
 *     PROGRAM                                 the usual number, the same ones each time
 *     PROGRAM --schedules N --seed SEED       as many from that seed on; `random`: from one that is printed
 *     PROGRAM --seed SEED                     that one schedule, with its trace
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schedules/rules.h"

enum { ENOUGH_BROKEN = 20 };

static struct {
    uint64_t seed;
    unsigned lines;
    unsigned rule;
    char how[sizeof broken_how];
} shortest;

static unsigned broken[MOST_RULES];
static uint64_t first_broken[MOST_RULES];

/* One schedule; false: a rule was broken. */
static bool run(uint64_t seed)
{
    trace_lines = 0;
    if (setjmp(schedule_end) != 0)
        return false;
    schedules.run(seed);
    return true;
}

static void keep_if_shorter(uint64_t seed)
{
    if (shortest.lines != 0 && shortest.lines <= trace_lines)
        return;
    shortest.seed = seed;
    shortest.lines = trace_lines;
    shortest.rule = broken_rule;
    memcpy(shortest.how, broken_how, sizeof broken_how);
}

/* Of the schedules that break a rule the one with the shortest trace tells most. */
static uint64_t run_all(uint64_t first, uint64_t count)
{
    uint64_t ran = 0;
    unsigned failed = 0;
    for (; ran < count && failed < ENOUGH_BROKEN; ran++) {
        if (run(first + ran))
            continue;
        failed++;
        if (broken[broken_rule]++ == 0)
            first_broken[broken_rule] = first + ran;
        keep_if_shorter(first + ran);
    }
    return ran;
}

static int replay(uint64_t seed)
{
    tracing = true;
    if (run(seed)) {
        printf("ok 1 - schedule %llu\n1..1\n", (unsigned long long)seed);
        return 0;
    }
    printf("# broken: %s: %s\nnot ok 1 - schedule %llu\n1..1\n", schedules.rule[broken_rule], broken_how,
           (unsigned long long)seed);
    return 1;
}

static int report(uint64_t ran)
{
    int bad = 0;
    for (unsigned rule = 0; rule < schedules.rules; rule++) {
        const bool good = broken[rule] == 0 && rule_looks[rule] > 0;
        bad += !good;
        if (broken[rule] > 0)
            printf("# broken %u times, first by --seed %llu\n", broken[rule], (unsigned long long)first_broken[rule]);
        printf("%s %u - %s: looked at %llu times\n", good ? "ok" : "not ok", rule + 1, schedules.rule[rule],
               (unsigned long long)rule_looks[rule]);
    }
    unsigned never = 0;
    printf("# %llu schedules:", (unsigned long long)ran);
    for (unsigned what = 0; what < schedules.happenings; what++) {
        never += happened[what] == 0;
        printf(" %llu %s%s", (unsigned long long)happened[what], schedules.happening[what],
               what + 1 < schedules.happenings ? "," : "\n");
    }
    printf("%s %u - everything that can happen did\n", never == 0 ? "ok" : "not ok", schedules.rules + 1);
    printf("1..%u\n", schedules.rules + 1);
    return bad + (never > 0);
}

static uint64_t seed_of(const char *text)
{
    return strcmp(text, "random") == 0 ? (uint64_t)time(NULL) * 1000003u : strtoull(text, NULL, 10);
}

int main(int count, char **arguments)
{
    uint64_t number = 0;
    uint64_t seed = 1;
    for (int i = 1; i + 1 < count; i += 2) {
        if (strcmp(arguments[i], "--schedules") == 0)
            number = strtoull(arguments[i + 1], NULL, 10);
        else if (strcmp(arguments[i], "--seed") == 0)
            seed = seed_of(arguments[i + 1]);
    }
    if (count > 1 && number == 0)
        return replay(seed);
    printf("# from seed %llu on\n", (unsigned long long)seed);
    const uint64_t ran = run_all(seed, number == 0 ? schedules.usual : number);
    if (shortest.lines != 0) {
        printf("# %s: %s\n# the shortest trace; again with: %s --seed %llu\n", schedules.rule[shortest.rule],
               shortest.how, schedules.again, (unsigned long long)shortest.seed);
        (void)fflush(stdout);
        tracing = true;
        (void)run(shortest.seed);
    }
    return report(ran) > 0;
}
