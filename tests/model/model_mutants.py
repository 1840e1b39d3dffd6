#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""model_mutants.py [--every N]: breaks the keyring on purpose, one way at a time, and wants the model to notice.

Each break is compiled into a model of its own in a temporary folder, with the objects of one that is whole; the model has to report a rule that is broken, and to replay it.
--every takes every Nth break, the same ones each time.
"""
import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIMITS = re.findall(r"-D\S+", (ROOT / "tests/model/model.mk").read_text())
SCHEDULES = "80000"

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
     "taken->version >= keyring->config->compiled_version;",
     "taken->version > keyring->config->compiled_version;"),
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
     "keyring->seen_at > 0 ? keyring->seen_at > now.seconds",
     "keyring->seen_at > 0 ? true"),
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
    ("a bundle of an older number is taken", "src/keys/bundle.c",
     "    if (known != NULL && next->mark[0].sequence <= known->sequence)",
     "    if (known == &now->mark[0] && next->mark[0].sequence < known->sequence && next->issued < now->issued)"),
    ("another key's last number is forgotten", "src/keys/bundle.c",
     "    carry_marks(keyring, true);\n    carry_marks(keyring, false);",
     ""),
    ("another bundle of the same number is taken", "src/keys/bundle.c",
     "    return a->sequence == b->sequence && memcmp(a->identity, b->identity, sizeof a->identity) == 0;",
     "    return a->sequence == b->sequence;"),
    ("another operator's key leads back in time", "src/keys/bundle.c",
     "    return next->issued < now->issued && !is_of_same_key",
     "    return next->issued + 86400 < now->issued && !is_of_same_key"),
    ("an operator's key that was taken out has its say", "src/keys/bundle.c",
     "!is_of_same_key(&now->mark[0], &next->mark[0]) &&\n           is_here(keyring, &now->mark[0]);",
     "!is_of_same_key(&now->mark[0], &next->mark[0]);"),
    ("a bundle of another fleet is taken", "src/access/bundle_take.c",
     "    expect.issued_ahead = true;",
     "    expect.issued_ahead = true;\n    expect.audience_absent = true;"),
    ("a bundle of another operator is refused as a token is", "src/access/bundle_take.c",
     "              { WARD_ISSUER_REFUSED, WARD_BUNDLE_OPERATOR },",
     "              { WARD_ISSUER_REFUSED, WARD_ISSUER_REFUSED },"),
    ("a bundle of another issuer is taken", "src/access/bundle_take.c",
     "    if (!ward_text_equal(claims.subject, taking->keyring->config->issuer))",
     "    if (claims.subject.length == 0)"),
    ("a bundle has the type of a token", "src/access/bundle_take.c",
     "    expect.type = type;",
     "    (void)type;"),
    ("a bundle's signature is not looked at", "src/access/bundle_take.c",
     "    while (status.code == WARD_UNFINISHED)\n        status = ward_token_step_signature(&token);",
     "    if (status.code == WARD_UNFINISHED)\n        status = ward_status_of(WARD_OK);"),
    ("an expired bundle is taken", "src/access/bundle_take.c",
     "    const struct ward_status status = ward_claims_read(&taking->expect, taking->now,",
     "    const struct ward_status status = ward_claims_read(&taking->expect, 1,"),
    ("a bundle is judged by the floor of the one before", "src/state/clock.c",
     "    own.bundled = 0;\n    return",
     "    return"),
    ("a bundle is judged by what the one before has told", "src/state/clock.c",
     "    if (own.bundled > 0)\n        own.reported = 0;",
     ""),
    ("a bundle's exp ends nothing", "src/keys/bundle.c",
     "keyring->bundle_keys && now.seconds >= ward_bundle_in_force(keyring)->expires;",
     "keyring->bundle_keys && now.seconds == 0;"),
    ("max_stale counts from the end of a bundle", "src/keys/bundle_change.c",
     "        keyring->fetched_at = issued;",
     "        keyring->fetched_at = ward_bundle_in_force(keyring)->expires;"),
    ("a bundle brings keys whatever its time", "src/keys/bundle.c",
     "    return issued >= word_of_keys(keyring);",
     "    return issued + UINT32_MAX >= word_of_keys(keyring);"),
    ("a bundle is no later word than the firmware's", "src/keys/bundle.c",
     "    return keyring->fetched_at > 0 ? keyring->fetched_at : keyring->config->build_time;",
     "    return keyring->fetched_at > 0 ? keyring->fetched_at : UINT64_MAX;"),
    ("a fetch does not replace a bundle's keys", "src/keys/keyring_fetch.c",
     "    ward_bundle_keys_replaced(keyring, false);",
     "    ward_bundle_keys_replaced(keyring, keyring->bundle_keys);"),
    ("keys outlive the operator's key", "src/keys/keyring_open.c",
     "    if (taken->bundle_keys && !is_bundle_beside(taken) && !ward_bundle_signer_is_here(keyring))",
     "    if (taken->bundle_keys && !is_bundle_beside(taken) && false)"),
    ("a bundle is not stored", "src/keys/bundle_record.c",
     "    if (bundle->issued == 0 || !ward_ok(keyring->bundle_held))",
     "    if (bundle->issued == 0 || keyring->bundle_keys)"),
    ("a bundle waits for the record of the day", "src/keys/bundle_change.c",
     "        ward_keyring_note_change(keyring, WARD_CHANGE_NOW);",
     "        ward_keyring_note_change(keyring, WARD_CHANGE_LATER);"),
    ("the same bundle again is written", "src/keys/bundle_change.c",
     "    if (changed) {",
     "    if (changed || keyring->bundle_keys) {"),
    ("denials are not taken back", "src/keys/bundle_change.c",
     "        memset(ward_bundle_next(keyring), 0, sizeof(struct ward_bundle));",
     "        memset(ward_bundle_next(keyring)->mark, 0, sizeof ward_bundle_next(keyring)->mark);"),
    ("denials end with the operator's key", "src/keys/bundle.c",
     "    return ward_denial_is_up_to(issued, now->issued_until) ||",
     "    return ward_bundle_signer_is_here(keyring) && ward_denial_is_up_to(issued, now->issued_until) ||"),
    ("a denial that does not fit is dropped", "src/access/bundle_deny.c",
     "    return ward_ok(status) ? status : ward_status_of(WARD_BUNDLE_DENIALS_FULL);",
     "    return ward_status_of(ward_ok(status) ? WARD_OK : WARD_OK);"),
    ("who has two names is denied under one", "src/access/bundle_deny.c",
     "expect->authority.length > 0 ? 1 : expect->issuers.count;",
     "1;"),
    ("a bundle raises no floor", "src/keys/bundle_change.c",
     "    ward_clock_set_bundled(&keyring->clock, ward_bundle_in_force(keyring)->floor);",
     "    ward_clock_set_bundled(&keyring->clock, 0);"),
    ("a bundle lowers no floor", "src/state/clock.c",
     "    clock->bundled = bundled;",
     "    clock->bundled = bundled > clock->bundled ? bundled : clock->bundled;"),
    ("a bundle's floor is forgotten by a reboot", "src/keys/bundle_record.c",
     "ward_bundle_signer_is_here(keyring) ? ward_bundle_in_force(keyring)->floor : 0);",
     "0);"),
    ("a floor outlives the operator's key", "src/keys/bundle_record.c",
     "ward_bundle_signer_is_here(keyring) ? ward_bundle_in_force(keyring)->floor : 0);",
     "ward_bundle_in_force(keyring)->floor);"),
    ("the same bundle again undoes the operator's floor", "src/keys/bundle_change.c",
     "    if (ward_bundle_is_again(keyring))\n        return",
     "    if (issued == 0)\n        return"),
    ("a bundle overwrites the set of a fetch", "src/keys/bundle_change.c",
     "    const bool reads = ward_keyring_is_fetching(keyring) && !ward_keyring_fetches_bundles(keyring);",
     "    const bool reads = false;"),
    ("a bundle overwrites the set of a check", "src/keys/bundle_change.c",
     "    const bool begins = !reads && *running == 0;",
     "    const bool begins = !reads;"),
    ("a bundle is an answer to an unknown kid", "src/keys/keyring_fetch.c",
     "    if (!refresh)\n        return choice;\n",
     ""),
    ("an operator's key in a bundle verifies tokens", "src/keys/bundle_change.c",
     "    if (ward_ok(result) && ward_bundle_has_operator_key(keyring, set))",
     "    if (ward_ok(result) && false)"),
    ("an operator's key in a fetched set verifies tokens", "src/keys/keyring_fetch.c",
     "    if (ward_ok(status) && ward_bundle_has_operator_key(keyring, ward_keyring_spare(keyring)))",
     "    if (ward_ok(status) && false)"),
]


SOURCES = [*ROOT.glob("tests/model/*.c"), *ROOT.glob("tests/schedules/*.c"), ROOT / "tests/fleet/crypto_instant.c",
           *(path for layer in ("encoding", "crypto", "state", "keys", "token") for path in ROOT.glob(f"src/{layer}/*.c")),
           *ROOT.glob("src/access/bundle_*.c"), ROOT / "src/access/owner.c"]


def compile_one(source, folder, broken):
    """An object of a source in a folder; what is in `broken` takes the place of what is in the tree."""
    made = folder / (str(source.relative_to(ROOT)).replace("/", "_") + ".o")
    place = broken / source.relative_to(ROOT)
    subprocess.run(["gcc", "-std=c11", "-O1", "-w", "-ffunction-sections", *LIMITS, "-I", broken / "src", "-I", "include", "-I", "src",
                    "-I", "tests/model", "-I", "tests", "-c", place if place.exists() else source, "-o", made],
                   cwd=ROOT, check=True, timeout=120)
    return made


def objects(folder, broken):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda source: compile_one(source, folder, broken), SOURCES))


def build(folder, whole, file, old, new):
    """A model with one file broken, of the objects of one that is whole; None where the text that a break is about is not there."""
    text = (ROOT / file).read_text()
    if old not in text:
        return None
    broken = folder / file
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_text(text.replace(old, new, 1))
    if file.endswith(".h"):
        made = objects(folder, folder)
    else:
        other = compile_one(ROOT / file, folder, folder)
        made = [other if path.name == other.name else path for path in whole]
    program = folder / "model"
    subprocess.run(["gcc", "-Wl,--gc-sections", *made, "-o", program], check=True, timeout=120)
    return program


def judge(whole, *change):
    """Whether the model notices, and what it says."""
    with tempfile.TemporaryDirectory(prefix="ward-model-") as folder:
        program = build(pathlib.Path(folder), whole, *change)
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
    with tempfile.TemporaryDirectory(prefix="ward-model-") as folder:
        whole = objects(pathlib.Path(folder), pathlib.Path(folder))
        for number, (name, *change) in enumerate(chosen, 1):
            good, said = judge(whole, *change)
            bad += not good
            print(f"# {said}\n{'ok' if good else 'not ok'} {number} - the model notices: {name}", flush=True)
    print(f"1..{len(chosen)}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
