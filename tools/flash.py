# SPDX-License-Identifier: Apache-2.0
"""What a linked image has in flash and from whom, and how large structs are: linker map and nm."""
import collections
import pathlib
import re
import subprocess

# One input section in an image: the output section it went to, its own name, address and size, the object it came from.
Piece = collections.namedtuple("Piece", "output section address size object")

OWN, MBEDTLS, LIBRARY, BOARD, APPLICATION, FILL = (
    "ward", "mbedTLS", "C library", "start-up and board", "application", "alignment")
PARTS = [OWN, MBEDTLS, LIBRARY, BOARD, APPLICATION, FILL]


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout


# ---- Reading.

def read_map(path):
    """The pieces in a GNU ld map; alignment between pieces has no object."""
    text = path.read_text().split("Linker script and memory map", 1)[1]
    text = re.sub(r"^( ?\.\S+)\n\s+(0x)", r"\1 \2", text, flags=re.M)
    output, pieces, gathered = "", [], {}
    for line in text.splitlines():
        outer = re.match(r"(\.\S+)(?:\s|$)", line)
        inner = re.match(r" (\.\S+|COMMON|\*fill\*)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s+(\S.*))?$", line)
        before = re.match(r"\s+0x([0-9a-f]+) \(size before relaxing\)$", line)
        if outer:
            output = outer.group(1)
        elif inner and int(inner.group(3), 16) > 0:
            address, size = int(inner.group(2), 16), int(inner.group(3), 16)
            pieces.append(Piece(output, inner.group(1), address, size, inner.group(4)))
        elif before and pieces and kind_of(pieces[-1]) and int(before.group(1), 16) < pieces[-1].size:
            gathered[len(pieces) - 1] = int(before.group(1), 16)
    return give_back(pieces, gathered)


def give_back(pieces, gathered):
    """Newer versions of ld (2.44) gather strings, and constants, in the first piece of an output section that has any,
    and list the others where no byte of theirs is. `gathered` has the own sizes of such first pieces, by their numbers.
    Each piece gets what is its own; of equal strings, which there are once, the last to ask goes without."""
    for first, own in gathered.items():
        spare = pieces[first].size - own
        for number in range(first + 1, len(pieces)):
            if pieces[number].output == pieces[first].output and kind_of(pieces[number]) == kind_of(pieces[first]):
                size = min(spare, pieces[number].size)
                pieces[number] = pieces[number]._replace(size=size)
                spare -= size
        pieces[first] = pieces[first]._replace(size=own + spare)
    return [piece for piece in pieces if piece.size > 0]


def kind_of(piece):
    """What is gathered with what: strings of one size and alignment of characters, constants of one size."""
    kind = re.search(r"\.(str\d+\.\d+|cst\d+)$", piece.section)
    return kind and kind.group(1)


def loaded_sections(image, tools):
    """{output section: size} of what stands in flash: code, constants, and the initial values of variables."""
    text = run(tools + "objdump", "-h", image)
    found = re.findall(r"^\s*\d+ (\.\S+)\s+([0-9a-f]+) .*\n\s+(.*)$", text, re.M)
    return {name: int(size, 16) for name, size, flags in found if "LOAD" in flags.split(", ")}


def sections_of(objects, tools):
    """Names of all sections of some objects."""
    names = set()
    for path in objects:
        names |= set(re.findall(r"^(\.\S+)\s+\d+\s+\d+$", run(tools + "size", "-A", "-d", path), re.M))
    return names


def symbols(image, tools):
    """{name: (address, size)} of an image's or object's symbols that have a size."""
    found = re.findall(r"^([0-9a-f]+) ([0-9a-f]+) \S (\S+)$", run(tools + "nm", "-S", image), re.M)
    return {name: (int(address, 16), int(size, 16)) for address, size, name in found}


# ---- Whose is it?

def is_library(piece):
    """Whether a piece came from the compiler's or the C library's archives."""
    return piece.object is not None and re.search(r"/lib(c|c_nano|g|g_nano|m|gcc|nosys)\.a\(", piece.object) is not None


def library_names(image, pieces, tools):
    """The symbols that lie in pieces of the C library; without size, so that its assembly counts too."""
    ranges = [(piece.address, piece.address + piece.size) for piece in pieces
              if is_library(piece) and piece.output == ".text"]
    found = re.findall(r"^([0-9a-f]+) [TtWw] (\S+)$", run(tools + "nm", image), re.M)
    return {name for address, name in found if any(begin <= int(address, 16) < end for begin, end in ranges)}


class Owner:
    """Says whose a piece is. Backend and mbedTLS are one object (crypto.o); their section names tell them apart."""

    def __init__(self, objects, tools):
        backend = sections_of([path for path in objects if "/port/" in path], tools)
        mbedtls = sections_of([path for path in objects if "/mbedtls/" in path], tools)
        self.both = {name for name in backend & mbedtls if name.startswith((".text.", ".rodata.", ".data."))}
        self.backend, self.mbedtls = backend, mbedtls

    def __call__(self, piece):
        if piece.object is None:
            return FILL
        if is_library(piece):
            return LIBRARY
        if "/obj/boards/" in piece.object:
            return BOARD
        if "/obj/tests/" in piece.object or "/obj/size/" in piece.object:
            return APPLICATION
        if "libward.a(crypto.o)" in piece.object:
            if piece.section in self.both or piece.section not in self.backend | self.mbedtls:
                raise SystemExit(f"{piece.section} in crypto.o: cannot tell whether it is mbedTLS's or the backend's")
            return OWN if piece.section in self.backend else MBEDTLS
        if "libward.a(" in piece.object:
            return OWN
        raise SystemExit(f"{piece.object}: tools/flash.py does not know whose it is; add it to Owner")


# ---- The results.

def split(image, objects, tools):
    """{part: bytes of flash} of an image; the parts add up to all of it."""
    loaded = loaded_sections(image, tools)
    pieces = [piece for piece in read_map(image.with_suffix(".map")) if piece.output in loaded]
    owner = Owner(objects, tools)
    parts = dict.fromkeys(PARTS, 0)
    for piece in pieces:
        parts[owner(piece)] += piece.size
    total = sum(loaded.values())
    parts[FILL] += total - sum(parts.values())
    # What the map leaves over is rounding at the end of sections. More would mean that it was misread.
    if not 0 <= parts[FILL] <= 0.05 * total:
        raise SystemExit(f"{image}: its map accounts for {total - parts[FILL]} of {total} bytes; tools/flash.py "
                         "misreads it")
    return parts


def struct_sizes(path, tools):
    """{struct: bytes} from an object made of tools/headers.py's structs.c."""
    start = "size_of_"
    return {name.removeprefix(start): size for name, (_, size) in symbols(path, tools).items() if name.startswith(start)}


def objects_of(folder):
    """Paths of ward's, the backend's and mbedTLS's objects, as make wrote them down."""
    return pathlib.Path(folder, "objects").read_text().split()
