#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""analyzer.py: gcc's -fanalyzer follows the paths through every function of src/, port/, boards/ and tools/ward.

Each file is compiled as the build compiles it, warnings and all; every finding fails.
"""
import subprocess
import sys

from sources import ROOT, check_each


def findings(unit):
    command = list(unit.command)
    command[command.index("-o") + 1] = "/dev/null"
    command = [word for word in command if word not in ("-MMD", "-MP", "-fcallgraph-info=su", "-fstack-usage")]
    done = subprocess.run([*command, "-fanalyzer"], cwd=ROOT, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


sys.exit(check_each("gcc -fanalyzer", findings))
