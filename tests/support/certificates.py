"""Throw-away authorities and certificates, made by the openssl command, with any names and dates."""
import pathlib
import subprocess
import time

HOUR, DAY = 3600, 86400
CONFIG = """
[ca]
default_ca = authority
[authority]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
private_key = {folder}/ca.key
certificate = {folder}/ca.pem
default_md = sha256
policy = any
unique_subject = no
copy_extensions = none
[any]
commonName = supplied
"""


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, timeout=60)


def stamp(seconds):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(seconds))


def new_key(kind):
    """Words for a key: `rsa:2048` and the like, or a curve."""
    return ["-nodes", "-newkey", *([kind] if kind.startswith("rsa") else ["ec", "-pkeyopt", f"ec_paramgen_curve:{kind}"])]


class Authority:
    """An authority in a folder of its own; `pem` is what trusts it."""

    def __init__(self, folder, name="authority", key="P-256"):
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir(parents=True)
        self.pem, self.key = self.folder / "ca.pem", self.folder / "ca.key"
        openssl("req", "-x509", *new_key(key), "-days", "3650", "-subj", f"/CN=ward test {name}", "-keyout", self.key, "-out", self.pem)
        (self.folder / "index.txt").touch()
        (self.folder / "serial").write_text("01\n")
        (self.folder / "ca.cnf").write_text(CONFIG.format(folder=self.folder))

    def certificate(self, name, names="DNS:localhost,IP:127.0.0.1", begin=-HOUR, end=30 * DAY, key="P-256"):
        """A server's certificate for these names, valid from `begin` to `end` seconds from now: paths of certificate and key.
        `name` is its common name; without names it has no other."""
        stem = self.folder / name
        key_file, request, extensions, certificate = (stem.with_suffix(f".{end}") for end in ("key", "csr", "ext", "pem"))
        openssl("req", *new_key(key), "-subj", f"/CN={name}", "-keyout", key_file, "-out", request)
        extensions.write_text((f"subjectAltName={names}\n" if names else "") + "extendedKeyUsage=serverAuth\n")
        now = time.time()
        openssl("ca", "-batch", "-notext", "-config", self.folder / "ca.cnf", "-startdate", stamp(now + begin), "-enddate", stamp(now + end),
                "-extfile", extensions, "-in", request, "-out", certificate)
        return certificate, key_file
