/* Chance: the same seed gives the same history. And what is wrong, and the trace. */
#ifndef HISTORY_CHANCE_H
#define HISTORY_CHANCE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

void chance_begin(uint64_t seed);
uint32_t below(uint32_t bound);
bool one_in(uint32_t number);

#define ONE_OF(items) ((items)[below((uint32_t)(sizeof(items) / sizeof(items)[0]))])

enum rule {
    RULE_DENIED,
    RULE_SERVED,
    RULE_CLOSED,
    RULE_KEPT,
    RULE_TOOL,
    RULE_AT_ONCE,
    RULE_FULL,
    RULE_BACK,
    RULE_FLOOR,
    RULE_CLOCK,
    RULE_KEYS,
    RULE_SLOT,
    RULES
};

extern const char *const rule_sentence[RULES];
extern uint64_t rule_looks[RULES];

/** What happened in all histories together; each has to. */
enum happening {
    BOOTS,
    OTHER_BUILD,
    OTHER_ISSUERS,
    OTHER_AUTHORITY,
    NOT_HELD,
    OF_OTHER,
    DROPPED,
    DENIED_TWICE_NAMED,
    REFUSED_UNDER_OTHER_NAME,
    TOOL_WROTE,
    PROVISIONED,
    WITHOUT_GATE,
    CUTS_IN_A_WRITE,
    CUTS_AFTER_A_WRITE,
    CLOCK_LOST,
    CACHED_DATE,
    FOREIGN_SECTION,
    HAPPENINGS
};

extern const char *const happening_name[HAPPENINGS];
extern uint64_t happened[HAPPENINGS];

/** The first rule that is broken ends the history: a jump to here. */
extern jmp_buf history_end;
extern enum rule broken_rule;
extern char broken_how[256];

_Noreturn void rule_broken(enum rule rule, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define HOLD(rule, condition, ...)                                                                                     \
    do {                                                                                                               \
        rule_looks[rule]++;                                                                                            \
        if (!(condition))                                                                                              \
            rule_broken((rule), __VA_ARGS__);                                                                          \
    } while (0)

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
