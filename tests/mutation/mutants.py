# SPDX-License-Identifier: Apache-2.0
"""Finds what can be broken in a C file: one small change at a time, placed by clang's syntax tree."""
import json
import os
import pathlib
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, replace

# An operator and what it becomes.
SWAPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&", "+": "-", "-": "+",
         "*": "+", "/": "*", "%": "*", "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&"}
LOOPS = {"ForStmt", "WhileStmt", "DoStmt"}
ASSIGNMENTS = {"=", "+=", "-=", "|=", "&=", "<<=", ">>=", "^=", "*="}

# Constants that are left alone, and those that become 0: the others become a result that is told apart from all of theirs.
NO_RESULTS = re.compile(r"WARD_(JSON_(NOTHING|OBJECT|ARRAY|STRING_|SCALAR|(NONE|TEXT|NUMBER|BOOLEAN|NULL)$)|CLAIM_(NONE|TEXT|NUMBER|BOOLEAN|NULL|OBJECT|ARRAY)$"
                        r"|BASE64URL|SUBJECT|TIME)")
ZEROED = re.compile(r"WARD_(CRYPTO_FAILED$|AUDIT_)")


@dataclass(frozen=True)
class Mutant:
    """Bytes begin to end of a file become `text`."""
    file: str
    function: str
    line: int
    begin: int
    end: int
    text: str
    what: str

    def key(self):
        """What names it in the list of equivalents: stays the same when lines move."""
        return f"{self.file} {self.function}: {self.what}"


def tree_of(path, words):
    command = ["clang", "-fsyntax-only", "-Xclang", "-ast-dump=json", *words, str(path)]
    # A ccache that stands for clang would show it a copy, whose functions are another file's.
    environment = {**os.environ, "CCACHE_DISABLE": "1"}
    return json.loads(subprocess.run(command, check=True, capture_output=True, env=environment).stdout)


def span(node):
    """Offsets of a node's text in the main file; None where a macro wrote it."""
    begin, end = node.get("range", {}).get("begin", {}), node.get("range", {}).get("end", {})
    if "offset" not in begin or "offset" not in end:
        return None
    return begin["offset"], end["offset"] + end["tokLen"]


class Finder:
    """Walks the functions of one file."""

    def __init__(self, file, source, tree):
        self.file, self.source = file, source
        self.found = {}
        for node in tree["inner"]:
            where = node.get("loc", {})
            if node["kind"] == "FunctionDecl" and self.stands(where, node["name"]) and "includedFrom" not in where and "includedFrom" not in where.get(
                    "expansionLoc", {}) and "includedFrom" not in where.get("spellingLoc", {}):
                bodies = [inner for inner in node.get("inner", []) if inner["kind"] == "CompoundStmt"]
                self.function, self.type = node["name"], node["type"]["qualType"]
                for body in bodies:
                    self.walk(body, None)

    def stands(self, where, name):
        """Whether this file has the name there: of a header's functions clang does not always tell that they are its."""
        offset = where.get("offset", where.get("expansionLoc", {}).get("offset", -1))
        return offset >= 0 and ("expansionLoc" in where or self.source[offset:offset + len(name)] == name.encode())

    def text(self, place):
        return self.source[place[0]:place[1]]

    def add(self, begin, end, text, what):
        old = re.sub(r"\s+", " ", self.source[begin:end].decode())
        if old == text:
            return
        line = self.source.count(b"\n", 0, begin) + 1
        whole = re.sub(r"\s+", " ", self.source.split(b"\n")[line - 1].decode()).strip()
        mutant = Mutant(self.file, self.function, line, begin, end, text, f"{what} `{old}` → `{text}` in `{whole}`")
        self.found[(begin, end, text)] = mutant

    def walk(self, node, parent):
        if not node or "kind" not in node:
            return
        handler = getattr(self, "on_" + node["kind"], None)
        if handler and span(node):
            handler(node, parent)
        for inner in node.get("inner", []):
            self.walk(inner, node)

    def condition(self, node, position=0):
        place = span(node["inner"][position])
        if place:
            for truth in ("0", "1"):
                self.add(*place, truth, "condition")

    def on_IfStmt(self, node, _):
        self.condition(node)

    def on_ConditionalOperator(self, node, _):
        self.condition(node)

    def on_BinaryOperator(self, node, parent):
        left, right = span(node["inner"][0]), span(node["inner"][1])
        if node["opcode"] in ASSIGNMENTS:
            self.statement(node, parent)
        if not left or not right or node["opcode"] not in SWAPS:
            return
        between = self.source[left[1]:right[0]]
        place = between.find(node["opcode"].encode())
        if place >= 0:
            begin = left[1] + place
            self.add(begin, begin + len(node["opcode"]), SWAPS[node["opcode"]], "operator")

    def on_CompoundAssignOperator(self, node, parent):
        self.statement(node, parent)

    def on_CallExpr(self, node, parent):
        self.statement(node, parent)

    def on_UnaryOperator(self, node, parent):
        place = span(node)
        if node["opcode"] == "!":
            self.add(place[0], place[0] + 1, "!!", "negation")
        if node["opcode"] in ("++", "--"):
            self.statement(node, parent)

    def statement(self, node, parent):
        """A statement of its own can be left out; not a loop's, which would then not end."""
        if parent and parent["kind"] == "IfStmt" and parent["inner"][0] is node:
            return
        if parent and parent["kind"] in ("CompoundStmt", "IfStmt", "CaseStmt", "DefaultStmt"):
            self.add(*span(node), "(void)0", "statement")

    def on_IntegerLiteral(self, node, _):
        place = span(node)
        literal = re.fullmatch(r"(0x[0-9a-fA-F]+|\d+)([uUlL]*)", self.text(place).decode())
        if literal:
            value = int(literal[1], 0)
            self.add(*place, f"{value + 1}{literal[2]}", "number")
            if value > 0:
                self.add(*place, f"{value - 1}{literal[2]}", "number")

    def on_CharacterLiteral(self, node, _):
        place = span(node)
        self.add(*place, f"(char)({self.text(place).decode()} + 1)", "character")

    def on_DeclRefExpr(self, node, _):
        name = node.get("referencedDecl", {}).get("name", "")
        if node.get("referencedDecl", {}).get("kind") == "EnumConstantDecl" and name.startswith("WARD_"):
            place = span(node)
            if self.text(place).decode() == name and not NO_RESULTS.match(name):
                self.add(*place, "WARD_NO_RESULT" if ZEROED.match(name) else "WARD_CRYPTO_FAILED", "result")

    def on_ReturnStmt(self, node, _):
        if not node.get("inner") or not span(node["inner"][0]):
            return
        place = span(node["inner"][0])
        if self.text(place) == b"ok()":
            return
        if self.type.startswith("struct ward_status"):
            self.add(*place, "ward_status_of(WARD_OK)", "return")
        elif self.type.startswith("bool") or self.type.startswith("_Bool"):
            self.add(*place, "true", "return")
            self.add(*place, "false", "return")


def numbered(mutants):
    """The same with a number after what was said before: a line may be there twice, or hold a number twice."""
    said = Counter()
    for mutant in mutants:
        said[mutant.key()] += 1
        times = said[mutant.key()]
        yield mutant if times == 1 else replace(mutant, what=f"{mutant.what} ({times})")


def find(root, file, words):
    """All mutants of a file, in the order of the text."""
    source = (pathlib.Path(root) / file).read_bytes()
    finder = Finder(file, source, tree_of(pathlib.Path(root) / file, words))
    return list(numbered(sorted(finder.found.values(), key=lambda mutant: (mutant.begin, mutant.end, mutant.text))))
