#include "device.h"

#include <string.h>

#include "keys/keyring.h"
#include "lock.h"
#include "storage.h"

struct device device;

static struct ward_keyring keyring;
static struct ward_keyring_config config;
static struct ward_jwks compiled;
static struct ward_workspace work;
static struct ward_record record;

/* What runs: the keys it began with, as they were. */
static struct check {
    bool runs;
    bool ends; /* is in the call that ends it */
    uint64_t end;
    const struct ward_jwks *set;
    struct ward_jwks before;
    unsigned generation;
    bool flash;
} checks[MOST_CHECKS];

static struct {
    bool busy; /* in a call of the keyring */
    uint64_t wake;
    bool fetching;
    bool storing;
    uint64_t written; /* when the write that is under way ends */
    uint8_t slot;
    int kept; /* the slot that was last opened or written well; -1: none */
    enum write_end write_end;
    struct stored meaning;
    struct answer answer;
} runner;

static const uint32_t work_of_body = 10;

/* From the issuer's look at its keys to their use. */
enum { SLOWEST_FETCH = 30 * MINUTE };

/* ---- Time. */

static uint32_t uptime(uint64_t at)
{
    return (uint32_t)(device.uptime_at_boot + (at - device.booted));
}

static struct ward_time clock_of_platform(void)
{
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    const int64_t seconds = (int64_t)(EPOCH + now / SECOND) + device.clock_error;
    return device.clock_set && seconds >= 0 ? ward_time_set((uint64_t)seconds) : unknown;
}

/* ---- What must hold whenever nothing is under way. */

static void judge_keys(enum rule rule)
{
    struct keys keys;
    const bool known = keys_read(ward_keyring_keys(&keyring), &keys);
    HOLD(rule, known && keys_same(&keys, &reference.keys), "%s instead of %s", known ? keys_text(&keys) : "keys that nobody ever made",
         keys_text(&reference.keys));
}

/* Nothing that the issuer has removed longer ago than designed is of use. */
static void judge_removed(struct ward_status ready, struct ward_time best)
{
    const uint64_t serves_for = (reference.firmware.max_stale != 0 ? reference.firmware.max_stale : 604800u) * (uint64_t)SECOND;
    for (unsigned i = 0; i < reference.keys.count && reference.firmware.online; i++) {
        const uint64_t removed = issuer_removed_at(reference.keys.key[i]);
        const uint64_t since = removed > device.undisturbed ? removed : device.undisturbed;
        HOLD(RULE_REMOVED, now < device.undisturbed || removed == UINT64_MAX || now - since <= 26u * (uint64_t)HOUR,
             "the key %u:%u is still in use", reference.keys.key[i].kid, reference.keys.key[i].number);
        if (!ward_ok(ready) || best.trust != WARD_TIME_SET || device.clock_was_wrong || reference.fetched_at == 0)
            continue;
        HOLD(RULE_STALE, removed == UINT64_MAX || now - removed <= serves_for + SLOWEST_FETCH,
             "the key %u:%u still serves", reference.keys.key[i].kid, reference.keys.key[i].number);
    }
}

/* Checks that run with a set that the next fetch would overwrite. */
static bool spare_is_free(void)
{
    for (unsigned i = 0; i < MOST_CHECKS; i++)
        if (checks[i].runs && !checks[i].flash && checks[i].generation != reference.generation)
            return false;
    return true;
}

/* ---- Checks. */

static void end_check(struct check *check)
{
    struct call call;
    check->ends = true;
    HOLD(RULE_CHECK, memcmp(check->set, &check->before, sizeof check->before) == 0, "a check's keys have changed under it");
    happened[CHECK_ACROSS_SWAP] += check->generation != reference.generation;
    if (check->before.count > 0 && one_in(2)) {
        const unsigned at = below(check->before.count);
        struct keys keys;
        (void)keys_read(&check->before, &keys);
        call_begin(&call, "ward_keyring_used");
        ward_keyring_used(&keyring, &check->set->key[at]);
        call_end(&call, 1);
        reference_used(keys.key[at], check->generation);
        TRACE("a token has shown %u:%u", keys.key[at].kid, keys.key[at].number);
    }
    call_begin(&call, "ward_keyring_leave");
    ward_keyring_leave(&keyring, check->set);
    call_end(&call, 1);
    device.undisturbed = check->generation != reference.generation && device.undisturbed < now ? now : device.undisturbed;
    check->runs = false;
    TRACE("check %u ends", (unsigned)(check - checks));
}

void device_check_begin(uint32_t duration)
{
    struct call call;
    struct check *check = NULL;
    for (unsigned i = 0; i < MOST_CHECKS; i++)
        if (!checks[i].runs)
            check = &checks[i];
    if (check == NULL)
        return;
    check->runs = true;
    check->ends = true;
    /* Until the call returns it holds nothing up. */
    check->flash = true;
    call_begin(&call, "ward_keyring_enter");
    check->set = ward_keyring_enter(&keyring);
    call_end(&call, 1);
    check->flash = check->set == &compiled;
    check->generation = reference.generation;
    check->before = *check->set;
    check->end = now + duration;
    check->ends = false;
    HOLD(RULE_CHECK, check->flash == reference.flash, "a check begins with a set that is not in use");
    TRACE("check %u begins with generation %u", (unsigned)(check - checks), check->generation);
}

/* ---- Other tasks' calls. */

struct ward_status device_ask(uint16_t kid, bool too_long, uint32_t *retry_after)
{
    char text[WARD_MAX_KID + 1] = "kkkkkkkkkkkkkkkkk";
    struct call call;
    const uint64_t at = now;
    const size_t length = too_long ? sizeof text : kid != 0 ? (size_t)KID_LENGTH : 0;
    if (!too_long)
        kid_write(text, kid);
    happened[UNKNOWN_KID]++;
    call_begin(&call, "ward_keyring_ask");
    const struct ward_status status = ward_keyring_ask(&keyring, ward_text_of(text, length), uptime(at), retry_after);
    call_end(&call, too_long || !device.firmware.online ? 0 : 1);
    TRACE("a token names %u: %s, %u s", kid, status.code == WARD_KEY_AWAITED ? "awaited" : "unknown", *retry_after);
    reference_ask(kid, too_long, at, status, *retry_after, keyring.asked);
    /* An answer of AWAITED wakes the runner, as a gate does. */
    if (status.code == WARD_KEY_AWAITED && !runner.fetching && !runner.storing)
        runner.wake = now;
    return status;
}

void device_touch(void)
{
    struct call call;
    call_begin(&call, "ward_keyring_touch");
    ward_keyring_touch(&keyring);
    call_end(&call, 1);
    reference_touch();
    runner.wake = now;
    TRACE("something that must not be lost has changed");
}

void device_set_floor(uint64_t seconds)
{
    struct call call;
    call_begin(&call, "ward_keyring_set_floor");
    ward_keyring_set_floor(&keyring, seconds);
    call_end(&call, 1);
    reference_set_floor(seconds);
    runner.wake = now;
    TRACE("the operator sets the floor to %llu", (unsigned long long)seconds);
}

static void look_at_runway(void)
{
    struct call call;
    call_begin(&call, "ward_keyring_runway");
    const size_t runway = ward_keyring_runway(&keyring);
    call_end(&call, 1);
    HOLD(RULE_RUNWAY, runway == reference_runway(), "a runway of %zu instead of %u", runway, reference_runway());
}

static void look_at_news(void)
{
    struct call call;
    call_begin(&call, "ward_keyring_news");
    const struct ward_status news = ward_keyring_news(&keyring);
    call_end(&call, 1);
    HOLD(RULE_RUNWAY, news.code == reference_news(), "news that are none, or none where there are: %u", news.code);
}

static struct ward_time look_at_time(void)
{
    struct call call;
    const struct ward_time given = clock_of_platform();
    const uint64_t at = now;
    call_begin(&call, "ward_keyring_time");
    const struct ward_time best = ward_keyring_time(&keyring, given, uptime(at));
    call_end(&call, 1);
    HOLD(RULE_TIME, reference_time_is(best, given, at), "the time is %llu instead of %llu", (unsigned long long)best.seconds,
         (unsigned long long)reference_time(given, at).seconds);
    return best;
}

static struct ward_status look_whether_ready(struct ward_time best)
{
    struct call call;
    call_begin(&call, "ward_keyring_ready");
    const struct ward_status ready = ward_keyring_ready(&keyring, best);
    call_end(&call, 1);
    return ready;
}

bool device_serves(void)
{
    const struct ward_time best = look_at_time();
    return best.trust == WARD_TIME_SET && ward_ok(look_whether_ready(best));
}

void device_look(void)
{
    const struct ward_time best = look_at_time();
    const struct ward_status ready = look_whether_ready(best);
    const uint32_t expected = reference_ready(best);
    HOLD(RULE_READY, expected == 0 || ready.code == expected, "status %u instead of %u, fetched at %llu, now %llu", ready.code, expected,
         (unsigned long long)reference.fetched_at, (unsigned long long)best.seconds);
    happened[STALE_KEYS] += ready.code == WARD_KEYS_STALE;
    judge_keys(RULE_KEPT);
    judge_removed(ready, best);
    look_at_runway();
}

static void do_one_thing(void)
{
    uint32_t retry_after;
    switch (below(8)) {
    case 0:
    case 1:
        (void)device_ask((uint16_t)below(12), one_in(8), &retry_after);
        break;
    case 2:
        device_check_begin(some_time(12));
        break;
    case 3:
        for (unsigned i = 0; i < MOST_CHECKS; i++)
            if (checks[i].runs && !checks[i].ends) {
                end_check(&checks[i]);
                break;
            }
        break;
    case 4:
        look_at_news();
        break;
    case 5:
        if (one_in(4))
            device_touch();
        break;
    default:
        device_look();
        break;
    }
}

static void run(void);

static void at_lock(unsigned depth)
{
    for (unsigned things = 1 + below(2); things > 0; things--)
        do_one_thing();
    /* The runner, where it is not the one that waits. */
    if (depth == 1 && !runner.busy && now >= device.asleep_until && one_in(2))
        run();
}

/* ---- The runner. */

static void end_fetch(void)
{
    struct answer *const answer = &runner.answer;
    struct call call;
    const uint64_t at = now;
    const struct ward_time given = clock_of_platform();
    const bool fetched = reference.fetching && answer->whole;
    call_begin(&call, "ward_keyring_fetch_end");
    const struct ward_status status = ward_keyring_fetch_end(&keyring, &answer->known, given, uptime(at));
    call_end(&call, 1);
    TRACE("the fetch ends: %s", ward_ok(status) ? "whole" : "failed");
    runner.fetching = false;
    runner.wake = now;
    if (ward_ok(status) && answer->known.date != 0 && issuer.date_error != 0)
        device.clock_was_wrong = true;
    reference_fetch_end(answer, ward_ok(status), given, at);
    judge_keys(fetched ? RULE_FETCHED : RULE_KEPT);
    happened[ward_ok(status) ? FETCH_GOOD : FETCH_FAILED]++;
    if (!ward_ok(status))
        device.undisturbed = now;
    device.work++;
}

static void feed(void)
{
    struct answer *const answer = &runner.answer;
    const size_t length = answer_piece(answer);
    if (length == 0) {
        end_fetch();
        return;
    }
    const struct ward_status status = ward_keyring_fetch_feed(&keyring, answer->body + answer->fed, length, &work);
    answer->fed += length;
    device.work += work_of_body;
    if (ward_ok(status))
        return;
    /* As a service does; one that goes on all the same must come to the same end. */
    HOLD(RULE_FETCHED, !answer->whole || !reference.fetching, "a good body is refused: %u", status.code);
    if (one_in(2)) {
        answer->known.status = status;
        end_fetch();
    }
}

static void begin_fetch(void)
{
    struct call call;
    call_begin(&call, "ward_keyring_fetch_begin");
    ward_keyring_fetch_begin(&keyring);
    call_end(&call, 1);
    reference_fetch_begin(spare_is_free());
    runner.fetching = true;
    issuer_answer(&runner.answer);
    TRACE("a fetch begins, for %u", reference.fetching_wanted);
}

static void end_store(void)
{
    struct call call;
    const bool good = runner.write_end == WRITTEN;
    const uint64_t at = now;
    storage_write(runner.slot, &record, &runner.meaning, runner.write_end);
    happened[good ? STORED : STORE_FAILED]++;
    call_begin(&call, "ward_keyring_stored");
    ward_keyring_stored(&keyring, ward_status_of(good ? WARD_OK : WARD_RECORD_NOT_STORED), uptime(at));
    call_end(&call, 1);
    runner.storing = false;
    runner.wake = now;
    reference_stored(good, at);
    runner.kept = good ? (int)runner.slot : runner.kept;
    TRACE("the record %s", good ? "is stored" : "is not stored");
}

static void begin_store(uint8_t slot)
{
    struct call call;
    const uint64_t at = now;
    const struct ward_time given = clock_of_platform();
    runner.storing = true;
    runner.slot = slot;
    call_begin(&call, "ward_keyring_pack");
    const struct ward_status status = ward_keyring_pack(&keyring, given, uptime(at), &work, &record);
    call_end(&call, 1);
    HOLD(RULE_STORE, ward_ok(status) && record.length <= sizeof record.bytes, "a record of %zu bytes", record.length);
    runner.meaning = reference_pack(given);
    runner.write_end = device.write_fails ? (enum write_end)(1 + below(WRITE_ENDS - 1)) : WRITTEN;
    runner.written = now + (one_in(8) ? below(10 * SECOND) : below(50));
    device.work++;
    TRACE("a record is written to slot %u", slot);
}

static void ask_what_to_do(void)
{
    struct call call;
    const uint64_t at = now;
    const struct ward_time given = clock_of_platform();
    call_begin(&call, "ward_keyring_next");
    const struct ward_keyring_want want = ward_keyring_next(&keyring, given, uptime(at));
    call_end(&call, 1);
    TRACE("%s, %u ms", want.task == WARD_KEYRING_WAIT ? "nothing to do" : want.task == WARD_KEYRING_FETCH ? "a fetch is wanted" : "a record is wanted",
          want.wait);
    reference_next(&want, given, at, runner.kept, spare_is_free());
    device.work++;
    runner.wake = now + want.wait;
    if (want.task == WARD_KEYRING_STORE)
        begin_store(want.slot);
    else if (want.task == WARD_KEYRING_FETCH)
        begin_fetch();
    else if (want.wait <= 10)
        runner.wake = now + below(2 * SECOND); /* checks run: as often as it likes */
}

static uint64_t runner_due(void)
{
    uint64_t due = runner.wake;
    if (runner.storing)
        due = runner.written;
    else if (runner.fetching && runner.answer.next < due)
        due = runner.answer.next;
    return due > device.asleep_until ? due : device.asleep_until;
}

static void run(void)
{
    runner.busy = true;
    if (runner.storing)
        end_store();
    else if (runner.fetching && runner.answer.next <= now)
        feed();
    else
        ask_what_to_do();
    runner.busy = false;
}

void device_rude_fetch(void)
{
    if (runner.storing || runner.fetching || now < device.asleep_until || !device.firmware.online)
        return;
    happened[RUDE_FETCH]++;
    runner.busy = true;
    begin_fetch();
    runner.busy = false;
}

void device_sleep(uint32_t duration)
{
    /* A connection that stays open as long would bring what is that old. */
    if (runner.fetching)
        return;
    device.asleep_until = now + duration;
    device.undisturbed = now + duration;
    TRACE("the runner sleeps for %u s", duration / SECOND);
}

/* ---- Power. */

static void open_newest(void)
{
    const int newest = storage_newest();
    int found = -1;
    uint32_t sequence[2];
    /* As port/service.c does: the newer whole one. */
    for (unsigned slot = 0; slot < 2; slot++) {
        const struct ward_record *const stored = storage_record(slot);
        if (!ward_ok(ward_record_check(stored->bytes, stored->length, &work, &sequence[slot])))
            continue;
        found = found < 0 || (int32_t)(sequence[slot] - sequence[0]) > 0 ? (int)slot : found;
    }
    HOLD(RULE_REBOOT, found == newest, "the newest record is in slot %d, and %d is found", newest, found);
    runner.kept = found;
    if (found < 0)
        return;
    const struct ward_record *const stored = storage_record((unsigned)found);
    const struct ward_status status = ward_keyring_open(&keyring, (unsigned)found, stored->bytes, stored->length, uptime(now), &work);
    const bool expected = reference_open(storage_meaning((unsigned)found), now);
    TRACE("slot %d is opened: %s", found, ward_ok(status) ? "its keys are in use" : "its keys are not");
    HOLD(RULE_REBOOT, ward_ok(status) == expected, "status %u when the record's keys are %s", status.code, expected ? "the newest" : "another's");
}

static void configure(void)
{
    static const char *const issuers[] = { "https://one.example/", "https://another.example/" };
    const struct firmware *const firmware = &device.firmware;
    memset(&config, 0, sizeof config);
    config.issuer = ward_text_of(issuers[firmware->issuer], strlen(issuers[firmware->issuer]));
    if (firmware->online)
        config.url = ward_text_of("https://one.example/jwks.json", 29);
    if (firmware->has_compiled)
        keys_write(&firmware->compiled, &compiled);
    config.compiled = firmware->has_compiled ? &compiled : NULL;
    config.compiled_version = firmware->version;
    config.cooldown = firmware->cooldown;
    config.max_stale = firmware->max_stale;
    config.build_time = firmware->build_time;
    config.hooks = lock_hooks;
}

static void boot(void)
{
    static const uint32_t uptimes[] = { 0, 0, 100, UINT32_MAX - 30 * SECOND, UINT32_MAX - 10 * MINUTE, UINT32_MAX - 3 * HOUR, UINT32_MAX - DAY };
    configure();
    memset(&keyring, 0x5a, sizeof keyring);
    memset(checks, 0, sizeof checks);
    device.booted = now;
    device.uptime_at_boot = ONE_OF(uptimes) + below(1000);
    device.undisturbed = now;
    device.asleep_until = 0;
    lock_begin(device.contention, at_lock);
    HOLD(RULE_REBOOT, ward_ok(ward_keyring_begin(&keyring, &config, below(UINT32_MAX), uptime(now))), "the configuration is refused");
    reference_begin(&device.firmware, now);
    open_newest();
    judge_keys(RULE_REBOOT);
    HOLD(RULE_REBOOT, ward_keyring_boots(&keyring) == reference.boots, "%u boots instead of %u", ward_keyring_boots(&keyring), reference.boots);
    runner.busy = false;
    runner.storing = false;
    runner.fetching = false;
    runner.wake = now;
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
    happened[REBOOT_IN_FETCH] += runner.fetching;
    happened[REBOOT_IN_STORE] += runner.storing;
    TRACE("power off for %u ms%s%s", off, runner.fetching ? ", in a fetch" : "", runner.storing ? ", in a write" : "");
    if (runner.storing)
        storage_write(runner.slot, &record, &runner.meaning, one_in(3) ? WRITTEN : one_in(2) ? TORN : REFUSED);
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

static struct check *next_check(void)
{
    struct check *next = NULL;
    for (unsigned i = 0; i < MOST_CHECKS; i++)
        if (checks[i].runs && !checks[i].ends && (next == NULL || checks[i].end < next->end))
            next = &checks[i];
    return next;
}

void device_pass(uint64_t until, unsigned most_work)
{
    const uint32_t uptime_before = uptime(now);
    device.work = 0;
    while (device.work < most_work) {
        struct check *const check = next_check();
        const bool check_first = check != NULL && check->end < runner_due();
        const uint64_t due = check_first ? check->end : runner_due();
        if (due > until)
            break;
        now = due > now ? due : now;
        if (check_first)
            end_check(check);
        else
            run();
    }
    if (device.work < most_work && now < until)
        now = until;
    happened[UPTIME_WRAP] += uptime(now) < uptime_before;
}
