# SPDX-License-Identifier: Apache-2.0
"""Tokens over a UART on each board: the demo, and where that has no room the small gates with what they take of flash
and RAM."""
import pathlib
import re
import subprocess
import sys
import time

import pace
import pytest
from device import Device
from tokens import payload, token

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from steps import BOARDS  # noqa: E402

NOW = int(time.time())


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


def test_make_qemu_gives_a_board_s_console():
    done = subprocess.run(["make", "--no-print-directory", "qemu", "BOARD=microbit"], cwd=ROOT,
                          input="get x.y\n!quit\n", capture_output=True, text=True, timeout=pace.seconds(60))
    assert done.returncode == 0 and re.search(r"^401 .*\nLOG .*\nEND$", done.stdout, re.M), done.stdout + done.stderr


# ---- The Cortex-M0: 16 KB of RAM, a gate that speaks lines and one that speaks HTTP.

FOLDER = ROOT / "build" / "microbit+tests"
# Of flash, and of RAM besides the receive buffer.
BUDGETS = {"gate.elf": (36 * 1024, 7 * 1024), "gate-http.elf": (58 * 1024, 8 * 1024)}
WHOLE_RAM = 16 * 1024
NAMES = {int(number, 0): name for name, number in
         re.findall(r"^ +WARD_(\w+) = (\w+),", (ROOT / "include" / "ward" / "status.h").read_text(), re.M)}


class Gate(Device):
    """A small gate, which tells statuses by their numbers."""

    def __init__(self, image="gate.elf"):
        super().__init__(FOLDER / image, "microbit")

    def begun(self):
        """Names of the self-test's result and of the gate's begin."""
        return [NAMES[int(line.split()[-1], 16)] for line in self.until("READY")[-2:]]

    def answer(self, line):
        """Status, body, the reason, instructions."""
        self.send(line.encode() + b"\n")
        said, log = self.until("LOG ")[-2:]
        status, _, body = said.partition(" ")
        told, reason, instructions = re.fullmatch(r"LOG status=(\d+) reason=(\w+) instructions=(\d+)", log).groups()
        assert told == status
        return int(told), body, NAMES[int(reason, 16)], int(instructions)

    def stack(self):
        return int(self.ask("!stack", "STACK")[-1].split()[1])


def test_m0_grants_keys_of_2048_and_3072_bits_and_knows_a_token_again():
    with Gate() as gate:
        assert gate.begun() == ["OK", "OK"]
        for key, bits in (("a", 2048), ("m", 3072)):
            good = token_of(key)
            first, again = (gate.answer(f"get {good}") for _ in range(2))
            assert first[:3] == again[:3] == (200, '{"led":false}', "OK"), (first, again)
            assert again[3] < first[3] / 4, (first, again)
            print(f"## microbit, {bits} bits: a first token {first[3]:,} instructions, the same again {again[3]:,}")
        assert gate.answer(f"on {good}")[:2] == (200, '{"led":true}')
        assert gate.answer(f"get {good}")[:2] == (200, '{"led":true}')
        assert gate.answer(f"off {good}")[:2] == (200, '{"led":false}')
        assert gate.quit() == 0


REFUSED = {
    "nothing": ("", 400, "NO_RESULT"),
    "another command": (f"drop {token_of()}", 400, "NO_RESULT"),
    "no token": ("get", 401, "TOKEN_EMPTY"),
    "malformed": ("get x.y", 401, "TOKEN_MALFORMED"),
    "expired": (f"get {token_of(exp=NOW - 3600, iat=NOW - 7200)}", 401, "TOKEN_EXPIRED"),
    "forged, 2048 bits": (f"get {forged(token_of())}", 401, "SIGNATURE_INVALID"),
    "forged, 3072 bits": (f"get {forged(token_of('m'))}", 401, "SIGNATURE_INVALID"),
    "scope": (f"on {token_of(scope='read:foia')}", 403, "SCOPE_INSUFFICIENT"),
    "audience": (f"get {token_of(aud='https://other.example')}", 401, "AUDIENCE_REFUSED"),
    "too long": ("get " + "x" * 4000, 413, "NO_RESULT"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_m0_refuses(name):
    line, status, reason = REFUSED[name]
    with Gate() as gate:
        assert gate.begun() == ["OK", "OK"]
        got = gate.answer(line)
        assert (got[0], got[2]) == (status, reason), got
        assert gate.answer(f"get {token_of()}")[0] == 200


def test_m0_speaks_http():
    with Gate("gate-http.elf") as gate:
        assert gate.begun() == ["OK", "OK"]
        for key in ("a", "m"):
            good = token_of(key)
            for method, target, lit in ("GET", "/led", "false"), ("POST", "/led/on", "true"), ("POST", "/led/off", "false"):
                got = gate.request(method, target, good)
                assert (got.status, got.body) == (200, f'{{"led":{lit}}}'), got
        for method, target, bearer, told in (
                ("GET", "/led", None, (401, "CREDENTIAL_MISSING")), ("GET", "/led", forged(good), (401, "SIGNATURE_INVALID")),
                ("POST", "/led/on", token_of(scope="read:foia"), (403, "SCOPE_INSUFFICIENT")),
                ("GET", "/other", good, (404, "ROUTE_NOT_FOUND")), ("PUT", "/led", good, (405, "METHOD_NOT_ALLOWED"))):
            got = gate.request(method, target, bearer)
            assert (got.status, NAMES[int(got.reason, 16)]) == told, got
        gate.send(b"GET /led HTTP/3\r\n\r\n")
        assert gate.response().status == 505
        assert gate.request("GET", "/led", good).status == 200
        assert gate.quit() == 0


def sizes(image):
    """Bytes of each section, and of the receive buffer."""
    def tool(name, *words):
        return subprocess.run([f"arm-none-eabi-{name}", *words, image], check=True, capture_output=True, text=True).stdout
    sections = {name: int(number) for name, number in re.findall(r"^(\.\S+)\s+(\d+)", tool("size", "-A"), re.M)}
    return sections, int(re.search(r"^\S+ (\S+) \S line_buffer$", tool("nm", "-S"), re.M).group(1), 16)


def use_lines(gate):
    for line in (f"get {token_of()}", f"get {token_of('m')}", f"get {forged(token_of('m'))}", "get x.y"):
        gate.answer(line)


def use_http(gate):
    for bearer in token_of(), token_of("m"), forged(token_of("m")), "x.y":
        gate.request("GET", "/led", bearer)


@pytest.mark.parametrize("image,use", [("gate.elf", use_lines), ("gate-http.elf", use_http)])
def test_m0_stays_within_its_flash_and_ram(image, use):
    size, buffer = sizes(FOLDER / image)
    with Gate(image) as gate:
        assert gate.begun() == ["OK", "OK"]
        use(gate)
        stack = gate.stack()
    most_flash, most_ram = BUDGETS[image]
    flash = size[".text"] + size.get(".ARM.exidx", 0) + size[".data"]
    static = size[".data"] + size[".bss"]
    ram = static - buffer + stack
    print(f"## microbit, {image}: flash {flash:,} of {most_flash:,}; RAM {ram:,} of {most_ram:,} besides the receive buffer of "
          f"{buffer:,} (static {static - buffer:,}, stack {stack:,} at most of {size['.stack']:,})")
    assert flash <= most_flash and ram <= most_ram, (flash, ram)
    assert stack <= size[".stack"] - 256 and static + size[".stack"] <= WHOLE_RAM
