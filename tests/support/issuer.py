"""The test issuer (tests/issuer) as an object: https on loopback, its key set, its tokens."""
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "tests" / "issuer"


class Issuer:
    """Runs the issuer until the `with` block ends; everything it wrote is gone then."""

    def __enter__(self):
        self.files = tempfile.TemporaryDirectory(prefix="ward-issuer-")
        self.folder = pathlib.Path(self.files.name)
        self.environment = dict(os.environ, WARD_NODE_MODULES=str(ROOT / "build" / "deps" / "node" / "node_modules"))
        subprocess.run([FOLDER / "certificates", self.folder], check=True, timeout=60)
        self.process = subprocess.Popen(["node", FOLDER / "issuer.mjs", self.folder], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=self.environment)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the issuer ended at once with exit code {self.process.wait(10)}")
        self.port = json.loads(line)["port"]
        self.authority = self.folder / "ca.pem"
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.files.cleanup()

    def save_jwks(self, path):
        """Fetches the key set as a device or a developer would and saves it."""
        url = f"https://127.0.0.1:{self.port}/.well-known/jwks.json"
        subprocess.run(["curl", "--silent", "--show-error", "--fail", "--max-time", "20", "--cacert", self.authority,
                        "--output", path, url], check=True)

    def tokens(self):
        """Tokens by name: real ones from the issuer and hostile ones (tokens.mjs)."""
        environment = dict(self.environment, NODE_EXTRA_CA_CERTS=str(self.authority))
        made = subprocess.run(["node", FOLDER / "tokens.mjs", str(self.port)], check=True, capture_output=True, text=True,
                              timeout=60, env=environment)
        return {row["name"]: row["token"] for row in json.loads(made.stdout)}
