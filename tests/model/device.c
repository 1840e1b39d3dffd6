/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include <string.h>

#include "inside.h"
#include "storage.h"

struct device device;

struct ward_keyring keyring;
struct ward_jwks compiled_keys;
struct ward_workspace work;

static struct ward_keyring_config config;

/* ---- Time. */

uint32_t uptime(uint64_t at)
{
    return (uint32_t)(device.uptime_at_boot + (at - device.booted));
}

struct ward_time clock_of_platform(void)
{
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    const int64_t seconds = (int64_t)(EPOCH + now / SECOND) + device.clock_error;
    return device.clock_set && seconds >= 0 ? ward_time_set((uint64_t)seconds) : unknown;
}

/* ---- Power. */

/* The slot that was opened, or -1. */
static int open_newest(void)
{
    const int newest = storage_newest();
    const struct ward_status status = ward_keyring_open(&keyring, &storage_slots, uptime(now), &work);
    const int found = keyring.found ? (int)keyring.origin.slot : -1;
    HOLD(RULE_REBOOT, found == newest, "the newest record is in slot %d, and %d is found", newest, found);
    if (found < 0) {
        HOLD(RULE_REBOOT, !ward_ok(status) && status.code != WARD_RECORD_FALLBACK, "status %u without a record",
             status.code);
        return found;
    }
    const bool expected = reference_open(storage_meaning((unsigned)found), now);
    const bool keys = ward_ok(status) || status.code == WARD_RECORD_FALLBACK;
    TRACE("slot %d is opened: %s", found, keys ? "its keys are in use" : "its keys are not");
    HOLD(RULE_REBOOT, keys == expected, "status %u when the record's keys are %s", status.code,
         expected ? "the newest" : "another's");
    return found;
}

const char *const issuer_name[NAMES] = { "https://one.example/", "https://another.example/", "https://alias.example/" };

static void configure(void)
{
    const struct firmware *const firmware = &device.firmware;
    memset(&config, 0, sizeof config);
    config.issuer = ward_text_of(issuer_name[firmware->issuer], strlen(issuer_name[firmware->issuer]));
    if (firmware->online)
        config.url = ward_text_of("https://one.example/jwks.json", 29);
    if (firmware->has_compiled)
        keys_write(&firmware->compiled, &compiled_keys);
    config.compiled = firmware->has_compiled ? &compiled_keys : NULL;
    config.compiled_version = firmware->version;
    config.cooldown = firmware->cooldown;
    config.max_stale = firmware->max_stale;
    config.build_time = firmware->build_time;
    config.hooks = lock_hooks;
    config.bundles = bundles_configure(firmware);
    issuer.foreign = (struct key){ 0, 0 };
    for (unsigned key = 0; key < OPERATOR_KEYS; key++)
        if ((firmware->operators >> key & 1u) != 0u)
            issuer.foreign = operator_key(key);
}

static void boot(void)
{
    static const uint32_t uptimes[] = {
        0, 0, 100, UINT32_MAX - 30 * SECOND, UINT32_MAX - 10 * MINUTE, UINT32_MAX - 3 * HOUR, UINT32_MAX - DAY
    };
    configure();
    memset(&keyring, 0x5a, sizeof keyring);
    tasks_begin();
    device.booted = now;
    device.uptime_at_boot = ONE_OF(uptimes) + below(1000);
    device.undisturbed = now;
    device.asleep_until = 0;
    lock_begin(device.contention, others_turn);
    HOLD(RULE_REBOOT, ward_ok(ward_keyring_begin(&keyring, &config, below(UINT32_MAX), uptime(now))),
         "the configuration is refused");
    reference_begin(&device.firmware, now);
    runner_begin(open_newest());
    judge_keys(RULE_REBOOT);
    judge_bundles();
    HOLD(RULE_REBOOT, ward_keyring_boots(&keyring) == reference.boots, "%u boots instead of %u",
         ward_keyring_boots(&keyring), reference.boots);
    TRACE("the device has started with %s", keys_text(&reference.keys));
}

void device_begin(void)
{
    storage_begin();
    boot();
}

void device_reboot(uint32_t off)
{
    happened[REBOOT]++;
    runner_power_off();
    TRACE("it is off for %u ms", off);
    now += off;
    boot();
}

void device_rot(unsigned slot)
{
    happened[ROTTEN_SLOT]++;
    storage_rot(slot);
    TRACE("slot %u rots", slot);
}

/* ---- Time passes. */

void device_pass(uint64_t until, unsigned most_work)
{
    const uint32_t uptime_before = uptime(now);
    device.work = 0;
    while (device.work < most_work) {
        const bool check_first = next_check_end() < runner_due();
        const uint64_t due = check_first ? next_check_end() : runner_due();
        if (due > until)
            break;
        now = due > now ? due : now;
        if (check_first)
            end_next_check();
        else
            runner_run();
    }
    if (device.work < most_work && now < until)
        now = until;
    happened[UPTIME_WRAP] += uptime(now) < uptime_before;
}
