/* SPDX-License-Identifier: Apache-2.0 */
#include "script.h"

#include <string.h>

#include "rules.h"
#include "reference.h"
#include "token.h"

static const struct build *const builds[] = { &large_build, &middle_build, &small_build };

/* In half of the histories all dates are times that are past, and no clock is ahead. */
static bool honest;

static uint64_t last_floor;

static const char *name_of(uint32_t code)
{
    return ward_status_name(ward_status_of((enum ward_code)code));
}

/* ---- What must be so at any time. */

static bool clock_is_right(uint64_t floor)
{
    const struct ward_time clock = world_clock();
    return clock.trust == WARD_TIME_SET && clock.seconds >= floor;
}

static struct view look(void)
{
    struct view view;
    reference.build->view(&view);
    HOLD(RULE_FLOOR, view.floor >= last_floor, "the floor went back from %llu to %llu", (unsigned long long)last_floor,
         (unsigned long long)view.floor);
    last_floor = view.floor;
    if (clock_is_right(view.floor))
        HOLD(RULE_CLOCK, view.time.trust == WARD_TIME_SET && view.time.seconds == world_clock().seconds,
             "the time is not the clock's");
    if (view.time.trust == WARD_TIME_SET)
        HOLD(RULE_CLOCK, view.time.seconds >= view.floor, "a time before the floor");
    if (honest)
        HOLD(RULE_CLOCK, view.time.seconds <= world.seconds && view.floor <= world.seconds,
             "a time that has not come yet");
    return view;
}

static void judge_answer(struct ward_status status, const struct view *view, bool expected, bool denied)
{
    const bool granted = ward_ok(status);
    HOLD(RULE_DENIED, !granted || !denied, "granted");
    if (reference.closed != WARD_OK)
        HOLD(RULE_CLOSED, status.code == reference.closed, "%s where the gate is closed for %s",
             ward_status_name(status), name_of(reference.closed));
    else if (view->time.trust != WARD_TIME_SET)
        HOLD(RULE_CLOCK, !granted, "granted without a clock");
    else if (ward_ok(view->ready) && expected)
        HOLD(RULE_SERVED, status.code == (denied ? WARD_SUBJECT_DENIED : WARD_OK), "%s", ward_status_name(status));
    else
        HOLD(RULE_SERVED, !granted, "granted to another issuer's");
}

static uint64_t some_issued(unsigned name, unsigned person, uint64_t now)
{
    const uint64_t until = reference.now.until[name][person];
    const uint64_t all_until = reference.now.all_until;
    const uint64_t some[] = { now, now, until, until + 1, all_until, all_until + 1, now - 1000 };
    const uint64_t issued = ONE_OF(some);
    return issued == 0 || issued > now ? now : issued;
}

static void ask(unsigned issuer, unsigned person)
{
    static char token[LONGEST_TOKEN];
    const struct view view = look();
    const unsigned name = reference_name(issuer);
    const uint64_t issued = some_issued(name, person, view.time.seconds);
    const bool denied = reference_denied(name, person, issued);
    const struct wish wish = { view.keys[0] != '\0' ? view.keys[below((uint32_t)strlen(view.keys))] : 'a',
                               issuer_name[issuer], person_name[person], issued, view.time.seconds + 3600 };
    const size_t length = token_write(&wish, token);
    const struct ward_status status = reference.build->ask(token, length);
    TRACE("%s under %s: %s%s", wish.subject, wish.issuer, ward_status_name(status), denied ? ", denied" : "");
    happened[REFUSED_UNDER_OTHER_NAME] += issuer > 0 && status.code == WARD_SUBJECT_DENIED;
    judge_answer(status, &view, (reference.setting.issuers >> issuer & 1u) != 0, denied);
}

static void ask_some(void)
{
    for (unsigned count = 1 + below(4); count > 0; count--)
        ask(below(ISSUERS), below(PEOPLE));
}

/* ---- Boots. */

static void boot(enum opener opener)
{
    happened[BOOTS]++;
    happened[WITHOUT_GATE] += opener == KEYRING_ONLY;
    world.uptime = one_in(4) ? UINT32_MAX - below(100000) : below(5000);
    reference.opener = opener;
    reference.provisions = false;
    /* A boot writes nothing before its gate is there: whatever it finds closes it then. */
    reference.closed = opener == DEVICE ? WARD_DENIALS_NOT_HELD : WARD_OK;
    const struct ward_status status = reference.build->boot(&reference.setting, opener);
    TRACE("%s build, issuers %u, authority %u, %s: %s", reference.build->name, reference.setting.issuers,
          reference.setting.authority,
          opener == DEVICE ? "a device"
          : opener == TOOL ? "a tool"
                           : "without a gate",
          ward_status_name(status));
    reference_boot(status);
    last_floor = 0;
    (void)look();
}

static void lose_clock(void)
{
    static const int64_t starts[] = { 0, 0, 946684800, 1 };
    happened[CLOCK_LOST]++;
    world.clock_set = !one_in(4);
    world.clock_error = ONE_OF(starts) - (int64_t)world.seconds;
    TRACE("the clock has lost its power");
}

static void change_firmware(void)
{
    const struct setting before = reference.setting;
    const struct build *const old = reference.build;
    if (one_in(2))
        reference.build = ONE_OF(builds);
    if (one_in(4))
        reference.setting.issuers = 1 + below(3);
    if (one_in(5))
        reference.setting.authority = below(AUTHORITIES);
    happened[OTHER_BUILD] += reference.build != old;
    happened[OTHER_ISSUERS] += reference.setting.issuers != before.issuers;
    happened[OTHER_AUTHORITY] += reference.setting.authority != before.authority;
}

static void reboot(void)
{
    world_pass(1 + below(one_in(4) ? 2000000 : 100));
    if (one_in(4))
        lose_clock();
    if (one_in(2))
        change_firmware();
    boot(DEVICE);
}

/* ---- The operator. */

static uint64_t some_until(void)
{
    const uint64_t now = look().time.seconds;
    const uint64_t some[] = { UINT64_MAX, UINT64_MAX, now, now - 500, 5 };
    return ONE_OF(some);
}

static void deny(void)
{
    const unsigned person = below(PEOPLE);
    const uint64_t until = some_until();
    const unsigned name = below(NAMES);
    const bool all_names = !one_in(3);
    const unsigned names = all_names ? reference_names() : 1u << name;
    const uint32_t expected = reference_deny(names, person, until);
    const char *const of = name < ISSUERS ? issuer_name[name] : authority_name[name - ISSUERS + 1];
    const struct ward_status status = all_names ? reference.build->deny_person(person_name[person], until)
                                                : reference.build->deny_name(of, person_name[person], until);
    TRACE("deny %s under the names %x: %s", person_name[person], names, ward_status_name(status));
    happened[DENIED_TWICE_NAMED] += names == 3 && expected == WARD_OK;
    HOLD(RULE_FULL, status.code == expected, "%s instead of %s", ward_status_name(status), name_of(expected));
}

static void undeny(void)
{
    const unsigned person = below(PEOPLE);
    const unsigned name = below(NAMES);
    const bool all_names = !one_in(3);
    const uint32_t closed = reference.closed;
    const bool expected = reference_undeny(all_names ? reference_names() : 1u << name, person);
    const char *const of = name < ISSUERS ? issuer_name[name] : authority_name[name - ISSUERS + 1];
    bool was_denied = false;
    struct ward_status status = ward_status_of(closed);
    if (all_names)
        status = reference.build->undeny_person(person_name[person], &was_denied);
    else
        was_denied = reference.build->undeny_name(of, person_name[person]);
    TRACE("take %s off: %s", person_name[person], was_denied ? "was denied" : "was not");
    HOLD(RULE_FULL, was_denied == expected && status.code == closed, "taken off: %d, %s", was_denied,
         ward_status_name(status));
}

static void deny_all(void)
{
    const uint64_t until = one_in(2) ? 0 : some_until() / 2 > INT64_MAX / 2 ? world.seconds : some_until();
    if (one_in(3)) {
        const uint64_t time = until > world.seconds ? world.seconds : until;
        reference.build->deny_all(time);
        reference.now.all_until = time > reference.now.all_until ? time : reference.now.all_until;
    } else {
        reference.build->deny_all_until(until > world.seconds ? 0 : until);
        reference.now.all_until = until > world.seconds ? 0 : until;
    }
    TRACE("all are denied until %llu", (unsigned long long)reference.now.all_until);
}

static void drop(void)
{
    const struct ward_status status = reference.build->drop();
    TRACE("drop: %s", ward_status_name(status));
    happened[DROPPED]++;
    HOLD(RULE_CLOSED, ward_ok(status), "what could not be held cannot be dropped: %s", ward_status_name(status));
    reference_drop();
}

static void set_floor(void)
{
    const uint64_t floor = honest ? world.seconds - below(100000) : world.seconds + below(100000000) - 50000000u;
    reference.build->set_floor(floor);
    last_floor = 0;
    TRACE("the operator sets the floor to %llu", (unsigned long long)floor);
}

/* ---- The issuer, and the cache before it. */

static uint64_t some_date(bool *aged)
{
    static const int64_t errors[] = { 1, -1, 200, 86400, -86400, 31556952, -31556952, 400000000 };
    const uint64_t now = world.seconds;
    const uint32_t age = 1 + below(one_in(2) ? 90000 : 300);
    *aged = false;
    switch (below(honest ? 4 : 5)) {
    case 0: return 0;
    case 1: return now;
    case 2: /* a cache that renews the Date, and tells the age */
        *aged = true;
        happened[CACHED_DATE]++;
        return now;
    case 3: /* one that keeps it, and one that does not tell */
        *aged = one_in(2);
        happened[CACHED_DATE]++;
        return now - age;
    default: return (uint64_t)((int64_t)now + ONE_OF(errors));
    }
}

static void fetch(void)
{
    char letters[MOST_KEYS + 1] = "";
    bool aged;
    const unsigned count = 1 + below(6);
    const unsigned first = below(8);
    for (unsigned i = 0; i < count; i++)
        letters[i] = (char)('a' + (first + i) % 8);
    const struct view before = look();
    const uint64_t date = some_date(&aged);
    const struct ward_status status = reference.build->fetch(letters, date, aged);
    TRACE("a fetch of %s, Date %lld s off%s: %s", letters, date == 0 ? 0 : (long long)(date - world.seconds),
          aged ? ", aged" : "", ward_status_name(status));
    const struct view after = look();
    HOLD(RULE_KEYS, ward_ok(status) && are_letters(after.keys, letters), "keys %s of %s", after.keys, letters);
    if (clock_is_right(before.floor))
        HOLD(RULE_FLOOR, after.floor == before.floor, "an answer has moved the floor");
}

/* ---- Tools. */

static void use_tool(void)
{
    const struct build *const firmware = reference.build;
    reference.build = ONE_OF(builds);
    boot(TOOL);
    (void)reference.build->fetch(one_in(2) ? "xy" : "abcx", 0, false);
    const int newest = reference_newest();
    reference.provisions = one_in(2);
    happened[TOOL_WROTE]++;
    /* A record of keys on a new device goes into the first slot. */
    const unsigned older = newest < 0 || reference.slot[newest].of_keys ? 0 : (unsigned)(1 - newest);
    const struct ward_status status = reference.provisions ? reference.build->provision(older)
                                                           : reference.build->store_keys();
    TRACE("the tool writes%s: %s", reference.provisions ? " a record of keys" : "", ward_status_name(status));
    reference.build = firmware;
}

static void use_keyring_only(void)
{
    boot(KEYRING_ONLY);
    if (one_in(2))
        fetch();
    world_pass(one_in(2) ? 100 : 90000);
    reference.build->run();
}

static void leave_device(void)
{
    if (one_in(2))
        use_tool();
    else
        use_keyring_only();
    world_pass(1);
    boot(DEVICE);
}

/* ---- Events. */

static void set_clock(void)
{
    static const int64_t errors[] = { 100, -100, 86400 * 30, -86400 * 30, 86400 * 400, -86400 * 400 };
    world.clock_set = !one_in(4);
    world.clock_error = honest ? (one_in(3) ? -(int64_t)below(40000000) : 0) : one_in(2) ? 0 : ONE_OF(errors);
    TRACE("the clock is %s, %lld s off", world.clock_set ? "set" : "unset", (long long)world.clock_error);
}

static void happen(void)
{
    switch (below(14)) {
    case 0:
    case 1:
    case 2:
    case 3: deny(); break;
    case 4: undeny(); break;
    case 5: deny_all(); break;
    case 6:
        if (reference.closed != WARD_OK || one_in(8))
            drop();
        break;
    case 7:
        if (one_in(3))
            set_floor();
        break;
    case 8:
    case 9: fetch(); break;
    case 10: set_clock(); break;
    case 11: world_pass(below(one_in(4) ? 200000 : 2000)); break;
    case 12: leave_device(); break;
    default: reboot(); break;
    }
}

/* The power fails somewhere in the event, where it writes; else once it is over. */
static void happen_in_the_dark(void)
{
    const struct build *const firmware = reference.build;
    world.cuts = true;
    world.cut_after = below(1800);
    if (setjmp(power_failed) == 0) {
        happen();
        reference.build->run();
    } else {
        happened[CUTS_IN_A_WRITE]++;
        TRACE("the power fails");
        reference.build = firmware;
    }
    world.cuts = false;
    boot(DEVICE);
}

/* What could not be written is tried again after ten minutes. */
static void happen_on_a_bad_day(void)
{
    world.write_fails = true;
    happen();
    reference.build->run();
    world.write_fails = false;
    world_pass(601);
}

static void step(void)
{
    switch (below(8)) {
    case 0: happen_in_the_dark(); break;
    case 1: happen_on_a_bad_day(); break;
    default: happen(); break;
    }
    world_pass(1);
    reference.build->run();
    if (reference.closed == WARD_OK)
        HOLD(RULE_AT_ONCE, reference_is_stored(), "a denial is not stored when there is nothing more to do");
    ask_some();
}

/* ---- The end. */

static void come_back(void)
{
    const int newest = reference_newest();
    const unsigned stored = newest < 0 ? 0 : reference_count(&reference.slot[newest]);
    reference.build = &large_build;
    reference.setting.issuers = 3;
    if (newest >= 0 && reference.slot[newest].gate)
        reference.setting.authority = reference.slot[newest].authority;
    world.clock_set = true;
    world.clock_error = 0;
    boot(DEVICE);
    struct view view;
    large_build.view(&view);
    HOLD(RULE_BACK, ward_ok(view.closed) && view.denials == stored, "%zu of %u denials are back", view.denials, stored);
    reference.build->set_floor(BUILT);
    last_floor = 0;
    fetch();
    for (unsigned person = 0; person < PEOPLE; person++)
        for (unsigned issuer = 0; issuer < ISSUERS; issuer++)
            ask(issuer, person);
}

static void inherit(void)
{
    reference.opener = TOOL;
    (void)reference.build->boot(&reference.setting, TOOL);
    if (!ward_ok(reference.build->inherit(foreign_section, FOREIGN)))
        rule_broken(RULE_TOOL, "a record of another build cannot be written");
    reference.foreign = true;
    reference.by_other = true;
}

void script_run(uint64_t seed)
{
    chance_begin(seed);
    world_begin();
    reference_begin();
    honest = one_in(2);
    reference.build = ONE_OF(builds);
    reference.setting = (struct setting){ 1 + below(3), one_in(2) ? 0 : below(AUTHORITIES) };
    last_floor = 0;
    if (one_in(4))
        inherit();
    boot(DEVICE);
    fetch();
    for (unsigned steps = 4 + below(40); steps > 0; steps--)
        step();
    come_back();
}
