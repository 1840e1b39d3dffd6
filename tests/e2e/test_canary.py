# SPDX-License-Identifier: Apache-2.0
"""No run of 8 or more characters of a token reaches an answer, the audit or a console, from the firmware or from the
command line, whatever the token is and wherever it stands."""
import pathlib
import subprocess
import tempfile
import time

import settings
from device import Device
from tokens import AUDIENCE, ISSUER, base64url, jwks, payload, token

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
IMAGE = ROOT / "build" / "mps2-an385+tests" / "firmware.elf"
POLICY = ROOT / "boards" / "app" / "theholefoundation.routes"
NOW = int(time.time())
RUN = 8


def claims(**changes):
    return payload(iat=NOW, exp=NOW + 3600, **changes)


GOOD = token(claims())
TOKENS = [GOOD, token(claims(iss="https://evil/")), token(claims(aud="x")), token(claims(scope="x")), token(payload(exp=NOW - 9999)),
          token(claims(), key="c"), GOOD[:-8] + "AAAAAAAA", GOOD.replace("eyJhbGci", "eyJhbGcj"), GOOD.rsplit(".", 1)[0] + ".",
          f"{base64url('{}')}.a.b.c.d{GOOD}", "v4xPz1qLw8fUaYb2Tn6KcJ0hRgEs3DmV", GOOD + "." + GOOD, "x" + GOOD * 5]


def leak(text, tokens):
    """The first run of a token in the text, or None."""
    for each in tokens:
        for at in range(len(each) - RUN + 1):
            if each[at:at + RUN] in text:
                return each[at:at + RUN]
    return None


def clean(text):
    assert text and leak(text, TOKENS) is None, f"{leak(text, TOKENS)} in {text[-2000:]}"


def test_the_canary_sings():
    assert leak("x" + GOOD[20:28], TOKENS) and not leak("!" + GOOD[20:27] + "!", TOKENS)


def test_the_firmware_keeps_tokens_to_itself():
    with Device(IMAGE) as device:
        device.wait_for("READY")
        for each in TOKENS:
            for method, target, headers in (("GET", "/api/foia", ()), ("DELETE", "/api/secrets", ()),
                                            ("GET", f"/api/foia?access_token={each[:900]}", (f"Authorization: Basic {each}",))):
                device.request(method, target, each, headers=headers)
            device.request("GET", f"/api/foia/{each[:400]}")
        device.ask("!audit", "HEAD")
        clean("\n".join(device.printed))


def test_the_command_line_keeps_tokens_to_itself():
    with tempfile.TemporaryDirectory(prefix="ward-canary-") as name:
        folder = pathlib.Path(name)
        (folder / "jwks.json").write_text(jwks("a", "b"))
        usual = ["--jwks", folder / "jwks.json", "--issuer", ISSUER, "--audience", AUDIENCE]
        check = ["check", "--routes", POLICY, *usual]
        short = [each for each in TOKENS if len(each) < 4000]
        lines = [line for number, each in enumerate(short) for line in
                 (f"token {number} {each}", f"{NOW} GET /api/foia?access_token={each} bearer={number}", f"{NOW} GET /api/foia authorization={each}")]
        (folder / "list").write_text("\n".join(lines))
        runs = [[*check, "--requests", folder / "list", "--audit", folder / "audit"]]
        for each in TOKENS:
            runs += [["verify", *usual, each], ["verify", *usual, each, each], [each], ["verify", f"--tokn={each}"], ["check", each],
                     [*check, "--path", "/api/foia", "--authorization", f"Bearer {each}"], [*check, "--path", f"/x?access_token={each}"]]
        done = [subprocess.run([settings.ward, *map(str, words)], capture_output=True, text=True, timeout=30) for words in runs]
        clean("\n".join(run.stdout + run.stderr for run in done) + (folder / "audit").read_text())
