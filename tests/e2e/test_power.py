#!/usr/bin/env python3
"""test_power.py [COUNT [SEED]]: the networked device in QEMU loses its power while it writes its record, COUNT times (40), and boots from what is left.

The operator denies and undenies subjects one after the other, each change a write, and in some rounds the issuer's keys change; QEMU is killed
at a random moment of the writes. Then the flash is read here, and the device is started from it while the issuer is down.
"""
import os
import pathlib
import queue
import random
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402
from flash import newest, owner_of, record_of, slots_of  # noqa: E402
from https_client import request  # noqa: E402
from tokens import ISSUER, jwks  # noqa: E402
from world import World, ask_for_keys, first_fetch, ready, token_of  # noqa: E402

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 40
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
# In one round of so many the issuer's keys change. Else the power is lost within so many changes of the deny list.
ROTATE, CHANGES = 4, 4
# In one of so many it has no clock: then the floor is the record's, and nothing is granted.
CLOCKLESS = 3
# Seconds that a write takes: 32 ms of erasing, some 10 of programming, and a little between it and the next one.
WRITE = 0.05
SUBJECTS = [f"auth0|subject {number}" for number in range(6)]
FOREVER = "auth0|denied for ever"
OWNERS = {owner_of(ISSUER, subject): subject for subject in (*SUBJECTS, FOREVER)}
SETS = [["a", "b"], ["a", "c"]]
TOKENS = {subject: token_of(subject) for subject in (*SUBJECTS, FOREVER, "auth0|anybody")}

chance = random.Random(SEED)
world = World("power", os.environ.get("BOARD", "mps2-an385"))
hits = {"erasing": 0, "erased": 0, "programming": 0, "between two writes": 0}


class Memory:
    """What is known of a device from its console: every state of its deny list and keys since it was started, and which of them it has said to
    be stored."""

    def __init__(self, record):
        self.record = record
        self.lists, self.sets = [denied(record)], [record.keys]
        self.done, self.fetched = 0, False
        self.stored, self.written = 0, 0

    def change(self):
        """The next change of the deny list, as a line for the operator."""
        subject, now = chance.choice(SUBJECTS), self.lists[-1]
        self.lists.append(now ^ {subject})
        return f"!{'undeny' if subject in now else 'deny'} {subject}\n".encode()

    def take(self, line):
        """A line of the console: a record holds all that was done before it was written."""
        if line == "done":
            self.done += 1
        elif line.startswith("FETCH reason=OK"):
            self.fetched = True
        elif line.startswith("STORED "):
            assert "reason=OK" in line, line
            self.stored, self.written = self.done, self.written + 1
            self.sets = self.sets[-1:] if self.fetched else self.sets

    def holds(self, record):
        """Nothing that was said to be stored may be missing, and nothing be there that never was."""
        old = self.record
        assert old.sequence + self.written <= record.sequence <= old.sequence + self.written + 1, (record.sequence, old.sequence, self.written)
        assert record.floor >= old.floor, "the floor has gone back"
        assert record.boots == old.boots + (1 if record.sequence > old.sequence else 0), (record.boots, old.boots)
        assert denied(record) in self.lists[self.stored:], (denied(record), self.lists, self.stored)
        assert FOREVER in denied(record)
        assert record.keys in self.sets, (record.keys, self.sets)


def denied(record):
    return frozenset(OWNERS[owner] for owner in record.denied)


def state_of(slots):
    """What the device was doing when it lost its power: a slot that holds no whole record tells."""
    broken = [slot for slot in slots if record_of(slot) is None]
    if not broken:
        return "between two writes"
    assert len(broken) == 1, "no slot holds a whole record"
    if set(broken[0]) == {0xff}:
        return "erased"
    return "erasing" if broken[0][:4] == b"\xff\xff\xff\xff" else "programming"


def write_for(device, memory, seconds):
    """Asks for the next change as soon as the one before is done."""
    end = time.monotonic() + seconds
    device.send(memory.change())
    while (left := end - time.monotonic()) > 0:
        try:
            line = device.lines.get(timeout=left)
        except queue.Empty:
            return
        memory.take(line)
        if line == "done":
            device.send(memory.change())


def lose_power(device, memory, rotate):
    """Keeps the device writing, and kills it at a random moment; what it has said until then is taken."""
    if rotate:
        memory.sets.append(SETS[1] if memory.sets[-1] == SETS[0] else SETS[0])
        world.keys = jwks(*memory.sets[-1]).encode()
        ask_for_keys(device)
        memory.take(device.wait_for("FETCH "))
        time.sleep(chance.random() * WRITE)
    else:
        write_for(device, memory, chance.random() * WRITE * CHANGES)
    device.process.kill()
    device.process.wait(10)
    while (line := device.lines.get(timeout=10)) is not None:
        memory.take(line)


def expected(record, name, clock):
    if not clock:
        return 503, "CLOCK_NOT_SET"
    return (401, "SUBJECT_DENIED") if name in denied(record) else (200, "OK")


def serves_what_was_stored(device, record, state, clock=True):
    """After a boot: keys and deny list are those of the record, and the audit tells of a slot that was damaged."""
    at = ready(device)
    assert int(at["boots"]) == record.boots + 1 and int(at["keys"]) == len(record.keys), (at, record)
    told = any('"RECORD_FALLBACK"' in line for line in device.printed)
    assert told == (state in ("erasing", "programming")), (told, state)
    subject = chance.choice(SUBJECTS)
    with world.connect(device) as client:
        for name in ("auth0|anybody", FOREVER, subject):
            client.send(request("/api/foia", TOKENS[name]))
            status, reason = expected(record, name, clock)
            assert client.answer().status == status, (name, status)
            assert device.wait_for("LOG ").endswith(f"status={status} reason={reason}"), (name, reason, device.printed[-1])


def one_round(number, record, state):
    """A boot from what is left, and the next loss of power. The record that is there then, and what the device was doing."""
    clock = number % CLOCKLESS != 0
    world.issuer.raw = lambda connection: None
    with world.device(clock=clock) as device:
        serves_what_was_stored(device, record, state, clock)
        world.issuer.raw = None
        memory = Memory(record)
        lose_power(device, memory, number % ROTATE == 0)
    slots = slots_of(device.flash)
    state = state_of(slots)
    left = newest(device.flash)
    memory.holds(left)
    hits[state] += 1
    return left, state


def test_what_was_stored_outlasts_every_loss_of_power():
    with world.device() as device:
        ready(device)
        first_fetch(device)
        for _ in range(2):
            device.ask(f"!deny {FOREVER}", "done")
            device.wait_for("STORED ")
    record, state = newest(device.flash), "between two writes"
    for number in range(1, COUNT + 1):
        try:
            record, state = one_round(number, record, state)
        except Exception:
            print(f"# round {number} of seed {SEED}")
            raise
    with world.device() as device:
        serves_what_was_stored(device, record, state)


def test_the_power_was_lost_in_the_midst_of_writes():
    print("## power lost %d times: %s; seed %d" % (COUNT, ", ".join(f"{count} {state}" for state, count in hits.items()), SEED))
    # Most of them do: a device that writes all the time is seldom between two writes.
    assert COUNT - hits["between two writes"] >= COUNT / 2, hits
    assert COUNT < 200 or (hits["erasing"] > 0 and hits["programming"] > 0), hits


if __name__ == "__main__":
    tap.main(__name__, "power: ")
