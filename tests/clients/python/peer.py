# SPDX-License-Identifier: Apache-2.0
"""A server over TLS on loopback that answers as a test tells it, and remembers what it was asked."""
import collections
import http.server
import json
import socket
import ssl
import threading
import time
import urllib.parse

Asked = collections.namedtuple("Asked", "method path headers body")
# A body is bytes, JSON, or a list of them that come slowly. What a script holds: an answer, CUT (the connection ends
# without one), or a function of the request that gives one.
Told = collections.namedtuple("Told", "status body headers")
CUT = "cut"


def told(status=200, body=None, **headers):
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Told(status, {} if body is None else body, fields)


def gate(status, error, description, scope=None, **headers):
    """As ward's gate answers."""
    body = {"error": error, "error_description": description, **({"scope": scope} if scope else {})}
    more = f', error="{error}", error_description="{description}"' + (f', scope="{scope}"' if scope else "")
    if status == 401 or error == "insufficient_scope":
        headers["WWW-Authenticate"] = f'Bearer realm="api"{more}'
    return told(status, body, **headers)


EXPIRED = gate(401, "invalid_token", "The access token expired")
BUSY = gate(429, "rate_limited", "Too many requests", Retry_After="7")
UNAVAILABLE = gate(503, "temporarily_unavailable", "Tokens cannot be checked now", Retry_After="3")
FINE = told(200, {"led": "on"})


def grant(token="token-1", expires_in=3600, **more):
    return told(200, {"access_token": token, "token_type": "Bearer", "expires_in": expires_in, **more})


def slow(answer, seconds):
    def script(_asked):
        time.sleep(seconds)
        return answer
    return script


class Peer:
    """`script` is what it answers, in order; after its end, and without one, 500."""

    def __init__(self, chain, *script):
        self.script, self.asked, self.lock = list(script), [], threading.Lock()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*chain)
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout, disable_nagle_algorithm = 20, True

            def setup(self):
                self.request = peer.context.wrap_socket(self.request, server_side=True)
                super().setup()

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                answer = peer.next(Asked(self.command, self.path, dict(self.headers.items()), self.rfile.read(length)))
                if answer == CUT:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                pieces = answer.body if isinstance(answer.body, list) else [answer.body]
                pieces = [piece if isinstance(piece, bytes) else json.dumps(piece).encode() for piece in pieces]
                self.send_response_only(answer.status)
                for name, value in {"Content-Length": str(sum(map(len, pieces))), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in pieces if self.command != "HEAD" else ():
                    self.wfile.write(piece)
                    time.sleep(0.1 if len(pieces) > 1 else 0)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                """Clients that break off do it on purpose."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"https://localhost:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.005,), daemon=True).start()

    def next(self, asked):
        with self.lock:
            self.asked.append(asked)
            answer = self.script.pop(0) if self.script else told(500)
        return answer(asked) if callable(answer) else answer

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def forms(self):
        """What was sent to it as forms."""
        return [dict(urllib.parse.parse_qsl(asked.body.decode())) for asked in self.asked]

    def bearers(self):
        return [asked.headers.get("authorization") or asked.headers.get("Authorization") for asked in self.asked]
