# SPDX-License-Identifier: Apache-2.0
"""What leaves the house: a tarball that builds without a network, and the list of what it is built of."""
import json
import os
import pathlib
import re
import subprocess
import tarfile
import tempfile

import pace
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="ward-dist-"))
DEPS = {f"{name.upper()}_DIR": str(ROOT / "build" / "deps" / name) for name in ("mbedtls", "llhttp", "lwip")}
# Variables of the make that runs this must not reach the ones that it tries.
CLEAN = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "WARD_READY", *DEPS)}
VERSION = re.search(r'#define WARD_VERSION "([^"]+)"', (ROOT / "include/ward/version.h").read_text())[1]


def run(*words, cwd=ROOT, **variables):
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, timeout=pace.seconds(300),
                          env={**CLEAN, **variables})
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


# ---- The tarball.

@pytest.fixture(scope="module")
def tree():
    """The tarball, unpacked."""
    packed = FOLDER / "ward.tar.gz"
    run("tools/dist.py", packed)
    with tarfile.open(packed) as archive:
        archive.extractall(FOLDER)
    return FOLDER / f"ward-{VERSION}"


def test_the_tarball_has_what_git_knows_and_nothing_else(tree):
    known = {name for name in run("git", "ls-files").splitlines() if (ROOT / name).is_file()}
    assert {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()} == known
    for name in ("tools/setup", "ward.mk", "LICENSE"):
        assert (tree / name).read_bytes() == (ROOT / name).read_bytes()
        assert os.access(tree / name, os.X_OK) == os.access(ROOT / name, os.X_OK), name


def test_the_same_tree_gives_the_same_tarball():
    for name in ("one", "two"):
        run("tools/dist.py", FOLDER / name)
    assert (FOLDER / "one").read_bytes() == (FOLDER / "two").read_bytes()


def test_the_tarball_builds_without_a_network(tree):
    """With nothing but mbedTLS's sources beside it: setup asks nobody, in a namespace where nobody could answer."""
    alone = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    trial = subprocess.run([*alone, "true"], capture_output=True, text=True)
    if trial.returncode != 0:
        pytest.skip(f"no network namespace here: {trial.stderr.strip()}")
    run(*alone, "make", "-j2", "lib", "cli", cwd=tree, MBEDTLS_DIR=DEPS["MBEDTLS_DIR"])
    assert run(tree / "build/host/ward", "--version").split()[1] == VERSION
    done = subprocess.run([*alone, "make", "lib"], cwd=tree, capture_output=True, text=True, env={**CLEAN, "MBEDTLS_DIR": str(FOLDER)})
    assert done.returncode != 0 and "does not hold the source of mbedTLS" in done.stderr, done.stderr


# ---- What it is built of.

@pytest.fixture(scope="module")
def document():
    run("make", "--no-print-directory", "sbom", **DEPS)
    return json.loads((ROOT / "build" / f"ward-{VERSION}.spdx.json").read_text())


def by_name(document):
    return {package["name"]: package for package in document["packages"]}


def printed(compiler, header, shown, *words):
    """What a program with others' own headers says about itself."""
    (FOLDER / "shown.c").write_text(f'#include <stdio.h>\n#include "{header}"\nint main(void) {{ printf({shown}); return 0; }}\n')
    run(compiler, "-w", *words, FOLDER / "shown.c", "-o", FOLDER / "shown")
    return run(FOLDER / "shown")


def test_it_names_what_is_built_on_with_the_versions_that_are_here(document):
    packages = by_name(document)
    numbers = ", ".join(f"LLHTTP_VERSION_{part}" for part in ("MAJOR", "MINOR", "PATCH"))
    (FOLDER / "lwipopts.h").write_text("#define NO_SYS 1\n#define LWIP_SOCKET 0\n#define LWIP_NETCONN 0\n")
    expected = {
        "mbedtls": printed("gcc", "mbedtls/build_info.h", '"%s", MBEDTLS_VERSION_STRING', f"-I{DEPS['MBEDTLS_DIR']}/include"),
        "llhttp": printed("gcc", "llhttp.h", f'"%d.%d.%d", {numbers}', f"-I{DEPS['LLHTTP_DIR']}"),
        "lwip": printed("gcc", "lwip/init.h", '"%s", LWIP_VERSION_STRING', f"-I{DEPS['LWIP_DIR']}/src/include", f"-I{FOLDER}", f"-I{ROOT}/port/lwip"),
        "libcurl": printed("gcc", "curl/curl.h", '"%s", curl_version_info(CURLVERSION_NOW)->version', "-Wl,--no-as-needed", "-lcurl"),
        "openssl": printed("gcc", "openssl/opensslv.h", '"%s", OPENSSL_VERSION_STR'),
        "ward": VERSION, "ward-cli": VERSION, "ward-firmware": VERSION,
    }
    told = {name: package["versionInfo"] for name, package in packages.items()}
    assert told.pop("newlib").count(".") >= 1
    assert told == expected
    assert "jsmn" not in json.dumps(document)


def test_what_was_fetched_has_the_digest_of_its_archive(document):
    for name in ("mbedtls", "lwip"):
        archives = list((ROOT / "build/deps/apt" / name).glob("*.orig.tar.*"))
        package = by_name(document)[name]
        if not archives:
            assert "checksums" not in package
            continue
        digest, file = run("sha256sum", archives[0]).split()
        assert package["checksums"] == [{"algorithm": "SHA256", "checksumValue": digest}]
        assert package["packageFileName"] == pathlib.Path(file).name


def test_another_mbedtls_is_another_entry_without_a_digest():
    """The user's own folder: its version, and no archive that ward has seen."""
    folder = FOLDER / "own"
    (folder / "include/mbedtls").mkdir(parents=True)
    (folder / "include/mbedtls/build_info.h").write_text('#define MBEDTLS_VERSION_STRING         "3.6.99"\n')
    package = by_name(json.loads(run("tools/sbom.py", MBEDTLS_DIR=str(folder))))["mbedtls"]
    assert package["versionInfo"] == "3.6.99" and "checksums" not in package
    assert package["externalRefs"][0]["referenceLocator"] == "cpe:2.3:a:arm:mbed_tls:3.6.99:*:*:*:*:*:*:*"
    done = subprocess.run(["tools/sbom.py"], cwd=ROOT, capture_output=True, text=True, env={**CLEAN, "MBEDTLS_DIR": str(FOLDER)})
    assert done.returncode != 0 and "without mbedTLS there is no ward" in done.stderr


def test_it_is_a_document_of_spdx_2_3(document):
    """The fields that the specification demands, and references that lead somewhere."""
    assert (document["spdxVersion"], document["dataLicense"], document["SPDXID"]) == ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT")
    assert document["name"] and re.fullmatch(r"https://[^#\s]+", document["documentNamespace"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"]["created"])
    assert all(re.match("(Tool|Person|Organization): ", creator) for creator in document["creationInfo"]["creators"])
    known = {"SPDXRef-DOCUMENT"} | {package["SPDXID"] for package in document["packages"]}
    assert len(known) == len(document["packages"]) + 1
    for package in document["packages"]:
        assert re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", package["SPDXID"]), package
        assert package["name"] and package["versionInfo"] and package["downloadLocation"] == "NOASSERTION" and package["filesAnalyzed"] is False
    links = [(one["spdxElementId"], one["relationshipType"], one["relatedSpdxElement"]) for one in document["relationships"]]
    assert all(first in known and second in known for first, _, second in links)
    assert ("SPDXRef-ward", "STATIC_LINK", "SPDXRef-mbedtls") in links
    assert {second for _, how, second in links if how == "DESCRIBES"} >= {"SPDXRef-ward"}
    assert {package["SPDXID"] for package in document["packages"]} == {second for _, _, second in links}, "what nothing uses"
