# SPDX-License-Identifier: Apache-2.0
"""A person who signs in at oidc-provider (tests/issuer/oidc.mjs): opens a page, fills in each form that comes, and
follows where that leads."""
import html
import http.cookiejar
import re
import ssl
import urllib.parse
import urllib.request

SECONDS = 20
MOST_FORMS = 6


class Person:
    """`name` is what the issuer takes for the subject, without a question."""

    def __init__(self, issuer, name):
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=issuer.authority))
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), trust, cookies)
        self.entries = {"login": name, "password": "x"}

    def visit(self, url, **entries):
        """The last page's text: one without a form. `entries` are what else is filled in, by the fields' names."""
        text, filled = self._open(url), {**self.entries, **entries}
        for _ in range(MOST_FORMS):
            form = re.search(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', text, re.S)
            if form is None:
                return text
            fields = {}
            for tag in re.findall(r"<input[^>]*>", form[2]):
                attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
                name, value = attributes.get("name"), html.unescape(attributes.get("value", ""))
                if name is not None:
                    fields[name] = filled.get(name, value)
            text = self._open(html.unescape(form[1]), urllib.parse.urlencode(fields).encode())
        raise AssertionError(f"more than {MOST_FORMS} forms; the last page: {text[-2000:]}")

    def _open(self, url, data=None):
        with self.browser.open(url, data, timeout=SECONDS) as answer:
            return answer.read().decode()
