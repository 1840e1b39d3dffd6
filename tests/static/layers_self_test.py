#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The self-test of layers.py: a small tree that keeps every rule, then one that breaks each rule, once for each way."""
import pathlib
import sys
import tempfile

import layers

GOOD = {
    "include/ward/config.h": "#ifdef WARD_CONFIG_FILE\n#include WARD_CONFIG_FILE\n#endif\n",
    "include/ward/text.h": '#include <string.h>\n#include <stddef.h>\n#include "ward/config.h"\n',
    "include/ward/private/json_scan.h": '#include "ward/text.h"\n',
    "include/ward/jwks.h": '#include "ward/private/json_scan.h"\n',
    "include/ward/access.h": '#include "ward/jwks.h"\n',
    "include/ward/port/crypto.h": '#include "ward/text.h"\n',
    "src/encoding/utf8.h": "#include <stdint.h>\n",
    "src/encoding/json.h": '#include "encoding/utf8.h"\n',
    "src/encoding/json.c": '#include "encoding/json.h"\n',
    "src/crypto/wipe.h": "",
    "src/state/record.h": '#include "crypto/wipe.h"\n',
    "src/keys/jwk.h": '#include "encoding/json.h"\n#include "state/record.h"\n',
    "src/token/jws.h": '#include "keys/jwk.h"\n#include "ward/port/crypto.h"\n',
    "src/access/gate.h": '#include "token/jws.h"\n#include "state/record.h"\n',
    "src/http/routes.h": '#include "access/gate.h"\n',
    "port/service.h": "",
    "port/service.c": '#include "mbedtls/sha256.h"\n#include "service.h"\n#include "ward/text.h"\n',
    "port/date.h": "",
    "port/tls/session.h": '#include "port/date.h"\n',
    "port/http/parser.h": '#include "parts.h"\n#include "port/tls/session.h"\n',
    "port/http/parts.h": "",
    "port/lwip/stream.c": '#include "port/http/parser.h"\n#include "lwip/tcp.h"\n',
    "port/posix/fetch.c": '#include "port/http/parser.h"\n',
    "boards/support/board.h": '#include "ward/text.h"\n',
    "boards/one/pins.h": "",
    "boards/one/board.c": '#include "board.h"\n#include "pins.h"\n#include "port/service.h"\n#include "vendor_device.h"\n',
    "tools/ward/tool.h": "#include <stdio.h>\n",
    "tools/ward/main.c": '#include "tool.h"\n#include "ward/text.h"\n#include <errno.h>\n',
}

# What is not an include.
HARMLESS = {
    "src/token/talk.c": '/* #include <stdio.h>\n#include <stdlib.h>\n*/\n// #include "http/routes.h"\n'
                        'const char *c = "/*";\n#include "token/jws.h"\nconst char *d = "#include <time.h>";\n',
}

# The rule that must speak, and the files that break it. Every other rule must stay silent.
BROKEN = [
    (layers.computed, {"src/token/a.c": "#include HEADER\n"}),
    (layers.outside, {"src/token/a.c": "#include <stdio.h>\n"}),
    (layers.outside, {"src/token/a.c": "  #  include<stdlib.h>\n"}),
    (layers.outside, {"src/token/a.c": "/* why\n */ #include <time.h>\n"}),
    (layers.outside, {"src/crypto/a.c": '#include "mbedtls/sha256.h"\n'}),
    (layers.outside, {"src/crypto/a.c": "#include <psa/crypto.h>\n"}),
    (layers.outside, {"include/ward/a.h": "#include <lwip/tcp.h>\n"}),
    (layers.outside, {"include/ward/a.h": 'const char *s = "/*";\n#include <stdio.h>\n'}),
    (layers.pure, {"src/token/a.c": "#include <unistd.h>\n"}),
    (layers.pure, {"src/token/a.c": "#include <assert.h>\n"}),
    (layers.pure, {"src/token/a.c": "#include \\\n  <errno.h>\n"}),
    (layers.pure, {"src/token/a.c": '#include "board.h"\n'}),
    (layers.pure, {"src/token/a.c": '#include "../../port/service.h"\n'}),
    (layers.pure, {"src/token/a.c": '#include "tools/ward/tool.h"\n'}),
    (layers.order, {"src/encoding/a.c": '#include "crypto/wipe.h"\n'}),
    (layers.order, {"src/crypto/a.c": '#include "keys/jwk.h"\n'}),
    (layers.order, {"src/keys/a.c": '#include "token/jws.h"\n'}),
    (layers.order, {"src/token/a.c": '#include "access/gate.h"\n'}),
    (layers.order, {"src/token/a.c": '#include "../access/gate.h"\n'}),
    (layers.order, {"src/token/a.c": "#include <access/gate.h>\n"}),
    (layers.order, {"src/access/a.c": '#include "http/routes.h"\n'}),
    (layers.order, {"src/state/a.c": '#include "keys/jwk.h"\n'}),
    (layers.order, {"src/token/a.c": '#include "state/record.h"\n'}),
    (layers.order, {"src/other/a.c": '#include "encoding/utf8.h"\n'}),
    (layers.order, {"src/a.c": '#include "encoding/utf8.h"\n'}),
    (layers.layer_public, {"src/encoding/a.c": '#include "ward/jwks.h"\n'}),
    (layers.layer_public, {"src/encoding/a.c": '#include "ward/port/crypto.h"\n'}),
    (layers.layer_public, {"src/state/a.c": '#include "ward/jwks.h"\n'}),
    (layers.layer_public, {"src/token/a.h": '#include <ward/access.h>\n'}),
    (layers.public_order, {"include/ward/jwks.h": '#include "ward/access.h"\n', "include/ward/access.h": ""}),
    (layers.public_order, {"include/ward/private/json_scan.h": '#include "../jwks.h"\n', "include/ward/jwks.h": ""}),
    (layers.public_order, {"include/ward/text.h": '#include "ward/private/json_scan.h"\n', "include/ward/private/json_scan.h": ""}),
    (layers.public_order, {"include/ward/other.h": '#include "ward/text.h"\n'}),
    (layers.public_order, {"include/ward/access.h": '#include "ward/other.h"\n', "include/ward/other.h": ""}),
    (layers.include_private, {"include/ward/a.h": '#include "encoding/json.h"\n'}),
    (layers.include_private, {"include/ward/port/a.h": '#include "../../../src/crypto/wipe.h"\n'}),
    (layers.include_port, {"include/ward/a.h": '#include "ward/port/crypto.h"\n'}),
    (layers.include_port, {"include/ward/a.h": '#include "port/crypto.h"\n'}),
    (layers.include_only, {"include/ward/a.h": "#include <unistd.h>\n"}),
    (layers.include_only, {"include/ward/a.h": '#include "board.h"\n'}),
    (layers.port_private, {"port/a.c": '#include "crypto/wipe.h"\n'}),
    (layers.port_private, {"port/crypto/a.c": '#include "../../src/keys/jwk.h"\n'}),
    (layers.port_boards, {"port/a.c": '#include "board.h"\n'}),
    (layers.port_boards, {"port/a.c": '#include "boards/one/pins.h"\n'}),
    (layers.port_order, {"port/tls/a.c": '#include "port/http/parser.h"\n'}),
    (layers.port_order, {"port/http/a.c": '#include "port/lwip/b.h"\n', "port/lwip/b.h": ""}),
    (layers.port_order, {"port/posix/a.c": '#include "port/tls/session.h"\n'}),
    (layers.port_order, {"port/crypto/a.c": '#include "port/tls/session.h"\n'}),
    (layers.port_order, {"port/a.c": '#include "port/tls/session.h"\n'}),
    (layers.port_by_folder, {"port/lwip/a.c": '#include "../http/parser.h"\n'}),
    (layers.port_by_folder, {"boards/one/a.c": '#include "../../port/http/parser.h"\n'}),
    (layers.boards_only, {"boards/one/a.c": '#include "crypto/wipe.h"\n'}),
    (layers.boards_only, {"boards/app/a.c": '#include "../one/pins.h"\n'}),
    (layers.boards_only, {"boards/one/a.c": '#include "tools/ward/tool.h"\n'}),
    (layers.tool_only, {"tools/ward/a.c": '#include "keys/jwk.h"\n'}),
    (layers.tool_only, {"tools/ward/a.c": '#include "mbedtls/rsa.h"\n'}),
    (layers.CYCLE, {"src/encoding/a.h": '#include "encoding/b.h"\n', "src/encoding/b.h": '#include "a.h"\n'}),
    (layers.CYCLE, {"src/token/jws.h": '#include "token/a.h"\n', "src/token/a.h": '#include "token/b.h"\n',
                    "src/token/b.h": '#include "token/jws.h"\n'}),
    (layers.CYCLE, {"src/encoding/utf8.h": '#include "utf8.h"\n'}),
]


def spoken(files):
    """The rules that a tree of these files breaks, with what was said."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return {rule: found for rule, found in layers.check(pathlib.Path(folder)).items() if found}


def name_of(rule):
    return next((name for name, function in layers.RULES if function is rule), rule)


def expect(title, files, wanted):
    found = spoken(files)
    if set(found) == wanted:
        return (title, [])
    return (title, [f"expected {sorted(wanted) or 'silence'}, got {found or 'silence'}"])


def results():
    """(name, diagnostics) of each case."""
    rows = [expect("self-test: a good tree breaks no rule", GOOD, set()),
            expect("self-test: comments and strings are not includes", {**GOOD, **HARMLESS}, set())]
    for rule, change in BROKEN:
        name = name_of(rule)
        shown = next(iter(change.items()))
        line = shown[1].strip().split("\n")[-1]
        rows.append(expect(f"self-test: {name}: {shown[0]} with {line}", {**GOOD, **change}, {name}))
    without = {path: text for path, text in GOOD.items() if not path.startswith("port/")}
    without["boards/one/board.c"] = '#include "board.h"\n'
    rows.append(expect(f"self-test: {layers.FOUND}: no port", without, {layers.FOUND}))
    tested = {name_of(rule) for rule, _ in BROKEN} | {layers.FOUND}
    rows.append(("self-test: every rule was broken", [f"never broken: {name}" for name in
                 [name for name, _ in layers.RULES] + [layers.CYCLE, layers.FOUND] if name not in tested]))
    return rows


if __name__ == "__main__":
    sys.exit(layers.report(results()))
