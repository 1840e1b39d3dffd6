# SPDX-License-Identifier: Apache-2.0
"""A connection to a device's server, read answer by answer; and requests as bytes."""
import collections
import socket
import ssl

import pace

Answer = collections.namedtuple("Answer", "status fields body")


class Connection:
    """TLS to a port of this machine's loopback; `trust` is the authority's file. Without TLS where `trust` is None. `suite`: of TLS 1.2.
    `source`: the address that it comes from, and `port_of_source` there. `protocols`: names that its first message offers, which make it longer."""

    def __init__(self, port, trust, version=None, seconds=20, suite=None, source=None, port_of_source=0, protocols=()):
        raw = socket.create_connection(("127.0.0.1", port), pace.seconds(seconds), (source, port_of_source) if source else None)
        self.socket, self.left = raw, b""
        if trust is None:
            return
        context = ssl.create_default_context(cafile=trust)
        if suite:
            context.set_ciphers(suite)
            version = ssl.TLSVersion.TLSv1_2
        if protocols:
            context.set_alpn_protocols(protocols)
        if version:
            context.minimum_version = context.maximum_version = version
        try:
            self.socket = context.wrap_socket(raw, server_hostname="localhost")
        except BaseException:
            raw.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def receive(self):
        data = self.socket.recv(4096)
        self.left += data
        return bool(data)

    def answer(self, head=False):
        """The next answer; None at the connection's end. An answer that ends in its midst is an AssertionError."""
        while b"\r\n\r\n" not in self.left:
            if not self.receive():
                assert self.left == b"", f"half an answer: {self.left}"
                return None
        lines, _, self.left = self.left.partition(b"\r\n\r\n")
        first, *fields = lines.decode().split("\r\n")
        fields = dict(field.lower().split(": ", 1) for field in fields)
        length = 0 if head else int(fields.get("content-length", 0))
        while len(self.left) < length:
            assert self.receive(), f"half a body: {self.left}"
        body, self.left = self.left[:length], self.left[length:]
        return Answer(int(first.split(" ")[1]), fields, body.decode())

    def ask(self, data):
        self.send(data)
        return self.answer()


def request(target, bearer=None, method="GET", *fields, body=""):
    lines = [f"{method} {target} HTTP/1.1", "Host: device", *fields] + ([f"Authorization: Bearer {bearer}"] if bearer else [])
    lines += [f"Content-Length: {len(body)}"] if body else []
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
