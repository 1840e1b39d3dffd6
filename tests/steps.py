"""What `make test` runs: builds first, then steps; each step is a command that reports in TAP."""

BOARD = "mps2-an385"
FIRMWARE = f"build/{BOARD}/firmware.elf"
NETWORK = f"build/{BOARD}/network.elf"

# What a program of the tests needs to be built, where its command does not name it: `VARIANT/target`, below build/.
UNIT_COVERAGE = [f"{variant}/unit" for variant in ("host+coverage", "host+board+coverage", "host+mbedtls_rsa+coverage")]
FUZZ = [f"host+fuzz/fuzz_{name}" for name in ("json", "jwks", "keys", "token", "claims", "request", "response", "record", "keyring")]
DEVICE = ["host/ward", f"{BOARD}/network.elf"]
NEEDS = {
    "tests/build/test_build.py": ["host/libward.a", "host+clang/libward.a", "host/ward"],
    "tests/build/test_issuers.py": ["host/libward.a", "host/ward"],
    "tests/coverage.py": UNIT_COVERAGE,
    "tests/mcdc.py": ["host+mcdc/unit"],
    "tests/memory/valgrind.py": ["host/unit", "host/exhaustive", "host/vectors", "host/ward"],
    "tests/mutation/run.py": ["host/unit", "host+sanitize/unit", "host+board/unit"],
    "tests/qemu/unit.py": [f"{BOARD}/unit.elf"],
    "tests/qemu/hit.py": [f"{BOARD}+peak/hit.elf"],
    "tests/differential/compare.py": ["host/differential"],
    "tests/differential/compare_jose.py": ["host/differential"],
    "tests/posix/test_fetch.py": ["host/ward", "host/device", "host+sanitize/ward", "host+sanitize/device"],
    "tests/oracle/test_oracle.py": ["host/ward"],
    "tests/fuzz/run.py": FUZZ,
    "tests/e2e/demo_uart.py": ["host/ward", f"{BOARD}+tests/firmware.elf"],
    "tests/e2e/test_firmware.py": ["host/ward", f"{BOARD}+tests/firmware.elf"],
    "tests/e2e/test_canary.py": ["host/ward", f"{BOARD}+tests/firmware.elf"],
    "tests/e2e/test_boards.py": ["host/ward", f"{BOARD}/network.elf", "mps2-an386/network.elf", "mps2-an500/network.elf"],
    "tests/e2e/test_load.py": ["host/ward", f"{BOARD}+load/network.elf", f"{BOARD}+load+nogate/network.elf"],
    "tests/e2e/": DEVICE,
    "tests/cli/": ["host/ward"],
    "tests/static/noheap.py": ["host/libward.a"],
    "tools/size.py": ["host/libward.a", f"{BOARD}/libward.a"],
}


def builds(steps):
    """What these steps need: {variant: targets}, this machine's own first, since images are made with its command line."""
    wanted = {"host": []}
    for _, command, _ in steps:
        named = [word.removeprefix("build/") for word in command if word.startswith("build/") and word.count("/") >= 2]
        for need in [*named, *NEEDS.get(command[0], NEEDS.get(command[0].rpartition("/")[0] + "/", []))]:
            variant, _, target = need.partition("/")
            targets = wanted.setdefault(variant, [])
            if target not in targets:
                targets.append(target)
    return {variant: targets for variant, targets in wanted.items() if targets}


# Name, command, and the seconds after which it hangs.
STEPS = [
    ("layers", ["tests/static/layers.py"], 60),
    ("layers: its own test", ["tests/static/layers.py", "--self-test"], 60),
    ("names of the ports", ["tests/static/names.py"], 60),
    ("names of the ports: its own test", ["tests/static/names.py", "--self-test"], 60),
    ("no heap", ["tests/static/noheap.py", "build/host/libward.a", f"build/{BOARD}/libward.a", FIRMWARE, NETWORK], 60),
    ("no heap: its own test", ["tests/static/noheap.py", "--self-test"], 60),
    ("gcc -fanalyzer", ["tests/static/analyzer.py"], 300),
    ("clang-tidy", ["tests/static/tidy.py"], 300),
    ("cppcheck and MISRA C", ["tests/static/cppcheck.py"], 300),
    ("cppcheck: its own test", ["tests/static/cppcheck.py", "--self-test"], 60),
    ("complexity", ["tests/static/complexity.py"], 60),
    ("complexity: its own test", ["tests/static/complexity.py", "--self-test"], 60),
    ("building", ["tests/build/test_build.py"], 300),
    ("building: the build itself", ["tests/build/test_make.py"], 400),
    ("real issuers' shapes", ["tests/build/test_issuers.py"], 120),
    ("unit tests, gcc", ["build/host/unit"], 120),
    ("unit tests, clang", ["build/host+clang/unit"], 120),
    ("unit tests, sanitizers", ["build/host+sanitize/unit"], 300),
    ("unit tests, mbedtls_rsa", ["build/host+mbedtls_rsa/unit"], 120),
    ("unit tests, no cache", ["build/host+nocache/unit"], 120),
    ("unit tests, Cortex-M3 in QEMU", ["tests/qemu/unit.py"], 120),
    ("several tasks, thread sanitizer", ["tests/threads/run.py", "build/host/threads"], 120),
    ("every byte of a token, sanitizers", ["build/host+sanitize/exhaustive", "token_bytes", "buffer_sizes"], 300),
    ("every cut of a key set, sanitizers", ["build/host+sanitize/exhaustive", "jwks_splits"], 300),
    ("every 64th byte, Cortex-M3 in QEMU", ["tests/qemu/unit.py", f"build/{BOARD}/exhaustive.elf"], 120),
    ("memory, valgrind", ["tests/memory/valgrind.py"], 600),
    ("cost of a known token, Cortex-M3 in QEMU", ["tests/qemu/hit.py"], 120),
    ("cost of many words, members, values", ["tests/cost/cost.py", "build/host/cost"], 120),
    ("mutation, every 60th", ["tests/mutation/run.py", "--sample", "60"], 600),
    ("coverage of src/ and port/crypto", ["tests/coverage.py"], 300),
    ("MC/DC of src/ and port/crypto", ["tests/mcdc.py"], 120),
    ("JSONTestSuite", ["tests/vectors/jsontestsuite.py", "build/host/vectors"], 120),
    ("JSONTestSuite, sanitizers", ["tests/vectors/jsontestsuite.py", "build/host+sanitize/vectors"], 300),
    ("Wycheproof", ["tests/vectors/wycheproof.py", "build/host/vectors"], 120),
    ("Wycheproof, mbedtls_rsa", ["tests/vectors/wycheproof.py", "build/host+mbedtls_rsa/vectors"], 120),
    ("JOSE cookbook", ["tests/vectors/cookbook.py", "build/host/vectors"], 120),
    ("against Python's decoders", ["tests/differential/compare.py"], 300),
    ("against jose", ["tests/differential/compare_jose.py"], 300),
    ("command line", ["tests/cli/test_cli.py", "build/host/ward"], 300),
    ("command line, sanitizers", ["tests/cli/test_cli.py", "build/host+sanitize/ward"], 600),
    ("command line: refusals, explain", ["tests/cli/test_explain.py", "build/host/ward"], 300),
    ("command line: refusals, explain, sanitizers", ["tests/cli/test_explain.py", "build/host+sanitize/ward"], 600),
    ("command line: check", ["tests/cli/test_check.py", "build/host/ward"], 300),
    ("command line: check, sanitizers", ["tests/cli/test_check.py", "build/host+sanitize/ward"], 600),
    ("command line: floods of forged tokens", ["tests/cli/test_flood.py", "build/host/ward"], 300),
    ("command line: routes, the policy", ["tests/cli/test_routes.py", "build/host/ward"], 300),
    ("command line: routes, sanitizers", ["tests/cli/test_routes.py", "build/host+sanitize/ward"], 600),
    ("command line: audit", ["tests/cli/test_audit.py", "build/host/ward"], 300),
    ("command line: audit, sanitizers", ["tests/cli/test_audit.py", "build/host+sanitize/ward"], 600),
    ("command line: keys", ["tests/cli/test_keys.py", "build/host/ward"], 300),
    ("command line: keys, sanitizers", ["tests/cli/test_keys.py", "build/host+sanitize/ward"], 600),
    ("fetching on this machine, hostile answers", ["tests/posix/test_fetch.py", "build/host/device"], 300),
    ("hostile answers, sanitizers", ["tests/posix/test_fetch.py", "build/host+sanitize/device"], 600),
    ("a second stack: sockets", ["tests/stack/test_stack.py", "build/host/stack"], 120),
    ("a second stack, sanitizers", ["tests/stack/test_stack.py", "build/host+sanitize/stack"], 300),
    ("oracle: express-oauth2-jwt-bearer", ["tests/oracle/test_oracle.py"], 120),
    ("fuzzing, a few seconds", ["tests/fuzz/run.py", "5"], 300),
    ("requests through the firmware on a UART", ["tests/e2e/demo_uart.py", "--tap"], 300),
    ("demo, on a network", ["tests/e2e/demo.py", "--tap"], 180),
    ("make run", ["tests/e2e/test_run.py"], 240),
    ("firmware on its wire", ["tests/e2e/test_firmware.py"], 300),
    ("device on a network", ["tests/e2e/test_network.py"], 400),
    ("device on a network: memory", ["tests/e2e/test_memory.py"], 900),
    ("device on a network: the other boards", ["tests/e2e/test_boards.py"], 300),
    ("device on a network: HTTP", ["tests/e2e/test_http.py"], 180),
    ("device on a network: other people's clients", ["tests/e2e/test_clients.py"], 240),
    ("device on a network: time", ["tests/e2e/test_time.py"], 300),
    ("device on a network: link", ["tests/e2e/test_link.py"], 300),
    ("device on a network: power", ["tests/e2e/test_power.py"], 300),
    ("real issuers, real clients", ["tests/e2e/test_issuers.py"], 240),
    ("real issuers, changed keys", ["tests/e2e/test_rotation.py"], 180),
    ("real issuers, outages", ["tests/e2e/test_outages.py"], 180),
    ("device under load", ["tests/e2e/test_load.py", "10"], 180),
    ("device among hostile clients", ["tests/e2e/test_hostile.py"], 480),
    ("canary: no token leaks", ["tests/e2e/test_canary.py"], 120),
    ("power cuts, pages of 256 bytes", ["build/host/power", "256", "4"], 120),
    ("power cuts, pages of 64 bytes", ["build/host/power", "64", "2"], 120),
    ("two builds on one flash", ["tests/limits/test_limits.py", "build/host"], 120),
    ("keyring against a reference model", ["build/host/model"], 120),
    ("keyring against a reference model, sanitizers", ["build/host+sanitize/model", "--schedules", "10000", "--seed", "1000000"], 120),
    ("model: its own test", ["tests/model/model_mutants.py", "--every", "6"], 300),
    ("fleet of 100,000 devices", ["tests/fleet/fleet.py"], 400),
    ("size, stack, peak RAM", ["tools/size.py", "--check", "README.md"], 300),
    ("size: its own test", ["tools/size.py", "--self-test"], 300),
]

# The long runs of `make soak`, in the same form.
SOAK = [
    ("device on a network: power, 500 times", ["tests/e2e/test_power.py", "500"], 3600),
    ("power cuts, pages of 8 bytes", ["build/host/power", "8", "2"], 3600),
    ("power cuts, pages of 32 bytes, more of the bits", ["build/host/power", "32", "8"], 3600),
    ("fleet of a million devices", ["tests/fleet/fleet.py", "--soak"], 3600),
    ("keyring against a reference model, 10^7", ["build/host/model", "--schedules", "10000000", "--seed", "random"], 2 * 3600),
    ("model: its own test, every break", ["tests/model/model_mutants.py"], 1800),
    ("mutation, every one", ["tests/mutation/run.py"], 6 * 3600),
    ("against Python's decoders, 10^7", ["tests/differential/compare.py", "--comparisons", "10000000", "--seed", "random"], 2 * 3600),
    ("against Python's decoders, sanitizers",
     ["tests/differential/compare.py", "--comparisons", "1000000", "--seed", "random", "--build", "build/host+sanitize"], 2 * 3600),
    ("against jose, 10^5 tokens", ["tests/differential/compare_jose.py", "--tokens", "100000", "--seed", "random"], 3600),
    ("device under load, ten minutes", ["tests/e2e/test_load.py", "600"], 1200),
    ("device among hostile clients, half a minute each", ["tests/e2e/test_hostile.py", "30"], 2400),
    ("fuzzing, ten minutes each", ["tests/fuzz/run.py", "600"], 3 * 3600),
]
