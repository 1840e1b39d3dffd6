#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sbom.py [FILE]: what ward is built of, as an SPDX 2.3 document in JSON, with the versions that are really here.

Each of others' sources is asked for its version: the folders that make builds from (MBEDTLS_DIR, LWIP_DIR, LLHTTP_DIR,
or what tools/setup has fetched into build/deps), the headers that the compilers find. What was fetched has the name and
the SHA-256 of its archive. What is not here is not in the document, and that is said: then that part cannot be built
here either. The same tree gives the same bytes.
"""
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEPS = ROOT / "build" / "deps"


def folder_of(name):
    return pathlib.Path(os.environ.get(f"{name.upper()}_DIR") or DEPS / name)


def ward_version():
    return re.search(r'^#define WARD_VERSION "(.*)"', (ROOT / "include/ward/version.h").read_text(), re.M)[1]


# ---- Versions.

def defined(file, *names):
    """The values of these macros in a header, joined by dots; None: there is no such header."""
    if not file.exists():
        return None
    values = [re.search(rf'^#\s*define\s+{name}\s+"?([0-9.]+)', file.read_text(errors="replace"), re.M) for name in names]
    return ".".join(value[1] for value in values) if all(values) else None


def expanded(compiler, header, macro):
    """The value of a macro of a header that a compiler finds; None: it finds none."""
    try:
        done = subprocess.run([compiler, "-E", "-P", "-x", "c", "-"], input=f"#include <{header}>\nward_asks {macro}\n", capture_output=True,
                              text=True)
    except OSError:
        return None
    found = re.search(r'^ward_asks "([^"]+)"', done.stdout, re.M)
    return found[1] if done.returncode == 0 and found else None


# Name, version, licence, where it comes from, and under which name databases of faults know it.
def others():
    mbedtls, lwip, llhttp = (folder_of(name) for name in ("mbedtls", "lwip", "llhttp"))
    return [
        ("mbedtls", defined(mbedtls / "include/mbedtls/build_info.h", "MBEDTLS_VERSION_STRING"), "Apache-2.0 OR GPL-2.0-or-later",
         "https://github.com/Mbed-TLS/mbedtls", "arm:mbed_tls"),
        ("lwip", defined(lwip / "src/include/lwip/init.h", *(f"LWIP_VERSION_{part}" for part in ("MAJOR", "MINOR", "REVISION"))),
         "BSD-3-Clause", "https://savannah.nongnu.org/projects/lwip/", "lwip_project:lwip"),
        ("llhttp", defined(llhttp / "llhttp.h", *(f"LLHTTP_VERSION_{part}" for part in ("MAJOR", "MINOR", "PATCH"))), "MIT",
         "https://github.com/nodejs/llhttp", "llhttp:llhttp"),
        ("libcurl", expanded("gcc", "curl/curlver.h", "LIBCURL_VERSION"), "curl", "https://curl.se/", "haxx:libcurl"),
        ("openssl", expanded("gcc", "openssl/opensslv.h", "OPENSSL_VERSION_STR"), "Apache-2.0", "https://www.openssl.org/", "openssl:openssl"),
        ("newlib", expanded("arm-none-eabi-gcc", "newlib.h", "_NEWLIB_VERSION"), "NOASSERTION", "https://sourceware.org/newlib/", None),
    ]


# What is made here, and what each is linked with.
OWN = {
    "ward": ("LIBRARY", "the library, libward.a", {"STATIC_LINK": ["mbedtls"]}),
    "ward-cli": ("APPLICATION", "the command line", {"STATIC_LINK": ["ward"], "DYNAMIC_LINK": ["libcurl", "openssl"]}),
    "ward-firmware": ("FIRMWARE", "the demo of a board, on a UART and on a network",
                      {"STATIC_LINK": ["ward", "mbedtls", "llhttp", "lwip", "newlib"]}),
}


# ---- The document.

def identity(name):
    return f"SPDXRef-{name}"


def fetched(name):
    """Name and digest of the archive that tools/setup has unpacked; nothing where the user's own folder is built."""
    archives = sorted((DEPS / "apt" / name).glob("*.orig.tar.*")) if folder_of(name).resolve() == (DEPS / name).resolve() else []
    if not archives:
        return {}
    digest = hashlib.sha256(archives[0].read_bytes()).hexdigest()
    return {"packageFileName": archives[0].name, "checksums": [{"algorithm": "SHA256", "checksumValue": digest}]}


def package(name, version, licence, home, known_as):
    made = {"SPDXID": identity(name), "name": name, "versionInfo": version, "homepage": home, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION", "licenseDeclared": licence, "copyrightText": "NOASSERTION", **fetched(name)}
    if known_as:
        made["externalRefs"] = [{"referenceCategory": "SECURITY", "referenceType": "cpe23Type",
                                 "referenceLocator": f"cpe:2.3:a:{known_as}:{version}:*:*:*:*:*:*:*"}]
    return made


def own_package(name):
    purpose, summary, _ = OWN[name]
    return {"SPDXID": identity(name), "name": name, "versionInfo": ward_version(), "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "Apache-2.0", "licenseDeclared": "Apache-2.0", "copyrightText": "NOASSERTION",
            "primaryPackagePurpose": purpose, "summary": summary}


def related(first, how, second):
    return {"spdxElementId": first, "relationshipType": how, "relatedSpdxElement": second}


def relationships(names):
    links = [(identity(name), how, identity(other)) for name, (_, _, kinds) in OWN.items() for how, used in kinds.items()
             for other in used if other in names]
    return [related(*link) for link in [("SPDXRef-DOCUMENT", "DESCRIBES", identity(name)) for name in OWN] + links]


def made_at():
    """Of the last commit, or as reproducible builds say it; of the version's header in a tree without a history."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if not seconds:
        asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True)
        inside = asked.returncode == 0 and (ROOT / ".git").exists()
        seconds = asked.stdout if inside else (ROOT / "include/ward/version.h").stat().st_mtime
    return datetime.datetime.fromtimestamp(int(float(seconds)), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def document():
    found = others()
    here = [package(*one) for one in found if one[1]]
    for name in (name for name, version, *_ in found if not version):
        print(f"sbom: {name} is not here, and not in the document", file=sys.stderr)
    if not any(one["name"] == "mbedtls" for one in here):
        sys.exit("sbom: without mbedTLS there is no ward: make setup, or set MBEDTLS_DIR")
    contents = {"packages": [own_package(name) for name in OWN] + here,
                "relationships": relationships({*OWN, *(one["name"] for one in here)})}
    digest = hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"ward-{ward_version()}",
            "documentNamespace": f"https://spdx.org/spdxdocs/ward-{ward_version()}-{digest}",
            "creationInfo": {"created": made_at(), "creators": [f"Tool: ward-sbom-{ward_version()}"]}, **contents}


def main():
    text = json.dumps(document(), indent=2) + "\n"
    if len(sys.argv) < 2:
        print(text, end="")
        return
    file = pathlib.Path(sys.argv[1])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    print(f"{file}: " + ", ".join(f"{one['name']} {one['versionInfo']}" for one in json.loads(text)["packages"]))


if __name__ == "__main__":
    main()
