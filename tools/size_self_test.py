#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The self-test of size.py: small C files that break each rule of the stack analysis, and tables that do not hold."""
import pathlib
import subprocess
import sys
import tempfile

import flash
import headers
import size
import stack

TOOLS = "arm-none-eabi-"
COMPILE = [TOOLS + "gcc", "-mcpu=cortex-m3", "-mthumb", "-Os", "-g", "-w", "-ffunction-sections"]
GRAPH = ["-fstack-usage", "-fcallgraph-info=su"]

# ---- The stack analysis. Each case: its files; the functions asked for; the kind of problem, or the path and frames.

NOINLINE = "#define N __attribute__((noinline, noipa))\nstatic volatile int v; void sink(void *);\n"
SINK = {"sink": "void sink(void *p) { *(volatile char *)p = 1; }\n"}

CHAIN = {**SINK, "a": NOINLINE + "N static void leaf(void) { char c[100]; sink(c); }\n"
         "N static void middle(void) { char c[40]; sink(c); leaf(); sink(c); }\n"
         "void top(void) { middle(); v++; }\n"}
SELF = {"a": NOINLINE + "N int top(int n) { return n < 2 ? v : top(n - 1) * top(n - 2); }\n"}
MUTUAL = {"a": "int other(int); __attribute__((noipa)) int top(int n) { return n ? other(n - 1) + 1 : 0; }\n",
          "b": "int top(int); __attribute__((noipa)) int other(int n) { return n ? top(n - 1) + 2 : 0; }\n"}
POINTER = {"a": "int top(int (*f)(int)) { return f(1) + 1; }\n"}
TAIL_POINTER = {"a": "int top(int (*f)(int)) { return f(1); }\n"}
TABLE = {"a": NOINLINE + "static int x(int a) { return a + v; } static int y(int a) { return a * v; }\n"
         "static int (*const t[])(int) = { x, y }; int top(int n) { return t[n & 1](n) + 1; }\n"}
BY_ASSEMBLY = {"a": 'void top(void *f) { __asm__ volatile("blx %0" : : "r"(f) : "lr", "memory"); }\n'}
ARRAY = {**SINK, "a": NOINLINE + "void top(int n) { char c[n]; sink(c); }\n"}
ALLOCA = {**SINK, "a": NOINLINE + "void top(int n) { sink(__builtin_alloca(n)); }\n"}
STRANGER = {"a": "__attribute__((weak)) void stranger(void); void top(void) { stranger(); stranger(); }\n"}
DIVISION = {"a": "unsigned long long top(unsigned long long a, unsigned long long b) { return a / b + 1; }\n"}
COPY = {"a": "struct s { char c[600]; }; void top(struct s *a, struct s *b) { *a = *b; a->c[0]++; }\n"}
SHAPED = {**SINK, "a": NOINLINE + "struct s { int a, b; };\n"
          "int top(int a, int b, int c, struct s s) { sink(&s); return a + b + c; }\n"}
TWINS = {"a": NOINLINE + "N static void twin(void) { char c[200]; sink(c); }\nvoid top(void) { twin(); v++; }\n",
         "b": NOINLINE + "N static void twin(void) { char c[16]; sink(c); }\nvoid low(void) { twin(); v++; }\n", **SINK}
WIPE = {"a": "#include <string.h>\nstatic void *(*const volatile f)(void *, int, size_t) = memset;\n"
        "void mbedtls_platform_zeroize(void *p, size_t n) { f(p, 0, n); }\n"
        "void top(void *p) { mbedtls_platform_zeroize(p, 9); }\n"}
STALE = {"a": "void mbedtls_platform_zeroize(char *p) { *p = 0; }\nvoid top(char *p) { mbedtls_platform_zeroize(p); }\n"}
SIMILAR = {"a": "int top_other(int a) { return a; }\n"}

PROBLEMS = [
    ("a function that calls itself", SELF, stack.RECURSION),
    ("two that call each other across objects", MUTUAL, stack.RECURSION),
    ("a call through a pointer", POINTER, stack.INDIRECT_CALL),
    ("a jump through a pointer", TAIL_POINTER, stack.INDIRECT_CALL),
    ("a call through a table", TABLE, stack.INDIRECT_CALL),
    ("a call that only the code shows", BY_ASSEMBLY, stack.INDIRECT_CALL),
    ("an explained pointer that is gone", STALE, stack.INDIRECT_CALL),
    ("an array of variable length", ARRAY, stack.DYNAMIC),
    ("alloca", ALLOCA, stack.DYNAMIC),
    ("a function that nobody has", STRANGER, stack.UNKNOWN),
    ("a public function that was forgotten", CHAIN, stack.UNKNOWN, ["top", "forgotten"]),
    ("another function with a similar name", SIMILAR, stack.UNKNOWN),
]

# The least bytes, the most, and functions that the deepest path must have.
BOUNDS = [
    ("a chain over two objects adds up", CHAIN, 160, 180, ["top", "middle", "leaf", "sink"]),
    ("a 64-bit division, which the call graph leaves out", DIVISION, 24, 80, ["top", "__aeabi_uldivmod", "__udivmoddi4"]),
    ("a copied struct calls memcpy", COPY, 8, 48, ["top", "memcpy"]),
    ("two static functions of one name", TWINS, 208, 230, ["top", "twin", "sink"]),
    ("a pointer that is explained", WIPE, 16, 48, ["top", "mbedtls_platform_zeroize", "memset"]),
]


def build(folder, files, graph=True):
    """Objects of some files and an image of them all."""
    objects = []
    for name, source in files.items():
        path = pathlib.Path(folder) / f"{name}.c"
        path.write_text(source)
        objects.append(path.with_suffix(".o"))
        subprocess.run([*COMPILE, *(GRAPH if graph else []), "-c", path, "-o", objects[-1]], check=True)
    image = pathlib.Path(folder) / "image.elf"
    subprocess.run([*COMPILE, "-nostartfiles", "-Wl,-e,top,--unresolved-symbols=ignore-all,--no-warn-rwx-segments",
                    f"-Wl,-Map,{image.with_suffix('.map')}", *objects, "-o", image], check=True, stderr=subprocess.DEVNULL)
    return objects, image


def analyse(files, calls=("top",), graph=True):
    with tempfile.TemporaryDirectory() as folder:
        objects, image = build(folder, files, graph)
        pieces = list(flash.read_map(image.with_suffix(".map")))
        library = stack.Library(image, TOOLS, flash.library_names(image, pieces, TOOLS))
        found = stack.Graph(objects, library, TOOLS)
        return found.bounds_of(calls), found.problems


def problem_row(title, files, kind, calls=("top",)):
    _, problems = analyse(files, calls)
    seen = {name for name, texts in problems.items() if texts}
    return (f"stack: {title}: {kind}", [] if seen == {kind} else [f"seen: {problems}"], None)


def bound_row(title, files, least, most, path):
    bounds, problems = analyse(files)
    bound = bounds["top"]
    names = [name.split(":")[-1] for name, _ in bound.path]
    good = least <= bound.bytes <= most and names == path and not any(problems.values())
    return (f"stack: {title}", [] if good else [f"{bound}, {problems}"], None)


def shaped_row():
    """gcc's own figure leaves out the half of an argument that it pushes beside those on the stack."""
    with tempfile.TemporaryDirectory() as folder:
        objects, _ = build(folder, SHAPED)
        told = stack.read_graph(objects[-1].with_suffix(".ci"))[0]["top"].frame
        real = stack.read_object(objects[-1], TOOLS)["top"].frame
    return ("stack: an argument half in registers", [] if real == told + 8 else [f"gcc: {told}, code: {real}"], None)


def no_graph_row():
    try:
        analyse(CHAIN, graph=False)
    except SystemExit as error:
        return ("stack: an object without a call graph", [] if "-fcallgraph-info" in str(error) else [str(error)], None)
    return ("stack: an object without a call graph", ["it was not missed"], None)


# What assembly may look like, in objdump's words.
CODE = [
    ([("push", "{r4, r5-r7, lr}"), ("sub.w", "sp, sp, #40"), ("vpush", "{d8-d9}"), ("pop", "{r4, pc}")], 20 + 40 + 16, set()),
    ([("stmdb", "sp!, {r4, lr}"), ("str.w", "r0, [sp, #-8]!"), ("sub", "sp, #4"), ("bxeq", "lr")], 8 + 8 + 4, set()),
    ([("strd", "r0, r1, [sp, #-16]!"), ("bl", "10 <other>"), ("bne.n", "4 <self+0x4>"), ("b.n", "0 <self>")], 16, {"other"}),
    ([("beq.w", "10 <tail>"), ("cbz", "r0, 12 <far>"), ("bls.n", "14 <low>")], 0, {"tail", "far", "low"}),
    ([("bl", "0 <self>")], 0, {"self"}),
    ([("blx", "r3")], 0, {"__indirect_call"}),
    ([("bxne", "ip")], 0, {"__indirect_call"}),
    ([("mov", "pc, r2")], 0, {"__indirect_call"}),
    ([("ldr.w", "pc, [r2, #4]")], 0, {"__indirect_call"}),
    ([("ldr.w", "pc, [sp], #4"), ("mov", "pc, lr"), ("bic.w", "r3, r3, #7")], 0, set()),
]
UNTOLD = [("sub.w", "sp, sp, r3"), ("mov", "sp, r7"), ("bic.w", "sp, r3, #7")]


def code_results():
    rows = []
    for code, frame, calls in CODE:
        function = stack.library_function("self", code)
        got = (function.frame, function.calls, function.problems)
        rows.append(same(f"stack: assembly: {code[0]}", got, (frame, calls, [])))
    for instruction in UNTOLD:
        kinds = [kind for kind, _ in stack.library_function("self", [instruction]).problems]
        rows.append(same(f"stack: assembly: {instruction}", kinds, [stack.DYNAMIC]))
    return rows


def stack_results():
    return [*code_results(), *(problem_row(*case) for case in PROBLEMS), *(bound_row(*case) for case in BOUNDS),
            shaped_row(), no_graph_row()]


# ---- Headers and map.

HEADER = """
/* void ward_commented(void); */
#ifdef __cplusplus
extern "C" {
#endif
struct ward_thing { int a; union { int b; struct { int c; } d; } e; };
union ward_either { int a; };
enum ward_kind { WARD_ONE };
struct ward_opaque;
typedef void (*ward_hook)(int);
static inline int ward_inlined(struct ward_thing t) { if (t.a) { return ward_called(1); } return 0; }
WARD_MUST_USE struct ward_status ward_limited(const struct ward_thing *thing,
                                              size_t length);
const struct ward_thing *ward_pointer(void); int ward_second(int (*hook)(void));
extern const int ward_variable;
#define ward_limited(...) WARD_CHECKED(WARD_LIMITS, ward_limited(__VA_ARGS__))
"""

MAP = """
Discarded input sections
 .text.gone     0x00000000       0x99 a.o

Linker script and memory map

.text           0x00000000       0x60
 *(.text .text.*)
 .text.short    0x00000000       0x10 build/b/libward.a(x.o)
                0x00000000                short
 *fill*         0x00000010        0x4
 .text.a_name_that_is_long
                0x00000014       0x20 build/b/libward.a(crypto.o)
 .text.none     0x00000034        0x0 b.o

.a_section_that_is_long
                0x00000060        0x8
 .a_section_that_is_long
                0x00000060        0x8 c.o
.data           0x20000000        0x4 load address 0x00000068
 .data          0x20000000        0x4 c.o
"""

# By ld 2.44: a.o has 9 bytes of strings, b.o 9 and c.o 8, of which 5 are in one of the others. d.o and e.o have others.
GATHERED = """
Linker script and memory map

.text           0x00000000       0x40
 .text.f        0x00000000       0x10 a.o
 .rodata.str1.1
                0x00000010       0x15 a.o
                                  0x9 (size before relaxing)
 .rodata.f.str1.1
                0x00000025        0x9 b.o
 .rodata.table  0x00000025        0x7 b.o
 .rodata.str1.4
                0x0000002c       0x10 d.o
                                  0x8 (size before relaxing)
 .rodata.str1.4
                0x0000003c        0x8 e.o
 .rodata.str1.1
                0x00000040        0x8 c.o
.data           0x20000000        0x0
"""


def same(name, got, wanted):
    return (name, [] if got == wanted else [f"got {got}, not {wanted}"], None)


def reading_results():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "x.map"
        path.write_text(MAP)
        pieces = [(piece.output, piece.section, piece.size, piece.object) for piece in flash.read_map(path)]
        path.write_text(GATHERED)
        gathered = [(piece.section, piece.size, piece.object) for piece in flash.read_map(path)]
    return [
        same("flash: a map in which strings are gathered", gathered, [
            (".text.f", 16, "a.o"), (".rodata.str1.1", 9, "a.o"), (".rodata.f.str1.1", 9, "b.o"),
            (".rodata.table", 7, "b.o"), (".rodata.str1.4", 8, "d.o"), (".rodata.str1.4", 8, "e.o"),
            (".rodata.str1.1", 3, "c.o")]),
        same("headers: functions", headers.functions_in(HEADER), ["ward_limited", "ward_pointer", "ward_second"]),
        same("headers: structs", headers.structs_in(HEADER),
             [("ward_thing", "struct ward_thing"), ("ward_either", "union ward_either")]),
        same("flash: the map", pieces, [
            (".text", ".text.short", 16, "build/b/libward.a(x.o)"), (".text", "*fill*", 4, None),
            (".text", ".text.a_name_that_is_long", 32, "build/b/libward.a(crypto.o)"),
            (".a_section_that_is_long", ".a_section_that_is_long", 8, "c.o"), (".data", ".data", 4, "c.o")]),
    ]


# ---- Budgets and the README, with figures that are made up.

def figures(**changes):
    toolchain = size.Toolchain("gcc 1.0", "-Os", "newlib 1", "mbedTLS 3.6.6", "board")
    structs = dict.fromkeys(["ward_workspace", "ward_jwks_reader", "ward_claims"], 9)
    peak = {"workspace": 1, "key set": 2, "stack": 500, "sum": 503, "accepted": True}
    base = size.Figures(toolchain, {part: 100 for part in flash.PARTS}, {part: 150 for part in flash.PARTS},
                        {**structs, "ward_key": 10, "ward_jwks": 41}, {**structs, "ward_key": 10, "ward_jwks": 21},
                        {name: stack.Bound(600, []) for name in ["ward_verify", *size.READER_CALLS]},
                        {kind: [] for kind in stack.KINDS}, peak)
    return base._replace(**changes)


def broken_rows(text, now):
    """The numbers of the checks that are not ok for a README's text."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "README.md"
        path.write_text(text)
        rows = size.check_rows(path, now)
        return [row[0].split(":")[0].split(",")[0].split(" in /")[0] for row in rows if row[1]], any(row[2] for row in rows)


def written():
    """A README into which the made-up figures were written, by way of the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "README.md"
        path.write_text(f"# title\n\n{size.BEGIN}\nold\n{size.END}\nafter\n")
        size.write(path, size.table(figures()))
        size.write(path, size.table(figures()))
        return path.read_text()


TABLE_ROW = "the footprint table"


def expect(title, text, now, wanted, skipped=False):
    return same(f"check: {title}", broken_rows(text, now), (wanted, skipped))


def check_results():
    good = written()
    peak, many = figures().peak, figures().verify
    other = figures()._replace(toolchain=figures().toolchain._replace(compiler="gcc 2.0"))
    older = figures()._replace(toolchain=figures().toolchain._replace(mbedtls="mbedTLS 3.6.7"))
    board = figures()._replace(toolchain=figures().toolchain._replace(board="elsewhere"))
    options = figures()._replace(toolchain=figures().toolchain._replace(options="-O2"))
    loop = {**figures().problems, stack.RECURSION: ["a -> a"]}
    return [
        same("check: around the table nothing changes", (good.split(size.BEGIN)[0], good.split(size.END)[1]),
             ("# title\n\n", "\nafter\n")),
        expect("a table that holds", good, figures(), []),
        expect("one number that differs", good.replace("| 600 |", "| 601 |"), figures(), [TABLE_ROW]),
        expect("another compiler", good, other, [], True),
        expect("another mbedTLS", good, older, [], True),
        expect("another board is not an excuse", good, board, [TABLE_ROW]),
        expect("nor are other options", good, options, [TABLE_ROW]),
        expect("no markers", "# title\n", figures(), [TABLE_ROW]),
        expect("markers in the wrong order", f"{size.END}\n{size.BEGIN}\n", figures(), [TABLE_ROW]),
        expect("an empty block", f"{size.BEGIN}\n{size.END}\n", figures(), [TABLE_ROW]),
        expect("too much code", good, other._replace(verify={**many, flash.OWN: 8193}), ["flash of ward itself"], True),
        expect("too large an image", good, other._replace(verify={**many, flash.MBEDTLS: 24577}),
               ["flash of a firmware that verifies"], True),
        expect("too deep a stack", good, other._replace(stack={**other.stack, "ward_verify": stack.Bound(701, [])}),
               ["stack of ward_verify"], True),
        expect("recursion", good, figures(problems=loop), ["no recursion in any public call", "stack of ward_verify"]),
        expect("a refused token", good, figures(peak={**peak, "accepted": False}), ["the token of the peak was verified"]),
        expect("a peak too high", good, other._replace(peak={**peak, "sum": 4097}), ["peak of RAM in a verification"], True),
        expect("paint below the bound", good, other._replace(peak={**peak, "stack": 601}), ["painted stack"], True),
        expect("an emulator that fails", good, figures(peak={"error": "no\nend"}),
               ["peak of RAM in a verification", TABLE_ROW]),
    ]


# ---- The emulator's runner, with programs of a few lines.

PROGRAM = """
static void print(const char *s) { for (; *s; s++) *(volatile unsigned *)0x40004000 = *s; }
static void leave(int code) {
    unsigned p[2] = { 0x20026, code };
    register unsigned r0 __asm__("r0") = 0x20;
    register unsigned *r1 __asm__("r1") = p;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}
static char read(void) { while (!(*(volatile unsigned *)0x40004004 & 2)) { } return *(volatile unsigned *)0x40004000; }
void top(void) {
    *(volatile unsigned *)0x40004010 = 16;
    *(volatile unsigned *)0x40004008 = 3;
    BODY
    for (;;) { }
}
__attribute__((section(".vectors"), used)) static void *const vectors[] = { (void *)0x20001000, top };
"""
PROGRAMS = [
    ("an end with success", 'print("hi\\nEND\\n"); leave(0);', (0, "hi\nEND\n")),
    ("an end with an exit code", 'print("END\\n"); leave(3);', (3, "END\n")),
    ("input", 'char s[2] = { read(), 0 }; print(s); print("\\nEND\\n"); leave(0);', (0, "x\nEND\n")),
    ("success without END", 'print("hi\\n"); leave(0);', "before its line END"),
    ("END inside a line", 'print("not the END\\n"); leave(0);', "before its line END"),
    ("no end", 'print("so far\\n");', f"still running after {size.qemu.pace.seconds(2):.0f} s; last it printed:\nso far"),
]


def run_program(folder, body):
    source, image = pathlib.Path(folder) / "program.c", pathlib.Path(folder) / "program.elf"
    source.write_text(PROGRAM.replace("BODY", body))
    subprocess.run([*COMPILE, "-nostdlib", "-Wl,-e,top,-Ttext=0x100,--section-start=.vectors=0,--no-warn-rwx-segments", source,
                    "-o", image], check=True)
    try:
        return size.qemu.run(image, input=b"x", timeout=2)
    except size.qemu.QemuError as error:
        return str(error)


def emulator_results():
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for title, body, wanted in PROGRAMS:
            got = run_program(folder, body)
            good = got == wanted if isinstance(wanted, tuple) else isinstance(got, str) and wanted in got
            rows.append((f"emulator: {title}", [] if good else [f"got {got!r}"], None))
    return rows


def results():
    return [*stack_results(), *reading_results(), *check_results(), *emulator_results()]


def report(rows):
    return size.report(rows, "self-test: ")


if __name__ == "__main__":
    sys.exit(report(results()))
