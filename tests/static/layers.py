#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""layers.py [ROOT]: checks who includes whom, by the #include lines of src, include, port, boards and tools/ward.

    boards -> port -> include/ward <- src        inside src: http -> access -> token -> keys -> crypto -> encoding,
                                                 and state beside keys
                                                 inside port: lwip -> http -> tls

The output is TAP, one line for each rule; exit 1 if any is broken.
ROOT is the tree that holds this file, if not another. layers_self_test.py breaks each rule once in a small tree.
"""
import collections
import pathlib
import re
import sys

FOLDERS = ["src", "include", "port", "boards", "tools/ward"]

# Where the compiler looks, as far as any rule can tell; a header named by its path from the root is found as well.
SEARCHED = ["include", "src", "boards/support", "port/crypto/mbedtls", "."]

FREESTANDING = {"float.h", "iso646.h", "limits.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h"}
PURE = FREESTANDING | {"string.h"}
C_LIBRARY = PURE | {
    "assert.h", "ctype.h", "errno.h", "inttypes.h", "locale.h", "math.h", "setjmp.h", "signal.h", "stdio.h", "stdlib.h",
    "time.h", "unistd.h", "fcntl.h", "sys/stat.h", "sys/types.h"}

# What src and include must never reach, with the reason that is told.
OUTSIDE = {
    "stdio.h": "no input or output there: return a status and let the caller print",
    "stdlib.h": "no allocator and no exit there: take memory from the caller",
    "time.h": "no clock there: take struct ward_time from the caller",
    "mbedtls/": "crypto is reached through ward/port/crypto.h; mbedTLS belongs to port/crypto",
    "psa/": "crypto is reached through ward/port/crypto.h; PSA belongs to port/crypto",
    "lwip/": "no network there; lwIP belongs to port/lwip",
}

# Which layers of src each layer may include: itself and what lies below it.
BELOW = {
    "encoding": ["encoding"],
    "crypto": ["crypto", "encoding"],
    "state": ["state", "crypto", "encoding"],
    "keys": ["keys", "state", "crypto", "encoding"],
    "token": ["token", "keys", "crypto", "encoding"],
    "access": ["access", "token", "keys", "state", "crypto", "encoding"],
    "http": ["http", "access", "token", "keys", "state", "crypto", "encoding"],
}

# The public headers, lowest first: each may include those above it in this list only. Those in private/ hold what a public struct
# contains, and stand below every header with such a struct.
PUBLIC = ["version", "config", "port/config", "text", "time", "hooks", "method", "peer", "status", "key", "audit_event",
          "private/denial", "private/bundle", "private/base64url", "private/json_scan", "private/jwk_reader", "private/choice",
          "private/jws", "private/clock", "private/timer", "private/record_origin", "private/audit_run", "private/gate",
          "private/demand",
          "workspace", "port/crypto", "jwks", "record", "keyring", "bundle", "token", "scope", "audit", "access", "denials",
          "http", "ward",
          "port/stream", "port/accept_queue", "port/network", "port/platform", "port/service",
          "port/sockaddr"]
WORDS = {"version", "config", "text", "time", "hooks", "method", "peer", "status"}

# Which public headers each layer of src may include: its own and those of the layers below it.
PUBLIC_OF = {"encoding": WORDS | {"private/base64url", "private/json_scan"}}
PUBLIC_OF["crypto"] = PUBLIC_OF["encoding"] | {"key", "private/jws", "workspace", "port/crypto"}
PUBLIC_OF["state"] = PUBLIC_OF["crypto"] | {"private/clock", "private/record_origin", "record"}
PUBLIC_OF["keys"] = PUBLIC_OF["state"] | {"private/jwk_reader", "private/choice", "private/timer", "private/denial",
                                          "private/bundle", "jwks", "keyring", "bundle"}
PUBLIC_OF["token"] = PUBLIC_OF["crypto"] | {"jwks", "token"}
PUBLIC_OF["access"] = PUBLIC_OF["keys"] | PUBLIC_OF["token"] | {
    "audit_event", "private/audit_run", "private/gate", "private/demand", "scope", "audit", "access",
    "denials"}
PUBLIC_OF["http"] = PUBLIC_OF["access"] | {"http"}
# Which folders of port each folder of port may include: itself and what lies below it. All may include port/*.h; one that is
# not listed includes none but its own.
PORT_BELOW = {
    "tls": ["tls"],
    "http": ["http", "tls"],
    "lwip": ["lwip", "http", "tls"],
    "posix": ["posix", "http"],
}

# The target of an #include that names a macro.
COMPUTED = ""

# One #include: the file and line where it stands, the name in it, and the project's file it means (None: another's).
Include = collections.namedtuple("Include", "file line name target")


# ---- Reading.

def without_comments(text):
    """The text with comments blanked; strings stay, so that `"//"` in one is not a comment, and lines keep their numbers."""
    pattern = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//(?:\\\n|[^\n])*'

    def blank(match):
        found = match.group(0)
        return re.sub(r"[^\n]", " ", found) if found.startswith("/") else found
    return re.sub(pattern, blank, text, flags=re.S)


def resolve(root, file, name, quoted):
    """The project's file that an include means, as a path from the root, or None."""
    places = ([file.parent] if quoted else []) + [root / folder for folder in SEARCHED]
    for place in places:
        found = (place / name).resolve()
        if found.is_file() and found.is_relative_to(root):
            return found.relative_to(root).as_posix()
    return None


def logical_lines(text):
    """(number of the first line, text) of each line, those that end in a backslash joined with the next."""
    begin, joined = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        joined += line.removesuffix("\\")
        if not line.endswith("\\"):
            yield begin, joined
            begin, joined = number + 1, ""


def includes_of(root, file):
    for number, line in logical_lines(without_comments(file.read_text(errors="replace"))):
        match = re.match(r"\s*(?:#|%:)\s*(?:include|include_next|import)\b\s*(\S.*?)\s*$", line)
        if not match:
            continue
        words = match.group(1)
        named = re.fullmatch(r'"([^"]+)"|<([^>]+)>', words)
        name = (named.group(1) or named.group(2)) if named else None
        target = resolve(root, file, name, named.group(1) is not None) if named else None
        yield Include(file.relative_to(root).as_posix(), number, name or words, target if named else COMPUTED)


def read_tree(root):
    files = [file for folder in FOLDERS for pattern in ("*.c", "*.h") for file in sorted((root / folder).rglob(pattern))]
    return [include for file in files for include in includes_of(root, file)], files


# ---- The rules. Each takes an include and returns what to do about it, or None. The first one that speaks is reported.

def layer_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else ""


def inside(path, *folders):
    return path is not None and any(path == folder or path.startswith(folder + "/") for folder in folders)


def computed(include):
    if include.target == COMPUTED and (include.file, include.name) != ("include/ward/config.h", "WARD_CONFIG_FILE"):
        return f"#include {include.name}: name the header itself, so that this check can see it"
    return None


def outside(include):
    if not inside(include.file, "src", "include") or include.target is not None:
        return None
    for start, advice in OUTSIDE.items():
        if include.name == start or start.endswith("/") and include.name.startswith(start):
            return f"<{include.name}>: {advice}"
    return None


def pure(include):
    if not inside(include.file, "src"):
        return None
    if include.target is None and include.name not in PURE:
        return f"<{include.name}>: src has freestanding C and string.h only; what needs more belongs to port"
    if include.target is not None and not inside(include.target, "src", "include/ward"):
        return f"{include.target}: src includes nothing of it; declare what src needs in include/ward"
    return None


def order(include):
    if not inside(include.file, "src") or not inside(include.target, "src"):
        return None
    own, other = layer_of(include.file), layer_of(include.target)
    if own not in BELOW or other not in BELOW:
        stray = own if own not in BELOW else other
        return f"src/{stray} is not a layer: add it to BELOW in tests/static/layers.py, or move the file"
    if other not in BELOW[own]:
        return (f"{include.target}: {own} may include {', '.join(BELOW[own])}; move what both need to the lower layer, "
                f"or the caller up")
    return None


def public_name(path):
    """What PUBLIC calls a public header; None: the path is no such header's."""
    return path.removeprefix("include/ward/").removesuffix(".h") if inside(path, "include/ward") else None


def public_order(include):
    own, other = public_name(include.file), public_name(include.target)
    if own is None or other is None:
        return None
    for name in (own, other):
        if name not in PUBLIC:
            return f"ward/{name}.h has no place: add it to PUBLIC and PUBLIC_OF in tests/static/layers.py"
    if PUBLIC.index(other) >= PUBLIC.index(own):
        return (f"{include.target} is above: move what both need to a lower header, a part of a public struct to "
                f"include/ward/private")
    return None


def layer_public(include):
    other = public_name(include.target)
    if not inside(include.file, "src") or other is None or layer_of(include.file) not in PUBLIC_OF:
        return None
    own = layer_of(include.file)
    if other not in PUBLIC_OF[own]:
        return (f"{include.target} belongs to a layer above {own}: move what {own} needs of it to include/ward/private or to a "
                f"lower header")
    return None


def include_private(include):
    if inside(include.file, "include") and inside(include.target, "src"):
        return f"{include.target} is private to src: an application would not find it; declare in include/ward what it needs"
    return None


def include_only(include):
    if not inside(include.file, "include") or inside(include.target, "include/ward"):
        return None
    if include.target is None and include.name in PURE:
        return None
    return f"{include.name}: public headers include ward/… , freestanding headers and string.h only"


def include_port(include):
    if inside(include.file, "include/ward") and not inside(include.file, "include/ward/port") \
            and inside(include.target, "include/ward/port"):
        return f"{include.target}: what a port provides must not shape the public headers; turn the include round"
    return None


def port_private(include):
    if inside(include.file, "port") and inside(include.target, "src"):
        return f"{include.target} is private to src: use include/ward, or declare what a port needs in include/ward/port"
    return None


def port_order(include):
    if not inside(include.file, "port") or not inside(include.target, "port"):
        return None
    own, other = layer_of(include.file), layer_of(include.target)
    if other == "" or other in PORT_BELOW.get(own, [own]):
        return None
    return (f"{include.target}: {own or 'a file beside the folders'} may include {', '.join(PORT_BELOW.get(own, [own])) or 'none of them'}; "
            f"state what it needs of the other in include/ward/port")


def port_by_folder(include):
    if not inside(include.target, "port") or include.name == include.target:
        return None
    if include.target.rpartition("/")[0] == include.file.rpartition("/")[0]:
        return None
    return f'"{include.name}": name it "{include.target}", so that no other header of that name is found'


def port_boards(include):
    if inside(include.file, "port") and inside(include.target, "boards", "tools", "tests"):
        return f"{include.target}: a port serves every board; take what it needs as an argument"
    return None


def boards_only(include):
    if not inside(include.file, "boards") or include.target is None:
        return None
    own = "/".join(include.file.split("/")[:2])
    if inside(include.target, "include/ward", "port", "boards/support", own):
        return None
    return f"{include.target}: a board includes include/ward, port, boards/support and its own folder"


def tool_only(include):
    if not inside(include.file, "tools/ward"):
        return None
    if include.target is None and include.name not in C_LIBRARY:
        return f"<{include.name}>: the command line uses the C library and include/ward only, as an application would"
    if include.target is not None and not inside(include.target, "include/ward", "port", "tools/ward"):
        return f"{include.target}: the command line is an application; it includes include/ward only"
    return None


RULES = [
    ("every include names its header", computed),
    ("src and include reach no I/O, allocator, clock, mbedTLS, PSA or lwIP", outside),
    ("src includes freestanding C, string.h, ward's public headers and its own", pure),
    ("a layer of src includes itself and lower layers only", order),
    ("a layer of src includes public headers of itself and lower layers only", layer_public),
    ("include has no private header of src", include_private),
    ("include/ward/*.h does not include ward/port", include_port),
    ("include/ward includes itself, freestanding headers and string.h only", include_only),
    ("a public header includes lower public headers only", public_order),
    ("port includes no private header of src", port_private),
    ("port includes nothing of boards, tools or tests", port_boards),
    ("a folder of port includes itself and those below it", port_order),
    ("headers of port are included by their folder", port_by_folder),
    ("boards include include/ward, port and boards/support", boards_only),
    ("tools/ward includes include/ward and the C library only", tool_only),
]
CYCLE = "no header includes itself through others"
FOUND = "every layer's files were found"


def find_cycle(includes):
    """The includes along one cycle, or an empty list."""
    edges = collections.defaultdict(list)
    for include in includes:
        if include.target:
            edges[include.file].append(include)
    done = set()

    def walk(file, path):
        if file in [include.file for include in path]:
            return path[[include.file for include in path].index(file):]
        if file in done:
            return []
        for include in edges[file]:
            cycle = walk(include.target, path + [include])
            if cycle:
                return cycle
        done.add(file)
        return []
    return next((cycle for cycle in (walk(file, []) for file in list(edges)) if cycle), [])


def missing(root, files):
    """Folders without a file to check: then silence would prove nothing."""
    return [folder for folder in FOLDERS if not any(file.is_relative_to(root / folder) for file in files)]


def check(root):
    """What breaks each rule: {rule: [(file, line, advice)]}, in the order of the report."""
    root = root.resolve()
    includes, files = read_tree(root)
    broken = {name: [] for name, _ in RULES}
    for include in includes:
        for name, rule in RULES if include.target != COMPUTED else RULES[:1]:
            advice = rule(include)
            if advice:
                broken[name].append((include.file, include.line, advice))
                break
    cycle = find_cycle(includes)
    broken[CYCLE] = [(include.file, include.line, f"leads to {include.target}; move what both need to a third header")
                     for include in cycle]
    broken[FOUND] = [(folder, 0, "no .c or .h there: run this on ward's root") for folder in missing(root, files)]
    return broken


def report(results):
    """Prints TAP of (name, [diagnostic]); returns the exit code."""
    failed = 0
    for number, (name, diagnostics) in enumerate(results, 1):
        for diagnostic in diagnostics:
            print(f"# {diagnostic}")
        print(f"{'not ok' if diagnostics else 'ok'} {number} - {name}")
        failed += bool(diagnostics)
    print(f"1..{len(results)}")
    return 1 if failed else 0


def main(arguments):
    if len(arguments) > 1 or any(word.startswith("-") for word in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parents[2]
    broken = check(root)
    return report([(f"layers: {name}", [f"{file}:{line}: {advice}" for file, line, advice in found])
                   for name, found in broken.items()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
