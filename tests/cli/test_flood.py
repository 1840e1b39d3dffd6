# SPDX-License-Identifier: Apache-2.0
"""What each attack on the budget of signature checks costs, and whom it keeps out, by `ward check --requests`.

The table that is printed is the one from which the defaults were chosen. A signature check is 1.49 million instructions
on a Cortex-M3 (tests/qemu/hit.py): one a second is 6 % of a board of 25 million a second.
"""
import re

from ward_command import USUAL, new_folder, ward
from tokens import NOW, payload, token

FOLDER = new_folder()
ROUTES = FOLDER / "routes"
ROUTES.write_text("GET /attack WARD_AUTHENTICATED\nGET /old WARD_AUTHENTICATED\nGET /user WARD_AUTHENTICATED\nGET /holder WARD_AUTHENTICATED\n")

USERS = 30
TOKENS = [token(payload(sub=f"auth0|{number}", exp=NOW + 86400)) for number in range(USERS)]
FORGED = TOKENS[0][:-4] + ("AAAA" if TOKENS[0][-4:] != "AAAA" else "BBBB")
EXPIRED = [token(payload(sub=f"auth0|{number}", exp=NOW - 3600)) for number in range(3)]
NAMES = [f"token old{number} {text}" for number, text in enumerate(EXPIRED)] + [f"token t{number} {text}" for number, text in enumerate(TOKENS)] + [f"token forged {FORGED}"]

# What of `signature_rate` (1/1/8) one stranger may, and what one known peer has: the defaults, and what else was thought of.
DEFAULT = ()
ALL_OF_IT = ("--signature-rate-per-peer", "1/1/8")
QUARTER = ("--signature-rate-per-peer", "1/4/4")
SIXTEENTH = ("--signature-rate-per-peer", "1/16/2")
RESERVES = (("1", ("--signature-reserve", "1/8/1")), ("2", ("--signature-reserve", "1/8/2")), ("4 (default)", DEFAULT))
CHOICES = (("all of it (as it was)", ALL_OF_IT), ("a quarter", QUARTER), ("an eighth (default)", DEFAULT), ("a sixteenth", SIXTEENTH))


def address(kind, number):
    return f"10.{kind}.{number // 256 % 256}.{number % 256}"


ATTACKER, USER, HOLDER, CROWD = 1, 2, 3, 4


def attack(seconds, count, kind=ATTACKER, rate=5, first=0):
    """So many addresses, each with `rate` forged tokens a second."""
    return [(first + second + step / rate, f"GET /attack bearer=forged peer={address(kind, number)}")
            for second in range(seconds) for step in range(rate) for number in range(count)]


def crowd(seconds, rate=20):
    """Forged tokens from ever other addresses."""
    return [(second + step / rate, f"GET /attack bearer=forged peer={address(CROWD, second * rate + step)}")
            for second in range(seconds) for step in range(rate)]


def newcomers(seconds, count=USERS):
    """Users that the device has not seen, each from an address of its own."""
    return [(10.5 + number * (seconds - 10) / count, f"GET /user bearer=t{number} peer={address(USER, number)}") for number in range(count)]


def holders(seconds, count, first=1, every=5, where=lambda number: number):
    """Users with a token each, who come back again and again."""
    return [(first + second + number / 100, f"GET /holder bearer=t{number} peer={address(HOLDER, where(number))}")
            for second in range(0, seconds - first, every) for number in range(count)]


def run(events, words=DEFAULT):
    """Served of all users, served of all holders, and how many forged signatures were checked."""
    lines = NAMES + [f"{NOW + int(time)}.{int(round(time % 1 * 1000)) % 1000:03} {line}" for time, line in sorted(events, key=lambda event: event[0])]
    result = ward("check", "--routes", ROUTES, *USUAL, *words, "--requests", "-", stdin="\n".join(lines).encode())
    assert result.returncode == 0 and result.stderr == b"", result.stderr
    seen = re.findall(r"^\S+ GET /(\w+) \d+ (\w+)", result.stdout.decode(), re.M)
    assert len(seen) == len(events)
    assert {what for who, what in seen if who == "attack"} <= {"SIGNATURE_INVALID", "SIGNATURE_BUDGET_SPENT"}, set(seen)

    def of(who):
        answers = [what for name, what in seen if name == who]
        assert set(answers) <= {"OK", "SIGNATURE_BUDGET_SPENT"}, set(answers)
        return answers.count("OK"), len(answers)
    return of("user"), of("holder"), seen.count(("attack", "SIGNATURE_INVALID"))


def show(what, users, holding, checks, seconds):
    told = [f"{name} {served} of {count}" for name, (served, count) in (("new users served", users), ("holders' requests served", holding)) if count]
    print(f"## {what}: {', '.join(told)}; {checks / seconds:.2f} forged signatures checked a second, {checks / seconds * 149 / 25:.0f} % of 25 MIPS")


def test_one_address_with_five_a_second_keeps_nobody_out_for_an_hour():
    users, _, checks = run(attack(3600, 1) + newcomers(3600))
    show("one address, an hour", users, (0, 0), checks, 3600)
    assert users == (USERS, USERS)
    assert checks <= 2 + 3600 / 8


def test_what_a_few_addresses_can_do_by_what_one_stranger_may():
    for name, words in CHOICES:
        for count in (1, 2, 4, 7, 10, 20):
            users, _, checks = run(attack(600, count) + newcomers(600), words)
            show(f"one stranger may {name}; {count} addresses", users, (0, 0), checks, 600)
            assert checks <= 8 + 600
            if words == DEFAULT and count <= 4:
                assert users == (USERS, USERS), users
            if words == DEFAULT and count <= 7:
                assert users[0] >= 0.9 * USERS, users


def test_holders_are_served_in_a_flood_from_any_number_of_addresses():
    for name, where in (("of their own", lambda number: number), ("that they share", lambda number: 0)):
        for count in (9, 30):
            before = holders(4, count, first=1, where=where)
            during = [(time + 10, line) for time, line in holders(120, count, where=where)]
            flood = [(time + 8, line) for time, line in crowd(120)]
            users, holding, checks = run(before + during + flood + newcomers(120, 10))
            show(f"a flood, {count} holders at addresses {name}", users, holding, checks, 120)
            assert holding[0] == holding[1], holding


def test_a_holder_whose_token_has_run_out_is_served_with_the_next_one_in_a_flood():
    """Up to three at one address, at the same time: what the old token costs is paid by the reserve."""
    for people in (1, 3):
        for burst, words in RESERVES:
            before = holders(4, people, where=lambda number: 0)
            old = [(70 + number / 100, f"GET /old bearer=old{number} peer={address(HOLDER, 0)}") for number in range(people)]
            new = [(70.5 + number / 100, f"GET /user bearer=t{10 + number} peer={address(HOLDER, 0)}") for number in range(people)]
            users, _, checks = run(before + old + new + crowd(80), words)
            show(f"a flood, {people} behind one address renew their tokens, a reserve of {burst}", users, (0, 0), checks, 80)
            if words == DEFAULT:
                assert users == (people, people), users


def test_a_holder_whose_address_attacks_harms_those_at_that_address_only():
    where = lambda number: 0 if number < 5 else number  # noqa: E731
    before = holders(4, 10, where=where)
    during = [(time + 10, line) for time, line in holders(120, 10, where=where)]
    flood = attack(120, 1, kind=HOLDER, first=8)
    _, _, checks = run(before + flood)
    assert checks <= 4 + 120 / 8 + 2 + 120 / 8 + 1, checks
    only_others = [(time, line) for time, line in before + during if not line.endswith(address(HOLDER, 0))]
    users, holding, checks = run(only_others + flood + newcomers(120, 20))
    show("a holder's address attacks, all others", users, holding, checks, 120)
    assert holding[0] == holding[1] and users == (20, 20)


def test_whoever_was_granted_tokens_at_many_addresses_is_bounded_too():
    for count in (4, 8, 40):
        before = [(1 + number / 10, f"GET /holder bearer=t{number % USERS} peer={address(ATTACKER, number)}") for number in range(count)]
        _, holding, checks = run(before + attack(600, count, first=60))
        show(f"{count} addresses that a token was granted to attack", (0, 0), holding, checks, 600)
        assert checks <= 8 + 8 * 4 + 600 * (1 + 1), checks
        assert holding == (count, count), holding


def test_after_a_restart_everybody_is_a_stranger():
    for when in (10, 70):
        for count in (1, 4, 7):
            at_once = [(when + number / 100, f"GET /user bearer=t{number} peer={address(USER, number)}") for number in range(USERS)]
            users, _, checks = run(attack(when + 10, count) + at_once)
            show(f"{USERS} users at once {when} s after a restart, {count} addresses attack", users, (0, 0), checks, when + 10)
            if count <= 4 or when > 60:
                assert users == (USERS, USERS), users
