/* SPDX-License-Identifier: Apache-2.0 */
#include "script.h"

#include "carrier.h"
#include "device.h"

/* How often each step is taken, in this schedule. */
enum step {
    PASS,
    PASS_LONG,
    ROTATE,
    CHANGE_ISSUER,
    SET_CLOCK,
    FLOOD,
    CHECKS,
    RESTART,
    BREAK_STORAGE,
    ROT,
    TOUCH,
    SLEEP,
    RUDE,
    LOOK,
    SIGN,
    BRING,
    STEPS
};

static unsigned weight[STEPS];
static unsigned weights;

/* Dates and clocks of half of the schedules are right or absent: then keys have an age in true time. */
static bool wrong_times;

/* In half of them there are bundles. */
static bool with_bundles;

/* One key, or two. */
static unsigned some_operators(void)
{
    return with_bundles && !one_in(12) ? 1u << below(OPERATOR_KEYS) | 1u << below(OPERATOR_KEYS) : 0;
}

static struct firmware some_firmware(void)
{
    static const uint32_t cooldowns[] = { 0, 0, 1, 2, 3, 6, 60, 600, 3600 };
    static const uint32_t stale[] = { 0, 3600, 3601, 86400, 30 * 86400 };
    struct firmware firmware = { .version = below(3),
                                 .online = !one_in(16),
                                 .cooldown = ONE_OF(cooldowns),
                                 .max_stale = ONE_OF(stale),
                                 .build_time = EPOCH - below(40000000) };
    firmware.operators = some_operators();
    firmware.alias = one_in(3);
    if (with_bundles)
        firmware.online = !one_in(3);
    firmware.has_compiled = (!firmware.online && firmware.operators == 0) || one_in(2);
    for (unsigned i = 0; firmware.has_compiled && i < 1 + below(WARD_MAX_KEYS); i++) {
        const uint16_t number = (uint16_t)(1 + i + below(2) * WARD_MAX_KEYS);
        const struct key key = { number, number };
        firmware.compiled.key[firmware.compiled.count++] = key;
    }
    return firmware;
}

static void set_clock(void)
{
    static const int64_t errors[] = { 1,         -1,         3599,     -3600,     86400,     -86400,
                                      8 * 86400, -8 * 86400, 31556952, -31556952, 640000000, INT64_C(1) << 40 };
    happened[CLOCK_JUMP]++;
    device.clock_set = !one_in(3);
    device.clock_error = wrong_times && one_in(2) ? ONE_OF(errors) : 0;
    if (device.clock_set && device.clock_error != 0)
        device.clock_was_wrong = true;
    TRACE("the clock is %s, wrong by %lld s", device.clock_set ? "set" : "unset", (long long)device.clock_error);
}

/* An RTC whose battery is empty starts again at a time of its own, and says that it is set. */
static void lose_clock(void)
{
    static const int64_t starts[] = { 0, 0, 946684800, 1 };
    happened[CLOCK_LOST]++;
    device.clock_set = !one_in(4);
    device.clock_error = ONE_OF(starts) - (int64_t)(EPOCH + now / SECOND);
    TRACE("the clock has lost its power and is %s", device.clock_set ? "set" : "unset");
}

static void restart(void)
{
    if (one_in(3))
        lose_clock();
    if (one_in(with_bundles ? 3 : 6)) {
        struct firmware next = some_firmware();
        happened[FIRMWARE_UPDATE]++;
        next.build_time = device.firmware.build_time + below(86400);
        next.build_time = next.build_time < EPOCH ? next.build_time : EPOCH;
        next.online = one_in(8) ? next.online : device.firmware.online;
        next.operators = one_in(2) ? device.firmware.operators : next.operators;
        next.has_compiled = next.has_compiled || (!next.online && next.operators == 0);
        if (next.has_compiled && next.compiled.count == 0)
            next.compiled = device.firmware.has_compiled ? device.firmware.compiled : issuer.keys;
        if (next.compiled.count > WARD_MAX_KEYS)
            next.compiled.count = WARD_MAX_KEYS;
        next.version = device.firmware.version + below(2);
        next.issuer = one_in(8) ? 1 : 0;
        device.firmware = next;
        TRACE("new firmware: version %u, compiled keys %s, issuer %u, %s, operators %x", next.version,
              keys_text(&next.compiled), next.issuer, next.online ? "online" : "never online", next.operators);
    }
    device_reboot(one_in(4) ? some_time(27) : below(3000));
}

static void flood(void)
{
    uint32_t retry_after = 0;
    const uint16_t kid = (uint16_t)below(40);
    for (unsigned asks = 1 + below(12); asks > 0; asks--) {
        const bool patient = one_in(2);
        (void)device_ask(one_in(4) ? (uint16_t)below(40) : kid, one_in(12), &retry_after);
        device_pass(now + (patient ? retry_after * (uint64_t)SECOND : some_time(12)), 30);
    }
}

static void checks(void)
{
    for (unsigned count = 1 + below(MOST_CHECKS); count > 0; count--)
        device_check_begin(one_in(4) ? some_time(20) : some_time(10));
}

static void touch(void)
{
    if (wrong_times && one_in(4)) {
        device.clock_was_wrong = true;
        device_set_floor(EPOCH + now / SECOND + below(2000000000u));
    } else if (one_in(2)) {
        device_set_floor(EPOCH + now / SECOND - below(1000));
    } else {
        device_touch();
    }
}

/* ---- Bundles. */

static void sign(void)
{
    operator_sign(carrier_room(), &device.firmware, wrong_times);
}

/* Somebody waits for a key of the issuer's, maybe one for which there is no slot. */
static void want_a_key(void)
{
    uint32_t retry_after;
    (void)device_ask(issuer.keys.key[below(issuer.keys.count)].kid, false, &retry_after);
}

static void bring(void)
{
    if (one_in(3))
        want_a_key();
    for (unsigned times = 1 + below(4); times > 0; times--) {
        const struct bundle *const bundle = carrier_bring();
        if (bundle == NULL || device_stores())
            return;
        if (device_bundle(bundle, false).code == WARD_BUNDLE_BUSY && one_in(2))
            device_pass(now + some_time(18), 30);
    }
}

static enum step some_step(void)
{
    unsigned place = below(weights);
    unsigned step = 0;
    while (place >= weight[step])
        place -= weight[step++];
    return (enum step)step;
}

static void break_storage(void)
{
    device.write_fails = one_in(2);
    TRACE("storage %s", device.write_fails ? "fails" : "works");
}

static void take(enum step step)
{
    switch (step) {
    case PASS: device_pass(now + some_time(21), 30); break;
    case PASS_LONG: device_pass(now + some_time(30), 60); break;
    case ROTATE: issuer_rotate(); break;
    case CHANGE_ISSUER:
        issuer_change(wrong_times);
        device.undisturbed = device.undisturbed > now ? device.undisturbed : now;
        break;
    case SET_CLOCK: set_clock(); break;
    case FLOOD: flood(); break;
    case CHECKS: checks(); break;
    case RESTART: restart(); break;
    case BREAK_STORAGE: break_storage(); break;
    case ROT: device_rot(below(2)); break;
    case TOUCH: touch(); break;
    case SLEEP: device_sleep(some_time(30)); break;
    case RUDE: device_rude_fetch(); break;
    case SIGN: sign(); break;
    case BRING: bring(); break;
    default: device_look(); break;
    }
}

/* ---- The end: nothing is wrong any more, and the keyring has to come to the issuer's keys. */

static void mend(void)
{
    TRACE("from now on nothing goes wrong");
    issuer.mode = UP;
    issuer.date_error = 0;
    issuer.cache = 0;
    device.write_fails = false;
    device.asleep_until = device.asleep_until < now ? device.asleep_until : now;
    device.undisturbed = now;
    device.clock_set = true;
    device.clock_error = 0;
    /* A floor that a wrong clock has raised is the operator's to set back. */
    if (device.clock_was_wrong)
        device_set_floor(EPOCH + now / SECOND);
}

/* Who waits at a lock may bring a time that is before the floor of a record stored meanwhile: such a look tells nothing. */
static bool serves_at_once(void)
{
    uint64_t before;
    bool serves;
    do {
        before = now;
        serves = device_serves();
    } while (!serves && now != before);
    return serves;
}

static void expect_keys(void)
{
    const uint64_t begun = now;
    const uint64_t end = begun + 26u * (uint64_t)HOUR;
    /* What was on its way may be older than the issuer's last rotation. */
    while ((reference.bundles.keys || reference.shown_at < begun) && now <= end)
        device_pass(end + 1, 1);
    HOLD(RULE_SETTLED, !reference.bundles.keys && reference.shown_at >= begun,
         "the issuer's keys are not in use after 26 hours");
    HOLD(RULE_SETTLED, serves_at_once(), "the issuer's keys are in use and do not serve");
}

static void expect_answer(void)
{
    const uint64_t begun = now;
    uint32_t retry_after;
    /* No issuer has a key of this kid. */
    while (device_ask(9999, false, &retry_after).code == WARD_KEY_REFRESH_PENDING && reference.left_out == 0) {
        HOLD(RULE_ANSWERED, retry_after <= 3601 + slack / SECOND, "a caller is told to come back after %u s",
             retry_after);
        HOLD(RULE_ANSWERED, now - begun <= 2u * (uint64_t)HOUR, "after two hours a caller is told to come back");
        device_pass(now + retry_after * (uint64_t)SECOND, UINT32_MAX);
    }
    HOLD(RULE_ANSWERED, true, "%s", "");
}

/* What a thief has said of the time is put right with the key that the thief has. */
static unsigned key_to_sign_with(void)
{
    unsigned key = reference.bundles.number > 0 ? reference.bundles.signer : 0;
    while ((device.firmware.operators >> key & 1u) == 0u)
        key = (key + 1) % OPERATOR_KEYS;
    return key;
}

static void expect_bundle(void)
{
    static struct bundle bundle;
    const uint64_t end = now + HOUR;
    struct ward_status status;
    operator_sign_well(&bundle, &device.firmware, key_to_sign_with());
    while (device_stores() || (status = device_bundle(&bundle, true), status.code == WARD_BUNDLE_BUSY && now <= end))
        device_pass(now + SECOND, UINT32_MAX);
    HOLD(RULE_RIGHTED, ward_ok(status), "it is refused: %u", status.code);
    /* An issuer whose clock was ahead may have had the later word. */
    HOLD(RULE_RIGHTED, reference.bundles.keys || device.firmware.online, "its keys are left aside");
    HOLD(RULE_RIGHTED, serves_at_once(), "no keys serve");
}

static void settle(void)
{
    mend();
    if (device.firmware.online)
        expect_keys();
    if (device.firmware.operators != 0)
        expect_bundle();
    expect_answer();
    device_look();
}

static void weigh(enum step step, unsigned is)
{
    weights += is - weight[step];
    weight[step] = is;
}

static void begin(uint64_t seed)
{
    static const uint32_t contentions[] = { 0, 0, 12, 4 };
    chance_begin(seed);
    now = HOUR + below(HOUR);
    wrong_times = one_in(2);
    with_bundles = one_in(2);
    device = (struct device){ .contention = ONE_OF(contentions), .clock_set = !one_in(3) };
    slack = device.contention > 0 && one_in(2) ? (uint64_t)MINUTE : 0;
    device.firmware = some_firmware();
    weights = 0;
    for (unsigned step = 0; step < STEPS; step++)
        weights += weight[step] = one_in(4) ? 0 : 1 + below(4);
    weigh(PASS, weight[PASS] + 4);
    weigh(SIGN, with_bundles ? weight[SIGN] + 2 : 0);
    weigh(BRING, with_bundles ? weight[BRING] + 2 : 0);
    issuer_begin();
    operator_begin();
    carrier_begin();
    TRACE("firmware version %u, compiled keys %s, %s, cooldown %u, max_stale %u; the issuer publishes %s",
          device.firmware.version, keys_text(&device.firmware.compiled),
          device.firmware.online ? "online" : "never online", device.firmware.cooldown, device.firmware.max_stale,
          keys_text(&issuer.keys));
    device_begin();
}

void script_run(uint64_t seed)
{
    begin(seed);
    for (unsigned steps = 4 + below(48); steps > 0; steps--)
        take(some_step());
    settle();
}
