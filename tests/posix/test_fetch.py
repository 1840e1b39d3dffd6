# SPDX-License-Identifier: Apache-2.0
"""Answers of every kind to a device that fetches its keys by port/posix: the keys in use never change by a bad one, the
audit has the reason, and the next try comes when it should. The uptime is moved on, the network is real (loopback)."""
import gzip
import json
import socket
import subprocess
import threading

from causes import causes
from posix_device import (AFTER, AUTHORITY, BEFORE, DAY, DEVICE, Device, FOLDER, GOOD, HOUR, MINUTE, SERVER, STRANGER,
                          TIMEOUT, first_fetch, serve, started, url_of)
from scripted import ScriptedIssuer, answer, chunked, cut, endless, slowly
from tokens import jwk, jwks

ONE, TWO = jwk("a"), jwk("b")
NEW = answer(AFTER)


def refuses(device, server, answer, reason, http=200):
    """One bad answer and a good one after it. The device is to keep its keys, to say why, and to try again in 15 to 30
    minutes."""
    started(device, server)
    server.script = answer
    said = device.after(2 * HOUR)
    assert said["kids"] == ["a"], said
    assert said["fetched"] == reason and said["http"] == http, (said, reason)
    assert said["audit"] == [reason], said
    assert 15 * MINUTE <= said["next"] <= 30 * MINUTE, said
    before = said["fetches"]
    assert device.after(said["next"] - 2)["fetches"] == before
    server.script = GOOD
    said = device.after(4)
    assert said["fetches"] == before + 1 and said["fetched"] == "OK" and said["audit"] == ["OK"], said


def each_is_refused(cases, certificate=SERVER):
    """Cases: name, answer, reason, and the HTTP status if it is not 200."""
    with serve(certificate) as server, Device(url_of(server)) as device:
        for name, answer, reason, *http in cases:
            try:
                refuses(device, server, answer, reason, *http)
            except AssertionError as problem:
                raise AssertionError(f"{name}: {problem}") from problem


# ---- What is right.

def test_keys_are_fetched_and_replaced_and_the_audit_says_so():
    with serve() as server, Device(url_of(server)) as device:
        assert started(device, server)["audit"] == ["KEYS_CHANGED"]
        server.script = NEW
        said = device.after(2 * HOUR)
        assert said["kids"] == ["b", "c"] and said["audit"] == ["KEYS_CHANGED"], said
        assert server.requests[0].startswith(b"GET /.well-known/jwks.json HTTP/1.1\r\n")
        assert f"Host: 127.0.0.1:{server.port}".encode() in server.requests[0]


def test_every_way_to_send_a_body_brings_the_same_keys():
    ways = [NEW, chunked(AFTER, 1), chunked(AFTER, 5000), chunked(AFTER, last=b"0\r\nExpires: 0\r\nCache-Control: max-age=9\r\n\r\n"),
            b"HTTP/1.1 200 OK\r\n\r\n" + AFTER.encode(), b"HTTP/1.0 200 OK\r\n\r\n" + AFTER.encode(),
            b"HTTP/1.1 103 Early Hints\r\nCache-Control: max-age=9\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + NEW, slowly(NEW, 0.02, 100)]
    with serve() as server, Device(url_of(server)) as device:
        for way in ways:
            started(device, server)
            server.script = way
            said = device.after(2 * HOUR)
            assert said["kids"] == ["b", "c"] and said["fetched"] == "OK", (way, said)
            assert 45 * MINUTE <= said["next"] <= HOUR, (way, said)
            server.script = GOOD
            device.after(2 * HOUR)


def test_max_age_counts_within_five_minutes_and_a_day():
    cases = [("max-age=0", 5 * MINUTE), ("max-age=-5", HOUR), ("max-age=99999999999999999999", DAY), ("max-age=60, max-age=7200", HOUR),
             ("max-age=1e9", HOUR), ("max-age=7200", 2 * HOUR), ("no-store, max-age=15", 5 * MINUTE), ("", HOUR),
             ("private=\"max-age=1\", max-age=7200", 2 * HOUR)]
    with serve() as server, Device(url_of(server)) as device:
        for value, expected in cases:
            server.script = answer(BEFORE, f"Cache-Control: {value}")
            said = device.after(DAY)
            assert expected * 3 // 4 - 1 <= said["next"] <= expected, (value, said)


def test_a_set_that_is_wholly_or_partly_useless_is_judged_as_a_whole():
    other = dict(TWO, kid="a")
    with serve() as server, Device(url_of(server)) as device:
        for name, body, kids in (("the same key twice", jwks("b", "b"), ["b"]),
                                 ("one usable among others", json.dumps({"keys": [{"kty": "EC", "kid": "x"}, TWO]}), ["b"])):
            started(device, server)
            server.script = answer(body)
            said = device.after(2 * HOUR)
            assert said["kids"] == kids, (name, said)
            server.script = GOOD
            device.after(2 * HOUR)
        for name, body, reason in (("two keys under one kid", json.dumps({"keys": [ONE, other]}), "JWKS_KID_CONFLICT"),
                                   ("no usable key", json.dumps({"keys": [{"kty": "EC", "kid": "x"}]}), "JWKS_NO_USABLE_KEY"),
                                   ("no key", '{"keys": []}', "JWKS_NO_USABLE_KEY")):
            server.script = GOOD
            device.after(2 * HOUR)
            refuses(device, server, answer(body), reason)


# ---- Bodies.

def test_a_body_that_is_no_key_set_is_refused():
    html = "<!DOCTYPE html><html><body>Please log in</body></html>"
    each_is_refused([
        ("empty", answer(""), "JSON_MALFORMED"),
        ("HTML", answer(html, "Content-Type: text/html"), "JSON_MALFORMED"),
        ("an array", answer("[]"), "JWKS_MALFORMED"),
        ("a text", answer('"keys"'), "JWKS_MALFORMED"),
        ("keys that are not array", answer('{"keys": {}}'), "JWKS_MALFORMED"),
        ("another set after it", answer(AFTER + AFTER), "JSON_MALFORMED"),
        ("zeros", answer(bytes(1000)), "JSON_MALFORMED"),
    ])


def test_a_body_cut_off_at_any_byte_is_refused_with_and_without_its_length():
    body = AFTER.encode()
    with serve() as server, Device(url_of(server)) as device:
        started(device, server)
        for at in range(len(body)):
            server.script = answer(body[:at])
            said = device.after(2 * HOUR)
            assert said["kids"] == ["a"] and said["fetched"] == "JSON_MALFORMED", (at, said)
            server.script = answer(body[:at], length=len(body))
            said = device.after(2 * HOUR)
            assert said["kids"] == ["a"] and said["fetched"] == "FETCH_CUT_OFF", (at, said)


def test_an_answer_cut_off_at_any_byte_of_its_head_or_of_its_chunks_is_refused():
    answer = chunked(AFTER, 200)
    with serve() as server, Device(url_of(server)) as device:
        started(device, server)
        # From the last chunk's size on ("0") the body is whole.
        whole = len(answer) - len("0\r\n\r\n")
        for at in [*range(0, 90), *range(90, whole, 7), whole]:
            server.script = cut(answer[:at])
            said = device.after(2 * HOUR)
            assert said["kids"] == ["a"] and said["fetched"] in ("FETCH_CUT_OFF", "FETCH_PROTOCOL"), (at, said)
        # Without a length it is TLS's end that tells a whole body.
        for at in [*range(0, len(AFTER), 11), len(AFTER)]:
            server.script = cut(b"HTTP/1.1 200 OK\r\n\r\n" + AFTER[:at].encode())
            said = device.after(2 * HOUR)
            assert said["kids"] == ["a"] and said["fetched"] == "FETCH_CUT_OFF", (at, said)


def test_a_body_that_is_too_long_is_refused_whatever_it_says_of_its_length():
    megabyte = b'{"keys": [' + b" " * (1 << 20) + AFTER.encode()[9:]
    each_is_refused([
        ("1 MB with its length", answer(megabyte), "FETCH_TOO_LONG"),
        ("1 MB in chunks", chunked(megabyte, 65536), "FETCH_TOO_LONG"),
        ("endless", endless(b"HTTP/1.1 200 OK\r\n\r\n", b" " * 65536), "FETCH_TOO_LONG"),
        ("endless fields", endless(b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 1000 + b"\r\n"), "FETCH_TOO_LONG", 200),
    ])


# ---- Statuses.

def test_every_status_but_200_is_refused_and_named():
    each_is_refused([(status, answer(AFTER if body else "", *fields, status=status), "FETCH_HTTP_STATUS", int(status[:3]))
                     for status, body, *fields in (
                         ("201 Created", True), ("203 Non-Authoritative Information", True), ("206 Partial Content", True),
                         ("304 Not Modified", False), ("400 Bad Request", True), ("401 Unauthorized", False), ("404 Not Found", True),
                         ("429 Too Many Requests", False), ("500 Internal Server Error", True), ("503 Service Unavailable", False))])
    each_is_refused([("204", b"HTTP/1.1 204 No Content\r\n\r\n", "FETCH_HTTP_STATUS", 204)])


def test_a_redirect_is_not_followed():
    with serve() as other, serve() as server, Device(url_of(server)) as device:
        other.script = NEW
        for status in ("301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"):
            refuses(device, server, answer("", f"Location: {url_of(other)}", status=status), "FETCH_HTTP_STATUS", int(status[:3]))
        assert other.requests == [] and other.handshakes == 0


def test_retry_after_is_waited_for_up_to_an_hour():
    with serve() as server, Device(url_of(server)) as device:
        for value, least, most in (("3000", 3000, 3000 + 15 * MINUTE), ("999999", HOUR, HOUR + 15 * MINUTE), ("1", 15 * MINUTE, 30 * MINUTE),
                                   ("soon", 15 * MINUTE, 30 * MINUTE)):
            started(device, server)
            server.script = answer("", f"Retry-After: {value}", status="429 Too Many Requests")
            said = device.after(2 * HOUR)
            assert least <= said["next"] <= most and said["kids"] == ["a"], (value, said)
            server.script = GOOD
            device.after(2 * HOUR)


def test_failures_in_a_row_wait_longer_up_to_an_hour_and_are_told_once():
    with serve() as server, Device(url_of(server)) as device:
        started(device, server)
        server.script = answer("", status="500 Internal Server Error")
        waits, audit = [], []
        for _ in range(6):
            said = device.after(2 * HOUR)
            waits.append(said["next"])
            audit += said["audit"]
        assert all(HOUR // 2 <= wait <= HOUR for wait in waits[1:]), waits
        assert audit == ["FETCH_HTTP_STATUS"], audit


# ---- The wire.

def test_what_is_not_http_is_refused():
    each_is_refused([
        ("another protocol", b"SSH-2.0-OpenSSH_9.2\r\n\r\n" + AFTER.encode(), "FETCH_PROTOCOL", 0),
        ("HTTP/0.9", AFTER.encode(), "FETCH_PROTOCOL", 0),
        ("nothing", b"", "FETCH_CUT_OFF", 0),
        ("a length that is none", b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + AFTER.encode(), "FETCH_PROTOCOL", 200),
        ("two lengths", answer(AFTER, "Content-Length: 3"), "FETCH_PROTOCOL"),
        ("the same length twice", answer(AFTER, f"Content-Length: {len(AFTER)}"), "FETCH_PROTOCOL"),
        ("a length beside chunks", chunked(AFTER).replace(b"\r\n", b"\r\nContent-Length: 3\r\n", 1), "FETCH_PROTOCOL"),
        ("another transfer coding", answer(gzip.compress(AFTER.encode()), "Transfer-Encoding: gzip", length=False),
         "FETCH_PROTOCOL"),
        ("chunks that are none", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + AFTER.encode(), "FETCH_CUT_OFF"),
    ])


def test_an_answer_that_is_slow_is_given_up():
    hang = threading.Event()
    each_is_refused([
        ("a byte now and then", slowly(NEW, 0.1), "FETCH_TIMED_OUT", 0),
        ("silence after the request", lambda connection: hang.wait(3), "FETCH_TIMED_OUT", 0),
        ("a body now and then", lambda connection: (connection.sendall(NEW[:-200]), slowly(NEW[-200:], 0.1)(connection)),
         "FETCH_TIMED_OUT", 200),
    ])
    with serve() as server, Device(url_of(server)) as device:
        started(device, server)
        server.raw = lambda connection: hang.wait(3)
        assert device.after(2 * HOUR)["fetched"] == "FETCH_TIMED_OUT"
        server.raw = lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + AFTER.encode())
        said = device.after(2 * HOUR)
        assert said["fetched"] == "FETCH_PROTOCOL" and said["kids"] == ["a"], said
        server.raw = lambda connection: None
        assert device.after(2 * HOUR)["fetched"] == "FETCH_CUT_OFF"


def test_nobody_there_has_a_reason_for_each_way_of_it():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for url, reason in ((f"https://127.0.0.1:{port}/jwks.json", "FETCH_REFUSED"), (f"https://localhost:{port}/jwks.json", "FETCH_REFUSED"),
                        ("https://issuer.invalid/jwks.json", "FETCH_NAME"), ("https://255.255.255.255/jwks.json", "FETCH_UNREACHABLE")):
        said = first_fetch(url, timeout=5000)
        assert said["fetched"] == reason, (url, said)


def test_each_cause_has_one_reason_the_same_as_on_other_ports():
    wrong = []
    with serve() as server, Device(url_of(server)) as device:
        for what, reason, changes, http in causes(AUTHORITY, STRANGER, "127.0.0.1", AFTER.encode()):
            server.script = GOOD
            assert device.after(2 * HOUR)["fetched"] == "OK", what
            before = {name: getattr(server, name) for name in changes}
            for name, value in changes.items():
                setattr(server, name, value)
            said = device.after(2 * HOUR)
            if (said["fetched"], said["http"], said["audit"], said["kids"]) != (reason, http, [reason], ["a"]):
                wrong.append((what, reason, said, server.seen[-1:]))
            for name, value in before.items():
                setattr(server, name, value)
    assert not wrong, wrong


# ---- The request.

def test_a_server_that_refuses_who_says_too_little_gives_the_keys():
    with serve() as server, Device(url_of(server)) as device:
        server.strict = True
        started(device, server)
        assert b"\r\nUser-Agent: ward/" in server.requests[0], server.requests
        assert server.server_names == [None], server.server_names
    with serve() as server:
        server.strict, server.script = True, GOOD
        assert first_fetch(url_of(server, "localhost"))["fetched"] == "OK"
        assert server.server_names == ["localhost"], server.server_names


def test_the_firmware_says_who_it_is_or_is_told_that_this_is_no_name():
    with serve() as server:
        server.script = GOOD
        for agent, is_good in (("meter/2.1 (site 7)", True), ("x" * 64, True), ("x" * 65, False), ("", False), ("a\r\nX: y", False), ("\u00e9", False)):
            if is_good:
                assert first_fetch(url_of(server), agent=agent)["fetched"] == "OK"
                assert f"\r\nUser-Agent: {agent}\r\n".encode() in server.requests[-1], server.requests[-1]
            else:
                done = subprocess.run([DEVICE, url_of(server), AUTHORITY.pem, "1000", "set", "", agent], capture_output=True, text=True, timeout=30)
                assert done.returncode == 1 and done.stderr == "FETCH_USER_AGENT\n", (agent, done)


def test_an_ipv6_address_is_a_host_like_others():
    right, other = AUTHORITY.certificate("six", "IP:::1"), AUTHORITY.certificate("not six", "IP:::2,DNS:localhost,IP:127.0.0.1")
    for certificate, reason in ((right, "OK"), (other, "FETCH_HOST")):
        with ScriptedIssuer(certificate, GOOD, address="::1") as server:
            server.strict = True
            assert first_fetch(url_of(server, "[::1]"))["fetched"] == reason
            assert server.server_names == [None], server.server_names


def test_libcurl_with_another_tls_library_is_refused_before_anything_is_fetched():
    source, library = FOLDER / "libcurl.c", FOLDER / "libcurl.so"
    for version, is_good in (("GnuTLS/3.7.9", False), ("OpenSSL/1.1.1w", False), ("GnuTLS/3.7.9 (OpenSSL/3.0.19)", False), ("LibreSSL/3.8", False), ("", False),
                             ("(GnuTLS/3.7.9) OpenSSL/3.0.19", True)):
        source.write_text("#include <curl/curl.h>\ncurl_version_info_data *curl_version_info(CURLversion stamp)\n{ static curl_version_info_data data;"
                          f' (void)stamp; data.ssl_version = "{version}"; return &data; }}\n')
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
        with serve() as server:
            server.script = GOOD
            done = subprocess.run([DEVICE, url_of(server), AUTHORITY.pem, "1000", "set"], input="60\n", capture_output=True, text=True, timeout=30,
                                  env={"LD_PRELOAD": str(library), "ASAN_OPTIONS": "verify_asan_link_order=0"})
            if is_good:
                assert json.loads(done.stdout)["fetched"] == "OK", (version, done)
            else:
                assert done.returncode == 1 and done.stderr == "FETCH_TLS_LIBRARY\n" and server.seen == [], (version, done)


def test_a_proxy_of_the_environment_is_not_asked():
    with serve() as proxy, serve() as server:
        server.script = GOOD
        environment = {name: f"http://127.0.0.1:{proxy.port}" for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")}
        done = subprocess.run([DEVICE, url_of(server), AUTHORITY.pem, str(TIMEOUT), "set"], input="60\n", capture_output=True, text=True,
                              timeout=30, env=environment)
        assert json.loads(done.stdout)["fetched"] == "OK", done
