#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kconfig.py FILE HEADER CMAKE [NAME=VALUE]...: what a Kconfig makes of these choices, as a header (CONFIG_… as ESP-IDF's
sdkconfig.h and Zephyr's autoconf.h have it) and as variables for CMake; prints each limit with its range.

It is run by Debian's own interpreter, which has the kconfiglib of python3-kconfiglib.
"""
import sys

import kconfiglib

# ESP-IDF's menus may have a help text, of which kconfiglib knows nothing.
KNOWN = kconfiglib.Kconfig._parse_help


def parse_help(self, node):
    if not hasattr(node, "help"):
        node.help = None
    KNOWN(self, node)


kconfiglib.Kconfig._parse_help = parse_help


def main(file, header, cmake, *choices):
    options = kconfiglib.Kconfig(file, warn=False)
    for name, _, value in (choice.partition("=") for choice in choices):
        if not options.syms[name].set_value(value):
            sys.exit(f"{name}={value}: not a value of it")
    options.write_autoconf(header)
    with open(cmake, "w") as out:
        for symbol in options.unique_defined_syms:
            if symbol.config_string:
                value = symbol.str_value if symbol.str_value != "n" else ""
                out.write(f'set(CONFIG_{symbol.name} "{value}")\n')
    for symbol in options.unique_defined_syms:
        if symbol.ranges and symbol.name.startswith("WARD_"):
            low, high, _ = symbol.ranges[0]
            print(symbol.name, low.str_value, high.str_value, symbol.str_value)


if __name__ == "__main__":
    main(*sys.argv[1:])
