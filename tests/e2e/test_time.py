# SPDX-License-Identifier: Apache-2.0
"""The networked device in QEMU without a clock, with one that is wrong, and with certificates out of their time.

The firmware was built thirty days ago: that is the first floor, before which no clock counts.
"""
from flash import newest
from testbed import DAY, HOST, NOW, YEAR, Testbed, stamp, token_of

BUILT = NOW - 30 * DAY
# Two times of the issuer agree within five minutes, and raise the floor to so many seconds before the second.
TOLERANCE = 300
GOOD = token_of()
GRANTED, NO_CLOCK = (200, "OK"), (503, "CLOCK_NOT_SET")

TESTBED = Testbed("time", BUILD_TIME=BUILT)


def store(device):
    """What the device now stores, since its deny list changes."""
    device.ask("!deny nobody", "done")
    assert "reason=OK" in device.wait_for("STORED ")
    return newest(device.flash)


def tell(testbed, device, date, age=None, reason="OK"):
    """The issuer tells a time along with its keys, perhaps out of a cache. KEYS_UNDATED: the answer came, and was
    refused for its time."""
    testbed.date, testbed.age = date, age
    came = device.fetch()
    assert came == reason, (came, reason)
    last = [event for event, _ in device.audited() if event in ("KEYS_UNDATED", "KEYS_CHANGED", "FETCH_CERTIFICATE", "OK")][-1:]
    assert (last == ["KEYS_UNDATED"]) == (reason == "KEYS_UNDATED"), (last, reason)
    testbed.date, testbed.age = None, None


# ---- No clock.

def test_without_a_clock_nothing_is_granted_until_the_issuer_has_told_the_time(testbed):
    with testbed.device(clock=False) as device:
        assert device.ready()["keys"] == "0"
        assert testbed.ask(device, GOOD) == NO_CLOCK
        tell(testbed, device, None, reason="KEYS_UNDATED")
        assert testbed.ask(device, GOOD) == NO_CLOCK
        tell(testbed, device, NOW)
        store(device)
        assert testbed.ask(device, GOOD) == GRANTED
        assert testbed.ask(device, token_of(iat=NOW - 7200, exp=NOW - 3600)) == (401, "TOKEN_EXPIRED")
        events = device.audited()
        assert ("CLOCK_NOT_SET", "floor") in events and ("OK", "set") in events and ("TOKEN_EXPIRED", "set") in events, events


def test_a_restart_forgets_the_time_but_not_the_keys(testbed):
    with testbed.device(clock=False) as device:
        device.ready()
        tell(testbed, device, NOW)
        store(device)
        assert testbed.ask(device, GOOD) == GRANTED
    with testbed.device(clock=False) as device:
        assert device.ready()["keys"] == "2"
        assert testbed.ask(device, GOOD) == NO_CLOCK
        tell(testbed, device, NOW)
        assert testbed.ask(device, GOOD) == GRANTED


def test_one_time_of_the_issuer_is_no_floor_and_two_that_agree_are(testbed):
    with testbed.device(clock=False) as device:
        device.ready()
        tell(testbed, device, NOW + 2 * DAY)
        assert store(device).floor == BUILT
        tell(testbed, device, NOW + 2 * DAY + 60)
        floor = store(device).floor
        assert floor == NOW + 2 * DAY + 60 - TOLERANCE, floor - NOW
    with testbed.device(rtc=stamp(floor - 3600)) as device:
        device.ready()
        assert testbed.ask(device, GOOD) == NO_CLOCK, "a clock before the floor"
    with testbed.device(rtc=stamp(floor + 10)) as device:
        device.ready()
        assert testbed.ask(device, token_of(iat=floor - 60, exp=floor + 3600)) == GRANTED, "a clock at the floor"


def test_a_time_of_the_issuer_that_is_wrong_is_mended_by_the_next_two_without_an_age(testbed):
    with testbed.device(clock=False) as device:
        device.ready()
        tell(testbed, device, NOW + 5 * YEAR)
        for age in (None, 60, None):
            assert testbed.ask_unknown(device, GOOD) == (401, "TOKEN_EXPIRED"), age
            tell(testbed, device, NOW, age)
        assert testbed.ask_unknown(device, GOOD) == (401, "TOKEN_EXPIRED")
        assert store(device).floor == BUILT
        tell(testbed, device, NOW + 5)
        assert testbed.ask_unknown(device, GOOD) == GRANTED


def test_answers_out_of_a_cache_tell_a_time_that_is_past(testbed):
    with testbed.device(clock=False) as device:
        device.ready()
        tell(testbed, device, NOW - 3000, 3000)
        assert testbed.ask(device, token_of(iat=NOW - 3060, exp=NOW - 1000)) == GRANTED
        tell(testbed, device, NOW)
        assert testbed.ask(device, GOOD) == GRANTED
        tell(testbed, device, NOW - 3000, 3000)
        assert testbed.ask(device, GOOD) == GRANTED, "the time has gone back"


def test_no_time_of_the_issuer_overrules_a_clock_that_is_right(testbed):
    for number, (date, age) in enumerate(((NOW, 14000), (NOW + 5 * DAY, None))):
        with testbed.device(f"right{number}", rtc=stamp(NOW)) as device:
            device.ready()
            for _ in range(3):
                tell(testbed, device, date, age)
                assert testbed.ask(device, GOOD) == GRANTED
            assert store(device).floor <= NOW + 600
        with testbed.device(f"right{number}", rtc=stamp(NOW + 600)) as device:
            device.ready()
            assert testbed.ask(device, GOOD) == GRANTED, "after a restart"


def test_a_time_of_the_issuer_before_the_floor_or_twenty_years_ahead_is_not_taken(testbed):
    with testbed.device(clock=False) as device:
        device.ready()
        for date in (BUILT - DAY, BUILT + 21 * YEAR):
            tell(testbed, device, date, reason="KEYS_UNDATED")
        testbed.issuer.chain = testbed.authority.certificate("wide", f"IP:{HOST}", -60 * DAY, 40 * YEAR, "P-256")
        for date in (BUILT - DAY, BUILT + 21 * YEAR):
            tell(testbed, device, date)
            tell(testbed, device, date)
            assert testbed.ask(device, GOOD) == NO_CLOCK, date
        assert store(device).floor == BUILT


# ---- A clock that is wrong.

def test_a_clock_set_back_before_the_floor_that_was_stored_counts_as_none(testbed):
    late = token_of(iat=NOW + 2 * DAY - 60, exp=NOW + 2 * DAY + 7200)
    with testbed.device(rtc=stamp(NOW + 2 * DAY)) as device:
        device.ready()
        device.first_fetch()
        assert testbed.ask(device, late) == GRANTED
        assert newest(device.flash).floor >= NOW + 2 * DAY
    with testbed.device(rtc=stamp(NOW)) as device:
        assert device.ready()["keys"] == "2"
        assert testbed.ask(device, late) == NO_CLOCK and testbed.ask(device, GOOD) == NO_CLOCK
        tell(testbed, device, NOW)
        assert testbed.ask(device, GOOD) == NO_CLOCK, "the issuer's time is before the floor, too"
        tell(testbed, device, NOW + 2 * DAY + 600)
        assert testbed.ask(device, late) == GRANTED and testbed.ask(device, GOOD) == (401, "TOKEN_EXPIRED")
        assert store(device).floor >= NOW + 2 * DAY, "the floor has gone back"
    with testbed.device(rtc=stamp(NOW + 2 * DAY + 1200)) as device:
        device.ready()
        assert testbed.ask(device, late) == GRANTED


def test_a_clock_far_ahead_refuses_and_is_forgotten_when_nothing_was_stored_meanwhile(testbed):
    with testbed.device(rtc=stamp(NOW)) as device:
        device.ready()
        device.first_fetch()
        assert testbed.ask(device, GOOD) == GRANTED
    with testbed.device(rtc=stamp(NOW + 3 * DAY)) as device:
        device.ready()
        assert testbed.ask(device, GOOD) == (401, "TOKEN_EXPIRED")
    with testbed.device(rtc=stamp(NOW + 8 * DAY)) as device:
        device.ready()
        assert testbed.ask(device, GOOD) == (503, "KEYS_STALE")
        assert device.fetch() == "OK" and testbed.ask(device, GOOD) == (401, "TOKEN_EXPIRED")
        events = device.audited()
        assert ("KEYS_STALE", "set") in events and ("TOKEN_EXPIRED", "set") in events, events
    with testbed.device(rtc=stamp(NOW + 60)) as device:
        device.ready()
        assert testbed.ask(device, GOOD) == GRANTED


def test_a_floor_years_ahead_shuts_the_device_until_the_operator_sets_it_back(testbed):
    with testbed.device(rtc=stamp(NOW)) as device:
        device.ready()
        device.first_fetch()
    with testbed.device(rtc=stamp(NOW + 10 * YEAR)) as device:
        device.ready()
        assert testbed.ask(device, GOOD) == (503, "KEYS_STALE")
        assert device.fetch() == "FETCH_CERTIFICATE", "its time is over by then"
        assert store(device).floor >= NOW + 10 * YEAR
        assert ("FETCH_CERTIFICATE", "set") in device.audited()
    with testbed.device(rtc=stamp(NOW)) as device:
        device.ready()
        assert testbed.ask(device, GOOD)[0] == 503
        assert device.fetch() == "FETCH_CERTIFICATE", "judged at the floor"
        device.ask("!floor yesterday", "floor: seconds")
        device.ask(f"!floor {NOW - 60}", "floor set")
        device.wait_for("STORED ")
        assert testbed.ask(device, GOOD) == GRANTED
        assert abs(newest(device.flash).floor - NOW) < 60, "the set clock's time"
    with testbed.device(rtc=stamp(NOW + 60)) as device:
        device.ready()
        assert testbed.ask(device, GOOD) == GRANTED, "also after a restart"


# ---- Certificates: the end is judged by the best time that is known, the begin only by a clock that counts.

def certificates(testbed):
    """By name: chain, and what comes of a fetch with the clock set right, without a clock, and with one before the
    floor (an RTC that has lost its power)."""
    refused, undated, taken = "FETCH_CERTIFICATE", "KEYS_UNDATED", "OK"
    rows = [("over since an hour", -20 * DAY, -3600, refused, undated, undated),
            ("over before the firmware was built", -60 * DAY, -31 * DAY, refused, refused, refused),
            ("from tomorrow on", DAY, YEAR, refused, undated, undated),
            ("from an hour ago on", -3600, DAY, taken, taken, taken)]
    return [(name, testbed.authority.certificate(f"dates{number}", f"IP:{HOST}", begin, end, "P-256"), results)
            for number, (name, begin, end, *results) in enumerate(rows)]


def test_a_certificate_out_of_its_time_is_refused_as_far_as_the_time_is_known(testbed):
    rows = certificates(testbed)
    clocks = [("set", {"rtc": stamp(NOW)}), ("none", {"clock": False}), ("before the floor", {"rtc": "2000-01-01"})]
    for number, (clock, options) in enumerate(clocks):
        testbed.issuer.chain = testbed.right
        with testbed.device(f"dates{number}", **options) as device:
            device.ready()
            for name, chain, results in rows:
                testbed.issuer.chain = chain
                tell(testbed, device, NOW, reason=results[number])
            assert testbed.ask(device, GOOD) == GRANTED, clock


def test_a_certificate_that_is_refused_leaves_the_keys_and_the_time(testbed):
    over = testbed.authority.certificate("over", f"IP:{HOST}", -2 * DAY, -3600, "P-256")
    with testbed.device(rtc=stamp(NOW)) as device:
        device.ready()
        assert device.fetch() == "OK"
        testbed.issuer.chain, testbed.date = over, NOW + 5 * YEAR
        assert device.fetch() == "FETCH_CERTIFICATE"
        assert testbed.ask(device, GOOD) == GRANTED
        assert ("FETCH_CERTIFICATE", "set") in device.audited()

