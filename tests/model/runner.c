/* SPDX-License-Identifier: Apache-2.0 */
/* The runner: asks the keyring what to do and does it, as slowly as the schedule wants. */
#include <string.h>

#include "inside.h"
#include "storage.h"

static struct ward_record record;
static struct image image;

static struct runner {
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

static void end_fetch(void)
{
    struct answer *const answer = &runner.answer;
    struct call call;
    const uint64_t at = now;
    const struct ward_time given = clock_of_platform();
    const bool fetched = reference.fetching && answer->whole && reference_date_is_valid(&answer->known, given);
    struct keys kept;
    call_begin(&call, "ward_keyring_fetch_end");
    const struct ward_status status = ward_keyring_fetch_end(&keyring, &answer->known, given, uptime(at));
    call_end(&call, 1);
    TRACE("the fetch ends: %s", ward_ok(status) ? "whole" : "failed");
    runner.fetching = false;
    runner.wake = now;
    if (ward_ok(status) && answer->known.date != 0 && answer->misdated)
        device.clock_was_wrong = true;
    HOLD(RULE_FETCHED, keys_read(ward_keyring_keys(&keyring), &kept), "keys that nobody ever made");
    reference_fetch_end(answer, ward_ok(status), &kept, given, at, keyring.new_come);
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
    const struct ward_status status = ward_keyring_fetch_feed(&keyring, answer->body.bytes + answer->fed, length,
                                                              &work);
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
    const uint64_t at = now;
    call_begin(&call, "ward_keyring_fetch_begin");
    ward_keyring_fetch_begin(&keyring);
    call_end(&call, 1);
    reference_fetch_begin(spare_is_free(), at);
    runner.fetching = true;
    issuer_answer(&runner.answer);
    TRACE("a fetch begins, for %u kids%s", reference.fetching_wanted.count,
          reference.fetching_wanted.more ? " and more" : "");
}

static void end_store(void)
{
    struct call call;
    const bool good = runner.write_end == WRITTEN;
    const uint64_t at = now;
    storage_write(runner.slot, &image, &runner.meaning, runner.write_end);
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

static void begin_store(const struct ward_keyring_action *want)
{
    struct call call;
    const uint64_t at = now;
    const struct ward_time given = clock_of_platform();
    runner.storing = true;
    runner.slot = want->slot;
    call_begin(&call, "ward_keyring_pack");
    ward_keyring_pack(&keyring, given, uptime(at), &record);
    call_end(&call, 1);
    HOLD(RULE_STORE, record.length <= sizeof record.bytes, "a record of %zu bytes", record.length);
    storage_make(&record, want->origin, &image);
    runner.meaning = reference_pack(given, at);
    runner.write_end = device.write_fails ? (enum write_end)(1 + below(WRITE_ENDS - 1)) : WRITTEN;
    runner.written = now + (one_in(8) ? below(10 * SECOND) : below(50));
    device.work++;
    TRACE("a record is written to slot %u", want->slot);
}

static void ask_what_to_do(void)
{
    struct call call;
    const uint64_t at = now;
    const struct ward_time given = clock_of_platform();
    call_begin(&call, "ward_keyring_next");
    const struct ward_keyring_action want = ward_keyring_next(&keyring, given, uptime(at));
    call_end(&call, 1);
    TRACE("%s, %u ms",
          want.task == WARD_KEYRING_WAIT    ? "nothing to do"
          : want.task == WARD_KEYRING_FETCH ? "a fetch is wanted"
                                            : "a record is wanted",
          want.wait);
    reference_next(&want, given, at, runner.kept, spare_is_free(), keyring.new_come);
    device.work++;
    runner.wake = now + want.wait;
    if (want.task == WARD_KEYRING_STORE)
        begin_store(&want);
    else if (want.task == WARD_KEYRING_FETCH)
        begin_fetch();
    else if (want.wait <= 10)
        runner.wake = now + below(2 * SECOND); /* checks run: as often as it likes */
}

uint64_t runner_due(void)
{
    uint64_t due = runner.wake;
    if (runner.storing)
        due = runner.written;
    else if (runner.fetching && runner.answer.next < due)
        due = runner.answer.next;
    return due > device.asleep_until ? due : device.asleep_until;
}

void runner_run(void)
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

bool runner_is_free(void)
{
    return !runner.busy && now >= device.asleep_until;
}

void runner_stands_still(bool still)
{
    runner.busy = still;
}

bool device_stores(void)
{
    return runner.storing;
}

void runner_wake(void)
{
    runner.wake = now;
}

void runner_begin(int opened_slot)
{
    memset(&runner, 0, offsetof(struct runner, answer));
    runner.kept = opened_slot;
    runner.wake = now;
}

void runner_power_off(void)
{
    happened[REBOOT_IN_FETCH] += runner.fetching;
    happened[REBOOT_IN_STORE] += runner.storing;
    TRACE("the power fails%s%s", runner.fetching ? ", in a fetch" : "", runner.storing ? ", in a write" : "");
    if (runner.storing)
        storage_write(runner.slot, &image, &runner.meaning, one_in(3) ? WRITTEN : one_in(2) ? TORN : REFUSED);
}
