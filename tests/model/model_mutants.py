#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""model_mutants.py [--every N]: breaks the keyring on purpose, one way at a time, and wants the model to notice.

Each break is compiled into a model of its own in a temporary folder; the model has to report a rule that is broken, and to replay it.
--every takes every Nth break, the same ones each time.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# A backend without signatures: what would call it is left out.
GC = ["-ffunction-sections", "-Wl,--gc-sections"]
LIMITS = re.findall(r"-D\S+", (ROOT / "tests/model/model.mk").read_text())
SCHEDULES = "30000"

# What is broken: its name, the file, and what becomes what.
BREAKS = [
    ("swap on a failed fetch", "src/keys/keyring_fetch.c",
     "    schedule_failure(keyring, answer->retry_after, serves, uptime);",
     "    put_in_use(keyring, ward_keyring_spare(keyring), uptime);\n    schedule_failure(keyring, answer->retry_after, serves, uptime);"),
    ("status of the platform ignored", "src/keys/keyring_fetch.c",
     "    return ward_ok(status) ? read : status;\n}",
     "    return read;\n}"),
    ("no cooldown on failure", "src/keys/keyring_fetch.c",
     "asked ? ward_keyring_cooldown(keyring)",
     "asked && ward_ok(status) ? ward_keyring_cooldown(keyring)"),
    ("back-off not capped", "src/keys/keyring_fetch.c",
     "i < keyring->failures && wait < LONGEST_BACK_OFF; i++)\n        wait *= 2;\n    if (wait > LONGEST_BACK_OFF)\n        wait = LONGEST_BACK_OFF;",
     "i < keyring->failures && i < 10; i++)\n        wait *= 2;"),
    ("back-off never doubles", "src/keys/keyring_fetch.c",
     "        wait *= 2;",
     "        wait *= 1;"),
    ("max-age not clamped above", "src/keys/keyring_fetch.c",
     "    if (age > LONGEST_MAX_AGE)\n        age = LONGEST_MAX_AGE;",
     ""),
    ("max-age not clamped below", "src/keys/keyring_fetch.c",
     "    if (age < SHORTEST_MAX_AGE)\n        age = SHORTEST_MAX_AGE;",
     "    if (age == 0)\n        age = 1;"),
    ("running checks ignored", "src/keys/keyring.c",
     "    return *ward_keyring_running(keyring, ward_keyring_spare(keyring)) == 0;",
     "    (void)keyring;\n    return true;"),
    ("a key that is gone counts", "src/keys/keyring.c",
     "held = ward_key_equal(&keyring->set->key[i], key);",
     "held = ward_text_equal(ward_key_kid(&keyring->set->key[i]), ward_key_kid(key));"),
    ("running checks ignored by begin", "src/keys/keyring_fetch.c",
     "start_running(keyring, *ward_keyring_running(keyring, spare) == 0);",
     "start_running(keyring, true);"),
    ("a record is never wanted", "src/keys/keyring.c",
     "        return false;\n    if (keyring->change == WARD_CHANGE_NOW",
     "        return false;\n    if (true)\n        return false;\n    if (keyring->change == WARD_CHANGE_NOW"),
    ("never stale", "src/keys/keyring.c",
     "now.seconds - since > max_stale)",
     "now.seconds - since > max_stale && max_stale == 0)"),
    ("jitter's sign", "src/keys/keyring.c",
     "wait - keyring->random % spread",
     "wait + keyring->random % spread"),
    ("retry-after ignored", "src/keys/keyring_fetch.c",
     "    const uint32_t pause = pause_of(retry_after);\n    uint32_t wait",
     "    const uint32_t pause = pause_of(retry_after) * 0;\n    uint32_t wait"),
    ("retry-after not capped", "src/keys/keyring_fetch.c",
     "return retry_after < LONGEST_BACK_OFF / WARD_SECOND ?",
     "return retry_after < 4000000 ?"),
    ("asked is not cleared on failure", "src/keys/keyring_fetch.c",
     "    keyring->refresh_state = WARD_REFRESH_IDLE;\n    keyring->answered",
     "    if (ward_ok(status))\n        keyring->refresh_state = WARD_REFRESH_IDLE;\n    keyring->answered"),
    ("fetching is not cleared", "src/keys/keyring_fetch.c",
     "    start_running(keyring, false);\n    if (ward_ok(status))\n        succeed(",
     "    if (ward_ok(status))\n        succeed("),
    ("the slot is not changed", "src/keys/keyring.c",
     "        keyring->slot = keyring->slot == 0 ? 1 : 0;\n        ward_timer",
     "        ward_timer"),
    ("opening does not change the slot", "src/keys/keyring_open.c",
     "    keyring->slot = (uint8_t)other;",
     "    keyring->slot = (uint8_t)slot;"),
    ("a failed write is forgotten", "src/keys/keyring.c",
     "        ward_keyring_note_change(keyring, WARD_CHANGE_LATER);\n        ward_timer_start(&keyring->store, uptime, STORE_RETRY);",
     "        ward_timer_start(&keyring->store, uptime, STORE_RETRY);"),
    ("older compiled keys beat stored ones", "src/keys/keyring_open.c",
     "taken->version < keyring->config->compiled_version",
     "taken->version <= keyring->config->compiled_version"),
    ("another issuer's keys are taken over", "src/keys/keyring_record.c",
     "    taken->same = ward_bundle_get_source(keyring, reader, taken) && same_issuer;",
     "    taken->same = ward_bundle_get_source(keyring, reader, taken) || same_issuer || true;"),
    ("a reboot makes keys fresh", "src/keys/keyring_open.c",
     "    keyring->fetched_at = taken->fetched_at;",
     "    keyring->fetched_at = taken->fetched_at > 0 ? keyring->clock.floor : 0;"),
    ("the clock's mending is left out", "src/keys/keyring.c",
     "        keyring->fetched_at = now.seconds;\n    ward_keyring_see",
     "        (void)now;\n    ward_keyring_see"),
    ("compiled keys never become stale", "src/keys/keyring_age.c",
     "return has_compiled_age(keyring) ? keyring->seen_at : keyring->fetched_at;",
     "return keyring->fetched_at;"),
    ("a reboot makes compiled keys new", "src/keys/keyring_open.c",
     "        keyring->seen_at = taken->seen_at;",
     "        keyring->seen_at = 0;"),
    ("the first time a clock was set is forgotten", "src/keys/keyring_age.c",
     "keyring->seen_at > 0 && keyring->seen_at <= now.seconds",
     "keyring->seen_at > 0 && now.seconds == 0"),
    ("no early fetch without a clock", "src/keys/keyring.c",
     "!serves && !keyring->fetches_soon &&",
     "false &&"),
    ("an early fetch again and again", "src/keys/keyring.c",
     "!serves && !keyring->fetches_soon &&",
     "!serves &&"),
    ("a lock is not given back", "src/keys/keyring.c",
     "    *retry_after = ask(keyring, kid, uptime);\n    ward_unlock(&keyring->config->hooks);",
     "    *retry_after = ask(keyring, kid, uptime);\n    if (*retry_after != 17)\n        ward_unlock(&keyring->config->hooks);"),
    ("a lock is not taken", "src/keys/keyring.c",
     "    ward_lock(&keyring->config->hooks);\n    ward_keyring_note_change(keyring, WARD_CHANGE_NOW);\n    ward_unlock(&keyring->config->hooks);",
     "    ward_keyring_note_change(keyring, WARD_CHANGE_NOW);"),
    ("no allowance for a late uptime", "src/state/uptime.h",
     "return passed > UINT32_MAX - WARD_UPTIME_LATE ? 0 : passed;",
     "return passed;"),
    ("a single Date raises the floor", "src/state/clock.c",
     "    if (!set && (known || twice))\n",
     "    if (!set)\n"),
    ("a Date overrules a clock that is right", "src/state/clock.c",
     "    if (!set && (known || twice))\n",
     "    if (known || twice)\n"),
    ("the time told goes back to any Date", "src/state/clock.c",
     "date->seconds > clock->reported || twice",
     "true"),
    ("a cache takes the time back", "src/state/clock.c",
     "!date->aged && agrees(date->seconds, clock->fresh)",
     "agrees(date->seconds, clock->fresh)"),
    ("an expired certificate's Date sets the clock", "src/keys/keyring_fetch.c",
     "answer->date >= answer->valid_from && answer->date <= answer->valid_until",
     "answer->date >= answer->valid_from"),
    ("a time told late stays before the floor", "src/state/clock.c",
     "    if (clock->reported != 0 && clock->reported < ward_clock_floor(clock))",
     "    if (clock->reported != 0 && false)"),
    ("a clock that lost its power is believed", "src/state/clock.c",
     "return given.trust == WARD_TIME_SET && given.seconds >= ward_clock_floor(clock);",
     "return given.trust == WARD_TIME_SET;"),
    ("the clock's floor is not bounded", "src/state/clock.c",
     "    const uint64_t floor = seconds < clock->latest ? seconds : clock->latest;",
     "    const uint64_t floor = seconds;"),
    ("the wanted kid is forgotten", "src/keys/keyring_fetch.c",
     "{ .wanted = keyring->wanted,",
     "{ .wanted = { 0 },"),
    ("keys there already are not preferred", "src/keys/keyring_fetch.c",
     "ward_jwks_begin(&keyring->reader, ward_keyring_spare(keyring), keyring->set,",
     "ward_jwks_begin(&keyring->reader, ward_keyring_spare(keyring), ward_keyring_spare(keyring),"),
    ("keys in use give way", "src/keys/keyring_fetch.c",
     ".in_use = in_use,",
     ".in_use = 0,"),
    ("a key in use since the fetch began gives way", "src/keys/keyring_fetch.c",
     "    keep_in_use(keyring, set);\n",
     ""),
    ("a key is in use for half a day", "src/keys/keyring.c",
     "    keyring->active[1] = keyring->active[0];",
     "    keyring->active[1] = 0;"),
    ("each new key is written at once", "src/keys/keyring.c",
     "NEW_KEYS_APART = WARD_HOUR",
     "NEW_KEYS_APART = 1"),
    ("a removed key waits for its record", "src/keys/keyring_fetch.c",
     "    if (is_stored)\n",
     "    if (is_stored && false)\n"),
    ("of a set that did not fit a kid is unknown", "src/keys/keyring.c",
     "keyring->answered && keyring->left_out == 0",
     "keyring->answered"),
    ("used marks do not survive a swap", "src/keys/keyring_fetch.c",
     "keyring->used = ward_keyring_carry_used(keyring->set, keyring->used, set);",
     "keyring->used = 0;"),
    ("cooldown compares uptimes without wrap", "src/keys/timer.h",
     "const uint32_t passed = ward_uptime_passed(timer->since, uptime);",
     "const uint32_t passed = uptime > timer->since ? uptime - timer->since : 0;"),
]


def build(folder, file=None, old=None, new=None):
    """A model, with one file broken; None where the text that a break is about is not there."""
    sources = [*ROOT.glob("tests/model/*.c"), *ROOT.glob("tests/schedules/*.c"),
               ROOT / "tests/fleet/crypto_instant.c",
               *(path for layer in ("encoding", "crypto", "state", "keys") for path in ROOT.glob(f"src/{layer}/*.c"))]
    if file:
        text = (ROOT / file).read_text()
        if old not in text:
            return None
        broken = folder / file
        broken.parent.mkdir(parents=True, exist_ok=True)
        broken.write_text(text.replace(old, new, 1))
        sources = [broken if path == ROOT / file else path for path in sources]
    program = folder / "model"
    subprocess.run(["gcc", "-std=c11", "-O1", "-w", *GC, *LIMITS, "-I", folder / "src", "-I", "include", "-I", "src", "-I", "tests/model", "-I", "tests",
                    *sources, "-o", program], cwd=ROOT, check=True, timeout=120)
    return program


def judge(name, *change):
    """Whether the model notices, and what it says."""
    with tempfile.TemporaryDirectory(prefix="ward-model-") as folder:
        program = build(pathlib.Path(folder), *change)
        if program is None:
            return False, "what it is about is not in the source any more"
        done = subprocess.run([program, "--schedules", SCHEDULES], capture_output=True, text=True, timeout=120)
        found = re.search(r"^# (.*)\n# the shortest trace; again with: build/host/model --seed (\d+)$", done.stdout, re.M)
        if done.returncode == 0 or not found:
            return False, "nothing was noticed"
        again = subprocess.run([program, "--seed", found[2]], capture_output=True, text=True, timeout=120)
        return again.returncode != 0 and found[1] in again.stdout, f"{found[1]} (seed {found[2]})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    chosen = BREAKS[::parser.parse_args().every]
    bad = 0
    for number, (name, *change) in enumerate(chosen, 1):
        good, said = judge(name, *change)
        bad += not good
        print(f"# {said}\n{'ok' if good else 'not ok'} {number} - the model notices: {name}", flush=True)
    print(f"1..{len(chosen)}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
