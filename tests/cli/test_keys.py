#!/usr/bin/env python3
"""test_keys.py [WARD]: ward keys and ward verify --url: what is fetched, kept and shown, and what is said when that fails."""
import fcntl
import os
import random
import signal
import subprocess
import time

from cli import FOLDER, ISSUER, AUDIENCE, WARD, refused, unusable, usage, ward
import tap
from certificates import Authority
from scripted import ScriptedIssuer, answer, slowly
from tokens import jwks, payload, token

AUTHORITY = Authority(FOLDER)
CERTIFICATE = AUTHORITY.certificate("server")
NOW = int(time.time())
SETS = {keys: answer(jwks(*keys)) for keys in ("a", "ab", "bc", "c")}


def good(key="a"):
    return token(payload(iat=NOW, exp=NOW + 3600), key=key)


class Issuer(ScriptedIssuer):
    """Serves a key set, and gives the words that name it on the command line."""

    def __init__(self, keys="ab"):
        super().__init__(CERTIFICATE, SETS[keys])

    def words(self, store=None):
        return ["--url", self.url("127.0.0.1"), "--ca", AUTHORITY.pem, *(["--store", store] if store else [])]

    def verify(self, key="a", store=None, words=()):
        return ward("verify", *self.words(store), "--issuer", ISSUER, "--audience", AUDIENCE, *words, good(key))


def shown(result):
    """The kids of a listing."""
    lines = result.stdout.decode().splitlines()
    assert lines[0].split() == ["kid", "bits"], result
    return [line.split()[0] for line in lines[1:] if line.split()[-1] == "2048"]


def test_keys_are_fetched_shown_and_kept():
    store = FOLDER / "kept"
    with Issuer() as issuer:
        result = ward("keys", *issuer.words(store))
        assert result.returncode == 0 and result.stderr == b"", result
        assert shown(result) == ["a", "b"] and b"2 usable, fetched 20" in result.stdout, result
    result = ward("keys", *issuer.words(store))
    unusable(result, "FETCH_REFUSED")
    assert shown(result) == ["a", "b"] and b"what was stored before" in result.stdout, result


def test_without_a_store_nothing_is_kept():
    with Issuer() as issuer:
        assert shown(ward("keys", *issuer.words())) == ["a", "b"]
    result = ward("keys", *issuer.words())
    unusable(result, "FETCH_REFUSED")
    assert result.stdout == b"", result


def test_max_age_is_shown():
    with Issuer() as issuer:
        issuer.script = answer(jwks("a"), "Cache-Control: max-age=77")
        assert b", max-age 77\n" in ward("keys", *issuer.words()).stdout


def test_a_failure_keeps_what_was_stored_and_names_the_reason():
    store = FOLDER / "failures"
    with Issuer() as issuer:
        assert ward("keys", *issuer.words(store)).returncode == 0
        for script, words in ((answer("", status="404 Not Found"), ["FETCH_HTTP_STATUS", ": 404\n"]), (answer("<html>"), ["JSON_MALFORMED"]),
                              (answer("", f"Location: {issuer.url(path='/x')}", status="301 Moved"), [": 301\n"]), (answer('{"keys":[]}'), ["JWKS_"])):
            issuer.script = script
            result = ward("keys", *issuer.words(store))
            unusable(result, *words)
            assert shown(result) == ["a", "b"], result
        unusable(ward("keys", "--url", issuer.url("127.0.0.1"), "--store", store), "FETCH_CERTIFICATE")
        issuer.script = SETS["bc"]
        assert shown(ward("keys", *issuer.words(store))) == ["b", "c"]


def test_a_slow_issuer_is_given_up():
    with Issuer() as issuer:
        issuer.script = slowly(SETS["a"], 0.1)
        begin = time.monotonic()
        unusable(ward("keys", *issuer.words(), "--timeout", 1), "FETCH_TIMED_OUT")
        assert time.monotonic() - begin < 10


def test_verify_fetches_and_verifies():
    with Issuer() as issuer:
        assert issuer.verify().returncode == 0
        refused(issuer.verify("c"), "KEY_UNKNOWN")
        refused(issuer.verify(words=["--now", NOW + 7200]), "TOKEN_EXPIRED")
        issuer.script = answer("", status="500 Internal Server Error")
        unusable(issuer.verify(), "FETCH_HTTP_STATUS", "KEYS_ABSENT")


def test_verify_uses_what_is_stored_and_asks_again_only_for_an_unknown_kid():
    store = FOLDER / "verify"
    with Issuer() as issuer:
        assert issuer.verify(store=store).returncode == 0
        assert issuer.verify("b", store=store).returncode == 0
        assert len(issuer.requests) == 1
        issuer.script = SETS["bc"]
        assert issuer.verify("c", store=store).returncode == 0
        assert len(issuer.requests) == 2
        refused(issuer.verify("a", store=store), "KEY_UNKNOWN")
    assert issuer.verify("b", store=store).returncode == 0
    unusable(issuer.verify("a", store=store), "FETCH_REFUSED", "cannot verify: KEY_AWAITED")


def test_the_store_of_another_issuer_is_not_used():
    store = FOLDER / "others"
    with Issuer("a") as one, Issuer("c") as other:
        assert one.verify(store=store).returncode == 0
        refused(other.verify(store=store), "KEY_UNKNOWN")
        assert other.verify("c", store=store).returncode == 0


def test_a_damaged_record_is_passed_over_and_a_link_is_not_followed():
    store = FOLDER / "damaged"
    with Issuer() as issuer:
        for _ in range(2):
            assert ward("keys", *issuer.words(store)).returncode == 0
    for slot in range(2):
        record = store / f"record-{slot}"
        kept = record.read_bytes()
        record.write_bytes(kept[:60] + bytes([kept[60] ^ 1]) + kept[61:])
        assert shown(ward("keys", *issuer.words(store))) == ["a", "b"]
        record.write_bytes(kept)
    for slot in range(2):
        record = store / f"record-{slot}"
        record.rename(FOLDER / f"moved-{slot}")
        record.symlink_to(FOLDER / f"moved-{slot}")
    assert ward("keys", *issuer.words(store)).stdout == b""
    with Issuer() as issuer:
        assert ward("keys", *issuer.words(store)).returncode == 0
    assert all((FOLDER / f"moved-{slot}").exists() for slot in range(2))


def test_only_the_owner_reads_what_is_stored():
    store = FOLDER / "mode"
    with Issuer() as issuer:
        ward("keys", *issuer.words(store))
    assert store.stat().st_mode & 0o777 == 0o700
    assert all(record.stat().st_mode & 0o777 == 0o600 for record in store.iterdir())
    assert [record.name for record in store.iterdir()] == ["record-0"]


def test_a_folder_that_cannot_be_used_is_named():
    (FOLDER / "file").write_text("")
    with Issuer() as issuer:
        unusable(ward("keys", *issuer.words(FOLDER / "file")), "file", "Not a directory")
        unusable(ward("keys", *issuer.words(FOLDER / "no" / "parent")), "parent", "No such file")
        assert issuer.handshakes == 0
        (FOLDER / "blocked").mkdir()
        (FOLDER / "blocked" / "record-0.new").mkdir()
        unusable(ward("keys", *issuer.words(FOLDER / "blocked")), "blocked", "could not be stored", "Is a directory")


def test_two_at_once_do_not_write_to_one_folder():
    store = FOLDER / "shared"
    store.mkdir()
    folder = os.open(store, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    with Issuer() as issuer:
        unusable(ward("keys", *issuer.words(store)), "shared", "another ward")
        os.close(folder)
        assert ward("keys", *issuer.words(store)).returncode == 0


def test_a_kill_at_any_moment_loses_no_keys():
    store = FOLDER / "killed"
    chance = random.Random(1)
    with Issuer() as issuer:
        assert ward("keys", *issuer.words(store)).returncode == 0
        begin = time.monotonic()
        assert ward("keys", *issuer.words(store)).returncode == 0
        usual = time.monotonic() - begin
        for turn in range(30):
            issuer.script = SETS["ab" if turn % 2 else "bc"]
            process = subprocess.Popen([WARD, "keys", *map(str, issuer.words(store))], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, usual * 1.2))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
            keys = ward("keys", *issuer.words(store))
            assert keys.returncode == 0 and len(shown(keys)) == 2, (turn, keys)


def test_a_storage_image_is_what_a_device_would_have_stored():
    store = FOLDER / "image"
    store.mkdir()
    (FOLDER / "image.json").write_text(jwks("a", "b"))
    url = "https://127.0.0.1:1/jwks.json"
    image = ward("provision", FOLDER / "image.json", "--record", "--issuer", url, "--url", url)
    assert image.returncode == 0 and image.stderr == b"", image
    (store / "record-0").write_bytes(image.stdout)
    result = ward("keys", "--url", url, "--ca", AUTHORITY.pem, "--store", store)
    unusable(result, "FETCH_REFUSED")
    assert shown(result) == ["a", "b"], result
    assert ward("verify", "--url", url, "--store", store, "--issuer", ISSUER, "--audience", AUDIENCE, good()).returncode == 0
    other = ward("provision", FOLDER / "image.json", "--record", "--issuer", "https://other/", "--url", url)
    (store / "record-0").write_bytes(other.stdout)
    assert ward("keys", "--url", url, "--ca", AUTHORITY.pem, "--store", store).stdout == b""


def test_a_storage_image_needs_what_names_it():
    file = FOLDER / "image.json"
    usage(ward("provision", file, "--record", "--url", "https://a/"), "--issuer")
    usage(ward("provision", file, "--record", "--issuer", "https://a/"), "--url")
    usage(ward("provision", file, "--record", "--issuer", "https://a/", "--url", "http://a/"), "--url")
    usage(ward("provision", file, "--record", "--c", "keys"), "--c", "excludes")
    usage(ward("provision", file, "--c", "keys", "--url", "https://a/"), "--url", "needs --record")
    usage(ward("provision", file, "--record", "--issuer", "x", "--url", "https://a/", "--version", "x"), "--version")
    (FOLDER / "bad.json").write_text("{}")
    for name in ("bad.json", "missing.json"):
        unusable(ward("provision", FOLDER / name, "--record", "--issuer", "x", "--url", "https://a/"), name)


def test_wrong_usage_says_what_is_wrong():
    usage(ward("keys"), "--url", "missing")
    usage(ward("keys", "--url", "http://127.0.0.1/"), "--url", "https://")
    usage(ward("keys", "--url", "https://a b/"), "--url")
    usage(ward("keys", "--url", "https://127.0.0.1/", "--timeout", "0"), "--timeout", "1 to 300")
    usage(ward("keys", "--url", "https://127.0.0.1/", "--timeout", "301"), "--timeout")
    unusable(ward("keys", "--url", "https://user@127.0.0.1/"), "FETCH_URL")
    unusable(ward("keys", "--url", "https://127.0.0.1/#x"), "FETCH_URL")
    unusable(ward("keys", "--url", "https://127.0.0.1/", "--ca", FOLDER / "none"), "FETCH_AUTHORITIES", "none")
    (FOLDER / "empty").write_text("")
    unusable(ward("keys", "--url", "https://127.0.0.1/", "--ca", FOLDER / "empty"), "FETCH_AUTHORITIES", "BEGIN CERTIFICATE")
    base = ["verify", "--issuer", ISSUER, "--audience", AUDIENCE]
    usage(ward(*base, "x"), "--jwks", "--url")
    usage(ward(*base, "--jwks", "x", "--url", "https://a/", "x"), "--jwks", "one place")
    for word, value in (("--ca", "x"), ("--store", "x"), ("--timeout", "5")):
        usage(ward(*base, "--jwks", "x", word, value, "x"), word, "needs --url")


tap.main(__name__)
