# SPDX-License-Identifier: Apache-2.0
"""A board is a folder of boards/ and a page of the guide: what stands in the folder is what the tests know of it."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import board_folders
import pace
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KNOWN = ("BOARD_CPU", "BOARD_QEMU", "BOARD_QEMU_WIDER", "BOARD_IMAGES", "BOARD_NETWORK_SOURCES", "CROSS", "LIMITS")
# What the tests of a tree are, and where QEMU and the compiler of a board are looked for.
TELL = """
import json, sys
sys.path.insert(0, "tests")
import steps, bench, network, peers, qemu
boards = sys.argv[1:]
print(json.dumps({"builds": steps.builds(steps.STEPS), "names": [name for name, _, _ in steps.STEPS], "uart": steps.BOARDS,
                  "network": steps.NETWORKED, "bench": bench.BOARDS, "peers": peers.BOARDS,
                  "wider": qemu.WIDER, "device": network.NetworkDevice("image", "flash", "vendor-m4").command,
                  "machine": {board: qemu.machine(board) for board in boards},
                  "cross": {board: bench.cross(board) for board in boards}}))
"""


def make(root, board, *words):
    return subprocess.run(["make", "--no-print-directory", "-s", f"VARIANT={board}", "HOST_READY=1", *words], cwd=root,
                          capture_output=True, text=True, timeout=pace.seconds(60))


def as_make_has_them(root, board):
    """What stands in the variables of KNOWN for a board."""
    done = make(root, board, "--eval=tell: ; @:$(foreach name," + " ".join(KNOWN) + ",$(info $(name)=$($(name))))", "tell")
    assert done.returncode == 0, done.stderr
    found = dict(line.split("=", 1) for line in done.stdout.splitlines())
    return {name: found[name].split() for name in KNOWN}


@pytest.mark.parametrize("board", board_folders.names())
def test_a_board_s_settings_are_those_of_make(board):
    read = board_folders.settings(board)
    assert {name: read.get(name, []) for name in KNOWN} == as_make_has_them(ROOT, board)


def test_each_board_has_its_line_in_the_guide_and_its_page_of_costs():
    guide = (ROOT / "docs" / "boards.md").read_text()
    for board in board_folders.names():
        assert f"| `{board}` |" in guide and (ROOT / "docs" / "bench" / f"{board}.md").is_file(), board


@pytest.fixture(name="tree")
def copy_of_the_tree():
    """What decides what is tested, in a tree whose boards may be changed."""
    with tempfile.TemporaryDirectory(prefix="ward-boards-") as name:
        tree = pathlib.Path(name)
        for folder in ("boards", "tests/bench", "tests/support"):
            shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "tests" / "steps.py", tree / "tests")
        for path in ("Makefile", "ward.mk", "mk", "port", "tools", "include", "docs"):
            (tree / path).symlink_to(ROOT / path)
        yield tree


def test_a_folder_more_is_a_board_more(tree):
    for like, name in (("rv32-virt", "vendor-riscv"), ("mps2-an386", "vendor-m4"), ("microbit", "vendor-small")):
        shutil.copytree(tree / "boards" / like, tree / "boards" / name)
    with (tree / "boards" / "vendor-m4" / "board.mk").open("a") as file:
        file.write("BOARD_QEMU := qemu-system-arm -M mps2-an386\n")
    new = ["vendor-m4", "vendor-riscv", "vendor-small"]
    done = subprocess.run([sys.executable, "-c", TELL, *new], cwd=tree, capture_output=True, text=True,
                          timeout=pace.seconds(60))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    for board, flavour in zip(new, ("tests", "tests", "usual")):
        assert "unit.elf" in told["builds"][f"{board}+{flavour}"] and "bench.elf" in told["builds"][f"{board}+{flavour}"]
        assert told["builds"][f"{board}+kernel"] == ["kernel.elf"] and board in told["peers"]
    assert len(told["names"]) == len(set(told["names"])), "two steps of one name"
    cores = ("Cortex-M4", "rv32imac", "Cortex-M0")
    assert {f"unit tests, {core}, {board}, in QEMU" for core, board in zip(cores, new)} <= set(told["names"])
    assert [board for board in new if board in told["uart"]] == ["vendor-m4", "vendor-riscv"]
    assert "firmware.elf" in told["builds"]["vendor-m4+tests"] and "firmware.elf" in told["builds"]["vendor-riscv+tests"]
    assert [board for board in new if board in told["network"]] == ["vendor-m4"]
    assert told["builds"]["vendor-m4"] == ["network.elf"]
    assert [told["bench"][board][:2] for board in new] == [["cortex-m4", "tests"], ["rv32imac", "tests"], ["cortex-m0", "usual"]]
    assert "mps2-an386,memory-backend=flash" in told["device"]
    assert "vendor-small" in told["wider"] and "vendor-m4" not in told["wider"]
    assert told["cross"] == dict(zip(new, ("arm-none-eabi-", "riscv64-unknown-elf-", "arm-none-eabi-")))
    for board in new:
        assert told["machine"][board] == as_make_has_them(tree, board)["BOARD_QEMU"]
    assert told["machine"]["vendor-riscv"] == ["qemu-system-riscv32", "-M", "virt", "-bios", "none"]

    listed = make(tree, "nosuch", "help").stderr
    assert "there is no board nosuch: " in listed and set(new) <= set(listed.replace(".", " ").split()), listed
