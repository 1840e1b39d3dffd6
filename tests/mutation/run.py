#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [--sample N] [--file WORD] [--workers N] [--resume FILE] [--list]: breaks ward on purpose, one small change at a
time, and wants a test to fail.

Each mutant of src/, port/crypto and what the unit tests link of port/http is compiled into the unit and attack tests.
It is killed when they fail, crash or hang. A survivor must stand in equivalent.txt with the reason why no test can tell
it from ward; one that does not is tried again under the sanitizers and with the limits of a board. In verification,
claims, JWK, PKCS#1 and the crypto backend that holds for every one; of each other file and of the whole 5 % may be
missing from the list. What stands in the list and is killed fails too. --sample takes every Nth mutant, the same ones
each time.

With --resume FILE each verdict is kept there, and those of a run that was broken off are not looked for again: for a
tree that has not changed since.
"""
import argparse
import collections
import contextlib
import dataclasses
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "mutation"))
import mutants  # noqa: E402

EQUIVALENT = ROOT / "tests" / "mutation" / "equivalent.txt"
DEPS = {name: os.environ.get(f"{name.upper()}_DIR", f"build/deps/{name}") for name in ("llhttp", "mbedtls")}
INCLUDES = ["-I", "include", "-I", "src", "-I", ".", "-I", "port/crypto/mbedtls", "-DLLHTTP_STRICT_MODE=1",
            "-DMBEDTLS_CONFIG_FILE=\"core_config.h\"", "-isystem", DEPS["llhttp"],
            "-isystem", DEPS["mbedtls"] + "/include", "-isystem", DEPS["mbedtls"] + "/library"]
STRICT = ("src/token/", "src/keys/jwk.c", "src/crypto/pkcs1.c", "port/crypto/")
LEAST = 0.95

# Where to look, and the seconds of a processor after which the tests have hung: five times what they need, however busy the
# machine is. By the clock a survivor would count as killed where others run beside it.
FIRST_LOOK = ("host", "gcc", ["-O1"], 10)
# A survivor is looked at again: under the sanitizers, and with the limits and the unsigned characters of a board.
SECOND_LOOKS = [("host+sanitize", "clang", ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"], 60),
                ("host+board", "gcc", ["-O1", "-DWARD_HOSTED=0", "-funsigned-char"], 20)]
HUNG = 600

# A mutant is linked once and thrown away: the quickest linker that there is, and no text for a debugger.
LINKER = ["-Wl,-S", *(f"-fuse-ld={name}" for name in ("gold", "lld") if shutil.which(f"ld.{name}"))][:2]

# The arithmetic of ward's own is in no build of the default backend: with its limbs of 64 bits, with those of 32 under the sanitizers, and on a board's limits.
SMALL = ["-DWARD_KERNEL_SMALL=1", "-DWARD_KERNEL_HALVES=1"]
KERNEL_LOOKS = [("host+kernel", "gcc", ["-O2"], 10), ("host+kernel+halves+sanitize", "clang", [*SECOND_LOOKS[0][2], *SMALL], 60),
                ("host+board+kernel", *SECOND_LOOKS[1][1:])]


def looks(file):
    """In which builds a file is broken: the first look, and those at a survivor."""
    return KERNEL_LOOKS if file.startswith("port/crypto/kernel") else [FIRST_LOOK, *SECOND_LOOKS]


def files():
    """What is broken: the core, the crypto backends without a library behind them, and what of the ports runs on any platform."""
    ports = [ROOT / path for path in ("port/crypto/kernel.c", "port/crypto/kernel_limbs.c", "port/crypto/mbedtls_core.c", "port/crypto/mbedtls_sha256.c", "port/service.c", "port/selftest.c", "port/date.c")]
    linked = (ROOT / "build" / FIRST_LOOK[0] / "unit.linked").read_text()
    parsers = [path for path in ROOT.glob("port/http/*.c") if f"/port/http/{path.stem}.o" in linked]
    return sorted(str(path.relative_to(ROOT)) for path in [*ROOT.glob("src/*/*.c"), *parsers, *ports])


def equivalents():
    """Lines `key — reason` of equivalent.txt; a line that begins with # is a comment."""
    listed = {}
    for line in EQUIVALENT.read_text().splitlines():
        if line and not line.startswith("#"):
            key, _, reason = line.partition(" — ")
            listed[key] = reason
    return listed


def link(look, source, mutant, folder):
    """Compiles the broken file and links it with the tests; the program, or None if it does not compile."""
    variant, compiler, flags, _ = look
    base = ROOT / "build" / variant
    program, broken = folder / "unit", folder / "broken.o"
    compiled = subprocess.run([compiler, "-std=c11", "-w", *flags, "-ffunction-sections", *INCLUDES, "-I",
                               str(pathlib.Path(mutant.file).parent), "-c", source, "-o", broken], cwd=ROOT, capture_output=True)
    if compiled.returncode != 0:
        return None
    # What the tests were linked with (tests/tests.mk writes it down), and the file in its broken form.
    linked = (base / "unit.linked").read_text().split()
    broken_file = f"build/{variant}/obj/{pathlib.Path(mutant.file).with_suffix('.o')}"
    rest = [word for word in linked if word != broken_file]
    if mutant.file.startswith("port/crypto/"):
        # In libward.a the backend is one object with what it needs of mbedTLS.
        rest += (base / "obj" / "mbedtls").glob("*.o")
        # A few of them the tests are linked with by name.
        rest += [path for path in (base / "obj" / "port" / "crypto").rglob("*.o")
                 if path != ROOT / broken_file and str(path.relative_to(ROOT)) not in linked]
    subprocess.run([compiler, *flags, broken, *rest, base / "libward.a", *LINKER, "-Wl,--gc-sections", "-Wl,-z,now", "-o", program,
                    "-lcmocka", "-lcrypto"], cwd=ROOT, check=True, capture_output=True)
    return program


def fails(program, suites, seconds):
    """Whether the tests notice: a failure, a crash, or no end."""
    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    try:
        done = subprocess.run([program, *suites], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=HUNG,
                              env=dict(os.environ, WARD_FAIL_FAST="1"), preexec_fn=limit)
        return done.returncode != 0
    except subprocess.TimeoutExpired:
        return True


def suites_of(variant):
    """Every suite that a variant's tests have: also those of one backend alone."""
    return re.findall(r"&(\w+)_suite", (ROOT / "build" / variant / "tests" / "suites.c").read_text())


def first_suites(file):
    """The suites whose names begin as this file's: they are asked first."""
    stem = pathlib.Path(file).stem
    suite = {"mbedtls_core": "crypto", "mbedtls_sha256": "crypto", "kernel_limbs": "crypto", "gate_record": "gate_", "status_name": "status", "status_sentence": "status",
             "decide": "gate", "audit_pack": "audit", "bundle_take": "bundle", "bundle_change": "bundle", "deny_reset": "denylist", "digest": "jws", "host": "target", "choice": "keyring",
             "keyring_age": "keyring", "keyring_state": "keyring", "keyring_open": "keyring", "lock": "keyring", "record_read": "record",
             "pipeline": "verify"}.get(stem, stem)
    return sorted(path.stem.removeprefix("test_") for folder in ("unit", "attack")
                  for path in (ROOT / "tests" / folder).glob(f"test_{suite}*.c"))


def seconds_of(suite, variant):
    """What a suite takes of a processor where nothing is broken."""
    before = os.times().children_user
    subprocess.run([ROOT / "build" / variant / "unit", suite], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return os.times().children_user - before


# By the variant of a first look: its suites, the quickest first. A few take as long as all of the others.
quickest = {}


def measure(chosen):
    """For `quickest`: each suite that there is, also one that fails, which sound() tells."""
    return {variant: sorted(suites_of(variant), key=lambda suite: seconds_of(suite, variant))
            for variant in {looks(mutant.file)[0][0] for mutant in chosen}}


def order(file, variant):
    """All suites: those of this file first, then the quickest."""
    first = set(first_suites(file))
    return sorted(quickest[variant], key=lambda suite: suite not in first)


def judge(mutant, again=True):
    """killed, invalid (does not compile) or survived; `again`: by each look, not by the first alone."""
    with tempfile.TemporaryDirectory(prefix="ward-mutant-") as name:
        folder = pathlib.Path(name)
        source = folder / pathlib.Path(mutant.file).name
        text = (ROOT / mutant.file).read_bytes()
        source.write_bytes(text[:mutant.begin] + mutant.text.encode() + text[mutant.end:])
        first_look, *others = looks(mutant.file)
        program = link(first_look, source, mutant, folder)
        if program is None:
            return "invalid"
        if fails(program, order(mutant.file, first_look[0]), first_look[-1]):
            return "killed"
        for look in others if again else ():
            program = link(look, source, mutant, folder)
            if program is None or fails(program, [], look[-1]):
                return "killed"
        return "survived"


def sound(pool, chosen):
    """Whether the tests pass, linked as for a mutant, while nothing is broken: else every mutant would count as killed.
    There are three ways to link: the crypto backends', each in its builds, and all others'."""
    one_of_each = {(mutant.file.startswith("port/crypto/"), looks(mutant.file)[0][0]): mutant for mutant in chosen}.values()
    whole = [dataclasses.replace(mutant, begin=0, end=0, text="") for mutant in one_of_each]
    return all(verdict == "survived" for verdict in pool.map(judge, whole))


def judge_all(pool, chosen, listed, kept, sample):
    """The verdict of each. What the file `kept`, if there is one, holds already is not looked for again."""
    names = [f"{number * sample} {mutant.key()}" for number, mutant in enumerate(chosen)]
    verdicts = {}
    if kept and kept.exists():
        verdicts = dict(line.partition("\t")[::2] for line in kept.read_text().splitlines())
    begun = {pool.submit(judge, mutant, mutant.key() not in listed): name
             for name, mutant in zip(names, chosen) if name not in verdicts}
    with contextlib.nullcontext() if kept is None else kept.open("a", buffering=1) as file:
        for done in as_completed(begun):
            verdicts[begun[done]] = done.result()
            if file:
                file.write(f"{begun[done]}\t{done.result()}\n")
    return [verdicts[name] for name in names]


def report(chosen, verdicts, listed, found):
    """TAP: a line a file, and one for the whole; the number of lines that are not ok. Of a part of a file's mutants (--sample) more
    survivors than all of its mutants may have are too many."""
    told = killed = bad = 0
    there = collections.Counter(mutant.file for mutant in found)
    names = sorted({mutant.file for mutant in chosen})
    for number, file in enumerate(names, 1):
        own = [(mutant, verdict) for mutant, verdict in zip(chosen, verdicts) if mutant.file == file and verdict != "invalid"]
        lived = [mutant for mutant, verdict in own if verdict == "survived"]
        unlisted = [mutant for mutant in lived if mutant.key() not in listed]
        counted = len(own) - (len(lived) - len(unlisted))
        most = 0 if file.startswith(STRICT) else (1 - LEAST) * (there[file] if len(own) < there[file] else counted)
        told, killed = told + counted, killed + len(own) - len(lived)
        good = len(unlisted) <= most
        bad += not good
        for mutant in unlisted:
            print(f"# survived: {mutant.file}:{mutant.line} {mutant.key()}")
        print(f"{'ok' if good else 'not ok'} {number} - {file}: {len(own)} mutants, {len(own) - len(lived)} killed, "
              f"{len(lived) - len(unlisted)} equivalent, {len(unlisted)} survived", flush=True)
    enough = told > 0 and killed >= LEAST * told
    print(f"{'ok' if enough else 'not ok'} {len(names) + 1} - at least {100 * LEAST:.0f} % of all are killed")
    print(f"## {told} mutants that a test could tell, {killed} killed ({100 * killed / max(1, told):.1f} %)")
    return bad + (not enough)


def report_names(found, listed):
    """TAP: whether the list of equivalents names mutants that there are: a line of code that was changed or laid out anew has others."""
    there, names = {mutant.key() for mutant in found}, {mutant.file for mutant in found}
    gone = [key for key in listed if key.partition(" ")[0] in names and key not in there]
    for key in gone:
        print(f"# there is no such mutant, equivalent.txt has to be brought up to date: {key}")
    print(f"{'not ok' if gone else 'ok'} {len(names) + 3} - every mutant in the list of equivalents is there")
    return len(gone)


def report_list(chosen, verdicts, listed):
    """TAP: whether every one of these mutants that is in the list of equivalents lives."""
    alive = {mutant.key() for mutant, verdict in zip(chosen, verdicts) if verdict == "survived"}
    names = {mutant.file for mutant in chosen}
    dead = sorted({mutant.key() for mutant in chosen} & set(listed) - alive)
    for key in dead:
        print(f"# take it out of equivalent.txt, it is killed: {key}")
    print(f"{'not ok' if dead else 'ok'} {len(names) + 2} - every mutant in the list of equivalents survives")
    return len(dead)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=1)
    parser.add_argument("--file", default="")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--resume", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    os.chdir(ROOT)
    found = [mutant for file in files() if arguments.file in file for mutant in mutants.find(ROOT, file, INCLUDES)]
    chosen = found[::arguments.sample]
    if arguments.list:
        for mutant in chosen:
            print(f"{mutant.line:5} {mutant.key()}")
        return 0
    listed = equivalents()
    with ProcessPoolExecutor(arguments.workers, initializer=quickest.update, initargs=(measure(chosen),)) as pool:
        if not sound(pool, chosen):
            sys.exit("not ok 1 - the tests pass while nothing is broken")
        verdicts = judge_all(pool, chosen, listed, arguments.resume, arguments.sample)
    bad = report(chosen, verdicts, listed, found) + report_names(found, listed) + report_list(chosen, verdicts, listed)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
