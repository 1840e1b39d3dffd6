# SPDX-License-Identifier: Apache-2.0
"""Clients that want a device's slots, memory or time for themselves, each a thread that goes on until it is told to end:
none has a token.

Each is one connection at a time; when the device ends it, there is another at once.
"""
import socket
import ssl
import threading
import time

from https_client import request

HEALTH = request("/health")
# Seconds after which a stranger gives a connection up by itself.
PATIENCE = 40


class Stranger(threading.Thread):
    """Runs `live` on one connection after the other."""

    def __init__(self, port, trust, source, number=0):
        super().__init__(daemon=True)
        self.port, self.trust, self.source, self.number = port, trust, source, number
        self.ended, self.connections = threading.Event(), 0

    def run(self):
        while not self.ended.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.port), PATIENCE, (self.source, 0)) as sock:
                    self.connections += 1
                    self.live(sock)
            except OSError:
                self.ended.wait(0.05)

    def live(self, sock):
        raise NotImplementedError

    def tls(self, sock):
        context = ssl.create_default_context(cafile=self.trust)
        context.maximum_version = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)[self.number % 2]
        return context.wrap_socket(sock, server_hostname="localhost")

    def wait(self, seconds, sock):
        """Whether it goes on after these seconds: false once the device has closed, or the test ends. What comes is read."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.ended.is_set():
            sock.settimeout(min(left, 0.2))
            try:
                if not sock.recv(4096):
                    return False
            except (TimeoutError, ssl.SSLWantReadError):
                pass
        sock.settimeout(PATIENCE)
        return not self.ended.is_set()

    def hold(self, sock):
        self.wait(PATIENCE, sock)


def hello(trust, size=0):
    """A client's first message of TLS and what ends the session from it on; `size`: no shorter than this."""
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cafile=trust)
    if size:
        context.set_alpn_protocols(["a" * 200] * (size // 200))
    session = context.wrap_bio(coming, going, server_hostname="localhost")
    try:
        session.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return going.read(), session, coming, going


class Silent(Stranger):
    """Opens a connection and says nothing."""

    def live(self, sock):
        self.hold(sock)


class SlowHello(Stranger):
    """The start of TLS byte by byte."""

    def live(self, sock):
        for byte in hello(self.trust)[0]:
            sock.sendall(bytes([byte]))
            if not self.wait(0.05, sock):
                return


class HalfHandshake(Stranger):
    """A whole first message of TLS, and then nothing."""

    def live(self, sock):
        sock.sendall(hello(self.trust)[0])
        self.hold(sock)


class GivesUp(Stranger):
    """Has closed before it can be served, in order and by a reset in turn."""

    def live(self, sock):
        sock.sendall(hello(self.trust)[0])
        self.number += 1
        if self.number % 2:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        sock.close()
        self.ended.wait(0.1)


class HalfRequest(Stranger):
    """The first half of a request, and then nothing."""

    def live(self, sock):
        with self.tls(sock) as channel:
            channel.sendall(HEALTH[:-6])
            self.hold(channel)


class Drip(Stranger):
    """A request that never ends, byte by byte."""

    def live(self, sock):
        with self.tls(sock) as channel:
            channel.sendall(b"GET /health HTTP/1.1\r\nX: ")
            while self.wait(0.3, channel):
                channel.sendall(b"a")


class Halves(Stranger):
    """The end of one request and the first half of the next, each second and a half."""

    def live(self, sock):
        with self.tls(sock) as channel:
            channel.sendall(HEALTH[:-6])
            while self.wait(1.5, channel):
                channel.sendall(HEALTH[-6:] + HEALTH[:-6])


class Pipeline(Stranger):
    """Requests without end, as fast as the answers come."""

    def live(self, sock):
        with self.tls(sock) as channel:
            while not self.ended.is_set():
                channel.sendall(HEALTH * 4)
                if not channel.recv(4096):
                    return


class NeverReads(Stranger):
    """Asks and asks, and takes no answer."""

    def live(self, sock):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        with self.tls(sock) as channel:
            channel.settimeout(0.5)
            while not self.ended.is_set():
                try:
                    channel.sendall(HEALTH * 8)
                except TimeoutError:
                    self.ended.wait(0.5)


class Reconnecting(Stranger):
    """A whole handshake and a request, and again on a connection of its own."""

    def live(self, sock):
        with self.tls(sock) as channel:
            channel.sendall(HEALTH)
            channel.recv(4096)


class LongRecords(Stranger):
    """A record of 16 KB of which the end does not come: the device must keep all of it."""

    def live(self, sock):
        first, session, coming, going = hello(self.trust)
        sock.sendall(first)
        while True:
            try:
                session.do_handshake()
                break
            except ssl.SSLWantReadError:
                sock.sendall(going.read())
                data = sock.recv(4096)
                if not data:
                    return
                coming.write(data)
        session.write(b"GET /health HTTP/1.1\r\n" + b"X: " + b"a" * 16000)
        record = going.read()
        sock.sendall(record[:-64])
        for byte in record[-64:-1]:
            if not self.wait(0.5, sock):
                return
            sock.sendall(bytes([byte]))


KINDS = (Silent, SlowHello, HalfHandshake, GivesUp, HalfRequest, Drip, Halves, Pipeline, NeverReads, Reconnecting,
         LongRecords)


class Crowd:
    """These strangers, until the `with` block ends."""

    def __init__(self, port, trust, kinds_and_sources):
        self.members = [kind(port, trust, source, number) for number, (kind, source) in enumerate(kinds_and_sources)]

    def __enter__(self):
        for member in self.members:
            member.start()
        return self

    def __exit__(self, *_):
        for member in self.members:
            member.ended.set()
        for member in self.members:
            member.join(10)

    def connections(self):
        return sum(member.connections for member in self.members)
