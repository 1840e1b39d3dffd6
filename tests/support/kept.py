# SPDX-License-Identifier: Apache-2.0
"""What the steps of `make soak` came to, kept in a folder for as long as the tree stays the same: soak takes hours, and one that
was broken off goes on where it ended."""
import hashlib
import json
import shutil
import subprocess
import time


# What no step of a soak looks at: a tree keeps its name when it is changed.
PROSE = (":(exclude)docs", ":(exclude)*.md")


def tree(root):
    """What names the tree: a digest of all that is committed, but for its prose; None where something is not committed."""
    def git(*words):
        return subprocess.run(["git", *words, "--", ".", *PROSE], cwd=root, capture_output=True, text=True, check=True).stdout

    try:
        return None if git("status", "--porcelain") else hashlib.sha256(git("ls-files", "--stage").encode()).hexdigest()
    except (OSError, subprocess.CalledProcessError):
        return None


class Kept:
    """The steps that passed, by name."""

    def __init__(self, folder, name):
        self.folder, self.file = folder, folder / "passed.json"
        mark = folder / "tree"
        if name is None or not mark.exists() or mark.read_text() != name:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        if name is not None:
            mark.write_text(name)
        self.passed = json.loads(self.file.read_text()) if self.file.exists() else {}

    def of(self, name):
        """What a step came to: counts, notes, when; None where it has not passed."""
        return self.passed.get(name)

    def keep(self, name, result, seconds):
        """Only what passed is kept: the rest is run again."""
        if result.failed == 0:
            self.passed[name] = {"passed": result.passed, "skipped": result.skipped, "notes": result.notes,
                                 "reasons": result.reasons, "seconds": round(seconds),
                                 "ended": time.strftime("%Y-%m-%d %H:%M")}
            new = self.file.with_suffix(".new")
            new.write_text(json.dumps(self.passed, indent=1))
            new.replace(self.file)
