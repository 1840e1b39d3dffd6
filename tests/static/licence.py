#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""licence.py [--write]: each source file says under which licence it stands, by a line that tools read (SPDX).

It stands first, or after the line that names the interpreter or the kind of document. Sources are what a person has written for a machine, not
prose and not data: SOURCES lists how each kind writes a comment, WITHOUT what has none. --write puts the line where it
is missing. The output is TAP, a line for each folder; exit 1 if a file has none.
"""
import collections
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TAG = "SPDX-License-Identifier: "

# How a comment is written, by what a name ends with.
SOURCES = {
    ("/* ", " */"): (".css", ".c", ".h", ".ld", ".def", ".exports"),
    ("# ", ""): (".py", ".mk", ".cmake", ".in", ".ini", ".routes", ".sh", ".yml", "CMakeLists.txt", "Makefile", "Doxyfile", "Kconfig", "Kconfig.limits",
                 ".defaults", ".control", ".toml", ".clang-tidy",
                 ".clang-format", "tools/setup", "tests/run", "tests/pytest", "network/configure", "issuer/certificates", ".ci/run"),
    ("// ", ""): (".mjs", ".ts", ".dot"),
    ("-- ", ""): (".sql",),
    ("<!-- ", " -->"): (".html",),
}
# Prose, data, and what is drawn or recorded by a program.
WITHOUT = (".md", ".json", ".pem", ".svg", ".txt", ".typed", ".gitignore", "LICENSE", *(f"found/fuzz_{name}" for name in (
    "claims", "json", "jwks", "keyring", "keys", "record", "request", "response", "token")))


def licence():
    """What LICENSE is, by its first words."""
    first = " ".join((ROOT / "LICENSE").read_text().split()[:5])
    if first != "Apache License Version 2.0, January":
        sys.exit(f"LICENSE begins with {first!r}: say here what SPDX calls it")
    return "Apache-2.0"


def style_of(file):
    """How a file writes a comment; None: it needs no line; a file of an unknown kind is an error."""
    for style, ends in SOURCES.items():
        if file.endswith(ends):
            return style
    return None if file.endswith(WITHOUT) else False


def wanted(style):
    return f"{style[0]}{TAG}{licence()}{style[1]}"


def place(lines):
    return 1 if lines and lines[0].startswith(("#!", "<!doctype")) else 0


def has(file):
    style = style_of(file)
    if style is None:
        return True
    lines = (ROOT / file).read_text().splitlines()
    return bool(style) and lines[place(lines):][:1] == [wanted(style)]


def write(file):
    text = (ROOT / file).read_text()
    lines = text.split("\n")
    lines.insert(place(lines), wanted(style_of(file)))
    (ROOT / file).write_text("\n".join(lines))


def main():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True,
                            text=True).stdout.splitlines()
    files = [file for file in listed if (ROOT / file).is_file()]
    if "--write" in sys.argv[1:]:
        for file in files:
            if style_of(file) and not has(file):
                write(file)
    folders = collections.defaultdict(list)
    for file in files:
        folders[file.rpartition("/")[0] or "."].append(file)
    for number, (folder, members) in enumerate(sorted(folders.items()), 1):
        faults = [file for file in members if not has(file)]
        for file in faults:
            kind = "its kind is new: list it in tests/static/licence.py" if style_of(file) is False else f"begin it with `{wanted(style_of(file))}`"
            print(f"# {file}: no licence: {kind}; tests/static/licence.py --write does it")
        print(f"{'not ok' if faults else 'ok'} {number} - licence: {folder}")
    print(f"1..{len(folders)}")
    return 1 if not folders or not all(has(file) for file in files) else 0


if __name__ == "__main__":
    sys.exit(main())
