/* SPDX-License-Identifier: Apache-2.0 */
#include "schedules/rules.h"

#include <stdarg.h>
#include <stdio.h>

uint64_t rule_looks[MOST_RULES];
uint64_t happened[MOST_HAPPENINGS];

jmp_buf schedule_end;
unsigned broken_rule;
char broken_how[256];

void rule_broken(unsigned rule, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(broken_how, sizeof broken_how, format, arguments);
    va_end(arguments);
    broken_rule = rule;
    longjmp(schedule_end, 1);
}

bool tracing;
unsigned trace_lines;

void trace_line(const char *format, ...)
{
    va_list arguments;
    (void)fputs("# ", stdout);
    if (schedules.stamp != NULL)
        schedules.stamp();
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}
