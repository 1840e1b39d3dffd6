# SPDX-License-Identifier: Apache-2.0
"""A program for Node as a server beside a test: it prints lines of JSON, and ends when its input does."""
import json
import os
import pathlib
import select
import subprocess

import pace

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MODULES = ROOT / "build" / "deps" / "node" / "node_modules"
SECONDS = 20


class NodeServer:
    """Runs until end(). What it says first is in `reported`."""

    def start(self, program, *words, modules=MODULES):
        self.program = pathlib.Path(program)
        self.environment = dict(os.environ, WARD_NODE_MODULES=str(modules))
        self.process = subprocess.Popen(["node", program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=self.environment)
        try:
            self.reported = self.read_line()
        except BaseException:
            self.end()
            raise

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def read_line(self):
        """The next line of JSON that it prints."""
        ready, _, _ = select.select([self.process.stdout], [], [], pace.seconds(SECONDS))
        line = self.process.stdout.readline() if ready else ""
        if not line:
            raise RuntimeError(f"{self.program.name} said nothing, exit code {self.process.poll()}")
        return json.loads(line)
