# SPDX-License-Identifier: Apache-2.0
"""What a test of the networked device stands on: authorities, an issuer, an image that trusts both, and devices that
run it.

A test file says which one it needs, `TESTBED = Testbed(…)`; the fixture `testbed` (tests/e2e/conftest.py) sets it up
for the file and resets it before each case. As a `with` block it is what `make demo` and `make run` are played with.
"""
import collections
import contextlib
import email.utils
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import time

import pace
import settings
from certificates import Authority
from https_client import Connection, request
from network import HOST, NetworkDevice, build
from scripted import ScriptedIssuer, answer
from tokens import jwks, payload, token

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# A minute on, when the authorities have been made: a device whose clock shows it knows them as valid.
NOW = int(time.time()) + 60
DAY = 86400
YEAR = 365 * DAY

# What curl got: status 0 where it got nothing, and then its own words in body.
Answer = collections.namedtuple("Answer", "status head body")


def stamp(seconds):
    """A time as QEMU's `-rtc base=` takes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def token_of(subject="auth0|65f0c0ffee", key="a", kid=None, **changes):
    """A token that is good from a minute before NOW on, for two hours."""
    header = {"alg": "RS256", "typ": "JWT", "kid": kid} if kid else None
    return token(payload(**{"iat": NOW - 60, "exp": NOW + 7200, "sub": subject, **changes}), header, key)


class Testbed:
    """`issuer` is a class of issuer.py; without one it is a ScriptedIssuer, which answers with `keys`, and with `date`
    and `age` in seconds where they are set. `variables` are those of make for the image, `variant` its flavour where it
    is not the plain one, `cooldown` the seconds between two fetches that unknown kids ask for."""

    __test__ = False

    def __init__(self, name, issuer=None, board=None, variant=None, cooldown=1, **variables):
        self.name, self.kind, self.cooldown, self.variables = name, issuer, cooldown, variables
        self.board = board or settings.board
        self.variant = variant or self.board
        self.issuer, self.case = None, 0

    # ---- From its start to its end.

    def __enter__(self):
        self.files = tempfile.TemporaryDirectory(prefix=f"ward-{self.name}-")
        self.folder = self.flashes = pathlib.Path(self.files.name)
        self.usual_keys = jwks("a", "b").encode()
        try:
            self.make_devices_authority()
            if self.kind is None:
                self.make_issuers()
                self.issuer = ScriptedIssuer(self.right, self.give).__enter__()
            else:
                self.issuer = self.kind().__enter__()
                self.trusted = [self.issuer.authority]
            self.image = self.build()
        except BaseException:
            self.__exit__()
            raise
        self.reset()
        return self

    def __exit__(self, *_):
        self.stop_issuer()
        self.files.cleanup()

    def stop_issuer(self):
        if self.issuer is not None:
            self.issuer.__exit__()
        self.issuer = None

    def make_devices_authority(self):
        self.trust = Authority(self.folder, "devices")
        self.certificate = self.trust.certificate("device", end=30 * DAY)

    def make_issuers(self):
        """The authorities that devices trust, and the right certificate of a scripted issuer. A test may have more of
        both."""
        self.authority = Authority(self.folder, "issuers")
        self.trusted = [self.authority.pem]
        self.right = self.authority.certificate("right", f"IP:{HOST}", end=9 * YEAR)

    def build(self, folder=None, variant=None, name="network.elf", **variables):
        """An image for these devices; `name`: or one that is made of it."""
        variant = variant or self.variant
        authority = self.folder / "trusted.pem"
        authority.write_text("".join(pathlib.Path(one).read_text() for one in self.trusted))
        certificate, key = self.certificate
        url = f"https://{HOST}:{self.issuer.port}/.well-known/jwks.json"
        return build(ROOT / "build" / (folder or f"e2e-{self.name}") / variant, variant, name, **{
            "URL": url, "AUTHORITY": authority, "CERTIFICATE": certificate, "KEY": key, "COOLDOWN": self.cooldown,
            "WARD_READY": 1, **self.variables, **variables})

    # ---- A case.

    def reset(self):
        """Nothing of the case before is left: flashes are empty, the issuer is there and as it should be."""
        if self.issuer is None:
            self.__exit__()
            self.__enter__()
            return
        if self.flashes != self.folder:
            shutil.rmtree(self.flashes, ignore_errors=True)
        self.case += 1
        self.flashes = self.folder / f"case{self.case}"
        self.flashes.mkdir()
        self.obey()

    def obey(self):
        """The issuer is as it should be, and says no time."""
        self.keys, self.date, self.age = self.usual_keys, None, None
        if self.kind is None:
            self.issuer.obey(self.right, self.give)
        else:
            self.issuer.obey()

    def give(self, channel):
        fields = ["Cache-Control: max-age=86400"]
        fields += [f"Date: {email.utils.formatdate(self.date, usegmt=True)}"] if self.date else []
        fields += [f"Age: {self.age}"] if self.age else []
        ScriptedIssuer.send(channel, answer(self.keys, *fields))

    # ---- Devices.

    def device(self, flash="flash", image=None, **options):
        """A device that is not yet started. It stores in a file, which stays until the case ends."""
        return NetworkDevice(image or self.image, self.flashes / flash, self.board, cooldown=self.cooldown, **options)

    @contextlib.contextmanager
    def serving(self, **options):
        """A device that serves, with its issuer's keys."""
        with self.device(**options) as device:
            device.ready()
            device.first_fetch()
            yield device

    def connect(self, device, seconds=20, **options):
        return Connection(device.port, self.trust.pem, seconds=seconds, **options)

    def ask(self, device, bearer=None, target="/api/foia"):
        """Asks over TLS: the answer's status, the gate's reason."""
        with self.connect(device) as connection:
            status = connection.ask(request(target, bearer)).status
        log = device.wait_for("LOG ")
        assert f"status={status} " in log, (status, log)
        return status, log.split("reason=")[1]

    def ask_unknown(self, device, bearer):
        """The same from an address that nothing is known of, again and again with tokens that must be checked: it has
        few checks at once (SECURITY.md, "Floods"), and comes back later."""
        end = time.monotonic() + pace.seconds(30)
        while (got := self.ask(device, bearer)) == (429, "SIGNATURE_BUDGET_SPENT"):
            assert time.monotonic() < end, "the budget is not refilled"
            time.sleep(1)
        return got

    def curl(self, device, target, method="GET", token=None, body="", headers=(), times=1):
        """The words of a curl that calls the device's endpoint, `times` times over one connection."""
        words = ["curl", "--cacert", str(self.trust.pem)]
        words += ["-X", method] if method != "GET" else []
        for header in [f"Authorization: Bearer {token}"] * (token is not None) + list(headers):
            words += ["-H", header]
        words += ["-d", body] if body else []
        words += ["--path-as-is"] if ".." in target else []
        # curl counts the numbers up; a route does not look at what stands after the question mark.
        return [*words, f"https://localhost:{device.port}{target}" + (f"?[1-{times}]" if times > 1 else "")]

    def status(self, device, token=None, target="/api/foia/requests"):
        """What curl is answered: status, body."""
        got = call(self.curl(device, target, token=token))[0]
        return got.status, got.body


def call(words):
    """Runs a curl: its answers, at least one."""
    done = subprocess.run([words[0], "--silent", "--show-error", "--include", "--max-time", "30", *words[1:]],
                          capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return [Answer(0, "", f"curl: exit {done.returncode}: {done.stderr.strip()}")]
    answers = []
    for text in re.split(r"HTTP/1\.1 (?=\d{3} )", done.stdout.replace("\r\n", "\n"))[1:]:
        head, _, body = text.partition("\n\n")
        answers.append(Answer(int(head.split()[0]), head, body))
    return answers


def shown(words, names):
    """The command as a reader may want to see it: tokens by their names."""
    line = shlex.join(words)
    for name, token in names.items():
        line = line.replace(f"'Authorization: Bearer {token}'", f'"Authorization: Bearer ${name}"')
    return re.sub(r"--cacert \S*/", "--cacert ", line)
