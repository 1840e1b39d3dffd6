#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""headers.py FOLDER: writes calls.c and structs.c, which `make size` compiles, from the headers in include/ward.

calls.c refers to every public function, so that the linker keeps them all; structs.c has an array of the size of every
public struct. A function or struct that is added to a header is measured from then on.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Structs that no application declares: parts of others, or scratch that the workspace holds.
PARTS = {
    "ward_jwks_report": "a part of ward_jwks_reader",
    "ward_sha256": "a part of ward_workspace",
    "ward_rsa_scratch": "a part of ward_workspace",
}


def public_headers():
    """The headers that an application includes; include/ward/port is for ports."""
    return sorted((ROOT / "include" / "ward").glob("*.h"))


def declarations(text):
    """The declarations at the top of a header, without comments, macros and bodies; a body is left as {}."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
    text = re.sub(r"\\\n", " ", text)
    text = re.sub(r"^[ \t]*#[ \t]*ifdef[ \t]+__cplusplus\b.*?^[ \t]*#[ \t]*endif", "", text, flags=re.S | re.M)
    text = re.sub(r"^[ \t]*#.*$", "", text, flags=re.M)
    before = None
    while before != text:
        before, text = text, re.sub(r"\{[^{}]*\}", "\0", text)
    text = re.sub(r"static\s+inline\b[^;\0]*\0", "", text)
    return [" ".join(part.replace("\0", "{}").split()) for part in text.split(";")]


def functions_in(text):
    """Names of the functions that a header declares; inline ones are the application's own code."""
    found = []
    for declaration in declarations(text):
        match = re.search(r"\b(ward_\w+) ?\(", declaration)
        if match and not declaration.startswith("typedef"):
            found.append(match.group(1))
    return found


def structs_in(text):
    """Names of the structs and unions that a header defines, with their keyword."""
    matches = (re.fullmatch(r"(?:typedef )?((?:struct|union) (\w+)) ?\{\}.*", part) for part in declarations(text))
    return [(match.group(2), match.group(1)) for match in matches if match]


def public_functions():
    return sorted({name for header in public_headers() for name in functions_in(header.read_text())})


def public_structs():
    return sorted({name: kind for header in public_headers() for name, kind in structs_in(header.read_text())}.items())


def includes():
    return [f'#include "ward/{header.name}"' for header in public_headers()]


def calls_source():
    lines = [*includes(), "", "int main(void);", "extern void (*const all_calls[])(void);",
             "void (*const all_calls[])(void) = {"]
    lines += [f"    (void (*)(void)){name}," for name in public_functions()]
    # The compiler cannot know which one is called, so that the linker needs them all.
    lines += ["};", "", "static volatile unsigned which;", "",
              "int main(void)", "{", "    all_calls[which]();", "    return 0;", "}"]
    return "\n".join(lines) + "\n"


def structs_source():
    lines = includes() + [""]
    for name, kind in public_structs():
        lines.append(f"extern char size_of_{name}[sizeof({kind})];")
        lines.append(f"char size_of_{name}[sizeof({kind})];")
    return "\n".join(lines) + "\n"


def write_if_new(path, text):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    write_if_new(folder / "calls.c", calls_source())
    write_if_new(folder / "structs.c", structs_source())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
