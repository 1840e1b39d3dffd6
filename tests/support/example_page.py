# SPDX-License-Identifier: Apache-2.0
"""clients/example, given away by a server on this machine, and a browser that a keyboard drives."""
import functools
import http.server
import json
import pathlib
import re
import threading

import browser
import pace
import typescript
from node import NodeServer
from testbed import Testbed

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MODULES = ROOT / "build" / "deps" / "browser" / "node_modules"
MOST_TABS = 40


class Site:
    """The page's origin; what it gives away is what assemble() has put there."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

        class Handler(http.server.SimpleHTTPRequestHandler):
            extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript",
                              ".js": "text/javascript"}

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        handler = functools.partial(Handler, directory=str(self.folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def assemble(self, **settings):
        client = typescript.build()
        file = self.folder.parent / "settings.json"
        file.write_text(json.dumps(settings))
        typescript.must("node", ROOT / "clients/example/assemble.mjs", client, self.folder, file)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Browser(NodeServer):
    """A page that is driven by keys alone."""

    def __init__(self, *certificates):
        pins = ",".join(map(browser.key_pin, certificates))
        self.start(ROOT / "tests/clients/example/browser.mjs", browser.find(), pins, modules=MODULES)

    def do(self, name, **words):
        self.process.stdin.write(json.dumps({"do": name, **words}) + "\n")
        self.process.stdin.flush()
        told = self.read_line()
        assert "error" not in told, f"{name} {words}: {told}"
        return told["ok"]

    def evaluate(self, script):
        return self.do("evaluate", script=script)

    def wait(self, script):
        self.do("wait", script=script)

    def text(self, selector):
        return self.evaluate(f"document.querySelector('{selector}').innerText")

    def press(self, key, times=1):
        for _ in range(times):
            self.do("press", key=key)

    def tab_to(self, selector, key="Tab"):
        """Presses it until this has the focus, and it is seen that it has."""
        for _ in range(MOST_TABS):
            if self.evaluate(f"document.activeElement.matches('{selector}')"):
                assert self.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'"), selector
                return
            self.press(key)
        raise AssertionError(f"the keyboard does not come to {selector}: {self.evaluate('document.body.innerText')}")

    def activate(self, selector):
        self.tab_to(selector)
        self.press("Enter")

    def enter(self, selector, text):
        self.tab_to(selector)
        self.press("Control+a")
        self.do("type", text=text)

    # ---- What both stories of it do.

    def ready(self, condition="true"):
        """Nothing is under way; and wherever it is looked at, it shows no token."""
        self.wait("document.documentElement.dataset.ready === 'yes' && document.querySelector('#busy').innerText === ''"
                  f" && ({condition})")
        self.shows_no_token()

    def shows_no_token(self):
        assert not re.search(r"eyJ[A-Za-z0-9_-]{8,}", self.evaluate("document.documentElement.outerHTML"))

    def consent(self):
        """To what the issuer's page asks."""
        self.wait("document.querySelector('h1').innerText === 'Authorize' && document.querySelector('button') !== null")
        self.activate("button")

    def sign_in(self, name):
        self.activate("#sign-in")
        self.wait("document.querySelector('input[name=login]') !== null")
        self.enter("input[name=login]", name)
        self.enter("input[name=password]", "x")
        self.press("Enter")
        self.consent()
        self.ready()

    def refusal(self):
        """What a user reads, where the focus is then."""
        self.wait("document.querySelector('#refusal').hidden === false"
                  " && document.querySelector('#busy').innerText === ''")
        assert self.evaluate("document.activeElement.id") == "refusal", "who cannot see it is told"
        self.shows_no_token()
        return {name: self.text(f"#{name}") for name in ("refused", "why", "help", "details")}

    def end(self):
        # It closes Chromium first.
        self.process.stdin.close()
        self.process.wait(pace.seconds(10))
        self.process.stdout.close()


class PageTestbed(Testbed):
    """With the page, whose files are put into a folder; the device lets its origin call it."""

    def __init__(self, name, issuer, folder):
        super().__init__(name, issuer)
        self.folder_of_page = folder

    def __enter__(self):
        self.site = Site(self.folder_of_page)
        self.variables["ORIGIN"] = self.site.origin
        return super().__enter__()

    def __exit__(self, *words):
        super().__exit__(*words)
        self.site.close()
