# SPDX-License-Identifier: Apache-2.0
# ward: build, try, test. `make help` lists the targets.
#
# Everything is built under build/VARIANT: `host` is the library and command line for this machine, the name of a board
# its firmware. This file and mk/ make the product and read nothing below tests/; tests/Makefile adds the test programs
# and the flavours in which they are built.

VARIANT ?= host
BOARD   ?= mps2-an385
PREFIX  ?= /usr/local

WARD_VERSION := $(shell sed -n 's/^.define WARD_VERSION "\(.*\)"/\1/p' include/ward/version.h)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

ifneq ($(word 2,$(CURDIR)),)
$(error ward cannot be built in a folder whose path has a space: move it out of "$(CURDIR)")
endif

include mk/variant.mk
include ward.mk
include mk/compile.mk
include mk/library.mk
include boards/boards.mk
include port/posix/posix.mk
include port/postgresql/postgresql.mk
include tools/tools.mk

# ---- What there is to make.

.PHONY: help setup setup-build lib cli install postgresql install-postgresql firmware qemu demo demo-clients run test soak prove layers noheap coverage size costs fuzz fleet docs sbom dist format clean bench bench-peers

# What needs the tests' half of the build.
IN_TESTS = @WARD_READY=1 $(MAKE) --no-print-directory -f tests/Makefile

help: ## this list
	@echo "ward: make TARGET [BOARD=$(BOARD)] [WARD_INSTALL=no] [MBEDTLS_DIR=…]"
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1	\2/p' Makefile | sort | expand -t 14 | sed 's/^/  /'

setup: ## install what the build, the demo and the tests need
	@tools/setup build firmware emulator issuer test

# A build that was asked for by a step of the tests has been set up before.
setup-build:
	@[ -n "$(WARD_READY)" ] || tools/setup build $(if $(BOARD_SOURCES),firmware $(BOARD_SETUP))

lib: $(BUILD)/libward.a ## the library for this machine: build/host/libward.a

cli: $(BUILD)/ward ## the command line: build/host/ward

# A shell does not take quotes away again that pkg-config gives.
QUOTED_LIMIT := $(if $(findstring ",$(LIMITS))$(findstring ',$(LIMITS)),yes)

install: lib cli ## library, headers, pkg-config file and command line, below DESTDIR and PREFIX (/usr/local)
	@$(if $(QUOTED_LIMIT),$(error ward: LIMITS has quotes, which pkg-config cannot hand on: install with CMake and WARD_CONFIG_FILE))
	@mkdir -p '$(DESTDIR)$(PREFIX)/lib/pkgconfig' '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/include'
	@cp $(BUILD)/libward.a '$(DESTDIR)$(PREFIX)/lib/' && cp $(BUILD)/ward '$(DESTDIR)$(PREFIX)/bin/'
	@cp -R include/ward '$(DESTDIR)$(PREFIX)/include/'
	@sed -e 's/@VERSION@/$(WARD_VERSION)/' -e 's|@CFLAGS@|$(filter -DWARD_CRYPTO_%,$(WARD_CPPFLAGS)) $(LIMITS)|' -e 's|@INCLUDE@|../../include|' cmake/ward.pc.in > '$(DESTDIR)$(PREFIX)/lib/pkgconfig/ward.pc'
	@echo "ward $(WARD_VERSION) is in $(DESTDIR)$(PREFIX)"

postgresql: ## the extension for PostgreSQL: build/host/postgresql/ward.so (PG_CONFIG=… chooses the server)
	@$(if $(filter command line environment,$(origin PG_CONFIG)),,tools/setup database)
	@tools/setup build
	@$(MAKE) --no-print-directory $(BUILD)/postgresql/ward.so

install-postgresql: postgresql ## puts it into the server of PG_CONFIG, such as /usr/bin/pg_config
	$(POSTGRESQL_MAKE) install

# The image's keys and routes are made by the command line; it is made once, here, for all boards that are built at the same time.
firmware: $(BUILD)/ward ## the demo of BOARD, on a UART and on a network: build/BOARD/firmware.elf, network.elf
	@$(MAKE) --no-print-directory VARIANT=$(BOARD) HOST_READY=1 build/$(BOARD)/images

qemu: $(BUILD)/ward ## runs BOARD's image in QEMU, with its console here
	@tools/setup emulator
	@$(MAKE) --no-print-directory VARIANT=$(BOARD) HOST_READY=1 build/$(BOARD)/run-image

demo: ## an issuer and a device in QEMU on a network: tokens good and bad, rotation, revocation, an outage, a power cut
	@tools/setup build firmware emulator issuer
	@WARD_READY=1 $(MAKE) --no-print-directory build/host/ward
	@WARD_READY=1 tests/e2e/demo.py

demo-clients: ## the other side of the token: a page, clients in two languages, rows in PostgreSQL; it ends, rotates, is denied
	@tools/setup build firmware emulator issuer database clients
	@WARD_READY=1 $(MAKE) --no-print-directory build/host/ward build/host/postgresql/ward.so
	@WARD_READY=1 tests/e2e/demo_clients.py

run: ## the same device and issuer, up until Ctrl-C, with a curl to paste
	@tools/setup build firmware emulator issuer
	@WARD_READY=1 exec tests/e2e/serve.py

test: ## all tests but the long ones; the last line counts them
	@tools/setup build firmware emulator issuer test
	@tests/run

soak: ## the long runs: fuzzing, mutants, strangers, power cuts; an hour, SOAK=N looks longer; goes on where it was broken off
	@tools/setup build firmware emulator issuer test
	@tests/run --soak

prove: ## CBMC: the arithmetic's routines, PKCS#1's block, base64url, the JSON scanner and the order of a check for all inputs
	@tools/setup prove
	@tests/prove/prove.py

layers: lib ## check that includes and calls go downward only, and nothing in circles
	@tests/static/layers.py
	@tests/static/cycles.py

noheap: lib firmware ## check that neither library nor firmware refers to an allocator
	@$(MAKE) --no-print-directory VARIANT=$(BOARD) HOST_READY=1 build/$(BOARD)/libward.a
	@tests/static/noheap.py build/host/libward.a build/$(BOARD)/libward.a build/$(BOARD)/firmware.elf build/$(BOARD)/network.elf

coverage: ## line and branch coverage of src/ and port/crypto by the unit tests
	@tools/setup build test
	$(IN_TESTS) run-coverage

size: ## flash, RAM and stack on BOARD (SIZE_OPTIONS="--write docs/costs.md" puts them there)
	@tools/setup build firmware emulator test
	@WARD_READY=1 tools/size.py --board $(BOARD) $(SIZE_OPTIONS)

costs: ## what README's two examples cost (COSTS_OPTIONS="--write README.md" puts it there)
	@tools/setup build firmware emulator test
	@WARD_READY=1 tools/costs.py $(COSTS_OPTIONS)

bench: ## what ward costs on every board, counted in QEMU: writes docs/bench again
	@tools/setup build firmware emulator riscv
	@WARD_READY=1 tests/bench/bench.py --write

bench-peers: ## what mbedTLS, BearSSL, wolfSSL, OpenSSL and libjwt cost beside ward: writes docs/bench/peers.md again
	@tools/setup build firmware emulator riscv peers
	@WARD_READY=1 tests/bench/peers.py --write

fuzz: ## look for inputs that break a rule, SECONDS=60 for each target
	@tools/setup build test
	$(IN_TESTS) run-fuzz

fleet: ## a hundred thousand devices and one issuer: what the keyring does to it; writes the picture and the table again
	@tools/setup build test
	$(IN_TESTS) run-fleet

docs: ## reference pages from the headers in build/docs/html, and the diagrams of docs/ from their .dot
	@tools/setup docs
	@mkdir -p build/docs && doxygen docs/Doxyfile
	@for name in request key-life; do dot -Tsvg docs/$$name.dot -o docs/$$name.svg || exit 1; done
	@echo "build/docs/html/index.html"

sbom: ## what is built of what, with versions: build/ward-VERSION.spdx.json (SPDX 2.3)
	@tools/sbom.py build/ward-$(WARD_VERSION).spdx.json

dist: ## a tarball that builds without a network where MBEDTLS_DIR is given: build/ward-VERSION.tar.gz
	@tools/dist.py build/ward-$(WARD_VERSION).tar.gz

format: ## lay out all C files by .clang-format (clang-format-19)
	@tools/setup format
	@git ls-files '*.c' '*.h' | xargs clang-format-19 -i

clean: ## remove what was built, but not what was fetched
	@find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} + 2>/dev/null || true
