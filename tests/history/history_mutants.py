#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""history_mutants.py [--every N]: breaks ward on purpose, one way at a time, and wants the histories to notice.

Each break is compiled into the three builds in a temporary folder; the histories have to report a rule that is broken, and to replay it.
--every takes every Nth break, the same ones each time.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MAKE = (ROOT / "tests/history/history.mk").read_text()
COMMON = re.search(r"^HISTORY_COMMON := (.*)$", MAKE, re.M)[1].split()
BUILDS = {name: re.search(rf"^HISTORY_{name} +:= (.*)$", MAKE, re.M)[1].split() for name in ("large", "middle", "small")}
HISTORIES = "4000"

# What is broken: its name, the file, and what becomes what, once or more.
BREAKS = [
    ("what does not fit is left out", "src/access/gate_record.c",
     "    if (count > WARD_DENY_SLOTS)\n        gate->closed = ward_status_of(WARD_DENIALS_NOT_HELD);",
     ""),
    ("denials of another authority are taken for one's own", "src/access/gate_record.c",
     "    if (count > 0 && !same_authority)",
     "    if (count > 0 && !same_authority && false)"),
    ("a closed gate's device stores", "src/access/gate_record.c",
     "    if (gate->policy == NULL || !ward_ok(gate->closed))",
     "    if (gate->policy == NULL)",
     "        ward_keyring_hold(keyring, WARD_HELD_BY_GATE);",
     "        (void)keyring;"),
    ("nothing is held back before the gate is there", "port/service.c",
     "    ward_keyring_hold_records(keyring, true);\n",
     ""),
    ("a firmware without a gate carries nothing over", "src/state/record_write.c",
     "origin.slot < WARD_RECORD_SLOTS && (origin.sections & (uint8_t)~own) != 0;",
     "false && origin.slot < WARD_RECORD_SLOTS && (origin.sections & (uint8_t)~own) != 0;"),
    ("only known sections are carried over", "src/state/record_write.c",
     "if ((own & ward_record_bit(reader.tag)) == 0)",
     "if ((own & ward_record_bit(reader.tag)) == 0 && ward_record_bit(reader.tag) != ward_record_bit(0))"),
    ("keys of a tool replace the whole record", "src/keys/keyring_open.c",
     "open_device(keyring, &judged, device != NO_SLOT ? device : keys, work)",
     "open_device(keyring, &judged, keys != NO_SLOT ? keys : device, work)"),
    ("older keys of a tool replace later ones", "src/keys/keyring_open.c",
     "return !taken->same || taken->fetched_at > keyring->fetched_at;",
     "return true;"),
    ("a person is denied under the first name alone", "src/access/denylist.c",
     "expect->authority.length > 0 ? 1 : expect->issuers.count;",
     "1;"),
    ("some of the names are denied where not all fit", "src/access/denylist.c",
     "if (ward_ok(status) && !fits(gate, names))",
     "if (ward_ok(status) && false)"),
    ("a closed gate says that it has denied", "src/access/denylist.c",
     "    struct ward_status status = gate->closed;\n    if (ward_ok(status) && !fits",
     "    struct ward_status status = ward_status_of(WARD_OK);\n    if (ward_ok(status) && !fits"),
    ("a closed gate says that nobody was denied", "src/access/denylist.c",
     "    status = gate->closed;\n",
     ""),
    ("the authority is left out of the owner id", "src/access/owner.c",
     "return expect->authority.length > 0 ? expect->authority : issuer;",
     "return issuer;"),
    ("a denial waits for the next record", "src/access/denylist.c",
     "    if (ward_ok(status))\n        ward_gate_store_change(gate);\n    return status;\n}\n\nvoid ward_deny_all",
     "    return status;\n}\n\nvoid ward_deny_all"),
    ("a denial again makes the earlier one shorter", "src/keys/denial.c",
     "    if (issued_until > denial->issued_until)\n",
     ""),
    ("a closed gate grants", "src/access/decide.c",
     "    if (!ward_ok(check->gate->closed))\n        return check->gate->closed;",
     ""),
    ("what is cached is not asked for denials", "src/access/decide.c",
     "const struct ward_status denied = check_denials(check);",
     "const struct ward_status denied = check->hit ? status : check_denials(check);"),
    ("dropping leaves the gate closed", "src/access/deny_reset.c",
     "        gate->closed = ward_status_of(WARD_OK);\n",
     ""),
    ("dropping does not let records through again", "src/access/deny_reset.c",
     "        ward_keyring_release(gate->keyring, WARD_HELD_BY_GATE);",
     "        ;"),
    ("the audit starts again at each boot", "src/access/gate.c",
     "has_head ? head : NULL",
     "NULL"),
    ("the floor is not taken over", "src/keys/keyring_open.c",
     "    ward_clock_raise(&keyring->clock, taken->floor);\n",
     ""),
    ("a time told late stays before the floor", "src/state/clock.c",
     "    if (clock->reported != 0 && clock->reported < ward_clock_floor(clock))",
     "    if (clock->reported != 0 && false)"),
    ("an answer overrules a clock that is right", "src/state/clock.c",
     "    if (ward_clock_is_valid(clock, given))\n        return given;\n    if (clock->reported != 0)\n"
     "        return ward_time_set(clock->reported + seconds_since(clock->reported_at, uptime));",
     "    if (clock->reported != 0)\n        return ward_time_set(clock->reported + seconds_since(clock->reported_at, uptime));\n"
     "    if (ward_clock_is_valid(clock, given))\n        return given;"),
    ("a clock that lost its power is believed", "src/state/clock.c",
     "return given.trust == WARD_TIME_SET && given.seconds >= ward_clock_floor(clock);",
     "return given.trust == WARD_TIME_SET;"),
    ("an answer raises the floor of a device whose clock is right", "src/state/clock.c",
     "    if (!set && (known || twice))",
     "    if (known || twice)"),
    ("the next record goes over the newest", "src/keys/keyring_open.c",
     "    keyring->slot = (uint8_t)other;",
     "    keyring->slot = (uint8_t)slot;"),
    ("the older of two records is opened", "src/keys/keyring_open.c",
     "return ahead > 0 && ahead <= INT32_MAX ? 1 : 0;",
     "return ahead > 0 && ahead <= INT32_MAX ? 0 : 1;"),
]


def includes(*first):
    return [word for path in (*first, "include", "src", "tests/history", "tests") for word in ("-I", str(path))]


def sources():
    """Those of each build."""
    return [ROOT / "tests/history/build.c", ROOT / "tests/fleet/crypto_instant.c", ROOT / "tests/fleet/signed_instant.c", ROOT / "port/service.c",
            *(path for layer in ("encoding", "crypto", "state", "keys", "token", "access", "http") for path in (ROOT / "src" / layer).glob("*.c"))]


def compile_one(source, out, name, *first):
    subprocess.run(["gcc", "-std=c11", "-O1", "-w", "-DWARD_HOSTED=0", *COMMON, *BUILDS[name], f"-DHISTORY_BUILD={name}_build",
                    f'-DHISTORY_NAME="{name}"', *includes(*first), "-c", source, "-o", out], cwd=ROOT, check=True, timeout=120)


class Program:
    """The histories, compiled once; a break compiles one file again."""

    def __init__(self, folder):
        self.folder = folder
        self.objects = {(path, name): folder / f"{name}-{path.parent.name}-{path.stem}.o" for path in sources() for name in BUILDS}
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda item: compile_one(item[0][0], item[1], item[0][1]), self.objects.items()))

    def link(self, changed):
        made = []
        for name in BUILDS:
            made.append(self.folder / f"{name}.o")
            parts = [changed.get(key, path) for key, path in self.objects.items() if key[1] == name]
            subprocess.run(["gcc", "-r", "-nostdlib", *parts, "-o", made[-1]], check=True, timeout=120)
            subprocess.run(["objcopy", f"--keep-global-symbol={name}_build", made[-1]], check=True, timeout=120)
        own = [path for path in (*(ROOT / "tests/history").glob("*.c"), *(ROOT / "tests/schedules").glob("*.c"))
               if path.name != "build.c"]
        program = self.folder / "history"
        subprocess.run(["gcc", "-std=c11", "-O1", "-w", *includes(), *own, ROOT / "src/encoding/status_name.c", *made, "-o", program],
                       cwd=ROOT, check=True, timeout=120)
        return program

    def broken(self, file, *changes):
        """None where the text that a break is about is not there."""
        text = (ROOT / file).read_text()
        for old, new in zip(changes[::2], changes[1::2]):
            if old not in text:
                return None
            text = text.replace(old, new, 1)
        source = self.folder / "broken" / pathlib.Path(file).name
        source.parent.mkdir(exist_ok=True)
        source.write_text(text)
        changed = {}
        for name in BUILDS:
            changed[ROOT / file, name] = self.folder / "broken" / f"{name}.o"
            compile_one(source, changed[ROOT / file, name], name, (ROOT / file).parent)
        return self.link(changed)


def judge(program):
    """Whether the histories notice, and what they say."""
    if program is None:
        return False, "what it is about is not in the source any more"
    done = subprocess.run([program, "--schedules", HISTORIES], capture_output=True, text=True, timeout=120)
    found = re.search(r"^# (.*)\n# the shortest trace; again with: \S+ --seed (\d+)$", done.stdout, re.M)
    if done.returncode == 0 or not found:
        return False, "nothing was noticed"
    again = subprocess.run([program, "--seed", found[2]], capture_output=True, text=True, timeout=120)
    return again.returncode != 0 and found[1] in again.stdout, f"{found[1]} (seed {found[2]})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    chosen = BREAKS[::parser.parse_args().every]
    bad = 0
    with tempfile.TemporaryDirectory(prefix="ward-history-") as folder:
        program = Program(pathlib.Path(folder))
        for number, (name, *change) in enumerate(chosen, 1):
            good, said = judge(program.broken(*change))
            bad += not good
            print(f"# {said}\n{'ok' if good else 'not ok'} {number} - the histories notice: {name}", flush=True)
    print(f"1..{len(chosen)}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
