/* SPDX-License-Identifier: Apache-2.0 */
/* Every moment at which power may fail while a device writes its records, and every way, two failures deep.
 *
 *     power PAGE VARIANTS [EVERY]     bytes that the flash programs at once; how many bits or bytes to try where a fault
 *                                     leaves that open; after which first failures a second one is tried: every so many
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"

/* How many events after the first failure the second one is tried. */
enum { REACH = 2 };

static const char *const fault_names[FAULTS] = { "none",
                                                 "before it",
                                                 "after it",
                                                 "its first half done",
                                                 "its last half done",
                                                 "some bits done",
                                                 "all bits but one done",
                                                 "a bit stuck at one",
                                                 "a bit stuck at zero" };

static unsigned long boots;
static unsigned long first_failures;
static unsigned long second_failures;
static unsigned long wrong[FAULTS];
static unsigned variants;
static unsigned every;

/* Where the failures of the run that is looked at are. */
static struct {
    unsigned event;
    uint32_t operation;
    enum fault fault;
    uint32_t variant;
} failure[2];

static void report(unsigned depth, const char *what)
{
    const enum fault fault = failure[depth].fault;
    if (wrong[fault]++ > 2)
        return;
    printf("# %s\n", what);
    for (unsigned i = 0; i <= depth; i++)
        printf("#   failure %u: %s, operation %u: %s (variant %u)\n", i + 1, device_event_name(failure[i].event),
               (unsigned)failure[i].operation, fault_names[failure[i].fault], (unsigned)failure[i].variant);
}

static void boot_and_check(unsigned depth)
{
    device_boot();
    boots++;
    const char *const what = device_check();
    if (what != NULL)
        report(depth, what);
}

/* Without further failures all goes on as if nothing had happened. */
static void finish(unsigned event)
{
    flash_fault(&world.flash, 0, FAULT_NONE, 0);
    for (unsigned next = event; next < EVENTS && next <= event + REACH; next++)
        if (!device_event(next))
            report(1, "power failed though no fault was set");
    boot_and_check(1);
}

static bool is_stuck(enum fault fault)
{
    return fault >= FAULT_STUCK_ONE;
}

/* One failure; then the device boots. */
static void fail(unsigned depth, unsigned event, uint32_t operation, enum fault fault, uint32_t variant)
{
    failure[depth].event = event;
    failure[depth].operation = operation;
    failure[depth].fault = fault;
    failure[depth].variant = variant;
    flash_fault(&world.flash, operation, fault, variant);
    const bool powered = device_event(event);
    if (powered != is_stuck(fault))
        report(depth, "the fault did not come");
    if (powered) {
        const char *const what = device_check_write();
        if (what != NULL)
            report(depth, what);
    }
    flash_fault(&world.flash, 0, FAULT_NONE, 0);
    boot_and_check(depth);
}

static uint32_t variants_of(enum fault fault)
{
    return fault == FAULT_SOME_BITS || is_stuck(fault) ? variants : 1;
}

static void explore_second(unsigned event, uint32_t operations)
{
    const struct world before = world;
    for (uint32_t operation = 0; operation < operations; operation++) {
        for (unsigned fault = FAULT_BEFORE; fault < FAULTS; fault++) {
            for (uint32_t variant = 0; variant < variants_of((enum fault)fault); variant++) {
                world = before;
                fail(1, event, operation, (enum fault)fault, variant * 37u + operation);
                second_failures++;
                finish(event);
            }
        }
    }
    world = before;
}

/* How many operations an event makes the flash do; the world is as it was. */
static uint32_t count_operations(unsigned event)
{
    const struct world before = world;
    flash_fault(&world.flash, 0, FAULT_NONE, 0);
    (void)device_event(event);
    const bool wrote = world.writes != before.writes;
    const uint32_t operations = wrote ? flash_operations(&world.flash, world.begun.length) : 0;
    world = before;
    return operations;
}

static void go_on(unsigned event)
{
    for (unsigned next = event; next < EVENTS && next <= event + REACH; next++) {
        explore_second(next, count_operations(next));
        flash_fault(&world.flash, 0, FAULT_NONE, 0);
        (void)device_event(next);
    }
}

static void explore_first(unsigned event, uint32_t operations)
{
    const struct world before = world;
    for (uint32_t operation = 0; operation < operations; operation++) {
        for (unsigned fault = FAULT_BEFORE; fault < FAULTS; fault++) {
            for (uint32_t variant = 0; variant < variants_of((enum fault)fault); variant++) {
                world = before;
                fail(0, event, operation, (enum fault)fault, variant * 41u + operation);
                first_failures++;
                /* A cell that has failed for good leaves no second one to be looked at: that slot is lost. */
                if (!is_stuck((enum fault)fault) && (operation + fault + variant) % every == 0)
                    go_on(event);
            }
        }
    }
    world = before;
}

static int tell(void)
{
    int number = 0;
    unsigned long bad = 0;
    for (unsigned fault = FAULT_BEFORE; fault < FAULTS; fault++) {
        bad += wrong[fault];
        printf(
            "%s %d - power: %s: the newest whole record is found, none is rolled back, the deny list does not shrink\n",
            wrong[fault] == 0 ? "ok" : "not ok", ++number, fault_names[fault]);
    }
    printf("## pages of %u bytes: %lu first failures, %lu second ones, %lu boots\n", (unsigned)world.flash.page,
           first_failures, second_failures, boots);
    printf("%s %d - power: failures came\n", second_failures > 1000 ? "ok" : "not ok", ++number);
    printf("1..%d\n", number);
    return bad == 0 && second_failures > 1000 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const uint32_t page = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 64;
    variants = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 2;
    every = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1;
    if (page == 0 || page > BLOCK || variants == 0 || every == 0) {
        fprintf(stderr, "usage: power PAGE VARIANTS [EVERY]\n");
        return 2;
    }
    flash_begin(&world.flash, page);
    device_inherit();
    device_boot();
    for (unsigned event = 0; event < EVENTS; event++) {
        const uint32_t operations = count_operations(event);
        if (operations == 0)
            printf("# %s writes nothing\n", device_event_name(event));
        explore_first(event, operations);
        flash_fault(&world.flash, 0, FAULT_NONE, 0);
        if (!device_event(event))
            return 1;
    }
    return tell();
}
