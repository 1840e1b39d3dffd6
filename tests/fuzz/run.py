#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py SECONDS [FOLDER [TARGET…]]: runs the fuzz targets in FOLDER, each for so long, two at a time."""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

import found
import seeds

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
VECTORS = pathlib.Path(os.environ.get("VECTORS_DIR") or REPOSITORY.parent / "shared" / "vectors")

# Published texts that are seeds as they are, and the longest input that is worth trying.
CORPORA = {"fuzz_json": ["jsontestsuite/test_parsing", "jsontestsuite/test_transform"]}
LONGEST = {"fuzz_json": 4096, "fuzz_jwks": 16384, "fuzz_keys": 8192, "fuzz_token": 6144, "fuzz_claims": 4096, "fuzz_request": 8192,
           "fuzz_response": 4096, "fuzz_record": 4096, "fuzz_keyring": 4096, "fuzz_bundle": 8192,
           "fuzz_kernel": 1025}
DICTIONARIES = {"fuzz_request": ["dict/http.dict"], "fuzz_response": ["dict/http.dict"]}
USUAL_DICTIONARIES = ["dict/json.dict"]

# Targets of variants of their own, which are run by name.
OTHERS = {"fuzz_kernel"}

# Lines of a sanitizer's report that are worth showing.
MOST_LINES = 60


class Target:
    def __init__(self, name, folder, seconds):
        self.name = name
        self.seconds = seconds
        self.program = folder / name
        self.corpus = folder / "corpus" / name
        self.seeds = folder / "seeds" / name
        self.dictionary = folder / "seeds" / f"{name}.dict"
        self.artifacts = folder / "crashes" / name

    def prepare(self):
        # What earlier runs found stays in the corpus; the seeds are made again, so that each run has what this tree says.
        shutil.rmtree(self.seeds, ignore_errors=True)
        for folder in (self.corpus, self.seeds, self.artifacts):
            folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate([*seeds.SEEDS[self.name](), *found.inputs(self.name)]):
            (self.seeds / f"{number:03}").write_bytes(seed)
        words = [seeds.dictionary(self.name)]
        words += [(VECTORS / path).read_text() for path in DICTIONARIES.get(self.name, USUAL_DICTIONARIES) if (VECTORS / path).is_file()]
        self.dictionary.write_text("\n".join(words))

    def run(self):
        self.prepare()
        corpora = [VECTORS / path for path in CORPORA.get(self.name, []) if (VECTORS / path).is_dir()]
        command = [self.program, f"-max_total_time={self.seconds}", "-timeout=5", "-rss_limit_mb=512",
                   f"-max_len={LONGEST[self.name]}", f"-dict={self.dictionary}", f"-artifact_prefix={self.artifacts}/",
                   "-print_final_stats=1", self.corpus, self.seeds, *corpora]
        # libFuzzer watches the time itself; the limit here is for one that hangs before it does.
        result = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=self.seconds + 240)
        return self, result.returncode, result.stderr

    def judge(self, code, log):
        """Lines that say what is wrong, and a word about the work done."""
        executions = re.findall(r"stat::number_of_executed_units:\s+(\d+)", log) or re.findall(r"^#(\d+)", log, re.M)
        features = re.findall(r"cov: (\d+) ft: (\d+)", log)
        done = f"{executions[-1] if executions else 0} executions, {features[-1][1] if features else 0} features"
        if code == 0 and executions and features:
            return [], done
        report = re.findall(r"Test unit written to (\S+)", log)
        lines = [f"reproducer: {report[-1]}: run {self.program} with it"] if report else []
        return lines + interesting(log), done


def interesting(log):
    """The report, from its first line on, or the end of what was said."""
    lines = log.splitlines()
    first = re.compile(r"ERROR: |runtime error:|ALARM: |^\S+:\d+: .* is .*, not ")
    begins = [i for i, line in enumerate(lines) if first.search(line)]
    return lines[begins[0]:begins[0] + MOST_LINES] if begins else lines[-MOST_LINES:]


def outcome(target):
    try:
        target, code, log = target.run()
    except (OSError, subprocess.SubprocessError) as problem:
        return [str(problem)], "not run"
    return target.judge(code, log)


def main():
    if len(sys.argv) < 2 or not sys.argv[1].isdigit() or int(sys.argv[1]) == 0:
        sys.exit("usage: run.py SECONDS [FOLDER [TARGET…]]")
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "build/host+fuzz").resolve()
    names = sys.argv[3:] or sorted(set(seeds.SEEDS) - OTHERS)
    targets = [Target(name, folder, int(sys.argv[1])) for name in names]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for number, (target, (wrong, done)) in enumerate(zip(targets, pool.map(outcome, targets)), 1):
            for line in wrong:
                print(f"# {line}")
            print(f"{'not ok' if wrong else 'ok'} {number} - {target.name}: {done}", flush=True)
            print(f"## {target.name}: {done}", flush=True)
            failed += bool(wrong)
    print(f"1..{len(targets)}")
    sys.exit(1 if failed else 0)


main()
