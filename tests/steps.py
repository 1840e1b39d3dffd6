# SPDX-License-Identifier: Apache-2.0
"""What `make test` runs: builds first, then steps; each step is a command that reports in TAP. Tests in Python are
pytest's: such a step names a file, and options of pytest or of tests/conftest.py as it needs them (`-k`)."""

import collections
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "bench"))
import bench  # noqa: E402
import board_folders  # noqa: E402
import peers  # noqa: E402

BOARD = "mps2-an385"
OTHERS = [board for board in board_folders.names() if board != BOARD]
# Those on which the demo answers on a UART, and on a network, besides.
BOARDS = [board for board in OTHERS if board_folders.has_demo(board)]
NETWORKED = [board for board in OTHERS if board_folders.has_network(board)]
PYTEST = "tests/pytest"
KEPT = "build/soak"    # what `make soak` has done; nothing is built there
FIRMWARE = f"build/{BOARD}/firmware.elf"
NETWORK = f"build/{BOARD}/network.elf"

# What a program of the tests needs to be built, where its command does not name it: `VARIANT/target`, below build/.
UNIT_COVERAGE = [f"{variant}/unit" for variant in ("host+coverage", "host+board+coverage", "host+mbedtls_rsa+sha256+coverage", "host+psa+coverage",
                                                     "host+kernel+coverage", "host+kernel+halves+coverage")]
FUZZ = [f"host+fuzz/fuzz_{name}" for name in ("json", "jwks", "keys", "token", "claims", "request", "response", "record", "keyring", "bundle")]
KERNEL_FUZZ = [f"host+kernel+{way}+fuzz" for way in ("digits", "rows")]
DEVICE = ["host/ward", f"{BOARD}/network.elf"]
NEEDS = {
    "tests/build/test_link.py": ["host/libward.a"],
    "tests/build/test_sockaddr.py": ["host/libward.a"],
    "tests/build/test_readme.py": ["host/libward.a", "host/ward"],
    "tests/build/test_recipe.py": ["host/ward"],
    "tests/build/test_cmake.py": ["host/ward"],
    "tests/build/test_pico.py": ["host/ward"],
    "tests/build/test_kconfig.py": ["host/ward"],
    "tests/examples/test_examples.py": ["host/libward.a", "host/ward"],
    "tests/build/test_issuers.py": ["host/libward.a", "host/ward"],
    "tests/coverage.py": UNIT_COVERAGE,
    "tests/mcdc.py": ["host+mcdc/unit"],
    "tests/memory/valgrind.py": ["host/unit", "host/exhaustive", "host/vectors", "host/ward"],
    "tests/mutation/run.py": ["host/unit", "host+sanitize/unit", "host+board/unit", "host+kernel/unit", "host+kernel+halves+sanitize/unit",
                              "host+board+kernel/unit"],
    "tests/qemu/unit.py": [f"{BOARD}/unit.elf"],
    "tests/kernel/boards.py": ["host+kernel/compare"],
    "tests/kernel/powers.py": ["host+kernel/compare"],
    "tests/kernel/speed.py": ["host+kernel/speed"],
    "tests/bench/bench.py": bench.needs(),
    "tests/bench/peers.py": peers.needs(),
    "tests/qemu/hit.py": [f"{BOARD}+{flavour}/hit.elf" for flavour in ("peak", "peak+sha256", "signatures+sha256", "text+sha256")],
    "tests/qemu/refused.py": [f"{image}/refused.elf" for image in (f"{BOARD}+peak", f"{BOARD}+peak+kernel", "mps2-an386+peak+kernel",
                                                                  "mps2-an386+text+sha256+kernel")],
    "tests/differential/compare.py": ["host/differential", "host/vectors"],
    "tests/differential/compare_jose.py": ["host/differential"],
    "tests/posix/": ["host/ward", "host/device"],
    "tests/fleet/connections.py": ["host/ward", "host/connections"],
    "tests/stack/test_stack.py": ["host/stack"],
    "tests/limits/test_limits.py": ["host/limits-large", "host/limits-small"],
    "tests/oracle/test_oracle.py": ["host/ward"],
    "tests/fuzz/run.py": [*FUZZ, *[f"{variant}/fuzz_kernel" for variant in KERNEL_FUZZ]],
    "tests/heap/heap.py": [f"{BOARD}+{backend}+heap/heap.elf" for backend in ("mbedtls228", "mbedtls_rsa", "psa")],
    "tests/e2e/demo_uart.py": ["host/ward", f"{BOARD}+tests/firmware.elf"],
    "tests/e2e/test_firmware.py": ["host/ward", f"{BOARD}+tests/firmware.elf"],
    "tests/e2e/test_canary.py": ["host/ward", f"{BOARD}+tests/firmware.elf"],
    "tests/e2e/test_mirror.py": ["host/ward", f"{BOARD}+bundles/network.elf"],
    "tests/e2e/test_bundle.py": ["host/ward", f"{BOARD}+bundles/firmware.elf"],
    "tests/e2e/test_boards.py": ["host/ward", f"{BOARD}/network.elf", *(f"{board}/network.elf" for board in NETWORKED)],
    "tests/e2e/test_boards_uart.py": ["host/ward", *(f"{board}+tests/firmware.elf" for board in BOARDS),
                                      "microbit+tests/gate.elf", "microbit+tests/gate-http.elf", "microbit/gate.elf"],
    "tests/e2e/test_load.py": ["host/ward", f"{BOARD}+load/network.elf", f"{BOARD}+load+nogate/network.elf"],
    "tests/e2e/demo_clients.py": [*DEVICE, "host/postgresql/ward.so"],
    "tests/e2e/": DEVICE,
    "tests/cli/": ["host/ward"],
    "tests/clients/test_hints.py": ["host/libward.a"],
    "tests/clients/python/test_device.py": DEVICE,
    "tests/clients/typescript/test_device.py": DEVICE,
    "tests/clients/example/test_page.py": DEVICE,
    "tests/clients/typescript": ["host/ward"],
    "tests/postgresql/": ["host/postgresql/ward.so"],
    "tests/static/cycles.py": ["host/libward.a"],
    "tests/static/noheap.py": ["host/libward.a"],
    "tools/size.py": ["host/libward.a", f"{BOARD}/libward.a"],
    "tools/costs.py": ["host/libward.a", f"{BOARD}/libward.a"],
}


def builds(steps):
    """What these steps need: {variant: targets}, this machine's own first, since images are made with its command
    line. After `--build build/VARIANT` a program takes of that variant what it takes of this machine's usual one."""
    wanted = {"host": []}
    for _, command, _ in steps:
        named = [word.removeprefix("build/") for word in command
                 if word.startswith("build/") and word.count("/") >= 2 and not word.startswith(f"{KEPT}/")]
        program = next(word for word in command if word != PYTEST)
        other = command[command.index("--build") + 1].removeprefix("build/") if "--build" in command else "host"
        for need in [*named, *NEEDS.get(program, NEEDS.get(program.rpartition("/")[0] + "/", []))]:
            variant, _, target = need.partition("/")
            variant = other if variant == "host" else variant
            targets = wanted.setdefault(variant, [])
            if target not in targets:
                targets.append(target)
    return {variant: targets for variant, targets in wanted.items() if targets}


def kernel_images(*variants):
    """The backend's arithmetic on boards (tests/kernel)."""
    return [f"build/{variant}/kernel.elf" for variant in variants]


def board_suites():
    """The unit and attack suites on each other board, called by its core, and where several have that by its own name,
    too. A board with limits of its own is a slow one."""
    cores = {board: board_folders.core_name(board) for board in [BOARD, *OTHERS]}
    count = collections.Counter(cores.values())
    for board in OTHERS:
        name = cores[board] + (f", {board}," if count[cores[board]] > 1 else "")
        flavour = board_folders.usual_flavour(board)
        yield (f"unit tests, {name} in QEMU", ["tests/qemu/unit.py", f"build/{board}+{flavour}/unit.elf"],
               {"usual": 15, "tests": 9}[flavour])


# Name, command, and the seconds that the step may take beside another one on two cores that do nothing else. After so
# many times as long it hangs (a machine that is slower or busier gives more: tests/support/pace.py).
HANGS = 5

# src/ and port/crypto: every edge of them.
CORE = [
    ("layers", ["tests/static/layers.py"], 10),
    ("layers: its own test", ["tests/static/layers_self_test.py"], 10),
    ("layout of C files", ["tests/static/layout.py"], 10),
    ("licence of each file", ["tests/static/licence.py"], 5),
    ("names of the ports", ["tests/static/names.py"], 5),
    ("names of the ports: its own test", ["tests/static/names.py", "--self-test"], 5),
    ("cycles", ["tests/static/cycles.py"], 10),
    ("cycles: its own test", ["tests/static/cycles_self_test.py"], 10),
    ("no heap", ["tests/static/noheap.py", "build/host/libward.a", f"build/{BOARD}/libward.a", FIRMWARE, NETWORK], 10),
    ("no heap: its own test", ["tests/static/noheap.py", "--self-test"], 10),
    ("gcc -fanalyzer", ["tests/static/analyzer.py"], 35),
    ("clang-tidy", ["tests/static/tidy.py"], 25),
    ("cppcheck and MISRA C", ["tests/static/cppcheck.py"], 45),
    ("cppcheck: its own test", ["tests/static/cppcheck.py", "--self-test"], 10),
    ("complexity", ["tests/static/complexity.py"], 10),
    ("complexity: its own test", ["tests/static/complexity.py", "--self-test"], 5),
    ("unit tests, gcc", ["build/host/unit"], 10),
    ("unit tests, clang", ["build/host+clang/unit"], 10),
    ("unit tests, sanitizers", ["build/host+sanitize/unit"], 25),
    ("unit tests, mbedtls_rsa", ["build/host+mbedtls_rsa/unit"], 10),
    ("unit tests, mbedtls_rsa on 2.28", ["build/host+mbedtls228/unit"], 10),
    ("unit tests, psa", ["build/host+psa/unit"], 10),
    ("unit tests, kernel", ["build/host+kernel/unit"], 10),
    ("unit tests, kernel in small limbs, sanitizers", ["build/host+kernel+halves+sanitize/unit", "crypto", "kernel", "residue"], 10),
    ("unit tests, one engine for SHA-256", ["build/host+engine/unit"], 10),
    ("unit tests, psa on one engine", ["build/host+psa+engine/unit"], 10),
    ("unit tests, no cache", ["build/host+nocache/unit"], 10),
    ("unit tests, Cortex-M3 in QEMU", ["tests/qemu/unit.py"], 30),
    ("several tasks, thread sanitizer", ["tests/threads/run.py", "build/host/threads"], 10),
    ("every byte of a token, sanitizers", ["build/host+sanitize/exhaustive", "token_bytes", "buffer_sizes"], 55),
    ("every cut of a key set, sanitizers", ["build/host+sanitize/exhaustive", "jwks_splits"], 40),
    ("every 64th byte, Cortex-M3 in QEMU", ["tests/qemu/unit.py", f"build/{BOARD}/exhaustive.elf"], 10),
    ("memory, valgrind", ["tests/memory/valgrind.py"], 220),
    ("SHA-256 in assembly", ["tools/sha256_thumb.py", "--check"], 1),
    ("cost of a known token, Cortex-M3 in QEMU", ["tests/qemu/hit.py"], 20),
    ("cost of a refused token, Cortex-M3 and M4 in QEMU", ["tests/qemu/refused.py"], 10),
    ("kernel against mbedTLS", ["build/host+kernel/compare", "2048:100000", "3072:100000", "4096:100000", "2049:1000", "2063:1000", "2072:1000", "3000:1000"], 50),
    ("kernel against mbedTLS, small limbs", ["build/host+kernel+halves/compare", "2048:4000", "3072:1000", "4096:1000", "2049:1000"], 5),
    ("kernel against mbedTLS, rows", ["build/host+kernel+rows/compare", "2048:4000", "3072:1000", "4096:1000"], 5),
    ("kernel against mbedTLS, columns", ["build/host+kernel+columns/compare", "2048:2000", "3072:500", "4096:500", "2049:500"], 5),
    ("kernel against mbedTLS, digits", ["build/host+kernel+digits/compare", "2048:2000", "3072:500", "4096:500"], 5),
    ("kernel on each board in QEMU", ["tests/kernel/boards.py", *kernel_images(*(f"{board}+kernel" for board in [BOARD, *OTHERS]), BOARD)], 10),
    ("kernel, unit tests on Cortex-M4 in QEMU", ["tests/qemu/unit.py", "build/mps2-an386+kernel/kernel-unit.elf"], 5),
    ("kernel, unit tests on Cortex-M3 in QEMU", ["tests/qemu/unit.py", f"build/{BOARD}+kernel/kernel-unit.elf"], 5),
    ("kernel, unit tests on a Cortex-M0 in QEMU", ["tests/qemu/unit.py", "build/microbit+kernel/kernel-unit.elf"], 10),
    ("kernel, its assembly with UMAAL", ["tools/kernel_umaal.py", "--check"], 5),
    ("kernel, its assembly with UMLAL", ["tools/kernel_umlal.py", "--check"], 5),
    ("kernel, its assembly with MULS", ["tools/kernel_muls.py", "--check"], 5),
    ("proofs, short", ["tests/prove/prove.py", "subtract", "digits", "columns", "limb_", "block", "accept", "scan", "again"], 40),
    ("kernel against OpenSSL's speed", ["tests/kernel/speed.py"], 5),
    ("cost of many words, members, values", ["tests/cost/cost.py", "build/host/cost"], 20),
    ("mutation, every 120th", ["tests/mutation/run.py", "--sample", "120"], 100),
    ("coverage of src/ and port/crypto", ["tests/coverage.py"], 60),
    ("MC/DC of src/ and port/crypto", ["tests/mcdc.py"], 30),
    ("JSONTestSuite", ["tests/vectors/jsontestsuite.py", "build/host/vectors"], 10),
    ("JSONTestSuite, sanitizers", ["tests/vectors/jsontestsuite.py", "build/host+sanitize/vectors"], 10),
    ("Wycheproof", ["tests/vectors/wycheproof.py", "build/host/vectors"], 10),
    ("Wycheproof, mbedtls_rsa", ["tests/vectors/wycheproof.py", "build/host+mbedtls_rsa/vectors"], 10),
    ("Wycheproof, mbedtls_rsa on 2.28", ["tests/vectors/wycheproof.py", "build/host+mbedtls228/vectors"], 10),
    ("Wycheproof, kernel", ["tests/vectors/wycheproof.py", "build/host+kernel/vectors"], 5),
    ("Wycheproof, psa", ["tests/vectors/wycheproof.py", "build/host+psa/vectors", "psa"], 10),
    ("JOSE cookbook", ["tests/vectors/cookbook.py", "build/host/vectors"], 10),
    ("against Python's decoders", ["tests/differential/compare.py"], 10),
    ("against jose", ["tests/differential/compare_jose.py"], 15),
    ("power cuts, pages of 256 bytes", ["build/host/power", "256", "4"], 20),
    ("power cuts, pages of 64 bytes", ["build/host/power", "64", "2"], 40),
    ("two builds on one flash", [PYTEST, "tests/limits/test_limits.py"], 10),
    ("histories of one flash: builds, tools, names, clocks, cuts", ["build/host/history/history"], 60),
    ("histories of one flash, sanitizers", ["build/host+sanitize/history/history", "--schedules", "3000", "--seed", "1000000"], 10),
    ("keyring against a reference model", ["build/host/model"], 20),
    ("keyring against a reference model, sanitizers", ["build/host+sanitize/model", "--schedules", "10000", "--seed", "1000000"], 40),
]

# What is made of them, and the tests themselves.
TOOLS = [
    ("model: its own test", ["tests/model/model_mutants.py", "--every", "5"], 30),
    ("fuzzing, a few seconds", ["tests/fuzz/run.py", "5"], 55),
    *[(f"fuzzing {variant}, a few seconds", ["tests/fuzz/run.py", "5", f"build/{variant}", "fuzz_kernel"], 10) for variant in KERNEL_FUZZ],
    ("histories: their own test", ["tests/history/history_mutants.py", "--every", "7"], 30),
    ("the tests' own machinery", [PYTEST, *[f"tests/harness/test_{name}.py" for name in ("harness", "board_folders", "bench", "peers")]], 20),
    ("reference pages", ["tests/static/reference.py"], 10),
    ("building", [PYTEST, "tests/build/test_build.py"], 30),
    ("building: limits have ranges", [PYTEST, "tests/build/test_ranges.py"], 20),
    ("building: other limits do not link", [PYTEST, "tests/build/test_link.py"], 60),
    ("building: peers of sockets", [PYTEST, "tests/build/test_sockaddr.py"], 20),
    ("building: the README's examples", [PYTEST, "tests/build/test_readme.py"], 30),
    ("building: the recipe in ward.mk", [PYTEST, "tests/build/test_recipe.py"], 60),
    ("building: CMake, pkg-config", [PYTEST, "tests/build/test_cmake.py"], 100),
    ("building: Pico SDK", [PYTEST, "tests/build/test_pico.py"], 80),
    ("building: ESP-IDF, Zephyr", [PYTEST, "tests/build/test_kconfig.py"], 90),
    ("building: ESP-IDF's headers", [PYTEST, "tests/build/test_esp_idf.py"], 10),
    ("building: the build itself", [PYTEST, "tests/build/test_make.py"], 120),
    ("psa of TF-PSA-Crypto", ["tests/psa/tf_psa.py"], 10),
    ("building: crypto backends, platforms", [PYTEST, "tests/build/test_backends.py"], 30),
    ("unit tests, arm64 in QEMU", ["tests/qemu/process.py", "build/host+arm64/unit-alone"], 30),
    ("unit tests, kernel on arm64 in QEMU", ["tests/qemu/process.py", "build/host+arm64+kernel/unit-alone"], 30),
    ("Wycheproof, kernel on arm64 in QEMU", ["tests/vectors/wycheproof.py", "build/host+arm64+kernel/vectors"], 10),
    ("kernel on arm64 in QEMU", ["tests/kernel/powers.py", "build/host+arm64+kernel/compare", "2048:1000", "3072:500", "4096:500", "2049:100"], 10),
    *board_suites(),
    ("building: what is given away", [PYTEST, "tests/build/test_dist.py"], 60),
    ("building: setup on other machines", [PYTEST, "tests/build/test_setup.py"], 40),
    ("examples", [PYTEST, "tests/examples/test_examples.py"], 60),
    ("real issuers' shapes", [PYTEST, "tests/build/test_issuers.py"], 10),
    ("command line", [PYTEST, "tests/cli/test_cli.py"], 10),
    ("command line, sanitizers", [PYTEST, "tests/cli/test_cli.py", "--ward", "build/host+sanitize/ward"], 20),
    ("command line: refusals, explain", [PYTEST, "tests/cli/test_explain.py"], 20),
    ("command line: refusals, explain, sanitizers", [PYTEST, "tests/cli/test_explain.py", "--ward", "build/host+sanitize/ward"], 90),
    ("command line: check", [PYTEST, "tests/cli/test_check.py"], 10),
    ("command line: check, sanitizers", [PYTEST, "tests/cli/test_check.py", "--ward", "build/host+sanitize/ward"], 10),
    ("command line: floods of forged tokens", [PYTEST, "tests/cli/test_flood.py"], 20),
    ("command line: routes, the policy", [PYTEST, "tests/cli/test_routes.py"], 10),
    ("command line: routes, sanitizers", [PYTEST, "tests/cli/test_routes.py", "--ward", "build/host+sanitize/ward"], 10),
    ("command line: API description", [PYTEST, "tests/cli/test_openapi.py", "tests/cli/test_metadata.py"], 15),
    ("command line: API description, sanitizers",
     [PYTEST, "tests/cli/test_openapi.py", "tests/cli/test_metadata.py", "--ward", "build/host+sanitize/ward"], 90),
    ("command line: audit", [PYTEST, "tests/cli/test_audit.py"], 15),
    ("command line: audit, sanitizers", [PYTEST, "tests/cli/test_audit.py", "--ward", "build/host+sanitize/ward"], 35),
    ("command line: keys", [PYTEST, "tests/cli/test_keys.py"], 20),
    ("command line: keys, sanitizers", [PYTEST, "tests/cli/test_keys.py", "--ward", "build/host+sanitize/ward"], 25),
    ("command line: bundles", [PYTEST, "tests/cli/test_bundle.py"], 10),
    ("command line: bundles, sanitizers", [PYTEST, "tests/cli/test_bundle.py", "--ward", "build/host+sanitize/ward"], 20),
    ("PostgreSQL: who is there", [PYTEST, "tests/postgresql/test_session.py", "tests/postgresql/test_settings.py"], 25),
    ("PostgreSQL: rows, logs, attacks",
     [PYTEST, *[f"tests/postgresql/test_{name}.py" for name in ("rows", "logs", "hostile")]], 45),
    ("PostgreSQL: keys, a pool, a dump, a crash", [PYTEST, "tests/postgresql/test_operation.py"], 40),
    ("PostgreSQL: the module", [PYTEST, "tests/postgresql/test_module.py"], 10),
    ("clients: hints", [PYTEST, "tests/clients/test_hints.py"], 10),
    ("clients: Python", [PYTEST, "tests/clients/python", "--ignore", "tests/clients/python/test_device.py"], 50),
    ("clients: TypeScript", [PYTEST, "tests/clients/typescript", "--ignore", "tests/clients/typescript/test_device.py"], 45),
    ("a second stack: sockets", [PYTEST, "tests/stack/test_stack.py"], 10),
    ("lwIP: a port is used again", ["build/host/lwip"], 5),
    ("lwIP: a port is used again, sanitizers", ["build/host+sanitize/lwip"], 5),
    ("a second stack, sanitizers", [PYTEST, "tests/stack/test_stack.py", "--stack", "build/host+sanitize/stack"], 10),
    ("oracle: express-oauth2-jwt-bearer", [PYTEST, "tests/oracle/test_oracle.py"], 10),
    ("fleet of 100,000 devices", ["tests/fleet/fleet.py"], 70),
    ("fleet of 100,000 devices: bundles through a cache", ["tests/fleet/bundles.py"], 60),
    ("fleet of 100 real connections to nginx", ["tests/fleet/connections.py"], 10),
    ("size, stack, peak RAM", ["tools/size.py", "--check", "docs/costs.md"], 90),
    ("costs on each board", ["tests/bench/bench.py", "--check"], 20),
    ("costs beside other libraries", ["tests/bench/peers.py", "--check"], 20),
    ("costs in the README", ["tools/costs.py", "--check", "README.md"], 60),
    ("memory that a backend asks for", ["tests/heap/heap.py", "--check", "port/PORTING.md"], 10),
    ("size: its own test", ["tools/size_self_test.py"], 90),
]

# Devices that fetch and serve.
DEVICES = [
    ("fetching on this machine, hostile answers", [PYTEST, "tests/posix/test_fetch.py", "tests/posix/test_certificates.py"], 90),
    ("hostile answers, sanitizers", [PYTEST, "tests/posix/test_fetch.py", "tests/posix/test_certificates.py", "--device",
                                     "build/host+sanitize/device"], 150),
    ("bundles on an nginx, fetched on this machine", [PYTEST, "tests/posix/test_mirror.py"], 20),
    ("bundles on an nginx, fetched by a device on a network", [PYTEST, "tests/e2e/test_mirror.py"], 40),
    ("requests through the firmware on a UART", ["tests/e2e/demo_uart.py", "--tap"], 20),
    ("tokens on a UART of each board", [PYTEST, "tests/e2e/test_boards_uart.py"], 10),
    ("demo, on a network", ["tests/e2e/demo.py", "--tap"], 50),
    ("make run", [PYTEST, "tests/e2e/test_run.py"], 65),
    ("bundles on the wire of a device that is never online", [PYTEST, "tests/e2e/test_bundle.py"], 20),
    ("firmware on its wire", [PYTEST, "tests/e2e/test_firmware.py"], 40),
    ("device on a network", [PYTEST, "tests/e2e/test_network.py"], 240),
    ("device on a network: memory", [PYTEST, "tests/e2e/test_memory.py"], 300),
    ("device on a network: the other boards", [PYTEST, "tests/e2e/test_boards.py"], 10),
    ("device on a network: HTTP", [PYTEST, "tests/e2e/test_http.py"], 60),
    ("device on a network: other people's clients", [PYTEST, "tests/e2e/test_clients.py"], 80),
    ("device on a network: time", [PYTEST, "tests/e2e/test_time.py"], 100),
    ("device on a network: link", [PYTEST, "tests/e2e/test_link.py"], 200),
    ("device on a network: power", [PYTEST, "tests/e2e/test_power.py"], 150),
    ("real issuers, real clients", [PYTEST, "tests/e2e/test_issuers.py"], 120),
    ("clients: Python, with the device", [PYTEST, "tests/clients/python/test_device.py"], 25),
    ("clients: TypeScript, with the device", [PYTEST, "tests/clients/typescript/test_device.py"], 25),
    ("clients: a page in a browser", [PYTEST, "tests/clients/example/test_page.py"], 50),
    ("clients: the whole story", ["tests/e2e/demo_clients.py", "--tap"], 40),
    ("real issuers, changed keys", [PYTEST, "tests/e2e/test_rotation.py"], 80),
    ("real issuers, outages", [PYTEST, "tests/e2e/test_outages.py"], 150),
    ("device under load", [PYTEST, "tests/e2e/test_load.py"], 90),
    ("device among hostile clients", [PYTEST, "tests/e2e/test_hostile.py"], 300),
    ("canary: no token leaks", [PYTEST, "tests/e2e/test_canary.py"], 30),
]

STEPS = [*CORE, *TOOLS, *DEVICES]

# The long runs of `make soak`, in the same form.
# `SOAK=N make soak` looks N times as long where a step ends by chance or by the clock; tests/run refuses what is no number. The
# longest come early: beside them, one after the other, the rest.
TIMES = os.environ.get("SOAK") or "1"
LONGER = int(TIMES) if TIMES.isdecimal() and int(TIMES) > 0 else 1


def longer(number):
    """As many as usual, or as many times so; as a word of a command."""
    return str(number * LONGER)


def of_many(number):
    """One of so many is looked at: of fewer, and so at more, where one looks longer."""
    return str(max(1, number // LONGER))


def of_all(number, seconds):
    """What that takes, where it takes so many seconds usually."""
    return seconds * number // int(of_many(number))


SOAK = [
    (f"device on a network: power, {longer(300)} times", [PYTEST, "tests/e2e/test_power.py", "--count", longer(300)], 250 * LONGER),
    (f"device among hostile clients, {longer(10)} s each", [PYTEST, "tests/e2e/test_hostile.py", "--seconds", longer(10)], 450 * LONGER),
    (f"fuzzing, {longer(300)} s each", ["tests/fuzz/run.py", longer(300)], 1600 * LONGER),
    (f"mutation, one of {of_many(6)}", ["tests/mutation/run.py", "--sample", of_many(6), "--resume", f"{KEPT}/mutants"], of_all(6, 1100)),
    *[(f"fuzzing {variant}, {longer(300)} s", ["tests/fuzz/run.py", longer(300), f"build/{variant}", "fuzz_kernel"], 310 * LONGER)
      for variant in KERNEL_FUZZ],
    (f"device under load, {longer(200)} s", [PYTEST, "tests/e2e/test_load.py", "--seconds", longer(200)], 300 * LONGER),
    (f"power cuts, pages of 8 bytes, a second one after one of {of_many(24)}", ["build/host/power", "8", "2", of_many(24)], of_all(24, 180)),
    (f"power cuts, pages of 32 bytes, more of the bits, a second one after one of {of_many(12)}",
     ["build/host/power", "32", "8", of_many(12)], of_all(12, 200)),
    (f"fleet of {longer(2)}00,000 devices", ["tests/fleet/fleet.py", "--times", longer(2)], 150 * LONGER),
    (f"fleet of {longer(2)}00,000 devices: bundles through a cache", ["tests/fleet/bundles.py", "--times", longer(2)], 130 * LONGER),
    ("fleet of 500 real connections to nginx", ["tests/fleet/connections.py", "--devices", "500"], 20),
    (f"keyring against a reference model, {longer(500)},000 schedules", ["build/host/model", "--schedules", longer(500000), "--seed", "random"], 100 * LONGER),
    ("model: its own test, every break", ["tests/model/model_mutants.py"], 200),
    (f"histories of one flash, {longer(100)},000", ["build/host/history/history", "--schedules", longer(100000), "--seed", "random"], 110 * LONGER),
    ("histories: their own test, every break", ["tests/history/history_mutants.py"], 250),
    (f"against Python's decoders, {longer(1)},000,000 comparisons",
     ["tests/differential/compare.py", "--comparisons", longer(1000000), "--seed", "random"], 100 * LONGER),
    (f"against Python's decoders, sanitizers, {longer(100)},000 comparisons",
     ["tests/differential/compare.py", "--comparisons", longer(100000), "--seed", "random", "--build", "build/host+sanitize"], 50 * LONGER),
    (f"against jose, {longer(20)},000 tokens", ["tests/differential/compare_jose.py", "--tokens", longer(20000), "--seed", "random"], 100 * LONGER),
    ("proofs", ["tests/prove/prove.py"], 420),
    (f"kernel against mbedTLS, {longer(200)},000 of each length",
     ["build/host+kernel/compare", *(f"{bits}:{longer(200000)}" for bits in (2048, 3072, 4096))], 120 * LONGER),
]


def minutes(steps):
    """What these may take, two at a time."""
    return sum(seconds for _, _, seconds in steps) / 2 / 60


def table():
    """What each step may take, for tests/README.md."""
    groups = (("core", CORE), ("tools", TOOLS), ("devices", DEVICES))
    lines = ["| step | of | may take |", "|---|---|--:|"]
    lines += [f"| {name} | {group} | {seconds} s |" for group, steps in groups for name, _, seconds in steps]
    lines += [f"| all of the core, two at a time | | {minutes(CORE):.0f} min |",
              f"| all, two at a time | | {minutes(STEPS):.0f} min |"]
    return "\n".join(lines) + "\n"
