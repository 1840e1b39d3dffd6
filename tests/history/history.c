/* Histories of one flash: what several builds, tools, clocks and power cuts do to a device's denials, against a simple reference.
 *
 *     history                               twenty thousand, the same ones each time
 *     history --histories N --seed SEED     as many from that seed on; `random`: from one that is printed
 *     history --seed SEED                   that one, with its trace
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chance.h"
#include "script.h"

enum { USUAL = 20000, ENOUGH_BROKEN = 20 };

static struct {
    uint64_t seed;
    unsigned lines;
    enum rule rule;
    char how[sizeof broken_how];
} shortest;

static unsigned broken[RULES];

/* False: a rule was broken. */
static bool run(uint64_t seed)
{
    trace_lines = 0;
    if (setjmp(history_end) != 0)
        return false;
    script_run(seed);
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

static uint64_t run_all(uint64_t first, uint64_t count)
{
    uint64_t ran = 0;
    unsigned failed = 0;
    for (; ran < count && failed < ENOUGH_BROKEN; ran++) {
        if (run(first + ran))
            continue;
        failed++;
        broken[broken_rule]++;
        keep_if_shorter(first + ran);
    }
    return ran;
}

static int replay(uint64_t seed)
{
    tracing = true;
    const bool good = run(seed);
    if (!good)
        printf("# broken: %s: %s\n", rule_sentence[broken_rule], broken_how);
    printf("%s 1 - history %llu\n1..1\n", good ? "ok" : "not ok", (unsigned long long)seed);
    return good ? 0 : 1;
}

static int report(uint64_t ran)
{
    int bad = 0;
    unsigned never = 0;
    for (unsigned rule = 0; rule < RULES; rule++) {
        const bool good = broken[rule] == 0 && rule_looks[rule] > 0;
        bad += !good;
        printf("%s %u - %s: looked at %llu times\n", good ? "ok" : "not ok", rule + 1, rule_sentence[rule],
               (unsigned long long)rule_looks[rule]);
    }
    printf("# %llu histories:", (unsigned long long)ran);
    for (unsigned what = 0; what < HAPPENINGS; what++) {
        never += happened[what] == 0;
        printf(" %llu %s%s", (unsigned long long)happened[what], happening_name[what],
               what + 1 < HAPPENINGS ? "," : "\n");
    }
    printf("%s %u - everything that can happen did\n1..%u\n", never == 0 ? "ok" : "not ok", RULES + 1, RULES + 1);
    return bad + (never > 0);
}

int main(int count, char **arguments)
{
    uint64_t histories = 0;
    uint64_t seed = 1;
    for (int i = 1; i + 1 < count; i += 2) {
        if (strcmp(arguments[i], "--histories") == 0)
            histories = strtoull(arguments[i + 1], NULL, 10);
        else if (strcmp(arguments[i], "--seed") == 0)
            seed = strcmp(arguments[i + 1], "random") == 0 ? (uint64_t)time(NULL) * 1000003u
                                                           : strtoull(arguments[i + 1], NULL, 10);
    }
    if (count > 1 && histories == 0)
        return replay(seed);
    printf("# from seed %llu on\n", (unsigned long long)seed);
    const uint64_t ran = run_all(seed, histories == 0 ? (uint64_t)USUAL : histories);
    if (shortest.lines != 0) {
        printf("# %s: %s\n# the shortest trace; again with: build/host/history/history --seed %llu\n",
               rule_sentence[shortest.rule], shortest.how, (unsigned long long)shortest.seed);
        (void)fflush(stdout);
        tracing = true;
        (void)run(shortest.seed);
    }
    return report(ran) > 0;
}
