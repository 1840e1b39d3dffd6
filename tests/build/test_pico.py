# SPDX-License-Identifier: Apache-2.0
"""Images for the Raspberry Pi Pico, by the Pico SDK and examples/pico, linked without picotool."""
import os
import re

import pytest
from compiling import DEPS, FOLDER, ROOT, compiles, run, write_smallest

SDK = (ROOT / os.environ.get("PICO_SDK_PATH", "build/deps/pico-sdk")).resolve()


@pytest.mark.parametrize("board, processor, instructions", [("pico", "6S-M", "v6S-M"), ("pico2", "8-M.MAIN", "v8-M.mainline")])
def test_an_image_that_verifies_a_token_is_linked(board, processor, instructions):
    folder = FOLDER / board
    write_smallest(folder)
    compiles(run("cmake", "-S", ROOT / "examples/pico", "-B", folder / "build", f"-DPICO_BOARD={board}", "-DPICO_NO_PICOTOOL=1",
                 f"-DMBEDTLS_DIR={DEPS['MBEDTLS_DIR']}",
                 f"-DKEYS={folder / 'keys.c'}", PICO_SDK_PATH=str(SDK)))
    built = run("cmake", "--build", folder / "build", "-j2")
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    assert "warning" not in built.stderr, built.stderr
    image = folder / "build/verify.elf"
    attributes = run("arm-none-eabi-readelf", "-A", image).stdout
    assert re.search(rf"CPU_name: .*{processor}", attributes, re.I) or instructions in attributes, attributes
    names = run("arm-none-eabi-nm", image).stdout
    assert re.search(r" T ward_verify$", names, re.M) and re.search(r" R issuer_keys$", names, re.M)
    assert "mbedtls_calloc" not in names and not re.search(r" [TD] mbedtls_", names), "mbedTLS's names are hidden"
