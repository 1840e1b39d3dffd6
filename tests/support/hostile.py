"""An HTTPS server that answers as a test says, well or badly, byte for byte, and counts what it was asked."""
import socket
import ssl
import threading
import time


class Server:
    """Serves on 127.0.0.1 until the `with` block ends. `answer` is bytes, or a function that gets the connection and the request."""

    def __init__(self, certificate, key):
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)
        self.answer = b""
        self.requests = []
        self.handshakes = 0
        self.plain = None
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.ended = False

    def __enter__(self):
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended = True
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def url(self, path="/jwks.json", host="127.0.0.1"):
        return f"https://{host}:{self.port}{path}"

    def accept(self):
        while not self.ended:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        connection.settimeout(20)
        try:
            if self.plain is not None:
                self.plain(connection)
                connection.close()
                return
            with self.tls.wrap_socket(connection, server_side=True) as wrapped:
                self.handshakes += 1
                request = b""
                while b"\r\n\r\n" not in request:
                    piece = wrapped.recv(4096)
                    if not piece:
                        return
                    request += piece
                self.requests.append(request)
                if callable(self.answer):
                    self.answer(wrapped, request)
                else:
                    wrapped.sendall(self.answer)
                close(wrapped)
        except OSError:
            pass


def close(connection):
    """The proper end of a TLS connection."""
    try:
        connection.unwrap()
    except (OSError, ValueError):
        pass


def response(body, status="200 OK", *fields, length=None):
    """An answer with a Content-Length, the right one or another."""
    body = body.encode() if isinstance(body, str) else body
    length = len(body) if length is None else length
    head = [f"HTTP/1.1 {status}", *fields, f"Content-Length: {length}", "Connection: close"]
    return "\r\n".join([*head, "", ""]).encode() + body


def chunked(body, size=100, last=b"0\r\n\r\n", fields=()):
    """An answer in chunks."""
    body = body.encode() if isinstance(body, str) else body
    head = "\r\n".join(["HTTP/1.1 200 OK", *fields, "Transfer-Encoding: chunked", "", ""]).encode()
    pieces = [body[at:at + size] for at in range(0, len(body), size)]
    return head + b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces) + last


def slowly(data, pause=0.05, size=1):
    """Sends an answer piece by piece."""
    def answer(connection, _request):
        for at in range(0, len(data), size):
            connection.sendall(data[at:at + size])
            time.sleep(pause)
    return answer


def cut(data):
    """Sends these bytes and cuts the connection without TLS's end."""
    def answer(connection, _request):
        connection.sendall(data)
        connection.shutdown(socket.SHUT_RDWR)
    return answer


def endless(head, piece, most=64 * 1024 * 1024):
    """Sends a head and then the same piece again and again."""
    def answer(connection, _request):
        connection.sendall(head)
        for _ in range(most // len(piece)):
            connection.sendall(piece)
    return answer
