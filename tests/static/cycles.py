#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cycles.py [LIBRARY]: checks that nothing leads back to itself.

    objects    by symbols, those of build/host/libward.a or LIBRARY: none refers to an object of a layer above, and those
               of one folder form no cycle. Includes alone do not show this: a header may declare what its caller defines.
    C          name.c and name.h are one module; the modules of a folder of boards, port, src or tools form no cycle
    Python     nor do the modules of tests and tools, wherever in a file the import stands

The output is TAP, one line for each rule; exit 1 if any is broken. cycles_self_test.py breaks each rule.
"""
import ast
import collections
import pathlib
import subprocess
import sys

import layers

ROOT = pathlib.Path(__file__).resolve().parents[2]

# The crypto backend is one object, and stands in the layer that calls it.
BACKEND = {"crypto.o": "crypto/crypto"}


def find_cycles(edges):
    """Each group of names that reach each other by {name: names}, or a name that leads to itself, sorted."""
    def reach(name):
        seen, waiting = set(), list(edges.get(name, ()))
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                waiting += edges.get(at, ())
        return seen
    reached = {name: reach(name) for name in edges}
    groups = {frozenset(other for other in reached[name] if name in reached.get(other, ())) for name in edges}
    return sorted(sorted(group) for group in groups if group)


def told(cycles, edges, why):
    """One line for each step of each cycle: why(a, b) says what leads from one to the other."""
    return [f"{a} -> {b}{why(a, b)}" for group in cycles for a in group for b in sorted(edges[a]) if b in group]


# ---- Objects, by symbols.

def members(listing):
    """({object: symbols it defines}, {object: symbols it refers to}) from `nm -A -P` of an archive."""
    defines, refers = collections.defaultdict(set), collections.defaultdict(set)
    for line in listing.splitlines():
        place, symbol, kind = line.split()[:3]
        member = place.rpartition("[")[2].partition("]")[0]
        (refers if kind == "U" else defines)[member] |= {symbol} if kind == "U" or kind.isupper() else set()
    return defines, refers


def references(listing, folders):
    """{(object, object): symbols}: who refers to whom, objects named by folder."""
    defines, refers = members(listing)
    owner = {symbol: member for member, symbols in defines.items() for symbol in symbols}
    found = collections.defaultdict(set)
    for member, symbols in refers.items():
        for symbol in symbols:
            if owner.get(symbol, member) != member:
                found[folders[member], folders[owner[symbol]]].add(symbol)
    return found


def layer_of(name):
    return name.split("/")[0]


def upward(found):
    """References to a layer that the referring one must not know."""
    return [f"{a} refers to {b}: {', '.join(sorted(symbols))}" for (a, b), symbols in sorted(found.items())
            if layer_of(b) not in layers.BELOW[layer_of(a)]]


def object_cycles(found):
    edges = collections.defaultdict(set)
    for a, b in found:
        if layer_of(a) == layer_of(b):
            edges[a].add(b)
    return told(find_cycles(edges), edges, lambda a, b: f": {', '.join(sorted(found[a, b]))}")


def folders_of(root):
    """{object: folder/name} of all sources of src, and those whose objects would have the same name."""
    found, twice = dict(BACKEND), []
    for source in sorted((root / "src").glob("*/*.c")):
        member = source.stem + ".o"
        if member in found:
            twice.append(f"{source.relative_to(root)}: an archive has one {member} only; {found[member]} has that name")
        found[member] = f"{source.parent.name}/{source.stem}"
    return found, twice


def check_objects(library, root=ROOT):
    folders, twice = folders_of(root)
    listing = subprocess.run(["nm", "-A", "-P", library], capture_output=True, text=True, check=True).stdout
    strangers = sorted({member for part in members(listing) for member in part} - set(folders))
    missing = [f"{member} is an object of no file of src: build {library} again" for member in strangers]
    found = {} if missing else references(listing, folders)
    silent = [] if found or missing else [f"{library}: no object refers to another: that is not a library of ward"]
    return [("each object of the library is known", twice + missing + silent),
            ("no object refers to a layer above", upward(found)),
            ("no objects of one folder form a cycle", object_cycles(found))]


# ---- C modules, by includes.

def check_modules(root):
    edges, lines = collections.defaultdict(set), {}
    for include in layers.read_tree(root)[0]:
        if not include.target:
            continue
        a, b = (path.rpartition(".")[0] for path in (include.file, include.target))
        if a != b and a.rpartition("/")[0] == b.rpartition("/")[0]:
            edges[a].add(b)
            lines.setdefault((a, b), f" ({include.file}:{include.line})")
    return [("no C modules of one folder form a cycle",
             told(find_cycles(edges), edges, lambda a, b: lines[a, b]))]


# ---- Python modules.

def imported(text):
    """The modules that a file imports anywhere."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {(node.module or "").split(".")[0]}
    return names


def check_python(root):
    """Of two files with one name, the one in the same folder is meant, or else both."""
    files = sorted(file for folder in ("tests", "tools") for file in (root / folder).rglob("*.py"))
    by_name = collections.defaultdict(list)
    for file in files:
        by_name[file.stem].append(file)
    edges = collections.defaultdict(set)
    for file in files:
        for name in imported(file.read_text()):
            near = [other for other in by_name[name] if other.parent == file.parent] or by_name[name]
            edges[file.relative_to(root).as_posix()] |= {other.relative_to(root).as_posix() for other in near}
    return [("no Python modules import each other", told(find_cycles(edges), edges, lambda a, b: ""))]


def main(arguments):
    if len(arguments) > 1 or any(word.startswith("-") for word in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    library = pathlib.Path(arguments[0]) if arguments else ROOT / "build/host/libward.a"
    results = check_objects(library) + check_modules(ROOT) + check_python(ROOT)
    return layers.report([(f"cycles: {name}", found) for name, found in results])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
