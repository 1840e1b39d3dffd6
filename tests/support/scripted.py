"""An issuer that does what a test tells it: HTTPS on loopback, one thread a connection, by hand so that it can also do it wrong."""
import socket
import ssl
import threading

MINUTE = 60


def answer(body, *fields, status="200 OK", length=True):
    """An HTTP/1.1 answer as bytes."""
    lines = [f"HTTP/1.1 {status}", *fields] + ([f"Content-Length: {len(body)}"] if length else [])
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body, size):
    pieces = [body[at:at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


class ScriptedIssuer:
    """Serves until the `with` block ends. `script(connection)` runs after the handshake and the request's headers; `raw(socket)` in place of
    TLS, where it is set. `chain` is a pair of paths, certificate and key; all of these may change at any time."""

    def __init__(self, chain, script):
        self.chain, self.script, self.raw = chain, script, None
        self.versions = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
        self.seen = []

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def url(self, host="10.0.2.2", path="/.well-known/jwks.json"):
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
            except (OSError, ssl.SSLError) as trouble:
                self.seen.append(str(trouble))

    def _serve_tls(self, connection):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version, context.maximum_version = self.versions
        context.load_cert_chain(*self.chain)
        with context.wrap_socket(connection, server_side=True, suppress_ragged_eofs=True) as channel:
            request = b""
            while b"\r\n\r\n" not in request:
                data = channel.recv(4096)
                if not data:
                    return
                request += data
            self.seen.append(f"{channel.version()} {request.split(b' ')[1].decode()}")
            self.script(channel)

    @staticmethod
    def send(channel, data):
        """Sends all and ends TLS in order."""
        channel.sendall(data)
        try:
            channel.unwrap()
        except (OSError, ssl.SSLError):
            pass
