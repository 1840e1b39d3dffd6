/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that hold for every schedule, what happened in all of them, and the trace of one. */
#ifndef SCHEDULES_RULES_H
#define SCHEDULES_RULES_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

enum { MOST_RULES = 32, MOST_HAPPENINGS = 48 };

/** A program of random schedules: it defines the one of this name. */
struct schedules {
    const char *again; /* the command that repeats one */
    uint64_t usual;    /* how many, if not said */
    const char *const *rule;
    const char *const *happening;
    unsigned rules;
    unsigned happenings;
    void (*run)(uint64_t seed);
    void (*stamp)(void); /* begins a line of the trace with when it is; NULL: with nothing */
};
extern const struct schedules schedules;

/** How often each rule was looked at. */
extern uint64_t rule_looks[MOST_RULES];

/** What happened in all schedules together; each has to happen some time, or a rule was tried for nothing. */
extern uint64_t happened[MOST_HAPPENINGS];

/** The first rule that was broken ends the schedule: a jump to here. */
extern jmp_buf schedule_end;
extern unsigned broken_rule;
extern char broken_how[256];

_Noreturn void rule_broken(unsigned rule, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define HOLD(rule, condition, ...)                                                                                     \
    do {                                                                                                               \
        rule_looks[rule]++;                                                                                            \
        if (!(condition))                                                                                              \
            rule_broken((rule), __VA_ARGS__);                                                                          \
    } while (0)

/** Lines of the trace are printed when a schedule is replayed, and always counted. */
extern bool tracing;
extern unsigned trace_lines;
void trace_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define TRACE(...)                                                                                                     \
    do {                                                                                                               \
        trace_lines++;                                                                                                 \
        if (tracing)                                                                                                   \
            trace_line(__VA_ARGS__);                                                                                   \
    } while (0)

#endif
