# SPDX-License-Identifier: Apache-2.0
"""The recipe in ward.mk, word for word, in a project that has an mbedTLS of its own, configured otherwise."""
import re

from compiling import DEPS, FOLDER, ROOT, START_PSA, compiles, grants_and_refuses, run, write_smallest

# 64-bit words, smaller code, SHA-512 and memory of its own: all other than ward's.
CONFIG = """
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_SHA224_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER
#define MBEDTLS_SHA512_C
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
"""

# Uses them. In it mbedTLS's names are the project's: were one ward's, a sum would be another or a word too small.
OWN = """
#include <stdint.h>
#include <string.h>
#include "mbedtls/bignum.h"
#include "mbedtls/sha256.h"
#include "mbedtls/sha512.h"
#if !defined(MBEDTLS_SHA256_SMALLER) || !defined(MBEDTLS_SHA512_C) || defined(MBEDTLS_HAVE_INT32)
#error "this is not the project's configuration"
#endif
int own_mbedtls_works(void);
int own_mbedtls_works(void)
{
    unsigned char digest[64];
    mbedtls_mpi a, b, c;
    char hex[40];
    size_t length;
    mbedtls_mpi_init(&a), mbedtls_mpi_init(&b), mbedtls_mpi_init(&c);
    if (sizeof(mbedtls_mpi_uint) != 8 || mbedtls_mpi_read_string(&a, 16, "10000000000000001") != 0 ||
        mbedtls_mpi_lset(&b, 3) != 0 || mbedtls_mpi_exp_mod(&c, &a, &b, &a, NULL) != 0 || mbedtls_mpi_cmp_int(&c, 0) != 0 ||
        mbedtls_mpi_mul_mpi(&c, &a, &a) != 0 || mbedtls_mpi_write_string(&c, 16, hex, sizeof hex, &length) != 0)
        return 0;
    mbedtls_mpi_free(&a), mbedtls_mpi_free(&b), mbedtls_mpi_free(&c);
    return strcmp(hex, "0100000000000000020000000000000001") == 0 &&
           mbedtls_sha256((const unsigned char *)"abc", 3, digest, 1) == 0 && digest[0] == 0x23 && digest[27] == 0xa7 &&
           mbedtls_sha512((const unsigned char *)"abc", 3, digest, 0) == 0 && digest[0] == 0xdd && digest[63] == 0x9f;
}
"""

PARTS = "bignum bignum_core sha256 sha512 constant_time platform platform_util".split()


def recipe():
    """The lines of the comment."""
    lines = (ROOT / "ward.mk").read_text().split("WARD_DIR    ?=")[0].splitlines()
    return "\n".join(line.removeprefix("#     ") for line in lines if re.match(r"#$|#     ", line)) + "\n"


def project(name, before="", after=""):
    """A project with an mbedTLS of its own, its Makefile around the recipe."""
    folder = FOLDER / name
    files = write_smallest(folder)
    (folder / "own.c").write_text(OWN)
    (folder / "own_config.h").write_text(CONFIG)
    (folder / "ask.c").write_text((folder / "ask.c").read_text().replace("int main(", "int own_mbedtls_works(void);\nint main(")
                                  .replace("return argc", "return own_mbedtls_works() && argc"))
    (folder / "third_party").mkdir()
    (folder / "third_party/ward").symlink_to(ROOT)
    (folder / "third_party/mbedtls").symlink_to(DEPS["MBEDTLS_DIR"])
    objects = " ".join([file.replace(".c", ".o") for file in (*files, "own.c")] + [f"own_{part}.o" for part in PARTS])
    (folder / "Makefile").write_text(f"""CC       := gcc
CFLAGS   := -O1 -Wall -Wextra -Werror
CPPFLAGS := -Ithird_party/mbedtls/include -DMBEDTLS_CONFIG_FILE='"own_config.h"' -I.
OBJECTS  := {objects}
{before}
{recipe()}
{after}
own_%.o: third_party/mbedtls/library/%.c
	$(CC) $(CPPFLAGS) -Ithird_party/mbedtls/library -w -c $< -o $@
""")
    return folder


def test_the_recipe_builds_a_firmware_and_leaves_the_project_s_mbedtls_alone():
    folder = project("recipe")
    compiles(run("make", "-j2", folder=folder))
    grants_and_refuses(folder / "firmware.elf")
    names = run("nm", "-g", "--defined-only", "build/ward/libward.a", folder=folder).stdout
    assert "T ward_verify" in names and " mbedtls_" not in names, names
    assert "is up to date" in run("make", folder=folder).stdout


def test_the_recipe_takes_limits_and_the_service():
    folder = project("recipe-limits", before="WARD_LIMITS := -DWARD_MAX_KEYS=3 -DWARD_MAX_TOKEN=2048\nWARD_SERVICE := yes")
    compiles(run("make", "-j2", folder=folder))
    grants_and_refuses(folder / "firmware.elf")
    names = run("nm", "-g", "build/ward/libward.a", folder=folder).stdout
    assert "T ward_service_begin" in names and re.search(r"R ward_limits_token2048_\w*_keys3_", names)


def test_the_recipe_with_the_project_s_own_mbedtls():
    more = "bignum_mod bignum_mod_raw rsa rsa_alt_helpers oid asn1parse asn1write md".split()
    own = """WARD_CRYPTO := mbedtls_rsa
WARD_PROJECT_MBEDTLS := -Ithird_party/mbedtls/include -I. -DMBEDTLS_CONFIG_FILE='"own_config.h"'
OBJECTS += """ + " ".join(f"own_{part}.o" for part in more)
    folder = project("recipe-own", before=own)
    (folder / "own_config.h").write_text(CONFIG + "".join(f"#define MBEDTLS_{name}\n" for name in (
        "RSA_C", "OID_C", "ASN1_PARSE_C", "ASN1_WRITE_C", "PKCS1_V15", "MD_C")))
    compiles(run("make", "-j2", folder=folder))
    grants_and_refuses(folder / "firmware.elf")
    assert not (folder / "build/ward/mbedtls").exists()


def test_the_recipe_with_the_project_s_own_psa():
    """As upstream configures it."""
    own = """CPPFLAGS := -Ithird_party/mbedtls/include
WARD_CRYPTO := psa
WARD_PROJECT_MBEDTLS := -Ithird_party/mbedtls/include
OBJECTS := $(filter-out own%,$(OBJECTS)) $(patsubst third_party/mbedtls/library/%.c,own_%.o,$(filter-out \\
	$(foreach name,ssl x509 mps net_ debug pkcs7,third_party/mbedtls/library/$(name)%),$(wildcard third_party/mbedtls/library/*.c)))"""
    folder = project("recipe-psa", before=own)
    (folder / "ask.c").write_text((folder / "ask.c").read_text().replace("own_mbedtls_works() &&", "") + START_PSA)
    compiles(run("make", "-j2", folder=folder))
    grants_and_refuses(folder / "firmware.elf")


def test_the_recipe_refuses_flags_that_would_configure_ward_s_mbedtls():
    folder = project("recipe-flags")
    done = run("make", "CFLAGS=-DMBEDTLS_CONFIG_FILE='\"own_config.h\"'", folder=folder)
    assert done.returncode != 0 and "move that into CPPFLAGS" in done.stderr, done.stderr


def test_what_is_made_with_other_settings_is_made_again():
    folder, library = project("recipe-settings"), "build/ward/libward.a"
    compiles(run("make", "-j2", library, folder=folder))
    compiles(run("make", "-j2", library, "WARD_LIMITS=-DWARD_MAX_KEYS=3 -DWARD_USER='\"it'\\''s\"'", folder=folder))
    assert "_keys3_" in run("nm", library, folder=folder).stdout
    compiles(run("make", "-j2", library, "WARD_SERVICE=yes", folder=folder))
    names = run("nm", library, folder=folder).stdout
    assert "_keys3_" not in names and "T ward_service_begin" in names
    assert "is up to date" in run("make", library, "WARD_SERVICE=yes", folder=folder).stdout
    compiles(run("make", library, "WARD_SERVICE=yes", "WARD_SHA256=ward", folder=folder))
    assert "is up to date" not in run("make", library, "WARD_SERVICE=yes", folder=folder).stdout


def test_the_optimisation_at_link_time_of_a_project():
    folder = project("recipe-lto", before="CFLAGS += -flto")
    compiles(run("make", "-j2", folder=folder))
    grants_and_refuses(folder / "firmware.elf")


def test_a_wrong_setting_is_named():
    folder = project("recipe-wrong")
    for setting, words in (("WARD_CRYPTO=kernal", "WARD_CRYPTO=kernal is not a backend"),
                           ("WARD_SHA256=own", "WARD_SHA256=own is neither mbedtls nor ward"),
                           ("WARD_CRYPTO=psa", "WARD_PROJECT_MBEDTLS has the flags")):
        done = run("make", setting, folder=folder)
        assert done.returncode != 0 and words in done.stderr, done
