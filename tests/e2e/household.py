"""What `make demo` and `make run` are played with: an issuer shaped like Auth0, a device that trusts it, curl."""
import collections
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
from issuer import Issuer  # noqa: E402
from certificates import Authority  # noqa: E402
from network import HOST, NetworkDevice, build  # noqa: E402

BOARD = "mps2-an385"

# What curl got: status 0 where it got nothing, and then its own words in body.
Answer = collections.namedtuple("Answer", "status head body")


class Household:
    """Runs until the `with` block ends: then the issuer is gone, and every file but the image."""

    def __init__(self, name, cooldown, issuer=Issuer, **variables):
        """`variables`: of make, for the image (boards/app/network/network.mk)."""
        self.name, self.cooldown, self.kind, self.variables = name, cooldown, issuer, variables

    def __enter__(self):
        self.files = tempfile.TemporaryDirectory(prefix=f"ward-{self.name}-")
        self.folder = pathlib.Path(self.files.name)
        self.issuer = self.kind().__enter__()
        try:
            authority = Authority(self.folder, "ca")
            self.trust = authority.pem
            certificate, key = authority.certificate("device", "DNS:localhost,IP:127.0.0.1")
            self.image = build(ROOT / "build" / self.name / BOARD, BOARD, URL=f"https://{HOST}:{self.issuer.port}/.well-known/jwks.json",
                               AUTHORITY=self.issuer.authority, CERTIFICATE=certificate, KEY=key, COOLDOWN=self.cooldown, WARD_READY=1, **self.variables)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop_issuer()
        self.files.cleanup()

    def stop_issuer(self):
        if self.issuer is not None:
            self.issuer.__exit__()
        self.issuer = None

    def device(self):
        """The device, not yet started. Its flash is a file that stays as long as this; it never outlives this program."""
        device = NetworkDevice(self.image, self.folder / "flash", BOARD)
        device.command = ["setpriv", "--pdeathsig", "KILL", *device.command]
        return device

    def curl(self, port, target, method="GET", token=None, body="", headers=(), times=1):
        """The words of a curl that calls the device's endpoint, `times` times over one connection."""
        words = ["curl", "--cacert", str(self.trust)]
        words += ["-X", method] if method != "GET" else []
        for header in [f"Authorization: Bearer {token}"] * (token is not None) + list(headers):
            words += ["-H", header]
        words += ["-d", body] if body else []
        words += ["--path-as-is"] if ".." in target else []
        # curl counts the numbers up; a route does not look at what stands behind the question mark.
        return [*words, f"https://localhost:{port}{target}" + (f"?[1-{times}]" if times > 1 else "")]


def call(words):
    """Runs a curl: its answers, at least one."""
    done = subprocess.run([words[0], "--silent", "--show-error", "--include", "--max-time", "30", *words[1:]], capture_output=True,
                          text=True, timeout=120)
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
