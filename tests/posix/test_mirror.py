# SPDX-License-Identifier: Apache-2.0
"""A device on port/posix whose URL names a bundle, on an nginx that nobody trusts: a plain mirror, and a cache before the
operator's server."""
import base64
import contextlib
import json
import socketserver
import threading
import time

import pace
import pytest
from bundles import bundle
from mirror import Mirror
from posix_device import FOLDER, HOUR, MINUTE, SERVER, Device
from scripted import answer
from tokens import base64url, jwks, sign

ISSUER = "https://issuer.example/"
OPERATORS = FOLDER / "operators.json"
OPERATORS.write_text(jwks("c", "d"))
NOW = int(time.time())


def made(keys, seq, **options):
    return bundle(keys, seq, issuer=ISSUER, **options)


def device(url, cleartext=None, **options):
    environment = {"OPERATORS": str(OPERATORS)}
    if url.startswith("http:") if cleartext is None else cleartext:
        environment["CLEARTEXT"] = "1"
    return Device(url, **environment, **options)


@pytest.fixture
def mirror():
    with Mirror(SERVER) as mirror:
        yield mirror


class Origin:
    """Plain HTTP until the `with` block ends: what it sends is told to it, bytes and all."""

    def __init__(self):
        self.script, self.requests = b"", []

    def __enter__(self):
        origin = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                lines = []
                while (line := self.rfile.readline().strip()):
                    lines.append(line.decode())
                origin.requests.append(lines)
                self.wfile.write(origin.script)

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_what_is_unchanged_does_not_come_again_and_what_is_new_does(mirror, scheme):
    mirror.give(made("a", 1))
    with device(mirror.url(scheme=scheme)) as board:
        said = board.after(MINUTE)
        assert said["fetched"] == "OK" and said["http"] == 200 and said["kids"] == ["a"] and said["seq"] == 1, said
        # max-age=300 of the mirror.
        assert 225 <= said["next"] <= 300, said
        for told in (["BUNDLE_TAKEN"], []):
            said = board.after(5 * MINUTE)
            assert said["fetched"] == "OK" and said["http"] == 304 and said["seq"] == 1 and said["audit"] == told, said
            assert 225 <= said["next"] <= 300, said
        mirror.give(made("b", 2))
        said = board.after(5 * MINUTE)
        assert said["http"] == 200 and said["kids"] == ["b"] and said["seq"] == 2, said
        assert board.after(5 * MINUTE)["http"] == 304
    lines = [line.split()[:2] for line in mirror.told()]
    assert [status for status, _ in lines] == ["200", "304", "304", "200", "304"], lines
    assert [length for status, length in lines if status == "304"] == ["0"] * 3, lines


def test_after_a_boot_all_of_it_comes_once(mirror):
    # A file as `ward bundle make` writes it: a line.
    mirror.give(made("a", 1) + "\n")
    for fetched in (200, 200):
        with device(mirror.url(), store=FOLDER / "boots") as board:
            assert board.after(HOUR)["http"] == fetched
            assert board.after(5 * MINUTE)["http"] == 304


def test_a_mirror_that_leads_back_or_says_what_is_not_so_leads_nowhere(mirror):
    mirror.give(made("b", 2))
    old = made("a", 1)
    with device(mirror.url(scheme="http")) as board:
        assert board.after(MINUTE)["seq"] == 2
        for content, reason in ((old, "BUNDLE_OLDER"), (made("a", 2), "BUNDLE_CHANGED"), ("", "TOKEN_EMPTY"),
                                (made("a", 3, fleet="other"), "BUNDLE_FLEET"), (jwks("a"), "TOKEN_OPAQUE"),
                                (made("a", 3)[:-6], "SIGNATURE_LENGTH")):
            mirror.give(content)
            said = board.after(2 * HOUR)
            assert said["fetched"] == reason and said["kids"] == ["b"] and said["seq"] == 2, (reason, said)
        mirror.give(made("a", 3))
        assert board.after(2 * HOUR)["kids"] == ["a"]


def test_304_goes_on_until_the_bundles_own_end_and_no_longer(mirror):
    mirror.give(made("a", 1, iat=NOW - 100, lifetime=int(time.time()) + 3 - (NOW - 100)))
    with device(mirror.url()) as board:
        assert board.after(MINUTE)["fetched"] == "OK"
        time.sleep(4)
        said = board.after(HOUR)
        assert said["fetched"] == "BUNDLE_EXPIRED" and said["http"] == 304, said
        mirror.give(made("a", 2))
        assert board.after(HOUR)["seq"] == 2


def test_http_is_for_a_firmware_that_says_so():
    for options in ({"cleartext": False}, {}):
        with contextlib.ExitStack() as stack:
            board = device("http://127.0.0.1:9/b", **options)
            stack.callback(board.process.stdout.close)
            stack.callback(board.process.kill)
            if not options:
                assert board.after(MINUTE)["fetched"] == "FETCH_REFUSED"
            else:
                assert board.process.wait(10) == 1


def test_without_tls_a_body_must_say_where_it_ends_and_nothing_is_followed_or_believed():
    good = made("a", 1)
    moved = b"HTTP/1.1 301 Moved\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"
    with Origin() as origin, device(origin.url + "/b", clock="unset") as board:
        for script, reason in ((answer(good, length=False), "FETCH_CUT_OFF"), (answer(good)[:-5], "FETCH_CUT_OFF"),
                               (b"", "FETCH_CUT_OFF"), (moved, "FETCH_HTTP_STATUS"), (answer("x" * 65537), "FETCH_TOO_LONG"),
                               (answer("", status="304 Not Modified"), "FETCH_HTTP_STATUS"),
                               (answer(good, "Content-Encoding: gzip"), "FETCH_CODING")):
            origin.script = script
            said = board.after(HOUR)
            assert said["fetched"] == reason and said["seq"] == 0, (reason, said)
        origin.script = answer(good, "Date: Thu, 01 Jan 2026 00:00:00 GMT", 'ETag: W/"one"')
        said = board.after(HOUR)
        assert said["fetched"] == "OK" and said["kids"] == ["a"] and not said["clock"], said
        origin.script = b"HTTP/1.1 304 Not Modified\r\n\r\n"
        assert board.after(2 * HOUR)["http"] == 304
        assert 'If-None-Match: W/"one"' in origin.requests[-1], origin.requests[-1]
        assert not any("If-None" in line for line in origin.requests[0]), origin.requests[0]


def test_a_cache_asks_its_origin_once_and_serves_while_that_is_down():
    with Origin() as origin, Mirror(SERVER, origin.url) as cache, contextlib.ExitStack() as stack:
        origin.script = answer(made("a", 1), "Cache-Control: max-age=2", 'ETag: "one"')
        boards = [stack.enter_context(device(cache.url("cached/b", scheme))) for scheme in ("https", "http") * 3]
        assert all(board.after(MINUTE)["http"] == 200 for board in boards) and len(origin.requests) == 1
        assert [line.split()[2] for line in cache.told()] == ["MISS-"] + ["HIT-"] * 5
        origin.script = b""
        time.sleep(2.5)
        assert all(board.after(5 * MINUTE)["fetched"] == "OK" for board in boards), cache.told()
        origin.script = answer(made("b", 2), "Cache-Control: max-age=2", 'ETag: "two"')
        # nginx may go on with its stale copy for a moment.
        end = time.monotonic() + pace.seconds(10)
        while not all(one["seq"] == 2 for one in [board.after(5 * MINUTE) for board in boards]):
            assert time.monotonic() < end, cache.told()
            time.sleep(0.5)


def test_a_bundle_of_64_kib_comes_whole(mirror):
    long = made("a", 1, deny=[{"sub": f"auth0|{number:05}" + "x" * 200, "issued_until": 1} for number in range(16)])
    mirror.give(long)
    with device(mirror.url()) as board:
        assert board.after(MINUTE)["seq"] == 1
    # As long as it may be, and a byte more.
    for extra, reason in ((0, "OK"), (1, "FETCH_TOO_LONG")):
        mirror.give(padded(65536 + extra))
        with device(mirror.url()) as board:
            assert board.after(MINUTE)["fetched"] == reason


def padded(length):
    """A bundle of this length: blanks in its payload, and a kid of the header that makes up for the rest."""
    parts = made("a", 1).split(".")
    payload = base64.urlsafe_b64decode(parts[1] + "==").decode()
    for word in ("", "x", "xx", "xxx"):
        header = base64url(json.dumps({"alg": "RS256", "typ": "jwk-set+jwt", "kid": "c", "x": word}))
        left = length - len(header) - len(parts[2]) - 2
        blanks = left * 3 // 4 - len(payload)
        text = f"{header}.{base64url(payload[:-1] + ' ' * blanks + '}')}"
        if len(text) + 1 + len(parts[2]) == length:
            return f"{text}.{sign('c', text)}"
    raise AssertionError(length)
