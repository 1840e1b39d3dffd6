# SPDX-License-Identifier: Apache-2.0
"""Clients of a device's server, good and hostile, each a thread: they know what every answer must be.

A server of few slots may close a connection between two answers, or before the first, to let others in: then a client asks again. Half an
answer, another answer, or none within half a minute is wrong.
"""
import collections
import errno
import itertools
import json
import os
import random
import socket
import ssl
import struct
import threading
import time

from https_client import Connection, request

# Seconds in which each request has its answer, however often its connection is closed before.
PATIENCE = 30
VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)

# What is asked, and the statuses of which one must come. `subject`: the body of a 200 names it.
Ask = collections.namedtuple("Ask", "name data statuses subject", defaults=(None,))


class Log:
    """What all clients saw."""

    def __init__(self):
        self.lock, self.answers, self.events, self.wrong = threading.Lock(), collections.Counter(), collections.Counter(), []

    def answer(self, ask, status):
        with self.lock:
            self.answers[ask.name, status] += 1

    def event(self, name):
        with self.lock:
            self.events[name] += 1

    def mistake(self, text):
        with self.lock:
            self.wrong.append(text)


class Client(threading.Thread):
    """Runs `turn` again and again until it is told to end."""

    def __init__(self, port, trust, log, seed):
        super().__init__(daemon=True)
        self.port, self.trust, self.log, self.chance = port, trust, log, random.Random(seed)
        self.ended, self.connection = threading.Event(), None

    def run(self):
        while not self.ended.is_set():
            try:
                self.turn()
            except Exception as trouble:  # pylint: disable=broad-except
                self.log.mistake(f"{type(self).__name__}: {type(trouble).__name__}: {trouble}")
                self.close()
        self.close()

    def turn(self):
        raise NotImplementedError

    def close(self):
        if self.connection is not None:
            self.connection.socket.close()
        self.connection = None

    def connect(self, version=None):
        return Connection(self.port, self.trust, version or self.chance.choice(VERSIONS), PATIENCE)

    def check(self, ask, answer):
        self.log.answer(ask, answer.status)
        assert answer.status in ask.statuses, f"{ask.name}: {answer}"
        assert answer.fields.get("cache-control") == "no-store", f"{ask.name}: {answer}"
        assert (answer.status == 401) == ("www-authenticate" in answer.fields) or answer.status == 403, f"{ask.name}: {answer}"
        if ask.subject and answer.status == 200:
            assert json.loads(answer.body)["subject"] == ask.subject, f"{ask.name} for {ask.subject}: {answer}"

    def asks(self, asks):
        """Sends requests at once and reads their answers; those that were not answered again on another connection."""
        end = time.monotonic() + PATIENCE
        while asks:
            assert time.monotonic() < end, f"{asks[0].name}: no answer in {PATIENCE} s"
            try:
                self.connection = self.connection or self.connect()
                self.connection.send(b"".join(ask.data for ask in asks))
                answer = self.connection.answer()
                while answer is not None:
                    self.check(asks[0], answer)
                    closing, asks = answer.fields.get("connection") == "close", asks[1:]
                    answer = self.connection.answer() if asks and not closing else None
            except TimeoutError:
                raise AssertionError(f"{asks[0].name}: silence") from None
            except OSError as trouble:
                self.log.event(f"{type(trouble).__name__}")
                assert self.connection is None or self.connection.left == b"", f"half an answer: {self.connection.left}"
                self.close()
                self.ended.wait(self.chance.random() / 4)
                continue
            if asks:
                self.log.event("closed between answers")
                self.close()

    def ask(self, ask):
        self.asks([ask])


class Steady(Client):
    """A connection that stays open as long as it may; now and then several requests at once."""

    def __init__(self, *words, mix):
        super().__init__(*words)
        self.mix = mix

    def turn(self):
        self.asks([self.chance.choice(self.mix) for _ in range(self.chance.choice((1, 1, 1, 4)))])


class OneEach(Steady):
    """A connection a request."""

    def turn(self):
        ask = self.chance.choice(self.mix)
        self.ask(ask._replace(data=ask.data.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)))
        if self.connection is not None:
            assert self.connection.answer() is None, "more than one answer"
        self.close()
        self.ended.wait(self.chance.random() / 4)


class Fresh(Client):
    """Tokens that the gate has never seen, under the usual budget of signature checks."""

    def __init__(self, *words, make):
        super().__init__(*words)
        self.make, self.number = make, 0

    def turn(self):
        self.number += 1
        self.ask(self.make(self.number))
        self.ended.wait(0.05)


# ---- What only disturbs.

def reset(sock):
    """Closes with a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def raw(client):
    return socket.create_connection(("127.0.0.1", client.port), PATIENCE)


def until_closed(sock):
    """Reads until the server closes: not later than its times allow."""
    begin = time.monotonic()
    try:
        while sock.recv(4096):
            assert time.monotonic() - begin < PATIENCE
    except TimeoutError:
        raise AssertionError("it was not closed") from None
    except OSError:
        pass
    sock.close()


def hello():
    """The first bytes of a client of TLS."""
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    try:
        context.wrap_bio(coming, going, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return going.read()


def cut_in_hello(client):
    sock = raw(client)
    sock.sendall(hello()[:client.chance.randrange(1, 200)])
    reset(sock)


def cut_in_handshake(client):
    sock = raw(client)
    sock.sendall(hello())
    sock.recv(client.chance.randrange(1, 600))
    reset(sock)


def silent(client):
    sock = raw(client)
    client.ended.wait(client.chance.random() * 3)
    sock.close()


def cut_in_request(client):
    connection = client.connect()
    connection.send(client.good[:client.chance.randrange(1, len(client.good))])
    reset(connection.socket)


def cut_in_answer(client):
    connection = client.connect()
    connection.send(client.good * client.chance.randrange(1, 6))
    client.ended.wait(client.chance.random() / 50)
    reset(connection.socket)


def leave_in_request(client):
    with client.connect() as connection:
        connection.send(client.good[:-2])


def garbage(client):
    sock = raw(client)
    sock.sendall(client.chance.randbytes(client.chance.randrange(8, 3000)))
    sock.shutdown(socket.SHUT_WR)
    until_closed(sock)


def plain_http(client):
    sock = raw(client)
    sock.sendall(client.good)
    until_closed(sock)


def long_record(client):
    sock = raw(client)
    sock.sendall(b"\x16\x03\x01\x40\x00\x01\x00\x3f\xfc\x03\x03" + os.urandom(1500))
    until_closed(sock)


def garbage_in_tls(client):
    """A record that no key has made, in a session that was good."""
    plain = raw(client)
    twin = socket.socket(fileno=os.dup(plain.fileno()))
    twin.settimeout(PATIENCE)
    with ssl.create_default_context(cafile=client.trust).wrap_socket(plain, server_hostname="localhost") as session:
        twin.sendall(b"\x17\x03\x03\x00\x40" + os.urandom(64))
        until_closed(twin)
        session.close()


def slow(client):
    """A request byte by byte: it is answered, unless others wait for the slot."""
    with client.connect() as connection:
        data = request("/health", None, "GET", "Connection: close")
        for at in range(0, len(data), 4):
            connection.send(data[at:at + 4])
            time.sleep(0.05)
        answer = connection.answer()
        assert answer is None or answer.status in (200, 408), answer


# What a client sees whose connection was closed before it had ended; a time-out is none of them.
CLOSED = (ConnectionError, ssl.SSLError)

DISTURBANCES = (cut_in_hello, cut_in_handshake, silent, cut_in_request, cut_in_answer, leave_in_request, garbage, plain_http, long_record,
                garbage_in_tls, slow)


class Hostile(Client):
    """What is not a request, each kind in turn, and now and then one that is refused by its status."""

    def __init__(self, *words, good, mix):
        super().__init__(*words)
        self.good, self.mix = good, mix
        self.kinds = itertools.cycle(self.chance.sample(DISTURBANCES, len(DISTURBANCES)))

    def turn(self):
        if self.chance.random() < 0.3:
            self.ask(self.chance.choice(self.mix))
            self.close()
        disturb = next(self.kinds)
        try:
            disturb(self)
            self.log.event(disturb.__name__)
        except OSError as trouble:
            if not isinstance(trouble, CLOSED) and trouble.errno != errno.ENOTCONN:
                raise
            self.log.event(f"{disturb.__name__}, closed")
        self.ended.wait(self.chance.random() / 2)
