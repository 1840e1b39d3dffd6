# SPDX-License-Identifier: Apache-2.0
"""stack.py: the static worst-case stack of functions, from what the compiler writes beside its objects.

gcc's -fcallgraph-info=su gives each function's frame and whom it calls (OBJECT.ci). Two things are missing there and are
read from the object's code: calls that the compiler puts in late, such as a 64-bit division, and stack for arguments
that came half in registers, half in memory (8 bytes in ward_verify). A function of the C library is read from the
linked image: what its instructions take of the stack, and whom it calls on.

A bound is the most that a call takes below the stack pointer that it was entered with. What has no bound is a problem:
recursion, a frame that is not fixed, a call through a pointer that INDIRECT does not explain, a function that nobody
knows.

size_self_test.py proves that each of these is seen.
"""
import collections
import pathlib
import re
import subprocess

# Calls through a pointer that are known to reach only these functions: {caller: ([callees], why)}.
INDIRECT = {
    "mbedtls_platform_zeroize": (
        ["memset"], "memset_func is a volatile constant pointer to memset, so that the wipe cannot be optimised away"),
    "ward_audit_write": ([], "the sink is the application's: what it takes comes on top, as audit.h says"),
    "ward_lock": ([], "the hooks are the application's: what they take comes on top, as hooks.h says"),
    "ward_unlock": ([], "as ward_lock"),
    "src/state/record_read.c:read_all": ([], "the platform's record_read: what it takes comes on top, as platform.h says"),
    "ward_record_open": ([], "as read_all, which it has inside"),
    "src/state/record_write.c:send": ([], "the platform's record_write: likewise"),
    "ward_record_write": ([], "as send, which it has inside"),
}

RECURSION, INDIRECT_CALL, DYNAMIC, UNKNOWN = "recursion", "indirect call", "frame of no fixed size", "unknown function"
KINDS = [RECURSION, INDIRECT_CALL, DYNAMIC, UNKNOWN]

CALL_RELOCATIONS = re.compile(r"R_ARM_(THM_CALL|THM_JUMP24|THM_JUMP19|THM_JUMP11|CALL|JUMP24|PC24)"
                              r"|R_RISCV_(CALL|CALL_PLT|JAL)")

CONDITION = "(?:eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)"


class Function:
    """One function: its frame in bytes, whom it calls, and problems that it has by itself as (kind, text)."""

    def __init__(self, name, frame=0):
        self.name = name
        self.frame = frame
        self.calls = set()
        self.problems = []


# A bound: the bytes, and the functions on the way to the deepest point with their frames.
Bound = collections.namedtuple("Bound", "bytes path")


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout


# ---- The compiler's call graph.

def read_graph(path):
    """{title: Function} of the functions that one .ci defines, and the prefix of its static functions' titles."""
    text = path.read_text()
    prefix = re.match(r'graph: \{ title: "([^"]*)"', text).group(1) + ":"
    functions = {}
    for title, label in re.findall(r'^node: \{ title: "([^"]+)" label: "([^"]*)"', text, re.M):
        found = re.search(r"\\n(\d+) bytes \(([^)]*)\)", label)
        if found:
            functions[title] = Function(title, int(found.group(1)))
            if found.group(2) != "static":
                functions[title].problems.append((DYNAMIC, f"{title}: its frame is {found.group(2)}; no alloca, no "
                                                           "array of variable length"))
    for source, target in re.findall(r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', text, re.M):
        functions[source].calls.add(target)
    return functions, prefix


def read_code(path, tools, *options):
    """{symbol: [(instruction, operands)]} of an object or image; relocations are instructions named R_…"""
    code = collections.defaultdict(list)
    name = None
    for line in run(tools + "objdump", "-dr", "--no-show-raw-insn", *options, path).splitlines():
        label = re.match(r"[0-9a-f]+ <(.+)>:$", line)
        instruction = re.match(r"\s+[0-9a-f]+:\s+(\S+)\s*([^@;]*)", line)
        if label:
            name = label.group(1)
        elif instruction and name:
            code[name].append((instruction.group(1), instruction.group(2).strip()))
    return code


def mnemonic(instruction):
    """The name of an instruction without its width and, for those that matter here, its condition."""
    name = instruction.split(".")[0]
    found = re.fullmatch(r"(push|vpush|stmdb|stmfd|subw|sub|mov|ldr|blx|bx|bl|b)" + CONDITION + "?", name)
    return found.group(1) if found else name


def jumps_through_register(instruction, operands):
    """A call or jump to an address in a register, other than a return."""
    name = mnemonic(instruction)
    return name in ("blx", "bx") and operands != "lr" and re.fullmatch(r"[a-z]\w*", operands) is not None


def jumps_by_hand(instruction, operands):
    """The same in ways that hand-written code uses; compiled code has them for the tables of `switch` only."""
    name = mnemonic(instruction)
    return name == "mov" and operands.startswith("pc,") and operands != "pc, lr" \
        or name == "ldr" and re.match(r"pc, \[(?!sp)", operands) is not None


def add_what_code_shows(functions, prefix, code):
    """Adds the calls, and raises the frames to the sizes, that only the object's code shows."""
    for title, function in functions.items():
        instructions = code.get(title.removeprefix(prefix), [])
        function.frame = max(function.frame, sum(taken(*instruction) or 0 for instruction in instructions))
        for instruction, operands in instructions:
            if CALL_RELOCATIONS.fullmatch(instruction):
                target = re.sub(r"[-+]0x[0-9a-f]+$", "", operands).removeprefix(".text.")
                function.calls.add(prefix + target if prefix + target in functions else target)
            elif jumps_through_register(instruction, operands):
                function.calls.add("__indirect_call")


def read_object(path, tools):
    graph = path.with_suffix(".ci")
    if not graph.exists():
        raise SystemExit(f"{graph} is missing: compile with -fstack-usage -fcallgraph-info=su (boards/*/board.mk does); "
                         f"if {path} is older than that, remove it and build again")
    if graph.stat().st_mtime > path.stat().st_mtime:
        raise SystemExit(f"{graph} is newer than {path}: the last compilation failed; build again")
    functions, prefix = read_graph(graph)
    add_what_code_shows(functions, prefix, read_code(path, tools))
    return functions


# ---- The C library, from the image.

def registers(words):
    """How many registers `{r4, r5-r7, lr}` names."""
    count = 0
    for word in words.strip("{} ").split(","):
        ends = [int(number) for number in re.findall(r"\d+", word)]
        count += ends[1] - ends[0] + 1 if "-" in word and len(ends) == 2 else 1
    return count


def taken(instruction, operands):
    """Bytes that an instruction takes of the stack; None when that cannot be told."""
    name = mnemonic(instruction)
    if name == "push":
        return 4 * registers(operands)
    if name in ("stmdb", "stmfd") and operands.startswith("sp!,"):
        return 4 * registers(operands[4:])
    if name == "vpush":
        return (8 if "d" in operands else 4) * registers(operands)
    lowered = re.search(r"\[sp, #-(\d+)\]!", operands)
    if lowered:
        return int(lowered.group(1))
    if name in ("sub", "subw") and operands.startswith("sp,"):
        number = re.fullmatch(r"sp,(?: sp,)? ?#(\d+)", operands)
        return int(number.group(1)) if number else None
    if name in ("mov", "msr", "bic", "and") and operands.startswith("sp,"):
        return None
    return 0


def branch_target(instruction, operands):
    """The function that a direct call or jump enters, or None for one that stays inside."""
    if mnemonic(instruction) not in ("bl", "blx", "b", "cbz", "cbnz"):
        return None
    found = re.search(r"<([^>+]+)>$", operands)
    return found.group(1) if found else None


def library_function(name, code):
    """A Function from instructions. All that it takes on any path is summed: too much rather than too little."""
    function = Function(name)
    for instruction, operands in code:
        size = taken(instruction, operands)
        if size is None:
            function.problems.append((DYNAMIC, f"{name}: `{instruction} {operands}` in the C library"))
        function.frame += size or 0
        if jumps_through_register(instruction, operands) or jumps_by_hand(instruction, operands):
            function.calls.add("__indirect_call")
        target = branch_target(instruction, operands)
        if target and not (target == name and mnemonic(instruction) not in ("bl", "blx")):
            function.calls.add(target)
    return function


class Library:
    """The functions that an image has from the C library. `names` are its symbols."""

    def __init__(self, image, tools, names):
        self.image, self.tools, self.names, self.known = image, tools, names, {}

    def find(self, name):
        if name not in self.names:
            return None
        if name not in self.known:
            code = read_code(self.image, self.tools, f"--disassemble={name}")
            self.known[name] = library_function(name, code.get(name, []))
        return self.known[name]


# ---- The bounds.

class Graph:
    """Every function of some objects, with the C library of an image after them."""

    def __init__(self, objects, library, tools):
        self.functions = {}
        self.library = library
        self.bounds = {}
        self.problems = {kind: [] for kind in KINDS}
        for path in objects:
            self.functions.update(read_object(pathlib.Path(path), tools))

    def report(self, kind, text):
        if text not in self.problems[kind]:
            self.problems[kind].append(text)

    def callees(self, function):
        for target in sorted(function.calls):
            if target != "__indirect_call":
                yield target
            elif function.name in INDIRECT:
                yield from INDIRECT[function.name][0]
            else:
                self.report(INDIRECT_CALL, f"{function.name} calls through a pointer; call the function by its name, or "
                                           "explain it in INDIRECT in tools/stack.py")

    def bound(self, name, path=()):
        """The Bound of one function; problems on the way are reported and counted as nothing."""
        if name in path:
            self.report(RECURSION, " -> ".join((*path[path.index(name):], name)))
            return Bound(0, [])
        if name in self.bounds:
            return self.bounds[name]
        function = self.functions.get(name) or self.library.find(name)
        if function is None:
            self.report(UNKNOWN, f"{name}, called by {path[-1] if path else 'an application'}, is neither in ward's objects "
                                 "nor in the image's C library")
            self.bounds[name] = Bound(0, [])
            return self.bounds[name]
        for kind, text in function.problems:
            self.report(kind, text)
        below = [self.bound(target, (*path, name)) for target in self.callees(function)]
        deepest = max(below, key=lambda bound: bound.bytes, default=Bound(0, []))
        self.bounds[name] = Bound(function.frame + deepest.bytes, [(name, function.frame), *deepest.path])
        return self.bounds[name]

    def bounds_of(self, calls):
        """{call: Bound} of public functions; call it once, then see .problems."""
        found = {call: self.bound(call) for call in calls}
        for caller in INDIRECT:
            if caller in self.functions and "__indirect_call" not in self.functions[caller].calls:
                self.report(INDIRECT_CALL, f"{caller} no longer calls through a pointer: take it out of INDIRECT in "
                                           "tools/stack.py")
        return found
