# SPDX-License-Identifier: Apache-2.0
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


# What RFC 5280 wants of an authority (sections 4.2.1.1 to 4.2.1.3): Python 3.13 refuses one that lacks it.
CA_USE = "critical,keyCertSign"
OF_CA = f"keyUsage={CA_USE}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"


def stamp(seconds):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(seconds))


def new_key(kind):
    """Words for a key: `rsa:2048` and the like, or a curve."""
    return ["-nodes", "-newkey", *([kind] if kind.startswith("rsa") else ["ec", "-pkeyopt", f"ec_paramgen_curve:{kind}"])]


class Authority:
    """An authority in a folder of its own; `pem` is what trusts it. With a `parent` it is an intermediate one, and goes along with each of
    its certificates."""

    def __init__(self, folder, name="authority", key="P-256", parent=None):
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir(parents=True)
        self.pem, self.key, self.parent = self.folder / "ca.pem", self.folder / "ca.key", parent
        subject = f"/CN=ward test {name}"
        if parent is None:
            openssl("req", "-x509", *new_key(key), "-days", "3650", "-subj", subject, "-addext", f"keyUsage={CA_USE}", "-keyout", self.key,
                    "-out", self.pem)
        else:
            parent.sign(self.folder, "ca", subject, key, f"basicConstraints=critical,CA:true,pathlen:0\n{OF_CA}", -HOUR, 3650 * DAY)
        (self.folder / "index.txt").touch()
        (self.folder / "serial").write_text("01\n")
        (self.folder / "ca.cnf").write_text(CONFIG.format(folder=self.folder))

    def sign(self, folder, stem, subject, key, extensions, begin, end):
        """A certificate with a new key: stem.pem and stem.key in the folder."""
        key_file, request = folder / f"{stem}.key", folder / f"{stem}.csr"
        openssl("req", *new_key(key), "-subj", subject, "-keyout", key_file, "-out", request)
        return self._sign_request(folder, stem, request, extensions, begin, end), key_file

    def cross_sign(self, other):
        """A certificate of another authority's name and key by this one."""
        request = self.folder / f"{other.folder.name}.csr"
        openssl("req", "-new", "-key", other.key, "-subj", f"/CN=ward test {other.folder.name}", "-out", request)
        return self._sign_request(self.folder, f"cross-{other.folder.name}", request, f"basicConstraints=critical,CA:true\n{OF_CA}", -HOUR,
                                  3650 * DAY)

    def _sign_request(self, folder, stem, request, extensions, begin, end):
        wanted, certificate = folder / f"{stem}.ext", folder / f"{stem}.pem"
        wanted.write_text(extensions)
        now = time.time()
        openssl("ca", "-batch", "-notext", "-config", self.folder / "ca.cnf", "-startdate", stamp(now + begin), "-enddate", stamp(now + end),
                "-extfile", wanted, "-in", request, "-out", certificate)
        return certificate

    def certificate(self, name, names="DNS:localhost,IP:127.0.0.1", begin=-HOUR, end=30 * DAY, key="P-256", more="", use="serverAuth"):
        """A server's certificate for these names, valid from `begin` to `end` seconds from now: paths of certificate and key.
        `name` is its common name; without names it has no other. `more`: extensions, a line each; `use`: what for."""
        extensions = (f"subjectAltName={names}\n" if names else "") + f"extendedKeyUsage={use}\nauthorityKeyIdentifier=keyid\n" + more
        certificate, key_file = self.sign(self.folder, name, f"/CN={name}", key, extensions, begin, end)
        if self.parent is not None:
            certificate.write_text(certificate.read_text() + self.pem.read_text())
        return certificate, key_file
