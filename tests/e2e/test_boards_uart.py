# SPDX-License-Identifier: Apache-2.0
"""Tokens over a UART on each board: the demo that speaks HTTP, and where it has no room the gate that speaks lines, with
what that one takes of flash and RAM."""
import pathlib
import re
import subprocess
import time

import pytest
from device import Device
from tokens import payload, token

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BOARDS = ("mps2-an386", "mps2-an500", "mps2-an505", "mps3-an547", "rv32-virt")
NOW = int(time.time())
FLASH, RAM, WHOLE_RAM = 36 * 1024, 7 * 1024, 16 * 1024


def token_of(key="a", **changes):
    return token(payload(**{"iat": NOW - 60, "exp": NOW + 7200, **changes}), key=key)


def forged(good):
    """The same with one bit of the signature changed."""
    head, _, signature = good.rpartition(".")
    return f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


@pytest.mark.parametrize("board", BOARDS)
def test_grants_and_refuses_over_http(board):
    with Device(ROOT / "build" / f"{board}+tests" / "firmware.elf", board) as device:
        assert device.wait_for("READY") and device.printed[0].startswith(f"ward on {board}: keys 2"), device.printed
        good = token_of()
        first, again = (device.request("GET", "/api/foia", good) for _ in range(2))
        assert (first.status, first.reason, again.status) == (200, "OK", 200), (first, again)
        assert again.instructions < first.instructions / 4, (first.instructions, again.instructions)
        print(f"## {board}: a first token {first.instructions:,} instructions, the same again {again.instructions:,}")
        for bearer, told in ((forged(good), (401, "SIGNATURE_INVALID")), (None, (401, "CREDENTIAL_MISSING")),
                             (token_of(exp=NOW - 3600, iat=NOW - 7200), (401, "TOKEN_EXPIRED")),
                             (token_of(scope="openid"), (403, "SCOPE_INSUFFICIENT"))):
            got = device.request("GET", "/api/foia", bearer)
            assert (got.status, got.reason) == told, got
        assert device.quit() == 0


# ---- The Cortex-M0: 16 KB of RAM, lines in place of HTTP.

class Gate(Device):
    """The gate that speaks lines."""

    def __init__(self):
        super().__init__(ROOT / "build" / "microbit+tests" / "gate.elf", "microbit")

    def __enter__(self):
        super().__enter__()
        assert self.until("READY")[-2:] == ["self-test OK", "READY microbit OK"]
        return self

    def answer(self, line):
        """Status, body, the reason, instructions."""
        self.send(line.encode() + b"\n")
        said, log = self.until("LOG ")[-2:]
        status, _, body = said.partition(" ")
        reason, instructions = re.fullmatch(r"LOG reason=(\w+) instructions=(\d+)", log).groups()
        return int(status), body, reason, int(instructions)

    def stack(self):
        return int(self.ask("!stack", "STACK")[-1].split()[1])


def test_m0_grants_keys_of_2048_and_3072_bits_and_knows_a_token_again():
    with Gate() as gate:
        for key, bits in (("a", 2048), ("m", 3072)):
            good = token_of(key)
            first, again = (gate.answer(f"get {good}") for _ in range(2))
            assert first[:3] == again[:3] == (200, '{"led":false}', "OK"), (first, again)
            assert again[3] < first[3] / 4, (first, again)
            print(f"## microbit, {bits} bits: a first token {first[3]:,} instructions, the same again {again[3]:,}")
        assert gate.answer(f"on {good}")[:2] == (200, '{"led":true}')
        assert gate.answer(f"get {good}")[:2] == (200, '{"led":true}')
        assert gate.quit() == 0


@pytest.mark.parametrize("line,told", [
    ("get", (401, "TOKEN_EMPTY")),
    ("get x.y", (401, "TOKEN_MALFORMED")),
    (f"get {token_of(exp=NOW - 3600, iat=NOW - 7200)}", (401, "TOKEN_EXPIRED")),
    (f"get {forged(token_of())}", (401, "SIGNATURE_INVALID")),
    (f"get {forged(token_of('m'))}", (401, "SIGNATURE_INVALID")),
    (f"on {token_of(scope='read:foia')}", (403, "SCOPE_INSUFFICIENT")),
    (f"get {token_of(aud='https://other.example')}", (401, "AUDIENCE_REFUSED")),
    ("get " + "x" * 4000, (413, "LINE_TOO_LONG")),
], ids=lambda value: value[1] if isinstance(value, tuple) else "")
def test_m0_refuses(line, told):
    with Gate() as gate:
        got = gate.answer(line)
        assert (got[0], got[2]) == told, got
        assert gate.answer(f"get {token_of()}")[0] == 200


def test_m0_stays_within_its_flash_and_ram():
    image = ROOT / "build" / "microbit+tests" / "gate.elf"

    def tool(name, *words):
        return subprocess.run([f"arm-none-eabi-{name}", *words, image], check=True, capture_output=True, text=True).stdout
    size = {name: int(number) for name, number in re.findall(r"^(\.\S+)\s+(\d+)", tool("size", "-A"), re.M)}
    buffer = int(re.search(r"^\S+ (\S+) \S line_buffer$", tool("nm", "-S"), re.M).group(1), 16)
    with Gate() as gate:
        for line in (f"get {token_of()}", f"get {token_of('m')}", f"get {forged(token_of('m'))}", "get x.y"):
            gate.answer(line)
        stack = gate.stack()
    flash = size[".text"] + size.get(".ARM.exidx", 0) + size[".data"]
    static = size[".data"] + size[".bss"]
    ram = static - buffer + stack
    print(f"## microbit: flash {flash:,} of {FLASH:,}; RAM {ram:,} of {RAM:,} besides the receive buffer of {buffer:,} "
          f"(static {static - buffer:,}, stack {stack:,} at most of {size['.stack']:,})")
    assert flash <= FLASH and ram <= RAM, (flash, ram)
    assert stack <= size[".stack"] - 256 and static + size[".stack"] <= WHOLE_RAM
