#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""names.py: what the headers of port declare has a prefix of its folder, so that it is nobody else's name in a firmware.

Functions, variables, structs, enumerations, their constants and macros. In port/*/ limits (WARD_…) too, which are ward's, not the
folder's. --self-test shows that each kind is seen.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PREFIXES = {"": "port", "tls": "tls", "http": "http", "lwip": "lwip", "posix": "posix", "provisioned": "provisioned", "template": "template",
            "kconfig": "kconfig", "postgresql": "pg"}

# Headers in which names are others': what lwIP and mbedTLS are configured by. crypto's are private to a file or configure mbedTLS.
OTHERS = {"port/lwip/lwipopts.h", "port/lwip/lwippools.h", "port/lwip/arch/cc.h", "port/tls/mbedtls_config.h"}
SKIPPED = {"crypto"}


def names(text):
    """What a header declares: (kind, name)."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
    macros = re.findall(r"^#\s*define\s+(\w+)", text, re.M)
    text = re.sub(r"^#(?:\\\n|[^\n])*", "", text, flags=re.M)
    for macro in macros:
        yield "macro", macro
    for tag in re.findall(r"\b(?:struct|enum|union)\s+(\w+)\s*\{", text):
        yield "tag", tag
    for body in re.findall(r"\benum\s*\w*\s*\{([^}]*)\}", text):
        for constant in re.findall(r"(?:^|,)\s*(\w+)", body):
            yield "constant", constant
    outside = text
    while "{" in outside:
        outside, changed = re.subn(r"\{[^{}]*\}", " ", outside)
        if not changed:
            break
    for statement in re.split(r"[;]|\)\s(?=\s*(?:static|extern|const|enum|struct|bool|void|int|u?int\d+_t|size_t)\b)", outside):
        statement = " ".join(statement.split())
        pointer = re.search(r"\(\s*\*\s*(?:const\s+)?(\w+)", statement)
        if statement.startswith("extern") and (pointer or "(" not in statement):
            yield "variable", pointer[1] if pointer else re.search(r"(\w+)(?:\[[^\]]*\])*$", statement)[1]
        function = re.match(r"(?:[\w*]+[\s*]+)+(\w+)\s*\((?!\s*\*)", statement)
        if function and not statement.startswith("typedef"):
            yield "function", function[1]


def wrong(path, text):
    """Names in a header that have another prefix."""
    folder = path.split("/")[1] if path.count("/") > 1 else ""
    prefix = f"ward_{PREFIXES[folder]}_"
    for kind, name in names(text):
        if name.startswith((prefix, prefix.upper())) or (folder == "" and name.startswith(("ward_", "WARD_"))):
            continue
        if kind == "macro" and name.startswith("WARD_"):
            continue
        yield f"{path}: {kind} {name}: begin it with {prefix}"


def self_test():
    bad = {"function": "bool begin(void);", "inline function": "static inline int\nbegin(int a) { return a; }", "struct": "struct session { int a; };",
           "enumeration": "enum state { WARD_HTTP_A };", "constant": "enum { WARD_HTTP_A, BROKEN = 3 };", "macro": "#define LIMIT 3",
           "variable": "extern const int counted[3];",
           "pointer": "extern int (*uptime)(void);", "second function": "void ward_http_a(int b);\nvoid b(void);"}
    good = "/* int a(void); */\nstruct ward_http_a { int (*call)(int b); };\nint ward_http_b(struct c *d);\nextern int ward_http_e;\n#define WARD_MAX_A 1\n"
    failed = [kind for kind, text in bad.items() if not list(wrong("port/http/a.h", text))]
    failed += ["a good header"] * bool(list(wrong("port/http/a.h", good)))
    print(f"{'not ok' if failed else 'ok'} 1 - names: its own test {failed or ''}\n1..1")
    return 1 if failed else 0


def main():
    if "--self-test" in sys.argv[1:]:
        return self_test()
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "port").rglob("*.h"))
    files = [file for file in files if file not in OTHERS and file.split("/")[1] not in SKIPPED]
    bad = 0
    for number, file in enumerate(files, 1):
        found = list(wrong(file, (ROOT / file).read_text()))
        for line in found:
            print(f"# {line}")
        print(f"{'not ok' if found else 'ok'} {number} - names: {file}")
        bad += bool(found)
    print(f"1..{len(files)}")
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main())
