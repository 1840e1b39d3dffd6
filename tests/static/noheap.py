#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""noheap.py FILE...: fails when a library or image (libward.a, firmware.elf) has the symbol of an allocator.

Symbols are taken from nm, defined and undefined ones alike: also an allocator that nobody calls yet is one too many.
The output is TAP, one line for each file; exit 1 if any holds one, or has no symbols to look at.

    noheap.py build/host/libward.a build/mps2-an385/firmware.elf
    noheap.py --self-test      compiles small programs that allocate and checks that each is found
"""
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

# Exact names. C and POSIX, newlib's and picolibc's own, then what firmware has in their place.
ALLOCATORS = set("""
    malloc calloc realloc reallocarray reallocf free aligned_alloc posix_memalign memalign valloc pvalloc alloca cfree
    free_sized free_aligned_sized malloc_usable_size strdup strndup wcsdup asprintf vasprintf asnprintf vasnprintf
    getline getdelim open_memstream sbrk brk
    _sbrk _sbrk_r _malloc_r _calloc_r _realloc_r _reallocf_r _free_r _cfree_r _memalign_r _valloc_r _pvalloc_r
    _strdup_r _strndup_r _asprintf_r _vasprintf_r _asnprintf_r _vasnprintf_r __getline __getdelim
    __malloc_lock __malloc_unlock __malloc_av_ __malloc_free_list _malloc_trim_r __nano_malloc __libc_malloc
    __libc_calloc __libc_realloc __libc_free __libc_memalign __strdup __strndup __malloc_sbrk_start
    mbedtls_calloc mbedtls_free mbedtls_platform_set_calloc_free mbedtls_zeroize_and_free
    mbedtls_memory_buffer_alloc_init
    pvPortMalloc pvPortCalloc pvPortRealloc pvPortAlloc vPortFree k_malloc k_calloc k_realloc k_aligned_alloc k_free
    k_heap_alloc k_heap_free heap_caps_malloc heap_caps_calloc heap_caps_realloc heap_caps_aligned_alloc heap_caps_free
    tx_byte_allocate tx_byte_release os_malloc os_free rt_malloc rt_free
""".split())

# C++: operator new, new[], delete and delete[] in each of their manglings.
OPERATORS = re.compile(r"_Z(nw|na|dl|da)([jmyP]\w*)")

NM = {40: "arm-none-eabi-nm", 243: "riscv64-unknown-elf-nm"}


def elf_machine(data):
    """e_machine of an ELF file, or of the first ELF member of an archive; None when there is none."""
    if data[:4] == b"\x7fELF":
        return struct.unpack(">H" if data[5] == 2 else "<H", data[18:20])[0]
    at = 8
    while data[:8] == b"!<arch>\n" and at + 60 <= len(data):
        size = int(data[at + 48:at + 58])
        machine = elf_machine(data[at + 60:at + 60 + size][:64]) if data[at + 60:at + 64] == b"\x7fELF" else None
        if machine is not None:
            return machine
        at += 60 + size + size % 2
    return None


def is_allocator(name):
    """Whether a symbol is an allocator's; compilers add .part.0 and the like, linkers @VERSION, to a name."""
    plain = re.sub(r"(\.(part|isra|constprop|cold|lto_priv)(\.\d+)?|@.*)+$", "", name)
    return plain in ALLOCATORS or OPERATORS.fullmatch(plain) is not None


def symbols(path, nm):
    """(place, name, defined) of each symbol; the place is the file, or the archive's member."""
    run = subprocess.run([nm, "-A", "-P", str(path)], check=True, capture_output=True, text=True)
    if "no symbols" in run.stderr:
        return
    for line in run.stdout.splitlines():
        match = re.match(r"(.*?): (\S+) (\S)(?: |$)", line)
        if match:
            yield match.group(1), match.group(2), match.group(3) not in "Uvw"


def problems(path):
    """What is wrong with one file, as lines of text."""
    try:
        machine = elf_machine(path.read_bytes())
    except OSError as error:
        return [f"{path}: {error.strerror}; build it first"]
    if machine is None:
        return [f"{path}: neither an ELF file nor an archive of them (thin archives are not read)"]
    nm = NM.get(machine, "nm")
    if shutil.which(nm) is None:
        return [f"{path}: {nm} is not installed; tools/setup firmware installs it"]
    try:
        found = list(symbols(path, nm))
    except subprocess.CalledProcessError as error:
        return [f"{path}: {nm} cannot read it: {error.stderr.strip()}"]
    if not any(defined for _, _, defined in found):
        return [f"{path}: no symbols, or a member without any, so that nothing can be seen; check it before it is stripped"]
    return [f"{place}: {name} is {'defined' if defined else 'called'} there; find who wants it with "
            f"`{nm} -A` on the objects, or the linker's -Wl,--cref" for place, name, defined in found if is_allocator(name)]


def report(results):
    """Prints TAP of (name, [diagnostic]); returns the exit code."""
    for number, (name, diagnostics) in enumerate(results, 1):
        for diagnostic in diagnostics:
            print(f"# {diagnostic}")
        print(f"{'not ok' if diagnostics else 'ok'} {number} - {name}")
    print(f"1..{len(results)}")
    return 1 if any(diagnostics for _, diagnostics in results) else 0


# ---- The self-test.

CALLS = "#include <stdlib.h>\nvoid *f(unsigned n); void *f(unsigned n) { return malloc(n); }\n"
DEFINES = "char heap[9]; void *pvPortMalloc(unsigned n); void *pvPortMalloc(unsigned n) { return heap + n; }\n"
STATIC = ("static char heap[9]; __attribute__((noinline, used)) static void *mbedtls_calloc(unsigned n)"
          " { return heap + n; }\nint f(void) { return mbedtls_calloc(1) != 0; }\n")
OPERATOR = "void *_Znwj(unsigned); void *f(void); void *f(void) { return _Znwj(4); }\n"
CLEAN = ("int freedom, malloc_is_not_here; int free_of_it(int a); int free_of_it(int a) { return a + freedom; }\n"
         "int _Znobody; int main(void) { return free_of_it(1); }\n")


class Bench:
    """Compiles small programs in a folder of its own."""

    def __init__(self, folder, prefix):
        self.folder = pathlib.Path(folder)
        self.prefix = prefix

    def tool(self, name, *words):
        subprocess.run([self.prefix + name, *map(str, words)], check=True, capture_output=True)

    def object(self, name, source):
        (self.folder / f"{name}.c").write_text(source)
        self.tool("gcc", "-w", "-Os", "-fno-builtin", "-c", self.folder / f"{name}.c", "-o", self.folder / f"{name}.o")
        return self.folder / f"{name}.o"

    def image(self, name, source):
        out = self.folder / f"{name}.elf"
        self.tool("gcc", "-nostdlib", "-Wl,-e,main", self.object(name, source), "-o", out)
        return out

    def archive(self, name, *sources):
        out = self.folder / f"{name}.a"
        self.tool("ar", "rcsD", out, *[self.object(f"{name}{i}", source) for i, source in enumerate(sources)])
        return out

    def half_stripped(self, name, source):
        out = self.archive(name, source, CLEAN)
        self.tool("strip", self.folder / f"{name}0.o")
        self.tool("ar", "rcsD", out, self.folder / f"{name}0.o")
        return out

    def stripped(self, name, source):
        out = self.image(name, source)
        self.tool("strip", out)
        return out


def expect(title, path, *words):
    """A row that is good when each word stands in what is said about path, or nothing is said and no word given."""
    said = problems(path)
    good = bool(said) == bool(words) and all(any(word in line for line in said) for word in words)
    return (f"self-test: {title}", [] if good else [f"expected {words or 'silence'}, got {said or 'silence'}"])


def self_test_of(bench, target):
    text = bench.folder / "text.elf"
    text.write_text("not a program")
    return [
        expect(f"{target}: a call of malloc in an object", bench.object("calls", CALLS), "malloc is called"),
        expect(f"{target}: one that is defined", bench.object("defines", DEFINES), "pvPortMalloc is defined"),
        expect(f"{target}: one that is static", bench.object("static", STATIC), "mbedtls_calloc is defined"),
        expect(f"{target}: operator new", bench.object("operator", OPERATOR), "_Znwj is called"),
        expect(f"{target}: the last member of an archive", bench.archive("mixed", CLEAN, CALLS),
               "mixed1.o", "malloc is called"),
        expect(f"{target}: an image", bench.image("defined", CLEAN + DEFINES), "pvPortMalloc is defined"),
        expect(f"{target}: names that only resemble one", bench.object("clean", CLEAN)),
        expect(f"{target}: a clean archive", bench.archive("cleana", CLEAN)),
        expect(f"{target}: a clean image", bench.image("cleani", CLEAN)),
        expect(f"{target}: a stripped image proves nothing", bench.stripped("strip", CLEAN), "no symbols"),
        expect(f"{target}: nor does a stripped member", bench.half_stripped("half", DEFINES), "no symbols"),
        expect(f"{target}: a file that is not a program", text, "neither"),
        expect(f"{target}: a file that is not there", bench.folder / "none.elf", "build it first"),
    ]


def self_test():
    rows = []
    for target, prefix in (("host", ""), ("arm", "arm-none-eabi-")):
        with tempfile.TemporaryDirectory() as folder:
            rows += self_test_of(Bench(folder, prefix), target)
    cut = {"malloc.part.0": True, "free@GLIBC_2.2.5": True, "calloc@@GLIBC_2.2.5": True, "_ZnwmRKSt9nothrow_t": True,
           "_ZdlPvm": True, "_ZdaPv": True, "free_of_it": False, "ward_malloc_free": False, "_Znobody": False}
    rows.append(("self-test: suffixes and manglings", [f"{name}: {is_allocator(name)}" for name, wanted in cut.items()
                                                       if is_allocator(name) != wanted]))
    return rows


def main(arguments):
    if arguments == ["--self-test"]:
        return report(self_test())
    if not arguments or any(word.startswith("-") for word in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    return report([(f"noheap: {name} has no allocator", problems(pathlib.Path(name))) for name in arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
