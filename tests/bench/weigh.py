# SPDX-License-Identifier: Apache-2.0
"""An estimate in cycles: each instruction that QEMU runs, weighed by the core's published timing table.

QEMU counts every instruction as one. The tables are Arm's technical reference manuals', for memory without wait states;
where a table has a range, its middle counts. For the M7, M33, M55 and for RISC-V we know no published table: they have
no estimate.
"""
import re
import subprocess

import qemu

MANUALS = {
    "cortex-m0": "Arm DDI 0432C, table 3-1, with the multiplier of one cycle",
    "cortex-m3": "Arm DDI 0337I, table 3-1",
    "cortex-m4": "Arm DDI 0439D, table 3-1",
}
LINE = re.compile(r"0x([0-9a-f]{8}):  ((?:[0-9a-f]{4} ?)+) +(\S+) *(.*)")
RUN = re.compile(r"Trace \d+: \S+ \[[0-9a-f]+/([0-9a-f]+)/\S+\] (\S*)")
# Here the clock is the host's, whose milliseconds are others each time: what they interrupt with is not counted.
INTERRUPT = "board_systick"
CONDITIONS = "eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le"
BRANCH = re.compile(rf"(b|bl|bx|blx)({CONDITIONS})?(\.w)?|cbn?z|tb[bh]")


def registers(operands):
    """How many a list names, as in {r4, r5-r7, pc}."""
    names = re.sub(r".*\{(.*)\}.*", r"\1", operands).split(",")
    return sum(1 if "-" not in name else int(name.split("-")[1].strip(" r")) - int(name.split("-")[0].strip(" r")) + 1 for name in names)


def is_single(name):
    """A load or store of one register."""
    return re.match(r"(ldr|str)(?!d|ex)", name) is not None


def m0(name, operands, _):
    if name.startswith(("push", "stm", "ldm", "pop")):
        return (4 if "pc" in operands.split("{")[1] else 1) + registers(operands)
    if is_single(name):
        return 2
    return 4 if name in ("mrs", "msr", "dsb", "dmb", "isb") else 1


def m3(name, operands, before):
    """`before`: the instruction before it in its block. Neighbours of single loads and stores are pipelined."""
    if name.startswith(("push", "stm", "ldm", "pop", "vpush", "vpop")):
        return 1 + registers(operands) + (2 if "pc" in operands.split("{")[1] else 0)
    if is_single(name):
        return (1 if before and is_single(before) else 2) + (2 if operands.startswith("pc") else 0)
    if name.startswith(("ldrd", "strd")):
        return 3
    if name.startswith(("udiv", "sdiv")):
        return 7
    if name.startswith(("mla", "mls")):
        return 2
    if name.startswith(("umull", "smull")):
        return 4
    if name.startswith(("umlal", "smlal")):
        return 5.5
    return 2 if name in ("mrs", "msr", "tbb", "tbh") else 1


def m4(name, operands, before):
    return 1 if name.startswith(("mla", "mls", "um", "sm")) else m3(name, operands, before)


# The core's weights, and what a branch takes beyond one cycle where it is taken.
CORES = {"cortex-m0": (m0, 2), "cortex-m3": (m3, 2), "cortex-m4": (m4, 2)}


class Block:
    """Instructions that QEMU runs one after the other: their weight, where they end, and how."""

    def __init__(self, weigh, lines):
        self.weight, self.count, before = 0, len(lines), None
        for address, code, name, operands in lines:
            self.weight += weigh(name, operands, before)
            before = name
        self.end = int(address, 16) + len(code.replace(" ", "")) // 2
        self.branches = BRANCH.fullmatch(name) is not None
        self.links = name in ("bl", "bl.w")


class Tally:
    """Of the calls that an image measures: instructions, and their weight."""

    def __init__(self, core):
        self.weigh, self.refill = CORES[core]
        self.link = 1 if core == "cortex-m0" else 0
        self.blocks, self.found = {}, []
        self.now = self.before = None  # instructions, weight, and the block that ran last

    def know(self, lines):
        self.blocks[int(lines[0][0], 16)] = Block(self.weigh, lines)

    def run(self, start, symbol):
        self.before = self.now
        if symbol == INTERRUPT:
            return
        if self.now is None and symbol == "bench_run":
            self.now = (0, 0, None)
        elif self.now is not None and symbol == "run_painted":
            self.found.append((self.now[0], round(self.now[1])))
            self.now = None
        if self.now is not None:
            count, weight, last = self.now
            block = self.blocks[start]
            if last is not None and last.branches and start != last.end:
                weight += self.refill + (self.link if last.links else 0)
            self.now = (count + block.count, weight + block.weight, block)

    def stop(self):
        """The block that was about to run did not: an interrupt came first, and it will be told again."""
        if self.now is None and self.before is not None:
            self.found.pop()
        self.now = self.before


def cycles(image, board, core, most=None):
    """Of each call that the image measures, or of the first so many, in its order: the instructions that were seen, and their
    weight."""
    command = [*qemu.command(image, board, False), *qemu.WIDER.get(board, ()), "-d", "exec,nochain,in_asm"]
    tally, lines = Tally(core), []
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        for row in process.stderr:
            if row.startswith("0x"):
                lines.append(LINE.match(row).groups())
            elif run := RUN.match(row):
                if lines:
                    tally.know(lines)
                    lines = []
                tally.run(int(run[1], 16), run[2])
                # One more block: what comes next may say that the last one did not run.
                if most is not None and len(tally.found) == most and tally.before is None:
                    process.kill()
                    break
            elif row.startswith("Stopped execution"):
                tally.stop()
    return tally.found
