# SPDX-License-Identifier: Apache-2.0
"""The tests' own machinery: each case is counted, a failure tells what is needed, an interrupt ends all and leaves
nothing."""
import os
import pathlib
import re
import runpy
import shlex
import signal
import subprocess
import sys
import tempfile
import time

import kept
import pace
import pytest
import steps
from certificates import Authority

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SAMPLE = "tests/harness/sample.py"
# tests/run with one step alone, in place of those of steps.py.
ONE_STEP = f"""
import importlib.machinery, importlib.util, sys
loader = importlib.machinery.SourceFileLoader("run", "tests/run")
run = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
loader.exec_module(run)
run.STEPS[:] = [("sample", [run.PYTEST, "{SAMPLE}"], 60)]
sys.exit(run.main())
"""


@pytest.fixture
def folder():
    """Where what is tried here has its temporary files: nothing may be left there."""
    with tempfile.TemporaryDirectory(prefix="ward-harness-") as name:
        yield pathlib.Path(name)


def environment(folder):
    return {**{name: value for name, value in os.environ.items() if name != "WARD_TESTS_FOLDER"}, "TMPDIR": str(folder)}


def run(words, folder):
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=pace.seconds(60),
                          env=environment(folder))
    assert os.listdir(folder) == [], os.listdir(folder)
    return done


@pytest.fixture
def tap(folder):
    return run(["tests/pytest", SAMPLE, "--tap", "-k", "not waits"], folder).stdout.splitlines()


def test_each_case_is_a_line_and_what_it_measured_stands_before_it(tap):
    results = [line for line in tap if line.startswith(("ok ", "not ok ", "1.."))]
    assert results == ["ok 1 - sample: passes", "ok 2 - sample: is_two_cases[1]", "ok 3 - sample: is_two_cases[2]",
                       "not ok 4 - sample: fails", "ok 5 - sample: is_skipped # SKIP there is no browser",
                       "not ok 6 - sample: has_a_broken_fixture (setup)", "1..6"], results
    assert tap[tap.index("ok 1 - sample: passes") - 1] == "## a measure: 42"


def test_a_failure_tells_the_console_what_the_issuer_saw_and_how_to_repeat_it(tap):
    said = tap[tap.index("ok 3 - sample: is_two_cases[2]"):tap.index("not ok 4 - sample: fails")]
    for line in ("# >       assert 1 + 1 == 3", "# E       assert (1 + 1) == 3", "# ---- the device's console", "# READY address=10.0.2.15",
                 "# ---- what the issuer saw", "# TLSv1.3 /.well-known/jwks.json", "# ---- to repeat it",
                 f"# tests/pytest {SAMPLE}::test_fails"):
        assert line in said, (line, said)


def test_the_line_that_repeats_a_case_runs_it_alone_and_shows_it_to_a_person(folder):
    done = run(shlex.split(f"tests/pytest '{SAMPLE}::test_fails'"), folder)
    assert done.returncode == 1 and "1 failed in" in done.stdout, done.stdout
    assert "- the device's console -" in done.stdout, done.stdout


def test_the_sums_are_those_of_the_cases_and_k_chooses_among_them(folder):
    one = [sys.executable, "-c", ONE_STEP, "-k"]
    done = run([*one, "not waits"], folder)
    assert done.returncode == 1 and done.stdout.splitlines()[-1] == "3 passed, 2 failed, 1 skipped", done.stdout
    assert "## a measure" not in done.stdout and "    a measure: 42" in done.stdout, done.stdout
    done = run([*one, "passes"], folder)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "1 passed, 0 failed, 0 skipped", done.stdout


def test_a_silence_is_told(folder):
    """What has begun and not ended, while nothing else is printed; nothing where there is enough to read."""
    step = '("sample", ["sh", "-c", "sleep 2; echo ok 1 - sample"], 60)'
    for seconds, told in ((0.5, True), (60, False)):
        program = re.sub(r"run.STEPS.*", f"run.STEPS[:] = [{step}]; run.SILENCE = {seconds}", ONE_STEP)
        done = run([sys.executable, "-c", program], folder)
        lines = done.stdout.splitlines()
        assert lines[-1] == "1 passed, 0 failed, 0 skipped", done
        assert bool(re.search(r"^… sample \(\d s\)$", done.stdout, re.M)) == told, done.stdout


@pytest.mark.parametrize("ignored", (False, True), ids=("heeded", "ignored_by_the_parent"))
@pytest.mark.parametrize("number", (signal.SIGINT, signal.SIGTERM), ids=lambda number: number.name)
@pytest.mark.parametrize("words", (["tests/pytest", SAMPLE, "--tap", "-k", "waits"],
                                   [sys.executable, "-c", ONE_STEP, "-k", "waits"]), ids=("pytest", "run"))
def test_an_interrupt_ends_it_and_leaves_nothing(folder, words, number, ignored):
    def ignore():
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN if ignored else signal.SIG_DFL)
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(folder),
                          preexec_fn=ignore) as process:
        try:
            end = time.monotonic() + pace.seconds(30)
            while not list(folder.rglob("waits")):
                assert time.monotonic() < end and process.poll() is None
                time.sleep(0.05)
            process.send_signal(number)
            output = process.communicate(timeout=pace.seconds(20))[0]
        finally:
            process.kill()
    assert process.returncode in (2, 130), (process.returncode, output)
    assert os.listdir(folder) == [], list(folder.rglob("*"))


@pytest.fixture
def place():
    with tempfile.TemporaryDirectory(prefix="ward-harness-") as name:
        yield pathlib.Path(name)


@pytest.fixture
def soak(folder, place):
    """A soak of two steps on a tree of this name: what it printed last, and how many steps have been run by now."""
    ran = place / "ran"

    def run_it(tree):
        steps = f"""[("good", ["sh", "-c", "echo >>{ran}; echo ok 1; echo 'ok 2 # SKIP no tree'"], 60),
                     ("bad", ["sh", "-c", "echo >>{ran}; echo not ok 1"], 60)]"""
        program = re.sub(r"run.STEPS.*", f"run.SOAK[:] = {steps}; run.KEPT = run.pathlib.Path({str(place / 'soak')!r}); "
                                         f"run.kept.tree = lambda root: {tree!r}", ONE_STEP)
        done = run([sys.executable, "-c", program, "--soak"], folder)
        return done.stdout.splitlines()[-1], len(ran.read_text().splitlines())
    return run_it


def test_a_soak_goes_on_where_it_ended_while_the_commit_is_the_same(soak):
    """What passed is counted as it was, what failed is run again; another commit, and one with changes, begins anew."""
    for tree, ran in (("one", 2), ("one", 3), ("two", 5), ("two", 6), (None, 8), (None, 10), ("two", 12)):
        assert soak(tree) == ("1 passed, 1 failed, 1 skipped", ran), tree


def test_a_tree_has_a_name_unless_it_has_changes_and_keeps_it_when_its_prose_changes(place):
    def git(*words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a", *words], cwd=place, check=True, capture_output=True)

    def commit(name, text):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text)
        git("add", name)
        git("commit", "-m", name)
        return kept.tree(place)

    assert kept.tree(place) is None
    git("init")
    first = commit("src.c", "one")
    assert re.fullmatch("[0-9a-f]{64}", first)
    (place / "new").write_text("")
    assert kept.tree(place) is None
    assert commit("new", "") not in (None, first)
    (place / "new").unlink()
    git("rm", "-q", "new")
    git("commit", "-m", "gone")
    assert kept.tree(place) == first
    assert commit("docs/gate.md", "a") == commit("README.md", "b") == first
    (place / "README.md").write_text("c")
    assert kept.tree(place) == first
    assert commit("src.c", "two") not in (None, first)


# ---- What the steps may take.

def test_the_readme_has_the_table_of_the_steps():
    readme = (ROOT / "tests" / "README.md").read_text()
    assert steps.table() in readme, "tests/run --table prints what belongs there"


def test_all_steps_fit_an_hour_and_the_cores_a_quarter_of_one():
    assert steps.minutes(steps.CORE) <= 15, steps.minutes(steps.CORE)
    assert steps.minutes(steps.STEPS) <= 60, steps.minutes(steps.STEPS)


def test_no_two_steps_have_one_name():
    names = [name for name, _, _ in [*steps.STEPS, *steps.SOAK]]
    assert len(names) == len(set(names)), names


def test_a_folder_of_a_build_that_a_step_is_given_is_one_that_it_needs():
    for step in [*steps.STEPS, *steps.SOAK]:
        given = {word.removeprefix("build/") for word in step[1] if word.startswith("build/") and word.count("/") == 1}
        assert given <= set(steps.builds([step])), step


def test_what_the_steps_build_are_variants_of_this_machine_or_of_a_board():
    boards = {folder.parent.name for folder in (ROOT / "boards").glob("*/board.mk")}
    for chosen in (steps.STEPS, steps.SOAK):
        unknown = {variant for variant in steps.builds(chosen) if variant.partition("+")[0] not in {"host", *boards}}
        assert not unknown, unknown


def verified(authority, certificate, *more):
    """What OpenSSL says to a server's certificate by the strict reading of RFC 5280, which Python 3.13 takes as default."""
    words = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority, *more, certificate]
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=30).stderr


def test_certificates_of_the_tests_are_what_strict_clients_take(folder):
    root = Authority(folder)
    between, other = Authority(folder, "between", parent=root), Authority(folder, "other")
    assert verified(root.pem, root.certificate("device")[0]) == ""
    leaf = between.certificate("behind")[0]
    assert verified(root.pem, leaf, "-untrusted", leaf) == ""
    assert verified(root.pem, other.certificate("crossed")[0], "-untrusted", root.cross_sign(other)) == ""
    subprocess.run([ROOT / "tests" / "issuer" / "certificates", folder / "issuer"], check=True, timeout=30)
    assert verified(folder / "issuer" / "ca.pem", folder / "issuer" / "server.pem") == ""
    device = runpy.run_path(str(ROOT / "boards/app/network/configure"))["throw_away"](folder / "own")[0]
    assert verified(device, device) == ""
