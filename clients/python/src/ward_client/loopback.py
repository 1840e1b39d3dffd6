# SPDX-License-Identifier: Apache-2.0
"""Where a browser comes back to after a sign-in, for tools on the same machine (RFC 8252, 7.3)."""
from __future__ import annotations

import hmac
import http.server
import time
import urllib.parse
from typing import Any

from .errors import ClientError
from .secret import Secret

PATH = "/callback"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign-in</title><h1>{}</h1>
<p>You may close this window and go back to the program.</p></html>
"""


class _Handler(http.server.BaseHTTPRequestHandler):
    timeout = 5
    server: Receiver

    def do_GET(self) -> None:  # pylint: disable=invalid-name
        parts = urllib.parse.urlsplit(self.path)
        fields = urllib.parse.parse_qs(parts.query)
        expected = self.server.state.reveal().encode()
        state = fields.get("state", [""])[0].encode()
        mine = parts.path == PATH and bool(expected) and hmac.compare_digest(state, expected)
        if mine:
            self.server.query = Secret(parts.query)
        body = PAGE.format("Sign-in has ended" if mine else "Nothing is here").encode()
        self.send_response(200 if mine else 404)
        for name, value in (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body))),
                            ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
                            ("Content-Security-Policy", "default-src 'none'"), ("Connection", "close")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: Any) -> None:  # pylint: disable=arguments-differ
        """Nothing: the code is in the URL."""


class Receiver(http.server.HTTPServer):
    """Listens on 127.0.0.1 until close(). Only an answer with the state that it waits for counts."""

    def __init__(self, port: int = 0) -> None:
        taken = False
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except (OSError, OverflowError):
            taken = True
        if taken:
            raise ClientError("setting_invalid", f"port {port} cannot be listened on: give one that is free")
        self.state, self.query, self.ended = Secret(""), None, False  # type: Secret, Secret | None, bool
        self.timeout = 0.2

    @property
    def redirect_uri(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{PATH}"

    def handle_error(self, *_: Any) -> None:
        """Nothing: who breaks off is not waited for."""

    def wait(self, state: Secret, seconds: float) -> Secret:
        """The redirect's parameters."""
        self.state, end = state, time.monotonic() + seconds
        while self.query is None and not self.ended and time.monotonic() < end:
            self.handle_request()
        if self.query is None:
            raise ClientError("timed_out", "nobody has signed in")
        return self.query

    def close(self) -> None:
        self.ended = True
        self.server_close()
