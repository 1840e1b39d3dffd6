/* SPDX-License-Identifier: Apache-2.0 */
#include "measure.h"

#include "board.h"
#include "console.h"

/* A word that no code leaves on the stack, and the words below a frame that may be its own. */
#define PAINT 0x9a1d7eadu
enum { OWN_WORDS = 16 };

static bench_operation *operation;
static struct ward_status result;
static uint32_t ticks;

/* The only call between the two looks at the counter; weigh.py finds it by its name. */
void bench_run(void);
__attribute__((noinline)) void bench_run(void)
{
    result = operation();
}

__attribute__((noinline)) static size_t run_painted(void)
{
    const volatile uint32_t *const top = (const volatile uint32_t *)__builtin_frame_address(0) - OWN_WORDS;
    for (volatile uint32_t *word = board_stack_begin; word < top; word++)
        *word = PAINT;
    const uint32_t begin = board_ticks();
    bench_run();
    ticks = board_ticks() - begin;
    const volatile uint32_t *lowest = board_stack_begin;
    while (lowest < top && *lowest == PAINT)
        lowest++;
    return (size_t)((uintptr_t)__builtin_frame_address(0) - (uintptr_t)lowest);
}

void bench_need(struct ward_status status, uint32_t code)
{
    if (status.code == code)
        return;
    console_print("not ");
    console_hex(code);
    console_print(" but ");
    console_hex(status.code);
    console_print("\nEND\n");
    board_exit(1);
}

static void measure(bench_operation *run, uint32_t code)
{
    operation = run;
    const size_t stack = run_painted();
    console_print(": ");
    console_number((uint64_t)ticks * board_instructions_a_tick / 100u);
    console_print(" ");
    console_number(stack);
    console_print("\n");
    bench_need(result, code);
}

void bench_measure(const char *name, const char *more, bench_operation *run, uint32_t code)
{
    console_print("BENCH ");
    console_print(name);
    console_print(more);
    measure(run, code);
}

void bench_measure_of(const char *name, unsigned number, bench_operation *run, uint32_t code)
{
    console_print("BENCH ");
    console_print(name);
    console_number(number);
    measure(run, code);
}
