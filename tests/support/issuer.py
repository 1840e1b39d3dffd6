# SPDX-License-Identifier: Apache-2.0
"""The test issuers (tests/issuer) as objects: https on loopback, their key sets, their tokens."""
import base64
import json
import pathlib
import ssl
import subprocess
import tempfile
import urllib.parse
import urllib.request

import evidence
from node import SECONDS, NodeServer

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "tests" / "issuer"

ISSUER = "https://dev-4fszoklachwdh46m.us.auth0.com/"
AUDIENCE = "https://api.theholefoundation.org"


class Server(NodeServer):
    """Runs an issuer until the `with` block ends; everything it wrote is gone then."""

    name, words = None, ()

    def __enter__(self):
        self.files = tempfile.TemporaryDirectory(prefix="ward-issuer-")
        self.folder = pathlib.Path(self.files.name)
        try:
            subprocess.run([FOLDER / "certificates", self.folder], check=True, timeout=60)
            self.start(FOLDER / self.name, self.folder, *self.words)
        except BaseException:
            self.files.cleanup()
            raise
        self.port = self.reported["port"]
        self.authority = self.folder / "ca.pem"
        evidence.add("what the issuer saw", self.seen, self.folder.exists)
        return self

    def __exit__(self, *_):
        self.end()
        self.files.cleanup()

    def command(self, do, **more):
        """One of the commands of issuer.mjs or oidc.mjs, and its answer."""
        self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.process.stdin.flush()
        return self.read_line()

    def obey(self):
        """From now on it is as it should be, whatever it was told before."""

    def seen(self):
        """A line for each client and request."""
        file = self.folder / "seen"
        return file.read_text().splitlines() if file.exists() else []

    def url(self, path="/.well-known/jwks.json"):
        """Of the key set, or another path."""
        return f"https://127.0.0.1:{self.port}{path}"

    def save_jwks(self, path):
        """Fetches the key set as a device or a developer would and saves it."""
        subprocess.run(["curl", "--silent", "--show-error", "--fail", "--max-time", str(SECONDS), "--cacert", self.authority,
                        "--output", path, self.url()], check=True)

    def ask_token(self, headers=None, **form):
        """What the token endpoint answers to a form."""
        request = urllib.request.Request(self.url("/oauth/token"), urllib.parse.urlencode(form).encode(), headers or {})
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.authority))
        with urllib.request.build_opener(urllib.request.ProxyHandler({}), trust).open(request, timeout=SECONDS) as answer:
            return json.load(answer)["access_token"]


class Issuer(Server):
    """oauth2-mock-server, looking like an Auth0 tenant. It says yes to everybody."""

    name = "issuer.mjs"
    listens = True

    def tokens(self):
        """Tokens by name: real ones from the issuer and hostile ones (tokens.mjs)."""
        environment = dict(self.environment, NODE_EXTRA_CA_CERTS=str(self.authority))
        made = subprocess.run(["node", FOLDER / "tokens.mjs", str(self.port)], check=True, capture_output=True, text=True,
                              timeout=60, env=environment)
        return {row["name"]: row["token"] for row in json.loads(made.stdout)}

    def token(self, scope="", user="auth0|65f0c0ffee1234567890abcd", client="k2bXJ0c3VpdGUgY2xpZW50IGlkIDE", **more):
        """A user's token, signed with the current key."""
        return self.ask_token(grant_type="password", username=user, password="x", client_id=client, audience=AUDIENCE, scope=scope, **more)

    def keys(self):
        """The kids by their part: current, next, old (a list)."""
        return self.command("keys")

    def rotate(self):
        """The next key becomes the current one; the old one stays published. Gives keys()."""
        return self.command("rotate")

    def revoke(self):
        """Old keys are published no longer. Gives keys()."""
        return self.command("revoke")

    def fetches(self):
        """How often the key set was asked for."""
        return self.command("fetches")["fetches"]

    def answer(self, **how):
        """From now on (or `times` times) the key set is answered so: see jwks_endpoint.mjs. Without anything: well."""
        self.command("answer", **({"how": how} if how else {}))

    def close(self):
        """Nobody listens on its port, until open()."""
        self.command("close")
        self.listens = False

    def open(self):
        self.command("open")
        self.listens = True

    def obey(self):
        self.answer()
        self.revoke()
        if not self.listens:
            self.open()
        self.show(self.folder / "server.pem", self.folder / "server.key")

    def show(self, certificate, key):
        """From now on this is its certificate."""
        self.command("show", certificate=str(certificate), key=str(key))


class OidcProvider(Server):
    """oidc-provider: RFC 9068 tokens for a client that authenticates."""

    name = "oidc.mjs"

    def token(self, scope="", secret=None, resource=AUDIENCE, **more):
        """By client_credentials, with HTTP Basic authentication."""
        pair = f"{self.reported['client']}:{secret or self.reported['secret']}"
        basic = base64.b64encode(pair.encode()).decode()
        form = {"grant_type": "client_credentials", "resource": resource, **more, **({"scope": scope} if scope else {})}
        return self.ask_token({"Authorization": f"Basic {basic}"}, **form)
