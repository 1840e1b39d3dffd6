# SPDX-License-Identifier: Apache-2.0
"""A client of PostgreSQL in its own words (protocol 3.0, a unix socket, no password): statements as text or with
parameters apart from it, as drivers send them, and COPY."""
import socket
import struct

import pace

TEXT = 25  # the server's number of the type text


class Refused(Exception):
    """What the server says of an error: `code` is its SQLSTATE."""

    def __init__(self, fields):
        super().__init__(f"{fields.get('C')}: {fields.get('M')}")
        self.code, self.message = fields.get("C"), fields.get("M")
        self.detail, self.hint, self.all = fields.get("D"), fields.get("H"), fields


class Gone(Exception):
    """The connection has ended."""


def fields_of(body):
    return {part[:1].decode(): part[1:].decode(errors="replace") for part in body.rstrip(b"\0").split(b"\0") if part}


def cells_of(body):
    """A row's values as text, None for NULL."""
    count, at, cells = struct.unpack_from("!h", body)[0], 2, []
    for _ in range(count):
        length = struct.unpack_from("!i", body, at)[0]
        at += 4
        cells.append(None if length < 0 else body[at:at + length].decode())
        at += max(length, 0)
    return tuple(cells)


class Connection:
    """One connection. `options` go along with its start, as PGOPTIONS does."""

    def __init__(self, path, user, database, options=None):
        self.path, self.user, self.database = str(path), user, database
        self.notices, self.copied, self.status, self.pid = [], b"", None, None
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(pace.seconds(30))
        self.socket.connect(self.path)
        self.rest = b""
        words = {"user": user, "database": database, "client_encoding": "UTF8",
                 **({"options": options} if options else {})}
        start = struct.pack("!i", 3 << 16) + b"".join(f"{name}\0{value}\0".encode() for name,
                                                      value in words.items()) + b"\0"
        self.socket.sendall(struct.pack("!i", len(start) + 4) + start)
        self.finish()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.send(b"X")
        except OSError:
            pass
        self.socket.close()

    def send(self, kind, body=b""):
        self.socket.sendall(kind + struct.pack("!i", len(body) + 4) + body)

    def read(self, length):
        while len(self.rest) < length:
            try:
                more = self.socket.recv(65536)
            except ConnectionError:
                more = b""
            if not more:
                raise Gone
            self.rest += more
        found, self.rest = self.rest[:length], self.rest[length:]
        return found

    def message(self):
        kind, length = struct.unpack("!ci", self.read(5))
        return kind, self.read(length - 4)

    def finish(self):
        """Reads until the server is ready; the rows of the last result. An error is raised then."""
        rows, error = [], None
        while True:
            kind, body = self.message()
            if kind == b"Z":
                self.status = body.decode()
                if error:
                    raise error
                return rows
            if kind == b"E":
                error = error or Refused(fields_of(body))
                if error.all.get("S") == "FATAL":
                    raise error
            elif kind == b"N":
                self.notices.append(fields_of(body))
            elif kind == b"T":
                rows = []
            elif kind == b"D":
                rows.append(cells_of(body))
            elif kind == b"K":
                self.pid = struct.unpack("!ii", body)[0]
            elif kind == b"G":
                self.send(b"f", b"nothing to copy\0")
            elif kind == b"d":
                self.copied += body

    def say(self, text):
        """Statements as one text; the rows of the last one."""
        self.copied = b""
        self.send(b"Q", text.encode() + b"\0")
        return self.finish()

    def ask(self, text, *values):
        """One statement and its parameters, which are text or None; its rows."""
        types = struct.pack("!h", len(values)) + struct.pack("!i", TEXT) * len(values)
        data = b"".join(struct.pack("!i", -1) if value is None else struct.pack("!i",
                                                                                len(value.encode())) + value.encode()
                        for value in values)
        self.send(b"P", b"\0" + text.encode() + b"\0" + types)
        self.send(b"B", b"\0\0" + struct.pack("!hh", 0, len(values)) + data + struct.pack("!h", 0))
        self.send(b"E", b"\0" + struct.pack("!i", 0))
        self.send(b"S")
        return self.finish()

    def one(self, text, *values):
        """The only value of a statement's only row."""
        (row,) = self.ask(text, *values) if values else self.say(text)
        (value,) = row
        return value
