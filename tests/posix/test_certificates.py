# SPDX-License-Identifier: Apache-2.0
"""Which certificates a fetch by port/posix takes, and what it believes of the time that an answer tells."""
import email.utils
import json
import subprocess
import time

from posix_device import (AUTHORITY, BEFORE, DAY, DEVICE, Device, FOLDER, GOOD, HOUR, MINUTE, SERVER, STRANGER, TIMEOUT,
                          first_fetch, serve, url_of)
from scripted import answer


def refused_certificate(certificate, reason, host="127.0.0.1", **device_options):
    with serve(certificate) as server, Device(url_of(server, host), **device_options) as device:
        server.script = GOOD
        said = device.after(MINUTE)
        assert said["fetched"] == reason and said["kids"] == [] and said["http"] == 0, said
        assert reason in said["audit"], said
        assert server.requests == [], "the request was sent before the certificate was judged"


def test_a_certificate_of_another_authority_is_refused():
    refused_certificate(STRANGER.certificate("stranger"), "FETCH_CERTIFICATE")
    refused_certificate((STRANGER.pem, STRANGER.key), "FETCH_CERTIFICATE")


def test_a_certificate_for_another_host_is_refused():
    refused_certificate(AUTHORITY.certificate("other", "DNS:issuer.example,IP:127.0.0.2"), "FETCH_HOST")
    refused_certificate(AUTHORITY.certificate("name", "DNS:issuer.example"), "FETCH_HOST", host="localhost")
    refused_certificate(AUTHORITY.certificate("part", "DNS:localhost.example,DNS:host"), "FETCH_HOST", host="localhost")


# Host, names of the certificate (none: its common name is the host), whether it is for the host.
NAMES = [("localhost", "DNS:LOCALHOST", True), ("localhost", "", False),
         ("a.b.localhost", "DNS:*.b.localhost", True), ("a.b.localhost", "DNS:*.localhost", False), ("a.b.localhost", "DNS:a*.b.localhost", False),
         ("a.b.localhost", "DNS:*a.b.localhost", False), ("a.b.localhost", "DNS:a.*.localhost", False), ("a.b.localhost", "DNS:*.*.localhost", False),
         ("a.b.localhost", "DNS:.b.localhost", False), ("b.localhost", "DNS:*.b.localhost", False), ("a.b.localhost", "URI:https://a.b.localhost/", False),
         ("a.b.localhost", "email:x@a.b.localhost", False), ("127.0.0.1", "", False), ("127.0.0.1", "DNS:127.0.0.1,IP:127.0.0.1", True),
         ("127.0.0.1", "URI:https://127.0.0.1/", False)]


def test_names_of_a_certificate_are_compared_as_rfc_9525_says():
    wrong = []
    for number, (host, names, is_good) in enumerate(NAMES):
        folder = AUTHORITY.folder / str(number)
        folder.mkdir()
        extensions = (f"subjectAltName={names}\n" if names else "") + "extendedKeyUsage=serverAuth\n"
        with serve(AUTHORITY.sign(folder, "leaf", f"/CN={host}", "P-256", extensions, -HOUR, DAY)) as server:
            server.script = GOOD
            got = first_fetch(url_of(server, host))["fetched"]
            if got != ("OK" if is_good else "FETCH_HOST"):
                wrong.append((host, names, got))
    assert not wrong, wrong


def test_a_certificate_out_of_date_is_refused():
    refused_certificate(AUTHORITY.certificate("expired", begin=-2 * DAY, end=-DAY), "FETCH_CERTIFICATE")
    refused_certificate(AUTHORITY.certificate("early", begin=DAY, end=2 * DAY), "FETCH_CERTIFICATE")


def test_the_systems_authorities_are_not_trusted_beside_those_that_are_given():
    # A folder of authorities that OpenSSL would look into by itself.
    hashed = subprocess.run(["openssl", "x509", "-in", AUTHORITY.pem, "-noout", "-hash"], check=True, capture_output=True, text=True)
    (FOLDER / "system").mkdir()
    (FOLDER / "system" / f"{hashed.stdout.strip()}.0").write_bytes(AUTHORITY.pem.read_bytes())
    environment = {"SSL_CERT_DIR": str(FOLDER / "system"), "SSL_CERT_FILE": str(AUTHORITY.pem)}
    with serve() as server:
        server.script = GOOD
        done = subprocess.run([DEVICE, url_of(server), STRANGER.pem, str(TIMEOUT), "set"], input="60\n", capture_output=True, text=True,
                              timeout=30, env=environment)
    assert json.loads(done.stdout)["fetched"] == "FETCH_CERTIFICATE", done


def test_a_device_without_a_clock_takes_a_newer_certificate_but_none_that_has_run_out():
    with serve() as server, Device(url_of(server), clock="unset") as device:
        server.script = answer(BEFORE, date_field(time.time()))
        said = device.after(MINUTE)
        assert said["kids"] == ["a"] and said["clock"], said
    refused_certificate(AUTHORITY.certificate("long ago", begin=-3000 * DAY, end=-1000 * DAY), "FETCH_CERTIFICATE", clock="unset")
    refused_certificate(STRANGER.certificate("stranger2"), "FETCH_CERTIFICATE", clock="unset")
    refused_certificate(AUTHORITY.certificate("other2", "DNS:issuer.example"), "FETCH_HOST", clock="unset")


# ---- Time.

def date_field(seconds):
    return f"Date: {email.utils.formatdate(seconds, usegmt=True)}"


def test_a_device_without_a_clock_reads_each_form_of_a_date():
    now = time.gmtime()
    stamps = [time.strftime(form, now) for form in ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")]
    if now.tm_mday < 10:
        stamps[2] = stamps[2][:8] + " " + stamps[2][9:]
    for stamp in stamps:
        with serve() as server, Device(url_of(server), clock="unset") as device:
            server.script = answer(BEFORE, f"Date: {stamp}")
            said = device.after(MINUTE)
            assert said["clock"] and abs(said["now"] - time.time()) < 5 * MINUTE, (stamp, said)


def undated(certificate, *fields, clock="unset"):
    """What a device without a clock makes of a good set with these fields, from a server with this certificate."""
    with serve(certificate) as server, Device(url_of(server), clock=clock) as device:
        server.script = answer(BEFORE, *fields)
        return device.after(MINUTE)


def test_without_a_clock_the_date_must_lie_within_the_certificates_validity():
    expired = AUTHORITY.certificate("expired2", begin=-200 * DAY, end=-10 * DAY)
    now = time.time()
    for certificate, *fields in ((expired, date_field(now)), (expired,), (expired, date_field(now - 201 * DAY)), (SERVER,),
                                 (SERVER, "Date: now"), (SERVER, date_field(now - 2 * HOUR)), (SERVER, date_field(now + 31 * DAY)),
                                 (SERVER, date_field(now - 2 * HOUR), "Age: 7200")):
        said = undated(certificate, *fields)
        assert said["kids"] == [] and said["fetched"] == "KEYS_UNDATED" and not said["clock"], (fields, said)
    # What remains: who has the key of a certificate that has expired after the firmware was built can name a time at
    # which it had not.
    said = undated(expired, date_field(now - 20 * DAY))
    assert said["kids"] == ["a"] and said["clock"] and abs(said["now"] - (now - 20 * DAY)) < 5 * MINUTE, said
    said = undated(SERVER, clock="set")
    assert said["kids"] == ["a"] and said["fetched"] == "OK", said


def test_no_answer_overrules_a_clock_that_is_right_nor_is_it_stored():
    store = FOLDER / "ahead"
    with serve() as server:
        for fields in ((date_field(time.time()), "Age: 14000"), (date_field(time.time() + 5 * DAY),)):
            with Device(url_of(server), store=store) as device:
                server.script = answer(BEFORE, *fields)
                for _ in range(3):
                    said = device.after(2 * HOUR)
                    assert said["fetched"] == "OK" and abs(said["now"] - time.time()) < MINUTE, (fields, said)
            with Device(url_of(server), store=store) as device:
                said = device.after(1)
                assert said["clock"] and said["boots"] > 1 and abs(said["now"] - time.time()) < MINUTE, (fields, said)
