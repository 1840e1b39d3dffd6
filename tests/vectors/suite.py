# SPDX-License-Identifier: Apache-2.0
"""What the vector scripts share: the folder, the runner, TAP.

A file that is not there makes its tests SKIP, never pass: the vectors are data that a machine may not have.
"""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "tests" / "support"))
import machine  # noqa: E402

FOLDER = pathlib.Path(os.environ.get("VECTORS_DIR") or REPOSITORY.parent / "shared" / "vectors")

# Diagnostics of one test: enough to see the kind of mistake, not so many that they hide it.
MOST_DIAGNOSTICS = 20


class Missing(Exception):
    """A vector file is not there."""


# Where each folder of vectors comes from.
PROJECTS = {"wycheproof": "testvectors_v1 of C2SP/wycheproof", "jsontestsuite": "test_parsing of nst/JSONTestSuite",
            "jose-cookbook": "the files of ietf-jose/cookbook"}


def how_to_get(name):
    """What to do about a file that is not there."""
    folder = name.partition("/")[0]
    return f"{name} is not in {FOLDER}: put {PROJECTS.get(folder, 'it')} into a folder {folder} and name the one above it in VECTORS_DIR"


class RunnerEnded(Exception):
    """The runner crashed or complained; its message is what it wrote to stderr."""


def read(name):
    path = FOLDER / name
    if not path.is_file():
        raise Missing(how_to_get(name))
    return path.read_bytes()


def read_json(name):
    return json.loads(read(name))


def files(folder, pattern):
    """The files of a folder, by name; none where there is no folder."""
    return {path.name: path.read_bytes() for path in sorted((FOLDER / folder).glob(pattern))}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_set(*keys):
    return json.dumps({"keys": list(keys)}).encode()


def some_key(**members):
    """An RSA key that ward takes. Nobody has its private half; for key sets that only must be usable."""
    n = int.from_bytes(b"\xd5" * 256, "big")
    return {"kty": "RSA", "n": base64url(n.to_bytes(256, "big")), "e": "AQAB", **members}


class Runner:
    """`command`: the words that start it."""

    def __init__(self, command):
        self.command = command
        self.asked = 0
        self.process = None

    def start(self):
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)

    def ask(self, command, *arguments):
        """The answer's words; the first is the name of a status."""
        if self.process is None:
            self.start()
        line = " ".join([command, *(argument.hex() for argument in arguments)])
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline().decode()
        except BrokenPipeError:
            answer = ""
        if not answer.endswith("\n"):
            self.end(line)
        self.asked += 1
        return answer.rstrip("\n").split(" ")

    def end(self, line):
        self.process.kill()
        self.process.wait()
        self.errors.seek(0)
        message = self.errors.read().decode(errors="replace").strip()
        self.process = None
        raise RunnerEnded(f"the runner ended on: {line[:400]}\n{message[:4000]}")


class Suite:
    """Tests by name; each is a function that yields one line for each thing that is wrong, and returns nothing else."""

    def __init__(self):
        path = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/host/vectors")
        if not path.is_file():
            sys.exit(f"{path} is not there: make {path}")
        command = machine.command(path.resolve())
        if command is None:
            sys.exit(f"not ok 1 - {machine.missing(path)}")
        self.runner = Runner(command)
        self.number = 0
        self.failed = 0

    def report(self, name, wrong, skip):
        self.number += 1
        self.failed += bool(wrong)
        for line in wrong[:MOST_DIAGNOSTICS]:
            print("# " + line.replace("\n", "\n# "))
        if len(wrong) > MOST_DIAGNOSTICS:
            print(f"# and {len(wrong) - MOST_DIAGNOSTICS} more")
        verdict = "not ok" if wrong else "ok"
        directive = " # SKIP " + skip if skip and not wrong else ""
        print(f"{verdict} {self.number} - {name}{directive}", flush=True)

    def test(self, name, function, *arguments):
        wrong = []
        skip = None
        try:
            for line in function(*arguments):
                wrong.append(line)
        except Missing as missing:
            skip = str(missing)
        except RunnerEnded as ended:
            wrong.append(str(ended))
        except Exception:
            # Vectors of another shape than these scripts know.
            wrong.append(traceback.format_exc().strip())
        self.report(name, wrong, skip)

    def note(self, text):
        print(f"# {text}", flush=True)

    def summary(self, text):
        """A note that tests/run shows too."""
        print(f"## {text}", flush=True)

    def end(self):
        print(f"1..{self.number}")
        sys.exit(1 if self.failed else 0)
