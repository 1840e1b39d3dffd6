/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "port/tls/arena.h"
#include "board.h"
#include "console.h"
#include "port/http/fetch.h"
#include "port/http/server.h"
#include "lwipopts.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"

enum { TICKS_A_MICROSECOND = 25 };
static const uint32_t unused = 0xa5a5a5a5u;
static const char *const names[REPORT_PARTS] = { "network", "server", "service", "console" };

static uint32_t begun;
static uint32_t longest[REPORT_PARTS];
static uint32_t longest_turn;
static uint32_t turns;
static uint32_t turn_begun;
static int64_t worked;
static uint32_t woken;

void report_begin(void)
{
    const uintptr_t here = (uintptr_t)__builtin_frame_address(0) - 64u;
    for (uint32_t *word = board_stack_begin; (uintptr_t)word < here; word++)
        *word = unused;
}

/* Signed: see longer(). */
static int32_t since_woken(void)
{
    return (int32_t)(board_ticks() - woken);
}

void report_sleep(void)
{
    worked += since_woken();
    board_sleep();
    woken = board_ticks();
}

void report_turn(void)
{
    begun = board_ticks();
    turn_begun = begun;
    turns++;
}

/* The counter may step back by a millisecond whose interrupt is late. */
static uint32_t longer(uint32_t most, uint32_t from, uint32_t to)
{
    const int32_t passed = (int32_t)(to - from);
    return passed > 0 && (uint32_t)passed > most ? (uint32_t)passed : most;
}

void report_part(enum report_part part)
{
    const uint32_t now = board_ticks();
    longest[part] = longer(longest[part], begun, now);
    longest_turn = longer(longest_turn, turn_begun, now);
    begun = now;
}

static void value(const char *name, uint32_t number)
{
    console_print(" ");
    console_print(name);
    console_print("=");
    console_number(number);
}

static void line(const char *name)
{
    console_print("REPORT ");
    console_print(name);
}

/* What the processor did while it was awake: under QEMU's -icount, instructions. */
static void print_work(void)
{
    const int64_t whole = worked + since_woken();
    line("work");
    value("millions_of_ticks", (uint32_t)(whole / 1000000));
    value("ticks", (uint32_t)(whole % 1000000));
    value("hundredths_of_instructions_a_tick", board_instructions_a_tick);
    console_print("\n");
}

static void print_stack(void)
{
    const uint32_t *word = board_stack_begin;
    const uintptr_t end = (uintptr_t)board_stack_end;
    while ((uintptr_t)word < end && *word == unused)
        word++;
    line("stack");
    value("size", (uint32_t)(end - (uintptr_t)board_stack_begin));
    value("peak", (uint32_t)(end - (uintptr_t)word));
    console_print("\n");
}

static void print_arena(void)
{
    line("arena");
    value("size", WARD_ARENA_SIZE);
    value("peak", (uint32_t)ward_tls_arena_peak_of_all());
    value("refusals", ward_tls_arena_refusals());
    console_print("\n");
    for (unsigned owner = 0; owner < WARD_TLS_ARENA_SLOTS + WARD_SERVER_SLOTS; owner++) {
        line("arena");
        value("owner", owner);
        value("used", (uint32_t)ward_tls_arena_used(owner));
        value("peak", (uint32_t)ward_tls_arena_peak(owner));
        console_print("\n");
    }
}

static void print_turns(void)
{
    line("longest");
    value("turn_us", longest_turn / TICKS_A_MICROSECOND);
    /* What this turn has taken so far is told now, and not once more at its end. */
    longest_turn = 0;
    turn_begun = board_ticks();
    for (unsigned part = 0; part < REPORT_PARTS; part++) {
        value(names[part], longest[part] / TICKS_A_MICROSECOND);
        longest[part] = 0;
    }
    value("turns", turns);
    console_print("\n");
}

static void print_server(void)
{
    struct ward_http_counts counts;
    ward_http_server_counts(&counts);
    line("server");
    value("slots", WARD_SERVER_SLOTS);
    value("used", counts.slots);
    value("most", counts.most_slots);
    value("accepted", counts.queue.accepted);
    value("turned_away", counts.queue.turned_away);
    value("evicted", counts.evicted);
    value("timed_out", counts.timed_out);
    value("handshakes", counts.handshakes);
    value("failed", counts.failed);
    value("requests", counts.requests);
    value("refused", counts.refused);
    value("gone", counts.queue.gone);
    value("reclaimed", counts.reclaimed);
    value("waiting", counts.waiting);
    console_print("\n");
}

/* lwIP's pools by name, in its order. */
static const char *const pools[] = {
#define LWIP_MEMPOOL(name, number, size, description) #name,
#include "lwip/priv/memp_std.h"
};

static void print_pools(void)
{
    for (unsigned i = 0; i < MEMP_MAX; i++) {
        const struct stats_mem *const pool = lwip_stats.memp[i];
        line("pool");
        console_print(" name=");
        console_print(pools[i]);
        value("size", pool->avail);
        value("used", pool->used);
        value("peak", pool->max);
        value("refusals", pool->err);
        console_print("\n");
    }
}

static uint32_t count(const struct tcp_pcb *pcb)
{
    uint32_t number = 0;
    for (; pcb != NULL; pcb = pcb->next)
        number++;
    return number;
}

/* A connection that we have closed is remembered for two minutes (TIME-WAIT). */
static void print_connections(void)
{
    line("connections");
    value("open", count(tcp_active_pcbs));
    value("closed", count(tcp_tw_pcbs));
    console_print("\n");
}

void report_print(const struct ward_keyring *keyring)
{
    const int error = ward_http_fetch_tls_error();
    print_stack();
    print_arena();
    print_turns();
    print_work();
    print_server();
    print_pools();
    print_connections();
    line("keys");
    value("count", (uint32_t)ward_keyring_keys(keyring)->count);
    value("left_out", ward_keyring_left_out(keyring));
    value("boots", ward_keyring_boots(keyring));
    value("tls_error", (uint32_t)(error < 0 ? -error : error));
    console_print("\nREPORT end\n");
}
