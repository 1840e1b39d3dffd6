# SPDX-License-Identifier: Apache-2.0
"""What `make bench-peers` holds can fail: a count that is not its page's, a page without a board, ratios that its
numbers do not give. What a page says of a board is that board's."""
import pathlib
import sys
import tempfile

import board_folders
import pytest

sys.path.insert(0, "tests/bench")
import peers  # noqa: E402
import peers_chart  # noqa: E402
import peers_page  # noqa: E402

PAGE = peers.FOLDER / "peers.md"
BOARD = "mps2-an500"


def is_arm(board):
    return board_folders.core(board).startswith("cortex-m")


@pytest.fixture
def data():
    return peers_page.read(PAGE.read_text())


@pytest.fixture
def written(monkeypatch):
    """Writes a page and a chart of data, and what is said of them."""
    monkeypatch.setattr(peers, "FOLDER", pathlib.Path(tempfile.mkdtemp()))

    def write(data, change=lambda text: text):
        (peers.FOLDER / "peers.svg").write_text(peers_chart.picture(data["boards"]))
        return list(peers.as_written(change(peers_page.text(data))))
    return write


def test_a_page_without_a_board_is_not_the_page(data, written):
    assert not written(data)
    del data["boards"][BOARD]
    assert any(f"there are {', '.join(peers.BOARDS)}" in line for line in written(data))


def test_a_ratio_that_its_numbers_do_not_give_is_found(data, written):
    assert written(data, lambda text: text.replace("| 1.00 |", "| 1.01 |", 1))


@pytest.mark.parametrize("column,number,page,told", [
    ("kept 2048", 103_063, 100_000, False), ("kept 2048", 103_064, 100_000, True),
    ("kept 2048", 97_030, 100_000, False), ("kept 2048", 97_000, 100_000, True),
    ("flash", 1_030, 1_000, False), ("flash", 1_031, 1_000, True), ("flash", 1, None, True)])
def test_three_percent_either_way_is_another_number(column, number, page, told):
    assert bool(list(peers.differs("peer", {column: number}, {column: page}))) == told


@pytest.mark.parametrize("board", peers.BOARDS)
def test_a_board_whose_peer_takes_more_fails_by_its_name(data, monkeypatch, capsys, board):
    monkeypatch.setattr(peers, "lacking", lambda *_: "")
    monkeypatch.setattr(peers, "says_yes", lambda: [])
    monkeypatch.setattr(peers, "counted_on_host", lambda _: {})
    found = {name: {kind: dict(row) for kind, row in rows.items()} for name, rows in data["boards"].items()}
    monkeypatch.setattr(peers, "of_board", lambda name, is_check: found[name])
    assert peers.check() == 0
    found[board]["wolfSSL, C"]["anew 2048"] += found[board]["wolfSSL, C"]["anew 2048"] // 25
    capsys.readouterr()
    assert peers.check() == 1
    failed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("not ok")]
    assert [f" - {board}: " in line for line in failed] == [True], failed


def test_each_core_has_its_floor_and_only_arm_wolfssl_s_assembly(data):
    floors = {board: peers_page.floor_of(board) for board in ("microbit", "mps2-an385", "mps3-an547", "rv32-virt")}
    assert floors == {"microbit": 465_000, "mps2-an385": 154_000, "mps3-an547": 116_000, "rv32-virt": None}
    for board, rows in data["boards"].items():
        images = [file for files in peers.targets(board).values() for file in files]
        assert (peers_page.ASSEMBLY in rows) == ("peer-wolfssl_assembly.elf" in images) == is_arm(board), board
        assert len(rows) == len(images) - 1 == len(peers.PEERS) - (not is_arm(board)), board


def test_what_the_readme_says_of_them_is_so(data):
    """What it does not say any more, or says otherwise, is to be changed here, too."""
    said = " ".join(pathlib.Path("README.md").read_text().split())
    assert ("wolfSSL's assembly takes fewer instructions than `mbedtls_core` on every Cortex-M, nobody's RSA fewer than "
            "`kernel` on a board, OpenSSL's fewer than both on a PC.") in said
    counts = [f"{kind} {bits}" for kind in ("kept", "anew") for bits in peers_page.LENGTHS]
    for board, rows in data["boards"].items():
        others = [row for name, row in rows.items() if name not in (peers_page.CORE, peers_page.KERNEL)]
        assert all(row[count] > rows[peers_page.KERNEL][count] for row in others for count in counts), board
        if is_arm(board):
            assert all(rows[peers_page.ASSEMBLY][count] < rows[peers_page.CORE][count] for count in counts), board
    counts = {name: row["instructions"] for name, row in data["host"].items()}
    assert counts[peers_page.OPENSSL] < min(counts[peers_page.CORE], counts[peers_page.KERNEL])


def test_a_board_s_ram_is_its_linker_script_s():
    assert (peers_page.ram_of("microbit"), peers_page.ram_of("mps2-an385")) == (16 * 1024, 128 * 1024)
