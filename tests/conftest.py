# SPDX-License-Identifier: Apache-2.0
"""What all tests in Python share: their options, what a failure prints, TAP for tests/run, and that nothing of them is
left."""
import os
import pathlib
import re
import shlex
import shutil
import signal
import tempfile

import evidence
import pytest
import settings

ROOT = pathlib.Path(__file__).resolve().parent.parent
OWNED = "WARD_TESTS_FOLDER"


# ---- Options.

def pytest_addoption(parser):
    group = parser.getgroup("ward")
    group.addoption("--ward", help="the command line that is tested; build/host/ward")
    group.addoption("--device", help="the device on port/posix that is tested; build/host/device")
    group.addoption("--stack", help="the second stack that is tested; build/host/stack")
    group.addoption("--limits", help="the folder of the two builds of tests/limits; build/host")
    group.addoption("--board", help="the emulated board; mps2-an385")
    group.addoption("--seconds", type=int, help="how long a test under load goes on")
    group.addoption("--count", type=int, help="how often a random test is repeated")
    group.addoption("--seed", type=int, help="of what is random; chosen and printed otherwise")
    group.addoption("--tap", action="store_true", help="report in TAP, a line for each case, as tests/run reads it")


def take_settings(config):
    for name in ("ward", "device", "stack", "limits"):
        if config.getoption(name):
            setattr(settings, name, pathlib.Path(config.getoption(name)).resolve())
    for name in ("board", "seconds", "count", "seed"):
        if config.getoption(name) is not None:
            setattr(settings, name, config.getoption(name))


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    # Also where who called this ignores them: what it started must end when it is told to.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    take_settings(config)
    own_folder(config)
    config.pluginmanager.register(Repeat(config), "ward-repeat")
    if config.getoption("tap"):
        terminal = config.pluginmanager.getplugin("terminalreporter")
        config.pluginmanager.unregister(terminal)
        config.pluginmanager.register(Tap(terminal), "terminalreporter")


# ---- Files.

def own_folder(config):
    """All temporary files lie in one folder, which goes with this run, however that ends. In a namespace
    (e2e/conftest.py) this runs again."""
    folder = os.environ.get(OWNED) or tempfile.mkdtemp(prefix="ward-tests-")
    os.environ["TMPDIR"] = os.environ[OWNED] = tempfile.tempdir = folder
    config.option.basetemp = os.path.join(folder, "pytest")


def pytest_unconfigure():
    shutil.rmtree(os.environ.pop(OWNED, "") or "/nonexistent", ignore_errors=True)


# ---- A failure.

class Repeat:
    """Adds to a failed case what its devices and issuers have to say, and the line that repeats it."""

    def __init__(self, config):
        self.config = config

    def line(self, item):
        """The command that runs this case alone, with the options of this run."""
        given = [f"--{name}={value}" for name in ("ward", "device", "limits", "board", "seconds", "count")
                 if (value := self.config.getoption(name)) is not None]
        given += [f"--seed={settings.seed}"] if settings.seed is not None else []
        variables = [f"{name}={shlex.quote(os.environ[name])}" for name in ("BOARD", "VECTORS_DIR")
                     if name in os.environ]
        path = pathlib.Path(item.fspath).relative_to(ROOT)
        return " ".join([*variables, "tests/pytest", shlex.join([f"{path}::{item.nodeid.partition('::')[2]}", *given])])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self):
        evidence.next_case()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item):
        outcome = yield
        report = outcome.get_result()
        if report.failed:
            report.sections += [*evidence.sections(), ("to repeat it", self.line(item))]
            item.ward_failed = True


# ---- TAP.

def name_of(nodeid):
    """`e2e/test_time.py::test_a_clock[x]` as `time: a_clock[x]`."""
    path, _, case = nodeid.partition("::")
    return f"{pathlib.Path(path).stem.removeprefix('test_')}: {case.removeprefix('test_')}"


def notes_in(text):
    """What a case measured: lines that it printed with ## before them."""
    return re.findall(r"^## .*$", text, re.MULTILINE)


class Tap:
    """A line for each case. What a failed one has to say stands before its line. It stands where pytest has its own
    reporter, whose writer newer versions ask for when they tell what an assertion compared."""

    def __init__(self, terminal):
        self.count = 0
        self._tw = terminal._tw

    def write(self, ok, name, more=""):
        self.count += 1
        print(f"{'ok' if ok else 'not ok'} {self.count} - {name}{more}", flush=True)

    def explain(self, report):
        for title, text in [("", report.longreprtext), *report.sections]:
            for line in ([f"---- {title}"] if title else []) + text.splitlines():
                print(f"# {line}")

    def pytest_collectreport(self, report):
        if report.failed:
            self.explain(report)
            self.write(False, f"{report.nodeid}: it cannot be loaded")

    def pytest_runtest_logreport(self, report):
        name = name_of(report.nodeid)
        if report.failed:
            self.explain(report)
            self.write(False, name + ("" if report.when == "call" else f" ({report.when})"))
        elif report.skipped:
            self.write(True, name, f" # SKIP {report.longrepr[2].removeprefix('Skipped: ')}")
        elif report.when == "call":
            print("".join(f"{note}\n" for note in notes_in(report.capstdout)), end="")
            self.write(True, name)

    def pytest_internalerror(self, excrepr):
        print("\n".join(f"# {line}" for line in str(excrepr).splitlines()))
        self.write(False, "pytest itself")

    def pytest_sessionfinish(self):
        print(f"1..{self.count}", flush=True)


def pytest_terminal_summary(terminalreporter):
    notes = [note for report in terminalreporter.getreports("passed") for note in notes_in(report.capstdout)]
    if notes:
        terminalreporter.section("measured")
        terminalreporter.write("".join(f"{note}\n" for note in notes))
