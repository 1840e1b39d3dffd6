# SPDX-License-Identifier: Apache-2.0
"""An issuer that does what a test tells it: HTTPS on loopback, one thread a connection, by hand so that it can also do it wrong."""
import contextlib
import gzip
import ipaddress
import os
import re
import socket
import ssl
import threading
import time

import evidence

MINUTE = 60


def answer(body, *fields, status="200 OK", length=True):
    """An HTTP/1.1 answer as bytes; `length`: the right Content-Length, another, or none (False)."""
    body = body.encode() if isinstance(body, str) else body
    length = len(body) if length is True else length
    lines = [f"HTTP/1.1 {status}", *fields] + ([f"Content-Length: {length}"] if length is not False else [])
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body, size=100, last=b"0\r\n\r\n"):
    """An answer in chunks; `last`: the last one and what follows it."""
    body = body.encode() if isinstance(body, str) else body
    pieces = [body[at:at + size] for at in range(0, len(body), size)]
    coded = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return answer(coded + last, "Transfer-Encoding: chunked", length=False)


# ---- Scripts beside bytes: what is done with a connection after the request.

def slowly(data, pause=0.05, size=1):
    """Sends an answer piece by piece."""
    def script(channel):
        for at in range(0, len(data), size):
            channel.sendall(data[at:at + size])
            time.sleep(pause)
    return script


def cut(data):
    """Sends these bytes and cuts the connection without TLS's end."""
    def script(channel):
        channel.sendall(data)
        channel.shutdown(socket.SHUT_RDWR)
    return script


def endless(head, piece, most=64 * 1024 * 1024):
    """Sends a head and then the same piece again and again."""
    def script(channel):
        channel.sendall(head)
        for _ in range(most // len(piece)):
            channel.sendall(piece)
    return script


def is_address(name):
    try:
        return name is not None and bool(ipaddress.ip_address(name))
    except ValueError:
        return False


class ScriptedIssuer:
    """Serves until the `with` block ends. `script` is what is sent after the request's headers, or a function of the connection; then TLS is
    ended in order. `raw(socket)` runs in place of TLS, where it is set. `chain` is a pair of paths, certificate and key; `setup(context)`
    changes TLS's settings. `strict`: as some real servers are, 406 and 403 to who does not say what it takes and who it is, gzip to who does
    not say that it takes none, and no TLS with who sends an address as a server's name. All of these may change at any time."""

    def __init__(self, chain, script=b"", address="127.0.0.1"):
        self.obey(chain, script)
        self.requests, self.handshakes, self.seen, self.server_names = [], 0, [], []
        self.address, self.port = address, 0
        self.open()

    def obey(self, chain, script):
        """From now on it is as it should be, whatever it was told before."""
        self.chain, self.script, self.raw, self.setup, self.strict = chain, script, None, None, False
        self.versions = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)

    def open(self):
        """Listens, after close() at the same port."""
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self.listener = socket.create_server((self.address, self.port), family=family, backlog=64)
        self.port = self.listener.getsockname()[1]

    def close(self):
        """From now on a connection is refused."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def start(self):
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def __enter__(self):
        self.start()
        self.ended = False
        evidence.add("what the issuer saw", lambda: self.seen, lambda: not self.ended)
        return self

    def __exit__(self, *_):
        self.ended = True
        self.close()

    @contextlib.contextmanager
    def closed(self):
        """Nobody listens until the `with` block ends."""
        self.close()
        try:
            yield
        finally:
            self.open()
            self.start()

    def url(self, host="10.0.2.2", path="/.well-known/jwks.json"):
        """The emulated device's name for this machine, or another."""
        return f"https://{host}:{self.port}{path}"

    def _listen(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.settimeout(MINUTE)
        with connection:
            try:
                if self.raw is not None:
                    self.raw(connection)
                else:
                    self._serve_tls(connection)
            except (OSError, ValueError) as trouble:
                self.seen.append(str(trouble))

    def _serve_tls(self, connection):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version, context.maximum_version = self.versions
        context.load_cert_chain(*self.chain)
        context.sni_callback = self._take_name
        if self.setup is not None:
            self.setup(context)
        with context.wrap_socket(connection, server_side=True, suppress_ragged_eofs=True, do_handshake_on_connect=False) as channel:
            self._shake_hands(channel)
            self.handshakes += 1
            request = b""
            while b"\r\n\r\n" not in request:
                data = channel.recv(4096)
                if not data:
                    return
                request += data
            self.requests.append(request)
            self.seen.append(f"{channel.version()} {request.split(b' ')[1].decode()}")
            script = self._refusal(request) if self.strict else None
            script = self.script if script is None else script
            if callable(script):
                script(channel)
                script = b""
            self.send(channel, script)

    @staticmethod
    def _shake_hands(channel):
        """Where that fails, the alert must arrive: a close with bytes unread would be a reset, which overtakes it."""
        try:
            channel.do_handshake()
        except ssl.SSLError:
            with socket.socket(fileno=os.dup(channel.fileno())) as plain, contextlib.suppress(OSError):
                plain.settimeout(5)
                plain.shutdown(socket.SHUT_WR)
                while plain.recv(4096):
                    pass
            raise

    def _take_name(self, _channel, name, _context):
        self.server_names.append(name)
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME if self.strict and is_address(name) else None

    @staticmethod
    def _refusal(request):
        """What a strict server answers; None: it has nothing against this request."""
        fields = dict(line.lower().split(": ", 1) for line in request.decode().split("\r\n")[1:] if ": " in line)
        if "jwk-set+json" not in fields.get("accept", "*/*, jwk-set+json"):
            return answer("406: Not Acceptable", status="406 Not Acceptable")
        if not re.fullmatch(r"[\w-]+/[\w.]+", fields.get("user-agent", "")):
            return answer("who are you", status="403 Forbidden")
        if fields.get("accept-encoding") != "identity":
            return answer(gzip.compress(b"{}"), "Content-Encoding: gzip")
        return None

    @staticmethod
    def send(channel, data):
        """Sends all and ends TLS in order, unless that has been done."""
        channel.sendall(data)
        try:
            channel.unwrap()
        except (OSError, ValueError):
            pass
