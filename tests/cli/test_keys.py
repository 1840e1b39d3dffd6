# SPDX-License-Identifier: Apache-2.0
"""`ward keys` and `ward verify --url`: what is fetched, kept and shown, and what is said when that fails."""
import fcntl
import json
import os
import random
import signal
import subprocess
import time

from ward_command import AUDIENCE, ISSUER, WARD, new_folder, refused, unusable, usage, ward
from certificates import Authority
from flash import BOOTS, CLOCK, GATE, KEYS, make_record, record_of, sections_of
from scripted import ScriptedIssuer, answer, slowly
from tokens import jwk, jwks, payload, token

FOLDER = new_folder()
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


def test_keys_that_were_left_out_are_said():
    key = json.loads(jwks("a"))["keys"][0]
    with Issuer() as issuer:
        issuer.script = answer(json.dumps({"keys": [dict(key, kid=f"m{number}") for number in range(18)]}))
        result = ward("keys", *issuer.words())
        assert result.returncode == 0 and len(shown(result)) == 16, result
        assert b"\n2 more were left out: KEYS_LEFT_OUT: " in result.stdout and b"WARD_MAX_KEYS" in result.stdout, result
        issuer.script = answer(json.dumps({"keys": [dict(key, kid=f"m{number}") for number in range(16)]}))
        assert b"left out" not in ward("keys", *issuer.words()).stdout


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
    unusable(issuer.verify("a", store=store), "FETCH_REFUSED", "cannot verify: KEY_REFRESH_PENDING")


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
    # What is not a file may hold anything: nobody can say that it is not the newest record.
    with Issuer() as issuer:
        result = ward("keys", *issuer.words(store))
        unusable(result, "damaged", "RECORD_UNREADABLE")
        assert result.stdout == b"", result
    assert all((FOLDER / f"moved-{slot}").exists() and (store / f"record-{slot}").is_symlink() for slot in range(2))
    for slot in range(2):
        (store / f"record-{slot}").unlink()
        (store / f"record-{slot}").write_bytes(b"xy" * 50)
    unusable(ward("keys", *issuer.words(store)), "damaged", "RECORD_INVALID")
    assert (store / "record-0").read_bytes() == b"xy" * 50


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


def device_record(sequence, *more):
    """A record as a device has it: floor, boots, keys of another issuer, a deny list, and what a later build has
    added."""
    keys = bytes(20) + b"\0\1x\0\1y"
    gate = bytes(range(32)) + bytes(8) + bytes(2) + b"denied subject 1" + b"\xff" * 8
    return make_record(sequence, {CLOCK: (NOW - 100).to_bytes(8, "big"), BOOTS: (7).to_bytes(4, "big"), KEYS: keys, GATE: gate, 99: b"later" * 200}, *more)


def kept_of(record):
    """All but its keys."""
    assert record_of(record) is not None, "not whole"
    return {tag: body for tag, body in sections_of(record[16:-32]).items() if tag != KEYS}


def test_on_a_devices_store_the_keys_are_replaced_and_nothing_else():
    store = FOLDER / "device"
    store.mkdir()
    (store / "record-1").write_bytes(device_record(5))
    before = kept_of(device_record(5))
    with Issuer() as issuer:
        # Under another name than its own the device would have no keys any more.
        unusable(ward("keys", *issuer.words(store)), "--device-issuer")
        assert issuer.verify(store=store).returncode == 0
        assert sorted(path.name for path in store.iterdir()) == ["record-1"]
        assert (store / "record-1").read_bytes() == device_record(5)
        for sequence, slot in ((6, 0), (7, 1), (8, 0)):
            assert ward("keys", *issuer.words(store), "--device-issuer", "https://issuer.example/").returncode == 0
            written = (store / f"record-{slot}").read_bytes()
            assert kept_of(written) == before and record_of(written).sequence == sequence and record_of(written).keys == ["a", "b"], written
        assert issuer.verify(store=store).returncode == 0
        assert kept_of((store / "record-0").read_bytes()) == before


def test_a_record_for_a_used_device_replaces_its_keys_only():
    (FOLDER / "image.json").write_text(jwks("a", "b"))
    old, new = FOLDER / "slot-0", FOLDER / "slot-1"
    words = ["provision", FOLDER / "image.json", "--record", "--issuer", "x", "--url", "https://a/", "--first-slot", old, "--second-slot", new]
    old.write_bytes(device_record(5))
    new.write_bytes(device_record(6) + b"\xff" * 1000)
    result = ward(*words)
    assert result.returncode == 0 and b"for slot 0" in result.stderr and b"only if they are its own" in result.stderr, result
    assert kept_of(result.stdout) == kept_of(device_record(6)) and record_of(result.stdout).sequence == 7
    assert record_of(result.stdout).keys == ["a", "b"]
    old.write_bytes(b"\xff" * 4096)
    assert kept_of(ward(*words).stdout) == kept_of(device_record(6))
    new.write_bytes(b"\xff" * 4096)
    unusable(ward(*words), "RECORD_ABSENT")
    new.write_bytes(device_record(6)[:-1])
    unusable(ward(*words), "RECORD_UNFINISHED")
    old.write_bytes(device_record(6, 3))
    unusable(ward(*words), "RECORD_NEWER")
    usage(ward(*words[:-2]), "--second-slot", "both are needed")


def test_an_image_of_keys_erases_nothing_of_a_used_device():
    store = FOLDER / "beside"
    store.mkdir()
    (FOLDER / "image.json").write_text(jwks("a", "b"))
    url = "https://127.0.0.1:1/jwks.json"
    image = ward("provision", FOLDER / "image.json", "--record", "--issuer", url, "--url", url).stdout
    assert list(sections_of(image[16:-32])) == [KEYS]
    (store / "record-0").write_bytes(image)
    (store / "record-1").write_bytes(device_record(5))
    result = ward("keys", "--url", url, "--ca", AUTHORITY.pem, "--store", store)
    assert shown(result) == ["a", "b"], result
    with Issuer() as issuer:
        assert ward("keys", *issuer.words(store), "--device-issuer", url).returncode == 0
    assert kept_of((store / "record-0").read_bytes()) == kept_of(device_record(5))
    assert (store / "record-1").read_bytes() == device_record(5)


def test_a_storage_image_says_what_the_device_leaves_out():
    (FOLDER / "image.json").write_text(jwks("a", "b"))
    words = ["provision", FOLDER / "image.json", "--record", "--issuer", "x", "--url", "https://a/"]
    for limit, value, told in (("--max-keys", 1, b"2 keys, and the device holds 1"), ("--max-keys", 2, b""),
                               ("--max-rsa-bits", 2047, b"2048 bits, and the device holds 2047"), ("--max-rsa-bits", 2048, b""),
                               ("--max-kid", 0, b"a kid of 1 bytes, and the device holds 0"), ("--max-kid", 1, b"")):
        result = ward(*words, limit, value)
        assert result.returncode == 0 and (told in result.stderr if told else result.stderr == b""), result
    usage(ward(*words, "--max-keys", "33"), "--max-keys")
    usage(ward("provision", FOLDER / "image.json", "--c", "keys", "--max-keys", "3"), "--max-keys", "needs --record")


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
    for url in ("https://user@127.0.0.1/", "https://127.0.0.1/#x", "https://127.0.0.1:99999/", "https://[::1"):
        unusable(ward("keys", "--url", url), "FETCH_URL", "a port that exists; no user, no fragment")
    unusable(ward("keys", "--url", "https://127.0.0.1/", "--ca", FOLDER / "none"), "FETCH_AUTHORITIES",
        "none: No such file")
    (FOLDER / "empty").write_text("")
    unusable(ward("keys", "--url", "https://127.0.0.1/", "--ca", FOLDER / "empty"), "FETCH_AUTHORITIES", "BEGIN CERTIFICATE")
    base = ["verify", "--issuer", ISSUER, "--audience", AUDIENCE]
    usage(ward(*base, "x"), "--jwks", "--url")
    usage(ward(*base, "--jwks", "x", "--url", "https://a/", "x"), "--jwks", "one place")
    for word, value in (("--ca", "x"), ("--store", "x"), ("--timeout", "5")):
        usage(ward(*base, "--jwks", "x", word, value, "x"), word, "needs --url")


def test_a_key_that_cannot_be_used_is_named_also_of_a_fetched_set():
    with Issuer() as issuer:
        for keys, words in (((jwk("a", use="enc"), "b"), ["JWK_USE_REFUSED"]),
            ((jwk("a"), jwk("c", kid="a"), "b"), ["different keys"]),
                            (("b", "c"), ["no key of it"])):
            issuer.script = answer(jwks(*keys))
            refused(issuer.verify(), "KEY_UNKNOWN", 'kid "a"', *words)


def test_of_many_keys_the_one_that_the_token_names_is_kept():
    many = [jwk("b", kid=f"k{i}") for i in range(40)]
    with Issuer() as issuer:
        for keys in ((*many, "a"), ("a", *many)):
            issuer.script = answer(jwks(*keys))
            assert issuer.verify().returncode == 0


def test_a_fetched_set_that_is_not_json_has_a_place():
    with Issuer() as issuer:
        for body, words in (('{"keys":[1', ["JWKS_MALFORMED", "at byte 10"]),
            ('{"keys":[],}', ["JSON_MALFORMED", "at byte 12"]),
                            ('{"keys":[', ["JSON_MALFORMED", "ends after byte 9"]), ("\ufeff{}",
                                ["BYTE_ORDER_MARK", "at byte 1"])):
            issuer.script = answer(body)
            unusable(ward("keys", *issuer.words()), *words)
