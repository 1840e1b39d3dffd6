# SPDX-License-Identifier: Apache-2.0
"""Chromium without a window, on a page of its own: a server on this machine's loopback gives the page and takes what
its script has to say."""
import http.server
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading

# Nothing but what the page asks for: a browser has errands of its own.
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-extensions", "--disable-background-networking", "--disable-component-update",
         "--disable-default-apps", "--disable-sync", "--no-pings",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]


def find():
    """The program, or None."""
    return shutil.which("chromium")


def key_pin(certificate):
    """What `--ignore-certificate-errors-spki-list` takes of a certificate: its public key's SHA-256, in base64."""
    words = (f"openssl x509 -in '{certificate}' -noout -pubkey | openssl pkey -pubin -outform der | "
             "openssl dgst -sha256 -binary | openssl base64")
    return subprocess.run(["sh", "-c", words], check=True, capture_output=True, text=True, timeout=30).stdout.strip()


class Page:
    """An origin whose page runs `script` in an async function; what that returns is what tell() gives."""

    def __init__(self):
        self.reported = queue.Queue()
        self.script = ""
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def _handler(self):
        page = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # pylint: disable=invalid-name
                body = (f"<!doctype html><meta charset=utf-8><script>(async () => {{ {page.script} }})().catch(String)"
                        ".then(told => fetch('/told', { method: 'POST', body: JSON.stringify(told) }))"
                        "</script>").encode()
                self.answer(body if self.path == "/" else b"")

            def do_POST(self):  # pylint: disable=invalid-name
                page.reported.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.answer(b"")

            def answer(self, body):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        return Handler

    def tell(self, script, pin, seconds=60):
        """Runs a script in a new browser, which takes the server with this key for whom it says it is."""
        self.script = script
        with tempfile.TemporaryDirectory(prefix="ward-browser-", ignore_cleanup_errors=True) as folder:
            command = [find(), *FLAGS, f"--user-data-dir={folder}", f"--ignore-certificate-errors-spki-list={pin}",
                       self.origin + "/"]
            null = subprocess.DEVNULL
            browser = subprocess.Popen(command, stdout=null, stderr=null, start_new_session=True)
            try:
                return self.reported.get(timeout=seconds)
            except queue.Empty:
                end = browser.poll()
                raise RuntimeError(f"no word of the page in {seconds} s; the browser's exit code: {end}") from None
            finally:
                os.killpg(browser.pid, signal.SIGKILL)
                browser.wait()
