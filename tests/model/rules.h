/* The rules that hold for every schedule, what is chosen at random, and the trace of what happened. */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

/** True time, milliseconds since the schedule began. Nothing of the keyring knows it. */
extern uint64_t now;

/** Milliseconds by which an uptime may have become old before it is used: 0 in a schedule whose tasks never wait for a lock. */
extern uint64_t slack;

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

enum rule {
    RULE_FETCHED,
    RULE_IN_USE,
    RULE_KEPT,
    RULE_REBOOT,
    RULE_REMOVED,
    RULE_STALE,
    RULE_READY,
    RULE_EARLY,
    RULE_LATE,
    RULE_ASK,
    RULE_STORE,
    RULE_TIME,
    RULE_CHECK,
    RULE_LOCK,
    RULE_SPARE_KEYS,
    RULE_SETTLED,
    RULE_ANSWERED,
    RULES
};

/** What a rule says, and how often it was looked at. */
extern const char *const rule_sentence[RULES];
extern uint64_t rule_looks[RULES];

/** What happened in all schedules together; each has to happen some time, or a rule was tried for nothing. */
enum happening {
    ROTATION,
    OUTAGE,
    HOSTILE_BODY,
    FETCH_GOOD,
    FETCH_FAILED,
    REBOOT,
    REBOOT_IN_FETCH,
    REBOOT_IN_STORE,
    FIRMWARE_UPDATE,
    CLOCK_JUMP,
    UNKNOWN_KID,
    CONTENTION,
    LATE_UPTIME,
    UPTIME_WRAP,
    STORED,
    STORE_FAILED,
    ROTTEN_SLOT,
    CHECK_ACROSS_SWAP,
    STALE_KEYS,
    RUDE_FETCH,
    CROWD,
    UNDATED,
    CACHED,
    CLOCK_LOST,
    HAPPENINGS
};

extern const char *const happening_name[HAPPENINGS];
extern uint64_t happened[HAPPENINGS];

/** The first rule that was broken ends the schedule: a jump to here. */
extern jmp_buf schedule_end;
extern enum rule broken_rule;
extern char broken_how[256];

_Noreturn void rule_broken(enum rule rule, const char *format, ...) __attribute__((format(printf, 2, 3)));

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

/** Chance: the same seed gives the same schedule. */
void chance_begin(uint64_t seed);
uint32_t below(uint32_t bound);
bool one_in(uint32_t number);

/** A duration, as often short as long: up to 2^bits milliseconds. */
uint32_t some_time(unsigned bits);

/** One of the numbers. */
#define ONE_OF(numbers) ((numbers)[below((uint32_t)(sizeof(numbers) / sizeof(numbers)[0]))])

#endif
