# SPDX-License-Identifier: Apache-2.0
"""Why a fetch may fail: one reason a cause, the same on every port. Each cause is what a ScriptedIssuer is changed by."""
import _ssl
import ctypes
import gzip
import ssl

from scripted import answer

DAY = 86400


def record(kind, data):
    """A record of TLS 1.2, in clear."""
    return bytes([kind, 3, 3]) + len(data).to_bytes(2, "big") + data


def message(kind, data):
    """A message of a handshake."""
    return bytes([kind]) + len(data).to_bytes(3, "big") + data


def alert(number):
    """A fatal alert in place of a server's first message."""
    return heard_and(record(21, bytes([2, number])))


def heard_and(data):
    """Waits for the client's first message, sends this, and stays until the client goes."""
    def raw(connection):
        connection.recv(4096)
        connection.sendall(data)
        while connection.recv(4096):
            pass
    return raw


def certificate(der):
    """A server of TLS 1.2 that shows these bytes as its certificate."""
    extensions = bytes.fromhex("ff01000100" "00170000" "000b00020100")
    hello = bytes([3, 3]) + bytes(range(32)) + bytes.fromhex("00" "c02b" "00") + len(extensions).to_bytes(2, "big") + extensions
    one = len(der).to_bytes(3, "big") + der
    return heard_and(record(22, message(2, hello)) + record(22, message(11, len(one).to_bytes(3, "big") + one)))


def only(ciphers=None, group=None, version=ssl.TLSVersion.TLSv1_2):
    """Settings of a server that has this and nothing else."""
    def setup(context):
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = version
        if ciphers:
            context.set_ciphers(ciphers)
        if group:
            take_group(context, group)
    return setup


def take_group(context, group):
    """What set_ecdh_curve() does. Debian's Python 3.11 knows no X25519 there, though its OpenSSL does."""
    try:
        context.set_ecdh_curve(group)
    except (ValueError, ssl.SSLError):
        # The object's first field is its SSL_CTX; 92 is SSL_CTRL_SET_GROUPS_LIST.
        pointer = ctypes.c_void_p.from_address(id(context) + object.__basicsize__)
        control = ctypes.CDLL(_ssl.__file__).SSL_CTX_ctrl
        control.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_long, ctypes.c_char_p]
        assert control(pointer, 92, 0, group.encode()) == 1, group


def demand_certificate(version, authority):
    def setup(context):
        context.minimum_version = context.maximum_version = version
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.pem)
    return setup


def causes(authority, stranger, host, body):
    """Cases (what, reason, changes of the issuer, HTTP status) of an issuer at `host`, an IPv4 address, whose certificates `authority` makes."""
    here = f"IP:{host}"
    good = authority.certificate("good", here)
    shapes = [("broken", bytes.fromhex("3003020101")), ("nothing", b""), ("cut off", ssl.PEM_cert_to_DER_cert(good[0].read_text())[:-20])]
    return [
        ("no group in common", "FETCH_NOTHING_SHARED", {"setup": only(group="brainpoolP256r1")}, 0),
        ("no suite in common", "FETCH_NOTHING_SHARED", {"setup": only("ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0")}, 0),
        ("no version in common", "FETCH_NOTHING_SHARED", {"setup": only("ALL:@SECLEVEL=0", version=ssl.TLSVersion.TLSv1_1)}, 0),
        ("an alert: nothing in common", "FETCH_NOTHING_SHARED", {"raw": alert(40)}, 0),
        ("an alert: not secure enough", "FETCH_NOTHING_SHARED", {"raw": alert(71)}, 0),
        ("an alert: no such name", "FETCH_ALERT", {"raw": alert(112)}, 0),
        ("a client's certificate is demanded, TLS 1.2", "FETCH_ALERT", {"setup": demand_certificate(ssl.TLSVersion.TLSv1_2, authority)}, 0),
        ("a client's certificate is demanded, TLS 1.3", "FETCH_ALERT", {"setup": demand_certificate(ssl.TLSVersion.TLSv1_3, authority)}, 0),
        ("a critical extension that nobody knows", "FETCH_CERTIFICATE_UNREADABLE",
         {"chain": authority.certificate("strange", here, more="1.2.3.4.5=critical,ASN1:UTF8String:ward\n")}, 0),
        *[(f"a certificate that is {what}", "FETCH_CERTIFICATE_UNREADABLE", {"raw": certificate(der)}, 0) for what, der in shapes if der],
        ("a certificate of a stranger", "FETCH_CERTIFICATE", {"chain": stranger.certificate("strangers", here)}, 0),
        ("one of a stranger, for another host", "FETCH_CERTIFICATE", {"chain": stranger.certificate("strangers-other", "DNS:other.example")}, 0),
        ("one that has run out", "FETCH_CERTIFICATE", {"chain": authority.certificate("old", here, begin=-2 * DAY, end=-DAY)}, 0),
        ("one that has run out, for another host", "FETCH_CERTIFICATE",
         {"chain": authority.certificate("old-other", "DNS:other.example", begin=-2 * DAY, end=-DAY)}, 0),
        ("one for clients", "FETCH_CERTIFICATE", {"chain": authority.certificate("client", here, more="keyUsage=digitalSignature\n",
                                                                                use="clientAuth")}, 0),
        ("one for another address", "FETCH_HOST", {"chain": authority.certificate("elsewhere", "DNS:localhost,IP:192.0.2.1")}, 0),
        ("a name like the address", "FETCH_HOST", {"chain": authority.certificate("named", f"DNS:{host}")}, 0),
        ("all names like the address", "FETCH_HOST", {"chain": authority.certificate("all", f"DNS:*.{host.split('.', 1)[1]}")}, 0),
        ("a common name alone", "FETCH_HOST", {"chain": authority.certificate(host, "")}, 0),
        ("gzip", "FETCH_CODING", {"script": answer(gzip.compress(body), "Content-Encoding: gzip")}, 200),
        ("brotli, said twice", "FETCH_CODING", {"script": answer(body, "Content-Encoding: identity", "content-encoding: br")}, 200),
        ("no coding that anybody knows", "FETCH_CODING", {"script": answer(body, "Content-Encoding:")}, 200),
        ("a coding, and nothing in it", "FETCH_CODING", {"script": answer(b"", "Content-Encoding: gzip")}, 200),
        ("404", "FETCH_HTTP_STATUS", {"script": answer(gzip.compress(body), "Content-Encoding: gzip", status="404 Not Found")}, 404),
        ("no TLS", "FETCH_PROTOCOL", {"raw": heard_and(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")}, 0),
        ("closed at once", "FETCH_CUT_OFF", {"raw": lambda connection: None}, 0),
    ]
