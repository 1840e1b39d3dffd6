# SPDX-License-Identifier: Apache-2.0
"""An nginx of the test's own that serves bundles, on loopback: as a plain mirror (files of a folder), and as a cache
before another server.

It is Debian's (tools/setup unpacks it, and starts nothing), or the one that this machine has.
"""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import evidence
import pace

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# `folder` is the mirror's, `cached` what it asks `origin` for; both over http and https. What a log line says: status,
# bytes of the body, what the cache did, the path. max-age of the mirror: `age`.
CONFIGURATION = """
daemon off; master_process off; worker_rlimit_nofile 4096;
pid {own}/pid; error_log {own}/error.log warn;
events {{ worker_connections 2048; }}
http {{
    log_format told '$status $body_bytes_sent $upstream_cache_status- $uri';
    access_log {own}/access.log told;
    client_body_temp_path {own}/body; proxy_temp_path {own}/proxy; fastcgi_temp_path {own}/f;
    uwsgi_temp_path {own}/u; scgi_temp_path {own}/s;
    proxy_cache_path {own}/cache keys_zone=bundles:1m;
    types {{ application/jwk-set+jwt jwt; }}
    server {{
        listen {address}:{http} backlog=1024;
        listen {address}:{https} ssl backlog=1024;
        ssl_certificate {certificate}; ssl_certificate_key {key};
        add_header Cache-Control max-age={age};
        location /status {{ stub_status; access_log off; }}
        location /mirror/ {{ alias {folder}/; }}
        location /cached/ {{
            proxy_pass {origin}/; proxy_cache bundles; proxy_cache_lock on; proxy_cache_revalidate on;
            proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
            proxy_hide_header Cache-Control; add_header Cache-Control max-age={age};
        }}
    }}
}}
"""


def program():
    """nginx, the user's own first."""
    own = os.environ.get("NGINX") or shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    return own or str(ROOT / "build/deps/nginx/usr/sbin/nginx")


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Mirror:
    """Runs until the `with` block ends. `certificate` is a pair of paths; `origin` a URL without its last slash."""

    def __init__(self, certificate, origin="http://127.0.0.1:9", age=300, ports=None):
        self.certificate, self.origin, self.age = certificate, origin, age
        self.http, self.https = ports or free_ports(2)
        self.published = int(time.time()) - 10000

    def __enter__(self):
        self.files = tempfile.TemporaryDirectory(prefix="ward-mirror-")
        own = pathlib.Path(self.files.name)
        self.folder, self.log = own / "files", own / "access.log"
        self.folder.mkdir()
        file = own / "nginx.conf"
        certificate, key = self.certificate
        file.write_text(CONFIGURATION.format(own=own, address="127.0.0.1", http=self.http, https=self.https, age=self.age,
                                             folder=self.folder, origin=self.origin, certificate=certificate, key=key))
        words = [program(), "-p", own, "-c", file, "-e", own / "error.log"]
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *words])
        self.ended = False
        evidence.add("what the mirror did", self.told, lambda: not self.ended)
        self.wait()
        return self

    def wait(self):
        end = time.monotonic() + pace.seconds(10)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.https), 1).close()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < end, "nginx does not start"
                time.sleep(0.02)

    def __exit__(self, *_):
        self.ended = True
        self.process.terminate()
        self.process.wait(pace.seconds(10))
        self.files.cleanup()

    def told(self):
        """A line for each request that was answered."""
        return self.log.read_text().splitlines() if not self.ended and self.log.exists() else []

    def give(self, text, name="bundle.jwt"):
        """Publishes a file as an operator should: whole, by its name at last. nginx's ETag is made of length and second, so
        that each file is some seconds younger than the one before."""
        new = self.folder / f".{name}"
        new.write_text(text)
        self.published += 2
        os.utime(new, (self.published, self.published))
        new.replace(self.folder / name)

    def url(self, path="mirror/bundle.jwt", scheme="https", host="127.0.0.1"):
        return f"{scheme}://{host}:{self.https if scheme == 'https' else self.http}/{path}"

    def cost(self):
        """Seconds of a processor so far, and KiB of memory."""
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        memory = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        seconds = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
        return seconds, int(memory.partition("VmRSS:")[2].split()[0])
