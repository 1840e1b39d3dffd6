#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The self-test of cycles.py: small libraries and trees that break each rule, and some that keep all of them."""
import pathlib
import subprocess
import sys
import tempfile

import cycles
import layers

# A library whose objects refer downward, with the sources they are of.
LIBRARY = {
    "src/encoding/text.c": "int text(void); int text(void) { return 1; }",
    "src/crypto/wipe.c": "int text(void); int wipe(void); int wipe(void) { return text(); }",
    "src/keys/key.c": "int wipe(void); int key(void); int key(void) { return wipe(); }",
    "src/access/lock.c": "int key(void); int lock(void); int lock(void) { return key(); }",
    "src/access/gate.c": "int lock(void); int gate(void); int gate(void) { return lock(); }",
}
BACKEND = ("port/crypto/crypto.c", "int wipe(void); int backend(void); int backend(void) { return wipe(); }")

KNOWN, UPWARD, CIRCLE = (
    "each object of the library is known", "no object refers to a layer above", "no objects of one folder form a cycle")
MODULES, PYTHON = "no C modules of one folder form a cycle", "no Python modules import each other"


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def broken(results):
    return {name for name, found in results if found}


def library_row(title, change, wanted, sources=None):
    """What check_objects() says of a library of LIBRARY with a change; `sources` are the tree, if not the same."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        files = {**LIBRARY, **dict([BACKEND]), **change}
        write(root, files)
        objects = []
        for name in files:
            objects.append(root / (pathlib.Path(name).stem + ".o"))
            subprocess.run(["gcc", "-w", "-O0", "-c", root / name, "-o", objects[-1]], check=True)
        library = root / "libward.a"
        subprocess.run(["ar", "rcsD", library, *objects], check=True)
        for name in sources or []:
            (root / name).unlink()
        got = broken(cycles.check_objects(library, root))
    return (f"self-test: objects: {title}", [] if got == wanted else [f"expected {wanted or 'silence'}, got {got or 'silence'}"])


def library_rows():
    return [
        library_row("a library that only goes down", {}, set()),
        library_row("one that calls upward", {"src/keys/key.c": "int gate(void); int key(void); int key(void) { return gate(); }"},
                    {UPWARD}),
        library_row("upward by a variable", {"src/crypto/wipe.c": "extern int limit; int wipe(void); int wipe(void) { return limit; }",
                                             "src/token/claim.c": "int limit = 1;"}, {UPWARD}),
        library_row("the backend above its layer", {BACKEND[0]: "int key(void); int backend(void); int backend(void) { return key(); }"},
                    {UPWARD}),
        library_row("two of a folder that call each other",
                    {"src/access/lock.c": "int gate(void); int lock(void); int lock(void) { return gate(); }"}, {CIRCLE}),
        library_row("three of a folder", {
            "src/access/lock.c": "int third(void); int lock(void); int lock(void) { return third(); }",
            "src/access/third.c": "int gate(void); int third(void); int third(void) { return gate(); }"}, {CIRCLE}),
        library_row("a static function of the same name is not a reference",
                    {"src/access/lock.c": "static int gate(void) { return 1; } int lock(void); int lock(void) { return gate(); }"},
                    set()),
        library_row("two sources whose objects have one name", {"src/http/gate.c": "int other(void); int other(void) { return 1; }"},
                    {KNOWN}),
        library_row("an object whose source is gone", {"src/access/gone.c": "int gone(void); int gone(void) { return 1; }"}, {KNOWN},
                    ["src/access/gone.c"]),
        library_row("no references at all", {name: f"int x{number};" for number, name in enumerate([*LIBRARY, BACKEND[0]])}, {KNOWN}),
    ]


def tree_row(title, check, files, wanted):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        write(root, files)
        got = broken(check(root))
    return (f"self-test: {title}", [] if got == wanted else [f"expected {wanted or 'silence'}, got {got or 'silence'}"])


def module_rows():
    app = {"boards/app/api.h": "", "boards/app/rows.h": "", "boards/app/rows.c": '#include "rows.h"\n'}
    return [
        tree_row("C: one that includes another", cycles.check_modules, {**app, "boards/app/api.c": '#include "api.h"\n#include "rows.h"\n'},
                 set()),
        tree_row("C: each includes the other's header", cycles.check_modules,
                 {**app, "boards/app/api.c": '#include "rows.h"\n', "boards/app/rows.c": '#include "api.h"\n'}, {MODULES}),
        tree_row("C: by way of a header", cycles.check_modules,
                 {**app, "boards/app/api.c": '#include "rows.h"\n', "boards/app/rows.h": '#include "api.h"\n'}, {MODULES}),
        tree_row("C: folders may know each other", cycles.check_modules,
                 {"src/token/a.h": "", "src/token/b.c": '#include "keys/c.h"\n', "src/keys/c.h": '#include "token/a.h"\n'}, set()),
    ]


def python_rows():
    return [
        tree_row("Python: one imports another", cycles.check_python, {"tools/a.py": "import b\nimport sys\n", "tools/b.py": ""}, set()),
        tree_row("Python: two import each other", cycles.check_python, {"tools/a.py": "import b\n", "tools/b.py": "from a import c\n"},
                 {PYTHON}),
        tree_row("Python: inside a function", cycles.check_python,
                 {"tools/a.py": "def f():\n    import b\n", "tools/b.py": "import a as c\n"}, {PYTHON}),
        tree_row("Python: across folders", cycles.check_python, {"tools/a.py": "import b\n", "tests/x/b.py": "import a\n"}, {PYTHON}),
        tree_row("Python: itself", cycles.check_python, {"tools/a.py": "import a\n"}, {PYTHON}),
        tree_row("Python: the same name beside it is meant", cycles.check_python,
                 {"tools/a.py": "import b\n", "tools/b.py": "", "tests/x/b.py": "import a\n"}, set()),
    ]


if __name__ == "__main__":
    sys.exit(layers.report(library_rows() + module_rows() + python_rows()))
