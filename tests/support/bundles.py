# SPDX-License-Identifier: Apache-2.0
"""Bundles as an operator makes them, by `ward bundle make`."""
import json
import pathlib
import subprocess
import tempfile

import settings
from tokens import ISSUER, jwks

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OPERATOR = "https://theholefoundation.org/fleet"
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="ward-bundles-"))


def bundle(keys, seq, deny=None, signer="c", fleet="demo", issuer=ISSUER, **options):
    """Of these keys, such as "ab". `options` are those of the command line."""
    (FOLDER / "jwks.json").write_text(jwks(*keys))
    (FOLDER / "deny.json").write_text(json.dumps(deny or []))
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    words = ["--operator", OPERATOR, "--fleet", fleet, "--issuer", issuer, "--kid", signer, "--seq", str(seq), *words]
    made = subprocess.run([settings.ward, "bundle", "make", FOLDER / "jwks.json", "--deny", FOLDER / "deny.json",
                           "--key", ROOT / f"tests/keys/{signer}.pem", *words], check=True, capture_output=True, text=True)
    return made.stdout.strip()
