"""A networked device's world: authorities, an issuer that does as it is told, an image that trusts them, and boots of it."""
import atexit
import email.utils
import json
import pathlib
import tempfile
import time

from certificates import Authority
from device import Silence
from https_client import Connection, request
from network import HOST, NetworkDevice, build
from scripted import ScriptedIssuer, answer
from tokens import jwks, payload, token

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# A minute on, when the authorities have been made: a device whose clock shows it knows them as valid.
NOW = int(time.time()) + 60
DAY = 86400
YEAR = 365 * DAY


def stamp(seconds):
    """A time as QEMU's `-rtc base=` takes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def token_of(subject="auth0|65f0c0ffee", key="a", **changes):
    """A token that is good from a minute before NOW on, for two hours."""
    return token(payload(**{"iat": NOW - 60, "exp": NOW + 7200, "sub": subject, **changes}), key=key)


class World:
    """Made once; `variables` are those of make for the image, `variant` its flavour where it is not the plain one. The issuer
    answers with `keys`, and with `date` and `age` in seconds where they are set."""

    def __init__(self, name, board, variant=None, **variables):
        self.files = tempfile.TemporaryDirectory(prefix=f"ward-{name}-")
        self.folder, self.board = pathlib.Path(self.files.name), board
        self.authority = Authority(self.folder / "issuers")
        self.trust = Authority(self.folder / "devices")
        self.right = self.authority.certificate("right", f"IP:{HOST}", end=9 * YEAR, key="P-256")
        certificate, key = self.trust.certificate("device", end=30 * DAY, key="P-256")
        self.keys, self.date, self.age = jwks("a", "b").encode(), None, None
        self.issuer = ScriptedIssuer(self.right, self.give).__enter__()
        self.image = build(ROOT / "build" / f"e2e-{name}" / board, variant or board, URL=self.issuer.url(), AUTHORITY=self.authority.pem,
                           CERTIFICATE=certificate, KEY=key, **{"COOLDOWN": 1, "WARD_READY": 1, **variables})
        atexit.register(self.end)

    def end(self):
        self.issuer.__exit__()
        self.files.cleanup()

    def obey(self):
        """The issuer is as it should be, and says no time."""
        self.issuer.chain, self.issuer.script, self.issuer.raw, self.date, self.age = self.right, self.give, None, None, None

    def give(self, channel):
        fields = ["Cache-Control: max-age=86400"] + ([f"Date: {email.utils.formatdate(self.date, usegmt=True)}"] if self.date else [])
        fields += [f"Age: {self.age}"] if self.age else []
        ScriptedIssuer.send(channel, answer(self.keys, *fields))

    def device(self, flash="flash", **options):
        """A device that is not yet started; it stores in the file `flash` of the world's folder."""
        return NetworkDevice(self.image, self.folder / flash, self.board, **options)

    def connect(self, device, seconds=20):
        return Connection(device.port, self.trust.pem, seconds=seconds)

    def ask(self, device, bearer=None, target="/api/foia"):
        """Asks over TLS: the answer's status, the gate's reason."""
        with self.connect(device) as connection:
            connection.send(request(target, bearer))
            status = connection.answer().status
        log = device.wait_for("LOG ")
        assert f"status={status} " in log, (status, log)
        return status, log.split("reason=")[1]


def ready(device, seconds=30):
    """What the device says of itself once it serves."""
    line = device.wait_for("READY", seconds)
    return dict(word.split("=") for word in line.split()[1:])


def ask_for_keys(device):
    """A fetch is wanted then: the cooldown, one second here, of the one before is waited for."""
    time.sleep(max(0, getattr(device, "fetched", 0) + 1.2 - time.monotonic()))
    return device.ask("!fetch", "asked ")


def reason_of(device, line):
    device.fetched = time.monotonic()
    return line.split("reason=")[1].split()[0]


def fetched(device, seconds=45):
    """The reason of the next fetch that ends."""
    return reason_of(device, device.wait_for("FETCH ", seconds))


def fetch(device, seconds=45):
    """Asks for the keys; the reason of what came. A device on a busy machine may be slow and still in its cooldown: it is asked again."""
    ask_for_keys(device)
    end = time.monotonic() + seconds
    while True:
        try:
            return fetched(device, 2)
        except Silence:
            assert time.monotonic() < end, device.printed[-5:]
        for line in ask_for_keys(device):
            if line.startswith("FETCH "):
                return reason_of(device, line)


def first_fetch(device):
    """Fetches keys that the device has not; from then on they outlast its end."""
    assert fetch(device) == "OK"
    device.wait_for("STORED ")


def audited(device):
    """The events of the audit: (reason, trust in the time) of each, the oldest first."""
    lines = device.ask("!audit", "HEAD ")
    events = [json.loads(line.removeprefix("RING ")) for line in lines if line.startswith("RING ")]
    return [(event["reason"], event["clock"]) for event in events]
