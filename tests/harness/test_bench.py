# SPDX-License-Identifier: Apache-2.0
"""What `make bench` holds can fail: a count above its page, one that is not on it, an estimate that misses a branch."""
import pathlib
import sys
import tempfile

import pytest

sys.path.insert(0, "tests/bench")
import bench  # noqa: E402
import weigh  # noqa: E402

BOARD = "mps2-an385"
ROWS = [("SHA-256", 100000, 150000, 400), ("RSA", 1400000, 2600000, 224)]
IMAGES = [("a firmware", 32408, 4, 13340)]


@pytest.fixture
def measured(monkeypatch):
    """What is measured from now on: rows and images, which a test changes."""
    rows, images = list(ROWS), list(IMAGES)
    monkeypatch.setattr(bench, "operations", lambda *_: rows)
    monkeypatch.setattr(bench, "sections", lambda _: images)
    monkeypatch.setattr(bench, "tools", lambda _: "gcc 1 and mbedTLS 2")
    return rows, images


def text():
    return bench.page(BOARD, ROWS, IMAGES)


def test_what_was_recorded_is_within_it(measured):
    assert not list(bench.over(BOARD, text()))


@pytest.mark.parametrize("row,over", [(("SHA-256", 103063, None, 400), False), (("SHA-256", 103064, None, 400), True),
                                      (("SHA-256", 90000, None, 400), False), (("SHA-256", 100000, None, 420), True),
                                      (("another", 1, None, 1), True)])
def test_three_percent_more_is_too_much(measured, row, over):
    measured[0][0] = row
    assert bool(list(bench.over(BOARD, text()))) == over


@pytest.mark.parametrize("image,over", [(("a firmware", 33380, 4, 13340), False), (("a firmware", 33381, 4, 13340), True),
                                        (("a firmware", 32408, 8, 13340), True), (("a firmware", 32408, 4, 13741), True)])
def test_so_is_flash_and_ram(measured, image, over):
    measured[1][0] = image
    assert bool(list(bench.over(BOARD, text()))) == over


@pytest.fixture
def pages(monkeypatch):
    """A folder with the page of one board."""
    folder = pathlib.Path(tempfile.mkdtemp())
    monkeypatch.setattr(bench, "FOLDER", folder)
    monkeypatch.setattr(bench, "BOARDS", {BOARD: bench.BOARDS[BOARD]})
    return folder / f"{BOARD}.md"


def test_the_check_fails_without_a_page_and_skips_other_tools(measured, pages, capsys, monkeypatch):
    assert bench.check() == 1 and "not ok 1" in capsys.readouterr().out
    pages.write_text(text())
    assert bench.check() == 0 and "ok 1" in capsys.readouterr().out
    measured[0][0] = ("SHA-256", 200000, None, 400)
    assert bench.check() == 1 and "100.0 % above" in capsys.readouterr().out
    monkeypatch.setattr(bench, "tools", lambda _: "gcc 2 and mbedTLS 2")
    assert bench.check() == 0 and "# SKIP recorded with other tools" in capsys.readouterr().out


def test_two_runs_that_differ_are_an_error(monkeypatch):
    said = iter(["BENCH RSA: 100 8\nEND\n", "BENCH RSA: 101 8\nEND\n"])
    monkeypatch.setattr(bench.qemu, "run", lambda *_, **__: (0, next(said)))
    with pytest.raises(bench.qemu.QemuError, match="two runs counted differently"):
        bench.counted("variant", "bench.elf", BOARD)


def tally(core, *blocks):
    """What is weighed of these blocks, each (address, symbol, instructions), run once in their order."""
    one = weigh.Tally(core)
    for address, symbol, instructions in blocks:
        one.know([(f"{address + 4 * place:x}", "0000 0000", *instruction)
                  for place, instruction in enumerate(instructions)])
        one.run(address, symbol)
    return one


CALL = (0x10, "bench_run", [("push", "{r4, lr}"), ("bl", "#0x100")])
BACK = (0x80, "run_painted", [("movs", "r0, #0")])


@pytest.mark.parametrize("core,cycles", [("cortex-m0", 3 + 4 + 1 + 2 + 6), ("cortex-m3", 3 + 3 + 5.5 + 2 + 1 + 5),
                                         ("cortex-m4", 3 + 3 + 1 + 2 + 1 + 5)])
def test_each_core_has_its_own_weights(core, cycles):
    multiply = [("umlal", "r0, r1, r2, r3"), ("ldr", "r0, [r1]"), ("str", "r0, [r1]")] if core != "cortex-m0" else [
        ("muls", "r0, r1, r0"), ("ldr", "r0, [r1]")]
    one = tally(core, CALL, (0x100, "multiply", [*multiply, ("pop", "{r4, pc}")]), BACK)
    assert one.found == [(2 + len(multiply) + 1, round(cycles))]


def test_a_branch_weighs_more_where_it_is_taken():
    loop = (0x100, "loop", [("bne", "#0x100")])
    falls = tally("cortex-m4", CALL, loop, (0x104, "loop", [("nop", "")]), BACK).found[0][1]
    taken = tally("cortex-m4", CALL, loop, (0x200, "loop", [("nop", "")]), BACK).found[0][1]
    assert taken == falls + 2


def test_a_block_that_did_not_run_and_an_interrupt_do_not_weigh():
    without = tally("cortex-m3", CALL, BACK).found
    one = tally("cortex-m3", CALL, (0x100, "other", [("nop", "")]))
    one.stop()
    one.know([("300", "0000", "nop", "")])
    one.run(0x300, weigh.INTERRUPT)
    one.know([("80", "0000", "movs", "r0, #0")])
    one.run(0x80, "run_painted")
    one.stop()
    assert one.found == []
    one.run(0x80, "run_painted")
    assert [count for count, _ in one.found] == [count for count, _ in without]
