"""What `make test` runs: builds first, then steps; each step is a command that reports in TAP."""

BOARD = "mps2-an385"
FIRMWARE = f"build/{BOARD}/firmware.elf"

# Builds that the steps need: variant and its targets.
BUILDS = [
    ("host", ["libward.a", "ward", "unit", "vectors", "exhaustive", "differential"]),
    ("host+clang", ["libward.a", "ward", "unit"]),
    ("host+sanitize", ["ward", "unit", "vectors", "exhaustive", "differential"]),
    ("host+mbedtls_rsa", ["unit", "vectors"]),
    ("host+coverage", ["unit"]),
    ("host+board+coverage", ["unit"]),
    ("host+mbedtls_rsa+coverage", ["unit"]),
    ("host+mcdc", ["unit"]),
    ("host+board", ["unit"]),
    ("host+fuzz", ["fuzz_json", "fuzz_jwks", "fuzz_keys", "fuzz_token", "fuzz_claims", "fuzz_request"]),
    (BOARD, ["firmware.elf", "unit.elf", "exhaustive.elf"]),
    (f"{BOARD}+tests", ["firmware.elf"]),
    (f"{BOARD}+peak", ["hit.elf"]),
]

# Name, command, and the seconds after which it hangs.
STEPS = [
    ("layers", ["tests/static/layers.py"], 60),
    ("layers: its own test", ["tests/static/layers.py", "--self-test"], 60),
    ("no heap", ["tests/static/noheap.py", "build/host/libward.a", f"build/{BOARD}/libward.a", FIRMWARE], 60),
    ("no heap: its own test", ["tests/static/noheap.py", "--self-test"], 60),
    ("gcc -fanalyzer", ["tests/static/analyzer.py"], 300),
    ("clang-tidy", ["tests/static/tidy.py"], 300),
    ("cppcheck and MISRA C", ["tests/static/cppcheck.py"], 300),
    ("cppcheck: its own test", ["tests/static/cppcheck.py", "--self-test"], 60),
    ("complexity", ["tests/static/complexity.py"], 60),
    ("complexity: its own test", ["tests/static/complexity.py", "--self-test"], 60),
    ("building", ["tests/build/test_build.py"], 300),
    ("real issuers' shapes", ["tests/build/test_issuers.py"], 120),
    ("unit tests, gcc", ["build/host/unit"], 120),
    ("unit tests, clang", ["build/host+clang/unit"], 120),
    ("unit tests, sanitizers", ["build/host+sanitize/unit"], 300),
    ("unit tests, mbedtls_rsa", ["build/host+mbedtls_rsa/unit"], 120),
    ("unit tests, Cortex-M3 in QEMU", ["tests/qemu/unit.py"], 120),
    ("every byte of a token, sanitizers", ["build/host+sanitize/exhaustive", "token_bytes", "buffer_sizes"], 300),
    ("every cut of a key set, sanitizers", ["build/host+sanitize/exhaustive", "jwks_splits"], 300),
    ("every 64th byte, Cortex-M3 in QEMU", ["tests/qemu/unit.py", f"build/{BOARD}/exhaustive.elf"], 120),
    ("memory, valgrind", ["tests/memory/valgrind.py"], 600),
    ("cost of a known token, Cortex-M3 in QEMU", ["tests/qemu/hit.py"], 120),
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
    ("command line: check", ["tests/cli/test_check.py", "build/host/ward"], 300),
    ("command line: check, sanitizers", ["tests/cli/test_check.py", "build/host+sanitize/ward"], 600),
    ("command line: routes, the policy", ["tests/cli/test_routes.py", "build/host/ward"], 300),
    ("command line: routes, sanitizers", ["tests/cli/test_routes.py", "build/host+sanitize/ward"], 600),
    ("command line: audit", ["tests/cli/test_audit.py", "build/host/ward"], 300),
    ("command line: audit, sanitizers", ["tests/cli/test_audit.py", "build/host+sanitize/ward"], 600),
    ("oracle: express-oauth2-jwt-bearer", ["tests/oracle/test_oracle.py"], 120),
    ("fuzzing, a few seconds", ["tests/fuzz/run.py", "5"], 300),
    ("demo's requests through the firmware", ["tests/e2e/demo.py", "--tap"], 300),
    ("firmware on its wire", ["tests/e2e/test_firmware.py"], 300),
    ("canary: no token leaks", ["tests/e2e/test_canary.py"], 120),
    ("fleet of 100,000 devices", ["tests/fleet/fleet.py"], 400),
    ("size, stack, peak RAM", ["tools/size.py", "--check", "README.md"], 300),
    ("size: its own test", ["tools/size.py", "--self-test"], 300),
]

# The long runs of `make soak`, in the same form.
SOAK = [
    ("fleet of a million devices", ["tests/fleet/fleet.py", "--soak"], 3600),
    ("mutation, every one", ["tests/mutation/run.py"], 6 * 3600),
    ("against Python's decoders, 10^7", ["tests/differential/compare.py", "--comparisons", "10000000", "--seed", "random"], 2 * 3600),
    ("against Python's decoders, sanitizers",
     ["tests/differential/compare.py", "--comparisons", "1000000", "--seed", "random", "--build", "build/host+sanitize"], 2 * 3600),
    ("against jose, 10^5 tokens", ["tests/differential/compare_jose.py", "--tokens", "100000", "--seed", "random"], 3600),
    ("fuzzing, ten minutes each", ["tests/fuzz/run.py", "600"], 3 * 3600),
]
